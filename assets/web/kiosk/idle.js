// Notices that nobody is there any more, asks once with a countdown, and then
// calls back.
import { h, mount } from "../dom.js";

const COUNTDOWN = 10; // seconds to say "I am still here"
const SIGNS = ["pointerdown", "keydown", "input", "wheel", "touchmove"];

export class Idle {
  #limit = 0;
  #silent = false;
  #timer = 0;
  #dialog = null;

  constructor(leave, words) {
    this.leave = leave;
    this.words = words;
    for (const sign of SIGNS) addEventListener(sign, () => this.stir(), { capture: true, passive: true });
  }

  // watch sets after how many milliseconds to ask, or to leave without asking;
  // 0 stops it.
  watch(limit, ask = true) {
    this.#limit = limit;
    this.#silent = !ask;
    this.#close();
    this.#arm();
  }

  // stir is a sign of life. While the question stands only its buttons count.
  stir() {
    if (!this.#dialog) this.#arm();
  }

  #arm() {
    clearTimeout(this.#timer);
    if (this.#limit > 0) this.#timer = setTimeout(() => (this.#silent ? this.leave() : this.#ask(COUNTDOWN)), this.#limit);
  }

  #ask(seconds) {
    const { words } = this;
    const left = h("p", { class: "lead number" });
    const stay = h("button", { class: "button main wide", type: "button", on: { click: () => this.watch(this.#limit) } }, words().t("kiosk.idle.stay"));
    const over = h("button", { class: "button quiet-button wide", type: "button", on: { click: () => this.#over() } }, words().t("kiosk.idle.over"));
    this.#dialog = h("dialog", { class: "idle", on: { cancel: () => this.watch(this.#limit) } },
      h("div", { class: "stack wide" }, h("h1", {}, words().t("kiosk.idle.heading")), left, stay, over));
    document.body.append(this.#dialog);
    this.#dialog.showModal();
    stay.focus();
    this.#count(left, seconds);
  }

  #count(left, seconds) {
    if (seconds <= 0) return this.#over();
    mount(left, this.words().count("kiosk.idle.left", seconds));
    this.#timer = setTimeout(() => this.#count(left, seconds - 1), 1000);
    return undefined;
  }

  #over() {
    this.#close();
    this.leave();
  }

  #close() {
    clearTimeout(this.#timer);
    this.#dialog?.remove();
    this.#dialog = null;
  }
}
