// The card before the camera: never mirrored, an outline that turns solid
// when the card is found, one sentence of advice, a shutter that presses
// itself and a button that does the same. Without a camera: upload or type.
import { Fault, request, wait } from "../api.js";
import { h, mount, s } from "../dom.js";
import { icon } from "../icons.js";
import { notice } from "./frame.js";
import { openCamera, picture, previews } from "./lens.js";
import { dropCard, takeCard } from "./visitor.js";

const BUSY_TRIES = 4; // while the reader is busy with another card
const BUSY_PAUSE = 700; // ms

export default function camera(desk, signal) {
  const view = new View(desk.words);
  const run = new Camera(desk, signal, view);
  const { visitor, words } = desk;
  if (!visitor.card) visitor.scan = "";
  if (!visitor.scan) dropCard(visitor);
  const further = Boolean(visitor.scan); // back and a failure lead to what was read so far
  run.start();
  return {
    step: 1,
    heading: words.t(visitor.scan === "side" ? "kiosk.camera.side" : "kiosk.camera.heading"),
    body: view.node,
    main: { icon: "camera", label: words.t("kiosk.camera.shoot"), act: () => run.shoot() },
    aside: [
      { icon: "picture", label: words.t("kiosk.camera.upload"), act: () => view.file.click() },
      ...(further ? [] : [{ icon: "keyboard", label: words.t("kiosk.camera.type"), act: () => desk.go("typing") }]),
    ],
    back: { label: words.t("kiosk.back"), act: () => (further ? desk.go("review") : desk.reset()) },
  };
}

// Camera is what happens on this screen; View is what it looks like.
class Camera {
  #reading = false;

  constructor(desk, signal, view) {
    Object.assign(this, { desk, signal, view });
    view.file.addEventListener("change", () => {
      const [file] = view.file.files;
      if (file) this.read(file, null);
      view.file.value = "";
    });
  }

  async start() {
    const { video } = this.view;
    try {
      const stream = await openCamera(this.signal);
      stream.getVideoTracks()[0]?.addEventListener("ended", () => this.view.without("kiosk.camera.absent"));
      video.srcObject = stream;
      await video.play();
    } catch (error) {
      if (!this.signal.aborted) this.view.without(error.name === "NotAllowedError" ? "kiosk.camera.denied" : "kiosk.camera.absent");
      return;
    }
    this.view.live();
    await previews(video, this.signal, { again: this.desk.visitor.taken, busy: () => this.#reading }, (seen) => this.#seen(seen));
  }

  #seen(seen) {
    if (this.#reading) return;
    this.view.outline(seen);
    if (seen.moved) this.desk.stir();
    if (seen.ready) this.shoot();
  }

  async shoot() {
    if (this.#reading || !this.view.video.videoWidth) return;
    const { canvas, blob } = await picture(this.view.video);
    await this.read(blob, canvas);
  }

  // read has the kiosk read the picture and goes on to what it found.
  async read(blob, canvas) {
    if (this.#reading) return;
    this.#reading = true;
    this.view.freeze(canvas);
    try {
      const card = await this.#ask(blob);
      if (this.signal.aborted) return dropCard({ card });
      if (card.other && this.desk.visitor.scan === "side") {
        dropCard({ card });
        return this.view.refuse(this.desk.words.t("kiosk.camera.other"));
      }
      this.#take(card);
      if (Object.keys(this.desk.visitor.fields).length === 0) {
        dropCard(this.desk.visitor);
        throw new Fault("card.blank"); // lines, but nothing that this show asks for
      }
      await this.desk.go("review");
    } catch (error) {
      if (!this.signal.aborted) this.view.refuse(this.desk.words.fault(error));
    } finally {
      this.#reading = false;
    }
    return undefined;
  }

  // take makes the answer the visitor's card: put together with what was read
  // before, or in its place.
  #take(card) {
    const { visitor, show } = this.desk;
    if (card.other) dropCard(visitor);
    takeCard(visitor, card, show, Boolean(visitor.card));
  }

  async #ask(blob) {
    const { visitor } = this.desk;
    for (let tries = 1; ; tries++) {
      const path = visitor.card ? `cards?with=${encodeURIComponent(visitor.card.card)}` : "cards";
      try {
        return await request("POST", path, blob, { signal: this.signal });
      } catch (error) {
        if (error.code === "not_found" && visitor.card) visitor.card = null; // forgotten there, so it begins anew
        else if (error.code !== "card.busy" || tries === BUSY_TRIES) throw error;
        else await wait(BUSY_PAUSE, this.signal);
      }
    }
  }
}

class View {
  constructor(words) {
    this.words = words;
    this.video = h("video", { playsinline: true, muted: true, "aria-label": words.t("kiosk.camera.view") });
    this.video.muted = true;
    this.still = h("div", { class: "still" });
    const line = (kind) => s("polygon", { class: kind, "vector-effect": "non-scaling-stroke" });
    this.shapes = [line("halo"), line("line")]; // seen on a dark table and on a white one
    this.lines = s("svg", { class: "outline", preserveAspectRatio: "none", viewBox: "0 0 1 1", "aria-hidden": "true" }, this.shapes);
    this.stage = h("div", { class: "stage", data: { state: "opening" } }, this.video, this.still, this.lines,
      h("div", { class: "guide", "aria-hidden": "true" }));
    this.advice = h("p", { class: "advice", role: "status" }, words.t("kiosk.camera.opening"));
    this.problem = h("div", {});
    this.file = h("input", { type: "file", accept: "image/*", hidden: true, "aria-label": words.t("kiosk.camera.upload") });
    this.node = h("div", { class: "camera stack" }, h("div", { class: "room" }, this.stage, this.advice), this.problem, this.file);
  }

  live() {
    this.stage.style.setProperty("--ratio", String(this.video.videoWidth / this.video.videoHeight));
    this.stage.dataset.state = "looking";
    this.#say("kiosk.camera.advice.no_card");
  }

  outline({ found, advice, quad }) {
    this.stage.dataset.state = found ? (advice ? "unsure" : "found") : "looking";
    const points = quad ? quad.map(([x, y]) => `${x},${y}`).join(" ") : "";
    for (const shape of this.shapes) shape.setAttribute("points", points);
    const key = `kiosk.camera.advice.${advice || (found ? "still" : "no_card")}`;
    this.#say(this.words.has(key) ? key : "kiosk.camera.advice.no_card");
  }

  freeze(canvas) {
    this.stage.dataset.state = "reading";
    mount(this.still, canvas);
    mount(this.problem);
    this.#say("kiosk.camera.reading");
  }

  refuse(sentence) {
    this.stage.dataset.state = this.video.videoWidth ? "looking" : "without";
    mount(this.still);
    mount(this.problem, notice("bad", "warn", sentence));
    this.#say(this.video.videoWidth ? "kiosk.camera.advice.no_card" : "kiosk.camera.absent");
  }

  // without says why there is no picture; the other ways stand below.
  without(key) {
    this.stage.dataset.state = "without";
    mount(this.still, icon("camera"));
    this.#say(key);
    mount(document.querySelector("h1"), this.words.t("kiosk.camera.card"));
    document.querySelector(".bottom .main")?.setAttribute("hidden", "");
  }

  #say(key) {
    const sentence = this.words.t(key);
    if (this.advice.textContent !== sentence) mount(this.advice, sentence);
  }
}
