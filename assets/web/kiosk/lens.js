// The camera: pictures from it, and when to press the shutter.
import { request, wait } from "../api.js";

const PREVIEW = 640; // pixels on the long side: enough for an outline, about 40 kB
const PACE = 250; // ms between previews, one on its way at a time
const OUTAGE = 2000; // ms until the next try when outlines are not to be had
const STEADY = 3; // previews in a row
const PATIENT = 12; // the same for who takes the picture again and wants to place the card better
const STILL = 0.015; // of the frame's width that a corner may wander in between
const MOVED = 0.12; // of the width: the card was taken away or turned

// openCamera starts the camera and returns its stream, which stops when
// signal aborts. It throws what getUserMedia throws, or NotFoundError where
// the browser offers no camera at all.
export async function openCamera(signal) {
  if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("no camera", "NotFoundError");
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { width: { ideal: 1920 }, height: { ideal: 1080 }, facingMode: "environment" },
  });
  const stop = () => stream.getTracks().forEach((track) => track.stop());
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  return stream;
}

// picture draws what the video shows now, at most long pixels on its long
// side, and returns {canvas, blob}.
export async function picture(video, long = Infinity, quality = 0.92) {
  const scale = Math.min(1, long / Math.max(video.videoWidth, video.videoHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
  return { canvas, blob };
}

// previews sends small frames until signal aborts and hands each answer to
// heard as {found, advice, quad, moved, ready}: quad in shares of the frame (0 to
// 1) or null, moved when a hand has moved the card, ready when the card has lain still and sharp, for longer if again.
// Nothing is sent while busy() says that a card is being read: the machine has
// better things to do. An outage is waited out: the button works without.
export async function previews(video, signal, { again, busy }, heard) {
  const shutter = new Shutter(again ? PATIENT : STEADY);
  while (!signal.aborted) {
    const served = busy() || (await preview(video, signal, shutter, heard));
    await wait(served ? PACE : OUTAGE, signal).catch(() => {});
  }
}

// preview sends one frame; false when nothing came back.
async function preview(video, signal, shutter, heard) {
  try {
    const { canvas, blob } = await picture(video, PREVIEW, 0.7);
    const answer = await request("POST", "outlines", blob, { signal });
    const quad = answer.found && answer.quad ? answer.quad.map(([x, y]) => [x / canvas.width, y / canvas.height]) : null;
    const ready = shutter.hears(quad, answer.advice);
    heard({ found: Boolean(quad), advice: answer.advice, quad, moved: shutter.moved, ready });
    return true;
  } catch {
    return false;
  }
}

// Shutter decides when a card has been found, sharp and still for long enough.
// It fires once a card: the same one lying there is not taken again.
export class Shutter {
  moved = false; // since the frame before

  #last = null;
  #taken = null;
  #still = 0;
  #enough;

  constructor(enough = STEADY) {
    this.#enough = enough;
  }

  hears(quad, advice) {
    this.moved = Boolean(quad) && !(this.#last && apart(quad, this.#last) < STILL);
    if (!quad || advice) {
      if (!quad) this.#taken = null;
      this.#still = 0;
      this.#last = quad;
      return false;
    }
    this.#still = this.#last && apart(quad, this.#last) < STILL ? this.#still + 1 : 1;
    this.#last = quad;
    if (this.#taken && apart(quad, this.#taken) > MOVED) this.#taken = null;
    if (this.#still < this.#enough || this.#taken) return false;
    this.#taken = quad;
    return true;
  }
}

// apart is the furthest that any corner went, in shares of the frame.
function apart(a, b) {
  return Math.max(...a.map(([x, y], i) => Math.hypot(x - b[i][0], y - b[i][1])));
}
