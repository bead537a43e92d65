// The desk for staff, on one screen: find a person, the badges that need
// somebody, the printers, and what is not yet at the hall. It looks again every
// few seconds while it is open.
import { wait } from "../api.js";
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";
import { ask, overview, state } from "./office.js";
import { printers } from "./rolls.js";

const EVERY = 3000; // ms

export default function staff(desk, signal) {
  const { words } = desk;
  const view = new View(desk, signal);
  view.start();
  return {
    heading: words.t("staff.heading"),
    body: view.node,
    back: { label: words.t("staff.leave"), act: () => desk.reset() },
  };
}

class View {
  constructor(desk, signal) {
    Object.assign(this, { desk, signal });
    const { words, staff } = desk;
    this.hits = h("div", { class: "stack close", role: "status" });
    this.input = h("input", {
      class: "input", id: "staff-find", type: "search", value: staff.text, autocomplete: "off", spellcheck: "false", maxlength: "300", dir: "auto",
      "aria-describedby": "staff-find-hint",
      on: { keydown: (event) => event.key === "Enter" && this.find() },
    });
    this.needs = h("div", { class: "stack close" });
    this.printers = h("div", { class: "stack close" });
    this.sync = h("div", { class: "stack close" });
    this.problem = h("p", { class: "problem", role: "alert" });
    const find = h("section", { class: "field" }, h("label", { for: this.input.id }, words.t("staff.find")),
      h("div", { class: "finder" }, this.input, h("button", { class: "button main", type: "button", on: { click: () => this.find() } }, words.t("staff.find.act"))),
      h("p", { class: "quiet small", id: "staff-find-hint" }, words.t("staff.find.hint")), this.hits);
    const part = (title, body) => h("section", { class: "panel stack close" }, h("h2", {}, words.t(title)), body);
    this.node = h("div", { class: "office" }, this.problem, find, part("staff.needs", this.needs), part("staff.printers", this.printers), part("staff.sync", this.sync));
  }

  async start() {
    if (this.desk.staff.text && !this.desk.staff.hits) this.find(); // who sent a visitor here has typed it already
    this.#found();
    this.#show();
    for (; !this.signal.aborted; await wait(EVERY, this.signal).catch(() => {})) await this.#look();
  }

  async #look() {
    const { desk, signal } = this;
    try {
      desk.staff.seen = await overview(desk.staff, signal);
      mount(this.problem);
    } catch (error) {
      if (!signal.aborted) mount(this.problem, icon("warn"), desk.words.fault(error));
      return;
    }
    this.#show();
  }

  #show() {
    const { desk } = this;
    const { words, staff } = desk;
    const { needs, status, sync } = staff.seen;
    renew(this.needs, JSON.stringify(needs), () => (needs.length ? needs.map((e) => hit(desk, e)) : h("p", { class: "quiet" }, words.t("staff.needs.none"))));
    renew(this.printers, JSON.stringify([status.printers, staff.rolls]), () => printers(desk, this.signal, () => this.#look()));
    renew(this.sync, JSON.stringify([sync, status.journal]), () => standing(words, status, sync));
  }

  // find asks for what was typed; the answer stays while a person is looked at.
  async find() {
    const { desk, signal } = this;
    const text = this.input.value.trim();
    if (!text) {
      Object.assign(desk.staff, { text: "", hits: null });
      this.#found();
      return;
    }
    try {
      const hits = await ask(desk.staff, "POST", "staff/searches", { text }, signal);
      // A code is no name to correct: the field is ready for the next scan.
      Object.assign(desk.staff, { text: hits.code ? "" : text, hits });
      if (hits.code) this.input.value = "";
      this.input.focus();
    } catch (error) {
      if (!signal.aborted) mount(this.problem, icon("warn"), desk.words.fault(error));
      return;
    }
    this.#found();
  }

  #found() {
    const { words, staff } = this.desk;
    if (!staff.hits) {
      mount(this.hits);
      return;
    }
    const { found, code } = staff.hits;
    mount(this.hits, code && worth(words, code, found),
      found.map((e) => hit(this.desk, e)),
      found.length === 0 && !code && h("p", {}, words.t("staff.find.none")),
      found.length === MANY && h("p", { class: "quiet small" }, words.t("staff.find.latest")));
  }
}

const MANY = 12; // that the kiosk answers at most

// renew rebuilds a part only when what it shows has changed, so that nobody's
// finger or focus loses its button.
function renew(place, of, build) {
  if (place.dataset.of === of || place.contains(document.activeElement)) return;
  place.dataset.of = of;
  mount(place, build());
}

// hit is one registration in a list.
function hit(desk, entry) {
  const { words } = desk;
  const { name, name_en: latin, company, company_en: house } = entry.fields;
  const category = desk.show.categories.find((c) => c.id === entry.category);
  const about = [company || house, words.pick(category?.name) || entry.category, words.time(entry.created)].filter(Boolean).join(" · ");
  return h("button", { class: "hit", type: "button", on: { click: () => open(desk, entry) } },
    h("span", { class: "stack close" }, h("strong", { dir: "auto" }, name || latin || entry.id), h("span", { class: "quiet small" }, about)),
    state(words, entry.badge));
}

function open(desk, entry) {
  desk.staff.person = entry;
  desk.go("holder");
}

// worth says what the badge in the scanner's light counts for.
function worth(words, code, found) {
  const newest = found[0]?.badge;
  const replaced = newest && (newest.issue !== code.issue || newest.state === "voided");
  const text = code.reason ? words.t("staff.code.bad", { why: words.t(`staff.code.why.${code.reason}`) }) : words.t(replaced ? "staff.code.void" : "staff.code.good");
  const good = !code.reason && !replaced;
  return h("p", { class: `notice ${good ? "good" : "bad"}` }, icon(good ? "check" : "cross"), h("span", {}, text, !found.length && !code.reason && ` ${words.t("staff.code.elsewhere")}`));
}

// standing is how far the hall is, in words.
function standing(words, status, sync) {
  const line = (kind, drawing, text) => h("p", { class: `mark ${kind}` }, icon(drawing), h("span", {}, text));
  const hall = words.t(`staff.sync.${sync.hall}`);
  const skew = Math.round(sync.skew_ms / 1000);
  return [
    line(sync.hall === "down" ? "doubt" : "", sync.hall === "up" ? "check" : "offline", sync.hall_since ? words.t("staff.sync.since", { state: hall, time: words.time(sync.hall_since) }) : hall),
    sync.hall !== "none" && unsent(words, status, sync, line),
    status.journal?.verified === false && line("bad", "warn", words.t("staff.sync.damaged", { n: words.number(status.journal.damaged) })),
    status.journal?.lost > 0 && line("doubt", "warn", words.count("staff.sync.lost", status.journal.lost)),
    sync.acked_at && h("p", { class: "quiet small number" }, words.t("staff.sync.acked", { time: words.time(sync.acked_at) })),
    skew !== 0 && line("doubt", "warn", words.count("staff.sync.skew", Math.abs(skew))),
    h("p", { class: "quiet small" }, words.t("staff.sync.version", { version: status.version, node: status.node })),
  ];
}

function unsent(words, status, sync, line) {
  if (sync.unsent > 0) return line("", "save", words.count("staff.sync.unsent", sync.unsent));
  return line("good", "check", words.t(status.journal?.verified ? "staff.sync.verified" : "staff.sync.sent"));
}
