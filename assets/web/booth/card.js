// One lead as a card: who it is as far as disclosed, how warm, and a note.
// Rating and note are kept as they are made; there is no save button.
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";
import { notice } from "./pair.js";
import { formatShort } from "./token.js";

const MOST = 1000; // characters of a note, as the hall keeps it
const STILL = 600; // ms without a key after which a note is kept
const HEAD = new Set(["name", "company", "title"]);
const ORDER = ["name_en", "department", "title_en", "company_en", "mobile", "phone", "email", "wechat", "qq", "website", "address", "address_en", "postcode", "fax"];
const RATINGS = ["cold", "warm", "hot"]; // 1, 2, 3 of a lead's rating

// leadCard shows the entry of that key; onClose runs when it is put away.
// update redraws all but what a person may be typing in.
export function leadCard(app, key, onClose) {
  const { w, book } = app;
  const who = h("div", { class: "stack close" });
  const state = h("div", { class: "state", "aria-live": "polite" });
  const entry = book.get(key);
  const notes = h("textarea", { class: "input", id: `notes-${key}`, rows: "2", maxlength: MOST, value: entry.notes, on: { input: typed, blur: flush } });
  const ratings = RATINGS.map((word, i) =>
    h("button", { class: "button", type: "button", on: { click: () => rate(i + 1) } },
      h("span", { class: "stars", "aria-hidden": "true" }, Array.from({ length: i + 1 }, () => icon("star"))), w.t(`booth.rating.${word}`)));
  let timer = 0;
  let shown = entry.notes;

  const element = h("article", { class: "card stack", "aria-label": w.t("booth.card.label") },
    h("button", { class: "button quiet-button shut", type: "button", "aria-label": w.t("booth.card.close"), on: { click: onClose } }, icon("down")),
    who,
    h("div", { class: "ratings", role: "group", "aria-label": w.t("booth.card.rating") }, ratings),
    h("div", { class: "field" }, h("label", { for: `notes-${key}` }, w.t("booth.card.notes")), notes),
    state);
  document.addEventListener("visibilitychange", flush);
  addEventListener("pagehide", flush);
  update();

  function update() {
    const now = book.get(key);
    if (!now) return onClose();
    element.dataset.state = now.state;
    mount(who, person(app, now));
    mount(state, standing(app, now));
    ratings.forEach((b, i) => b.setAttribute("aria-pressed", String(now.rating === i + 1)));
    if (now.notes !== shown && notes.value === shown) notes.value = shown = now.notes; // from another phone, and nobody types here
  }

  // rate sets the rating; the same button again takes it back.
  function rate(n) {
    keep({ rating: book.get(key)?.rating === n ? 0 : n });
  }

  function typed() {
    clearTimeout(timer);
    timer = setTimeout(flush, STILL);
  }

  function flush() {
    clearTimeout(timer);
    if (notes.value === shown) return;
    shown = notes.value;
    keep({ notes: shown });
  }

  async function keep(change) {
    try {
      await book.edit(key, change);
    } catch {
      mount(state, notice("bad", "cross", w.t("booth.scan.full")));
    }
  }

  return {
    element,
    key,
    update,
    close() {
      flush();
      document.removeEventListener("visibilitychange", flush);
      removeEventListener("pagehide", flush);
    },
  };
}

// titleOf is what a lead is called in one line: its name, or its badge and
// time while the name is not known.
export function titleOf({ w }, { at, code, lead }) {
  if (lead?.ecard?.name) return lead.ecard.name;
  const short = formatShort(lead?.badge?.short_code ?? code);
  return short ? w.t("booth.card.badge", { code: short }) : w.t("booth.card.scan", { time: w.time(at) });
}

// companyOf is the second line, "" when there is none.
export function companyOf({ w }, { lead }) {
  const card = lead?.ecard ?? {};
  return [card.company, card.title].filter(Boolean).join(" · ") || w.pick(lead?.badge?.category_name);
}

// standing says where the lead is: on this phone, with the hall, or refused.
export function standing(app, { state, dirty, fault, lead, at }) {
  const { w } = app;
  if (state === "refused") return notice("bad", "cross", w.fault(fault));
  if (state === "waiting") return h("p", { class: "mark" }, icon("save"), w.t("booth.card.waiting"));
  if (dirty) return h("p", { class: "mark" }, icon("save"), w.t("booth.card.dirty"));
  if (lead?.voided) return notice("doubt", "warn", w.t("booth.card.voided"));
  return h("p", { class: "mark good" }, icon("check"), w.t("booth.card.sent", { time: w.time(at) }));
}

function person(app, entry) {
  const { w } = app;
  const { lead } = entry;
  const more = Object.keys(lead?.ecard ?? {}).filter((f) => !HEAD.has(f) && lead.ecard[f]).sort((a, b) => rank(a) - rank(b));
  return [
    h("h2", { dir: "auto" }, titleOf(app, entry)),
    h("p", {}, companyOf(app, entry)),
    lead?.pending || !lead && entry.state === "waiting" ? h("p", { class: "quiet small" }, w.t(lead ? "booth.card.pending" : "booth.card.later")) : null,
    more.length ? h("dl", { class: "facts" }, more.map((f) => [h("dt", {}, w.field(f)), h("dd", { dir: "auto" }, linked(f, lead.ecard[f]))])) : null,
    lead?.withheld?.length ? h("p", { class: "quiet small" }, w.t("booth.card.withheld", { fields: new Intl.ListFormat(w.language, { style: "short" }).format(lead.withheld.map((f) => w.field(f))) })) : null,
  ];
}

function rank(field) {
  return ORDER.includes(field) ? ORDER.indexOf(field) : ORDER.length;
}

function linked(field, text) {
  if (field === "mobile" || field === "phone") return h("a", { href: `tel:${text.replace(/[^+\d]/g, "")}` }, text);
  if (field === "email") return h("a", { href: `mailto:${encodeURIComponent(text).replace("%40", "@")}` }, text);
  return text;
}
