// The code of a confirmation, from its QR before the camera, from a hand scanner
// or typed. What is known in advance of the visitor comes next; nothing of it is
// asked for twice.
import { request } from "../api.js";
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";
import { Camera } from "../scan/camera.js";
import { Decoder } from "../scan/decoder.js";
import { expect } from "./visitor.js";

const PATIENCE = 5000; // ms; the list is on this machine

export default function code(desk, signal) {
  const { visitor, words } = desk;
  const view = new View(desk, () => run.find(view.input.value));
  const run = new Search(desk, signal, view);
  const { scanned } = visitor;
  visitor.scanned = "";
  visitor.brief = true; // as it is for most who bring a code
  if (scanned) run.find(scanned).then(() => signal.aborted || run.film());
  else run.film();
  return {
    step: 1,
    heading: words.t("kiosk.code.heading"),
    lead: words.t("kiosk.code.lead"),
    body: view.node,
    main: { icon: "person", label: words.t("kiosk.code.find"), act: () => run.find(view.input.value) },
    aside: [{ icon: "keyboard", label: words.t("kiosk.code.without"), act: () => leave(desk) }],
    back: { label: words.t("kiosk.back"), act: () => desk.reset() },
  };
}

// leave goes on without a code.
function leave(desk) {
  desk.drop();
  return desk.go("typing");
}

// Search is what happens on this screen; View is what it looks like.
class Search {
  #busy = false;
  #seen = ""; // before the camera, and refused if it is still here

  constructor(desk, signal, view) {
    Object.assign(this, { desk, signal, view });
  }

  // film looks for a code until the screen is left.
  async film() {
    const { signal, view } = this;
    const decoder = new Decoder();
    signal.addEventListener("abort", () => decoder.close(), { once: true });
    decoder.onBroken = () => view.blind();
    decoder.ready();
    view.video.addEventListener("playing", () => view.live(), { once: true });
    const why = await new Camera(view.video, decoder, (text) => this.#found(text)).run(signal);
    if (why) view.blind();
  }

  // #found takes a text once, however long it is held up.
  #found(text) {
    this.desk.stir();
    if (text === this.#seen || this.#busy) return;
    this.#seen = text;
    this.view.input.value = text;
    this.find(text, true);
  }

  // find asks who is expected with a code, and shows it. shown is a code that was
  // held up: whoever did so needs no keyboard.
  async find(text, shown = false) {
    const { desk, signal, view } = this;
    const { visitor } = desk;
    const asked = text.trim();
    visitor.typed = asked;
    if (this.#busy) return undefined;
    if (!asked) return view.refuse(desk.words.t("kiosk.code.empty"));
    this.#busy = true;
    view.wait();
    try {
      expect(visitor, await request("POST", "preregistrations", { code: asked }, { signal, patience: PATIENCE }), desk.show);
      return await desk.go("expected");
    } catch (error) {
      if (signal.aborted) return undefined;
      if (error.code !== "conflict") return view.refuse(refusal(desk, error), shown);
      visitor.again = "code";
      return await desk.go("again");
    } finally {
      this.#busy = false;
    }
  }
}

// refusal is the sentence for a code that does not open anything.
export function refusal({ status, words }, error) {
  if (error.field !== "code") return words.fault(error);
  if (error.code === "conflict") return words.t("kiosk.code.used");
  if (error.code === "unavailable") return words.t("kiosk.code.list");
  return words.t(status?.hall === "down" ? "kiosk.code.alone" : "kiosk.code.unknown");
}

class View {
  constructor({ visitor, words }, enter) {
    this.words = words;
    this.video = h("video", { playsinline: true, muted: true, "aria-label": words.t("kiosk.camera.view") });
    this.video.muted = true; // the attribute alone does not let it play by itself
    this.stage = h("div", { class: "stage", data: { state: "opening" } }, this.video, h("div", { class: "guide square", "aria-hidden": "true" }));
    this.room = h("div", { class: "room" }, this.stage);
    this.said = h("p", { class: "advice", role: "status" });
    this.problem = h("p", { class: "problem", id: "code-problem", role: "alert" });
    this.input = h("input", {
      class: "input mono", id: "code", type: "text", value: visitor.typed, autocomplete: "off", autocapitalize: "characters", spellcheck: "false",
      maxlength: "300", dir: "ltr", "aria-describedby": this.problem.id,
      on: {
        input: () => {
          visitor.typed = this.input.value;
          this.#clear();
        },
        keydown: (event) => event.key === "Enter" && enter(),
      },
    });
    this.node = h("div", { class: "camera stack" }, this.room,
      h("div", { class: "field" }, h("label", { for: this.input.id }, words.t("kiosk.code.label")), this.input, this.problem), this.said);
  }

  live() {
    this.stage.style.setProperty("--ratio", String(this.video.videoWidth / this.video.videoHeight));
    this.stage.dataset.state = "looking";
  }

  // blind is without a camera: the code can be typed.
  blind() {
    this.room.remove();
    this.node.classList.remove("camera");
    mount(document.querySelector(".lead"), this.words.t("kiosk.code.lead_typed"));
  }

  wait() {
    this.#clear();
    mount(this.said, this.words.t("kiosk.code.looking"));
  }

  refuse(sentence, shown = false) {
    mount(this.said);
    mount(this.problem, icon("warn"), sentence);
    this.input.setAttribute("aria-invalid", "true");
    if (shown) return;
    this.input.focus();
    this.input.select();
  }

  #clear() {
    mount(this.problem);
    this.input.removeAttribute("aria-invalid");
  }
}
