// Devices that were offline: the documents of each lie in a PouchDB of its own
// over LevelDB, and all go to the server at once. Prints how many arrived and
// how long that took.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { createReadStream } from "node:fs";
import path from "node:path";

const [modules, folder, server, ...lists] = process.argv.slice(2);
const require = createRequire(path.join(modules, "package.json"));
const PouchDB = require("pouchdb-core")
  .plugin(require("pouchdb-adapter-leveldb"))
  .plugin(require("pouchdb-adapter-http"))
  .plugin(require("pouchdb-replication"));

const devices = [];
for (const [number, list] of lists.entries()) {
  const device = new PouchDB(path.join(folder, `device-${number}`), { adapter: "leveldb" });
  const batch = [];
  for await (const line of createInterface({ input: createReadStream(list) })) batch.push(JSON.parse(line));
  const failed = (await device.bulkDocs(batch)).find((result) => result.error);
  if (failed) throw new Error(`the device cannot keep ${failed.id}: ${failed.message}`);
  devices.push(device);
}

const hall = new PouchDB(`${server}/hall`);
await hall.info(); // it exists before the clock runs
const began = process.hrtime.bigint();
const results = await Promise.all(devices.map((device) => device.replicate.to(hall, { batch_size: 200, batches_limit: 2 })));
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
const sum = (name) => results.reduce((total, result) => total + result[name], 0);
const { doc_count: stored } = await hall.info();
console.log(JSON.stringify({ written: sum("docs_written"), failures: sum("doc_write_failures"), stored, seconds }));
process.exit(0);
