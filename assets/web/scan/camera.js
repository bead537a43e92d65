// Camera shows the rear camera in a video element and hands each picture to
// the decoder, one at a time. It is off whenever the page is hidden.
import { wait } from "../api.js";

const PERIOD = 70; // ms between two pictures: prompt enough, and the battery lasts the day
const LONGEST = 1280; // pixels; a badge at arm's length still has 4 pixels a module
const PICTURE = 2400; // pixels of a single picture that was taken for us

// usable says why there is no camera to ask: "" when there is one, "insecure"
// on plain http, "absent" in a browser without.
export function usable() {
  if (navigator.mediaDevices?.getUserMedia) return "";
  return globalThis.isSecureContext ? "absent" : "insecure";
}

export class Camera {
  #video;
  #decoder;
  #onText;
  #stream = null;
  #canvas = document.createElement("canvas");

  // onText hears each text as often as it is seen.
  constructor(video, decoder, onText) {
    this.#video = video;
    this.#decoder = decoder;
    this.#onText = onText;
  }

  // run films until signal aborts. It resolves with "" then, else with why it
  // cannot: "insecure", "absent", "refused" (by the person) or "busy".
  async run(signal) {
    if (usable()) return usable();
    try {
      while (!signal.aborted) {
        if (document.hidden) await shown(signal);
        else await this.#film(signal);
        await wait(PERIOD); // a camera that ends at once is not asked in a frenzy
      }
      return "";
    } catch (error) {
      if (signal.aborted) return "";
      return { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "absent", OverconstrainedError: "absent" }[error.name] ?? "busy";
    } finally {
      this.#stop();
    }
  }

  async #film(signal) {
    this.#stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } }, audio: false,
    });
    const [track] = this.#stream.getVideoTracks();
    this.#video.srcObject = this.#stream;
    await this.#video.play();
    while (!signal.aborted && !document.hidden && track.readyState === "live") {
      const image = this.#video.videoWidth ? picture(this.#canvas, this.#video, this.#video.videoWidth, this.#video.videoHeight, LONGEST) : null;
      if (image) for (const text of (await this.#decoder.read(image)).slice(0, 1)) this.#onText(text);
      await wait(PERIOD);
    }
    this.#stop();
  }

  #stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
  }
}

// pictureOf returns a file's pixels; it rejects for a file that is no picture.
export async function pictureOf(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    return picture(document.createElement("canvas"), bitmap, bitmap.width, bitmap.height, PICTURE);
  } finally {
    bitmap.close();
  }
}

function picture(canvas, source, width, height, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function shown(signal) {
  return new Promise((resolve) => {
    const stop = new AbortController();
    const done = () => {
      if (document.hidden && !signal.aborted) return;
      stop.abort();
      resolve();
    };
    document.addEventListener("visibilitychange", done, { signal: stop.signal });
    signal.addEventListener("abort", done, { signal: stop.signal });
  });
}
