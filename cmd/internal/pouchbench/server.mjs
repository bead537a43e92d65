// A CouchDB-like server as somebody would set one up for this: express-pouchdb
// over LevelDB, with what replication needs. It prints its address and ends
// when its input does.
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.argv[2], "package.json"));
const PouchDB = require("pouchdb-core")
  .plugin(require("pouchdb-adapter-leveldb"))
  .plugin(require("pouchdb-mapreduce"))
  .plugin(require("pouchdb-replication"));
const app = require("express")();
const server = require("express-pouchdb")(PouchDB.defaults({ prefix: process.argv[3] + path.sep }), {
  mode: "minimumForPouchDB",
  inMemoryConfig: true,
  logPath: path.join(process.argv[3], "log.txt"),
});
app.use("/", server);
const listening = app.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${listening.address().port}`));
process.stdin.resume().on("end", () => process.exit(0));
