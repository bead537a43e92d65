// Reads QR codes beside the page, so that the camera picture never stutters.
// Asked {id, image, thorough}; answers {id, found} with the text and middle of
// each code, or {broken} when the decoder cannot start.
import { prepareZXingModule, readBarcodes } from "../../vendor/zxing-wasm/es/reader/index.js";

// Without locateFile the module asks a public server for its wasm.
const WASM = new URL("../../vendor/zxing-wasm/reader/zxing_reader.wasm", import.meta.url).href;
const MOST = 4; // badges in one picture

const ready = prepareZXingModule({ overrides: { locateFile: () => WASM }, fireImmediately: true });
ready.catch((error) => postMessage({ broken: String(error) }));

addEventListener("message", async ({ data: { id, image, thorough } }) => {
  try {
    await ready;
    const codes = await readBarcodes(image, {
      formats: ["QRCode"], maxNumberOfSymbols: MOST, tryHarder: true, tryInvert: thorough, tryDenoise: thorough,
    });
    postMessage({ id, found: codes.map(({ text, position }) => ({ text, ...middle(position) })) });
  } catch {
    postMessage({ id, found: [] });
  }
});

function middle({ topLeft, bottomRight }) {
  return { x: (topLeft.x + bottomRight.x) / 2, y: (topLeft.y + bottomRight.y) / 2 };
}
