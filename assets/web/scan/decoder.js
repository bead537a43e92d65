// Decoder finds QR codes in pictures: with the browser's own BarcodeDetector
// where there is one, else with the vendored decoder in a worker.

export class Decoder {
  #native = null;
  #worker = null;
  #asked = new Map();
  #count = 0;
  #dead = false;
  onBroken = () => {}; // told once when neither way works

  // ready starts what will be needed, so that the first badge does not wait.
  async ready() {
    this.#native = await nativeDetector();
    if (!this.#native) this.#start();
  }

  // read returns the texts in image (ImageData), the nearest to its middle
  // first. thorough tries longer; it is for single pictures.
  async read(image, thorough = false) {
    const found = (await this.#readNative(image)) ?? (await this.#readWorker(image, thorough));
    const distance = ({ x, y }) => Math.hypot(x - image.width / 2, y - image.height / 2);
    return found.sort((a, b) => distance(a) - distance(b)).map(({ text }) => text);
  }

  close() {
    this.#worker?.terminate();
    this.#worker = null;
  }

  async #readNative(image) {
    if (!this.#native) return null;
    try {
      const codes = await this.#native.detect(image);
      return codes.map(({ rawValue, boundingBox: b }) => ({ text: rawValue, x: b.x + b.width / 2, y: b.y + b.height / 2 }));
    } catch {
      this.#native = null; // some devices promise it and then cannot
      return null;
    }
  }

  #readWorker(image, thorough) {
    if (this.#dead) return Promise.resolve([]);
    this.#start();
    const id = ++this.#count;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      this.#worker.postMessage({ id, image, thorough }, [image.data.buffer]);
    });
  }

  #start() {
    if (this.#worker) return;
    this.#worker = new Worker(new URL("decode-worker.js", import.meta.url), { type: "module" });
    this.#worker.addEventListener("message", ({ data: { id, found, broken } }) => {
      if (broken) return this.#broken();
      this.#asked.get(id)?.(found);
      this.#asked.delete(id);
    });
    this.#worker.addEventListener("error", () => this.#broken());
  }

  #broken() {
    this.#dead = true;
    for (const resolve of this.#asked.values()) resolve([]);
    this.#asked.clear();
    this.onBroken();
  }
}

async function nativeDetector() {
  try {
    const formats = await globalThis.BarcodeDetector.getSupportedFormats();
    return formats.includes("qr_code") ? new globalThis.BarcodeDetector({ formats: ["qr_code"] }) : null;
  } catch {
    return null;
  }
}
