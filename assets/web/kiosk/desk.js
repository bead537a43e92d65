// The kiosk's one state: the show, the words, what the machine says of
// itself, and the visitor in front of it. Screens read it and change it
// through its methods; nothing outlives reset (P7).
import { Fault, request } from "../api.js";
import { useAccent } from "../theme.js";
import { render } from "./frame.js";
import { Idle } from "./idle.js";
import { forget, newVisitor } from "./visitor.js";
import again from "./again.js";
import attract from "./attract.js";
import camera from "./camera.js";
import code from "./code.js";
import consent from "./consent.js";
import door from "./door.js";
import expected from "./expected.js";
import holder from "./holder.js";
import lost from "./lost.js";
import out from "./out.js";
import printing from "./printing.js";
import review from "./review.js";
import staff from "./staff.js";
import starting from "./starting.js";
import take from "./take.js";
import typing from "./typing.js";
import visit from "./visit.js";
import voided from "./voided.js";
import wrong from "./wrong.js";

const SCREENS = {
  again, attract, camera, code, consent, door, expected, holder, lost, out, printing, review, staff, starting, take, typing, visit, voided, wrong,
};

// Without an own setting a visitor who walked away is forgotten after this.
const IDLE_SECONDS = 60;

export class Desk {
  #root;
  #leaving = new AbortController();
  #idle;

  constructor(root, words) {
    this.#root = root;
    this.words = words;
    this.show = null;
    this.status = null;
    this.misses = 0; // how often in a row the kiosk's program did not say it
    this.visitor = newVisitor();
    this.screen = "";
    this.low = false;
    this.elsewhere = false;
    this.staff = null; // who has typed the staff code, and what they look at
    this.#idle = new Idle(() => this.reset(), () => this.words);
    addEventListener("pagehide", () => forget(this.visitor));
  }

  // go leaves the screen that is shown and opens another. A screen is a
  // function of the desk and a signal that aborts when it is left; it can be
  // opened again at any time, because all it knows is in the desk.
  async go(name) {
    this.#leaving.abort();
    this.#leaving = new AbortController();
    this.screen = name;
    const screen = SCREENS[name](this, this.#leaving.signal);
    render(this.#root, this, screen);
    const limit = screen.idle === false ? 0 : (this.show?.idle_seconds || IDLE_SECONDS) * 1000;
    this.#idle.watch(limit, screen.idle !== "silent");
  }

  // stir says that somebody is there without touching: a card that moves.
  stir() {
    this.#idle.stir();
  }

  // scanned takes what a hand scanner has read while nobody was at anything else.
  scanned(text) {
    if (!this.show?.codes || !["attract", "code"].includes(this.screen)) return;
    this.visitor.scanned = text;
    this.go("code");
  }

  // speak changes the language and shows the same screen in it.
  async speak(language) {
    await this.words.use(language);
    await this.go(this.screen);
  }

  // lower moves the controls into the bottom half, or back.
  async lower() {
    this.low = !this.low;
    await this.go(this.screen);
  }

  // reset forgets the visitor everywhere and returns to the first screen at
  // once; new settings of the show are taken over behind it.
  async reset() {
    this.drop();
    this.staff = null;
    this.low = false;
    this.elsewhere = false;
    await this.#home();
    await this.renew();
  }

  // renew takes over new settings of the show; a screen that waits for visitors
  // shows them at once.
  async renew() {
    const before = JSON.stringify(this.show);
    await this.refresh().catch(() => {}); // yesterday's settings do for one more visitor
    if (this.atHome() && JSON.stringify(this.show) !== before) await this.#home();
  }

  // drop forgets the visitor and stays on the screen.
  drop() {
    forget(this.visitor);
    this.visitor = newVisitor();
  }

  async #home() {
    await this.go(this.home());
    const [first] = this.words.languages;
    if (this.words.language === first) return;
    await this.words.use(first);
    if (this.atHome()) await this.go(this.home());
  }

  // home is the screen that waits for visitors: the ways in; "one moment"
  // while the kiosk's program is away; "out of order" while the printer cannot
  // print at all, unless this visitor means to collect the badge elsewhere.
  home() {
    if (this.misses > 1) return "starting";
    const stuck = ["stopped", "unreachable", "none"].includes(this.status?.printer?.state);
    return stuck && !this.elsewhere ? "out" : "attract";
  }

  atHome() {
    return ["attract", "out", "starting"].includes(this.screen);
  }

  // refresh asks for the show's settings and applies them.
  async refresh() {
    const show = await request("GET", "show");
    if (!show.id || !show.categories?.length) throw new Fault("not_found"); // the hall has not told it yet
    this.show = show;
    this.words.offer(this.show.languages);
    this.words.zone = this.show.timezone;
    useAccent(this.show.accent);
  }
}
