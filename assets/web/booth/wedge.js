// Hand scanners that type: a badge arrives as a burst of key presses that no
// hand can make, anywhere on the page, usually ending with Enter. What a
// person types is left alone; what a burst put into a field is taken out.
//
// A scanner acts as a keyboard of one layout while the phone or laptop may be
// set to another, so "/" may arrive as "-". Each press is read twice: as the
// character it made, and as the key of a US keyboard it stands on, which is
// how scanners leave the factory. Whichever is a token wins.
import { PREFIX, badgeOf } from "./token.js";

const GAP = 80; // ms between two keys of one burst; hands need 100 and more, scanners 1 to 30
const SURE = 8; // keys after which a burst that began like a token is surely one
const PAUSE = 600; // ms of silence that end a scanner's burst without Enter; a busy phone may stall that long
const LEAST = 16; // characters of a burst outside any field worth an answer

const SHIFTED = { 4: "$", 5: "%", 8: "*", "=": "+", ";": ":" };
const PLAIN = { Space: " ", Minus: "-", Equal: "=", Period: ".", Slash: "/", Semicolon: ";", NumpadAdd: "+", NumpadSubtract: "-", NumpadMultiply: "*", NumpadDivide: "/", NumpadDecimal: "." };

// listen calls onText with every badge a scanner types, as {text} or, when
// the text is no token, as {text, damaged: true}. It returns what stops it.
export function listen(onText) {
  const burst = new Burst(onText);
  const press = (event) => burst.press(event);
  addEventListener("keydown", press, { capture: true });
  return () => removeEventListener("keydown", press, { capture: true });
}

class Burst {
  #onText;
  #keys = []; // {typed, key} of each press
  #last = 0;
  #field = null; // what had the focus, with its text before the burst
  #taken = false; // the burst is a scanner's, its keys are no longer typed
  #timer = 0;

  constructor(onText) {
    this.#onText = onText;
  }

  press(event) {
    if (event.ctrlKey && !event.altKey || event.metaKey || event.key === "Shift" || event.key === "CapsLock" || event.key === "AltGraph") return;
    const end = event.key === "Enter" || event.key === "Tab";
    if (event.timeStamp - this.#last > (this.#taken ? PAUSE : GAP) || event.repeat) this.#begin();
    this.#last = event.timeStamp;
    if (end) return this.#end(event);
    const typed = event.key.length === 1 ? event.key : "";
    const key = usKey(event);
    if (!typed && !key) return;
    this.#keys.push({ typed, key });
    if (!this.#field && this.#keys.length > 2) event.preventDefault(); // a space must not press the button in focus
    if (!this.#taken && this.#keys.length >= SURE && this.#readings().some((r) => r.startsWith(PREFIX))) this.#take();
    if (this.#taken) {
      event.preventDefault();
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#finish(), PAUSE);
    }
  }

  #begin() {
    clearTimeout(this.#timer);
    if (this.#taken) this.#finish();
    this.#keys = [];
    const field = document.activeElement;
    const text = field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement;
    this.#field = text ? { field, value: field.value } : null;
  }

  // #take gives a field back what it held before the burst.
  #take() {
    this.#taken = true;
    if (!this.#field) return;
    const { field, value } = this.#field;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #end(event) {
    const scanned = this.#taken || (!this.#field && this.#keys.length >= LEAST);
    if (!scanned) return this.#begin();
    event.preventDefault();
    event.stopPropagation();
    clearTimeout(this.#timer);
    this.#finish();
  }

  #finish() {
    const readings = this.#readings();
    this.#taken = false;
    this.#keys = [];
    const text = readings.find(badgeOf);
    this.#onText(text ? { text } : { text: readings[0], damaged: readings.some((r) => r.startsWith(PREFIX)) });
  }

  // #readings are the burst as typed, and as keys; a token has capitals only,
  // so that a Caps Lock left on does no harm.
  #readings() {
    return [this.#keys.map((k) => k.typed).join("").toUpperCase(), this.#keys.map((k) => k.key).join("")];
  }
}

// usKey is the character of a token that a press makes on a US keyboard.
function usKey({ code, shiftKey }) {
  const plain = PLAIN[code] ?? code?.match(/^(?:Key|Digit|Numpad)([A-Z0-9])$/)?.[1] ?? "";
  return shiftKey && plain in SHIFTED ? SHIFTED[plain] : plain;
}
