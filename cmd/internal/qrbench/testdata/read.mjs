// Reads QR codes as the booth page does, with the module that it vendors: takes
// names of pictures on standard input, one a line, and answers each with a line
// {"file", "text"}. The first argument is the folder of the module.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const folder = pathToFileURL(process.argv[2] + "/");
const { prepareZXingModule, readBarcodes } = await import(new URL("es/reader/index.js", folder));
await prepareZXingModule({
  overrides: { wasmBinary: readFileSync(new URL("reader/zxing_reader.wasm", folder)) }, fireImmediately: true,
});

for await (const file of createInterface({ input: process.stdin })) {
  const codes = await readBarcodes(readFileSync(file), { formats: ["QRCode"], maxNumberOfSymbols: 4, tryHarder: true });
  console.log(JSON.stringify({ file, text: codes.find((code) => code.isValid)?.text ?? "" }));
}
