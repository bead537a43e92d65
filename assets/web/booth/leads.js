// The exhibitor's leads: found as one types, opened with a touch, downloaded
// as a file. Below stand the things of the phone itself.
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";
import { companyOf, leadCard, standing, titleOf } from "./card.js";
import { languages, notice } from "./pair.js";

const MOST = 200; // rows at once: a phone stays prompt, and searching is quicker than scrolling
const RATINGS = ["", "cold", "warm", "hot"];

// leadsScreen asks the hall for news and shows what the phone knows meanwhile.
export function leadsScreen(app) {
  const { w, book } = app;
  let opened = null; // {key, card}
  const list = h("ul", { class: "leads" });
  const count = h("p", { class: "quiet", role: "status" });
  const trouble = h("div", {});
  const search = h("input", { class: "input", type: "search", id: "search", autocomplete: "off", enterkeyhint: "search", on: { input: draw } });
  const download = h("button", { class: "button", type: "button", on: { click: fetchCSV } }, icon("save"), w.t("booth.leads.download"));
  const sound = h("button", { class: "chip", type: "button", "aria-pressed": String(app.signals.on), on: { click: toggleSound } }, icon("sound"), w.t("booth.leads.sound"));
  const element = h("main", { class: "sheet stack" },
    h("header", { class: "row apart bar" },
      h("button", { class: "button quiet-button", type: "button", on: { click: () => app.go("scan") } }, icon("back", { class: "turns" }), w.t("booth.leads.back")),
      download),
    h("div", { class: "row apart" }, h("h1", {}, w.t("booth.leads.heading")), count),
    trouble,
    h("div", { class: "field" }, h("label", { for: "search" }, w.t("booth.leads.search")), search),
    list,
    h("footer", { class: "stack settings" },
      h("p", { class: "quiet small" }, w.t("booth.leads.paired", { exhibitor: w.pick(book.device.exhibitor.name), booth: book.device.exhibitor.booth ?? "" })),
      h("div", { class: "row close" }, languages(app), sound),
      h("button", { class: "button danger wide", type: "button", on: { click: unpair } }, w.t("booth.leads.unpair"))));
  const changed = () => (opened ? opened.card.update() : draw()); // drawing the list would take the focus from a note
  book.addEventListener("change", changed);
  app.sender.now();
  draw();

  function draw() {
    const wanted = search.value.trim().toLocaleLowerCase(w.language);
    const all = book.entries();
    const hits = all.filter((e) => !wanted || wordsOf(app, e).includes(wanted));
    mount(count, w.count("booth.leads.count", hits.length));
    const rows = new Map([...list.children].map((row) => [row.dataset.key, row]));
    mount(list, hits.slice(0, MOST).map((e) => (opened?.key === e.key && rows.get(e.key)) || row(e)), hits.length ? null : empty(all.length),
      hits.length > MOST ? h("li", { class: "quiet" }, w.count("booth.leads.more", hits.length - MOST)) : null);
  }

  function row(entry) {
    const item = h("li", { class: "lead", data: { key: entry.key } },
      h("button", { class: "summary", type: "button", "aria-expanded": "false", on: { click: () => open(entry.key, item) } },
        h("span", { class: "grow" }, h("b", {}, titleOf(app, entry)), h("span", {}, companyOf(app, entry))),
        h("span", { class: "end" }, h("span", { class: "quiet number small" }, w.time(entry.at, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" })), rating(entry.rating))),
      entry.state === "sent" && !entry.dirty && !entry.lead?.voided ? null : standing(app, entry));
    return item;
  }

  function rating(n) {
    return n ? h("span", { class: "mark" }, h("span", { class: "stars" }, Array.from({ length: n }, () => icon("star"))), w.t(`booth.rating.${RATINGS[n]}`)) : null;
  }

  function open(key, item) {
    close();
    opened = { key, card: leadCard(app, key, () => { close(); draw(); }) };
    mount(item, opened.card.element);
    item.scrollIntoView({ block: "nearest" });
  }

  function close() {
    opened?.card.close();
    opened = null;
  }

  function empty(any) {
    return h("li", { class: "panel quiet" }, w.t(any ? "booth.leads.no_hit" : "booth.leads.empty"));
  }

  async function fetchCSV() {
    download.disabled = true;
    mount(trouble);
    try {
      const address = URL.createObjectURL(await app.server.csv());
      h("a", { href: address, download: `leads-${new Date().toISOString().slice(0, 10)}.csv` }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000); // after the browser has surely begun to save
    } catch (fault) {
      mount(trouble, notice("bad", "offline", fault.code === "network" ? w.t("booth.leads.offline") : w.fault(fault)));
    } finally {
      download.disabled = false;
    }
  }

  async function toggleSound() {
    app.signals.on = !app.signals.on;
    sound.setAttribute("aria-pressed", String(app.signals.on));
    await app.settings.set("sound", app.signals.on);
    if (app.signals.on) app.signals.give("good");
  }

  function unpair() {
    const n = book.unsent().length;
    const dialog = h("dialog", { "aria-labelledby": "unpair-heading", on: { close: () => dialog.remove() } },
      h("div", { class: "stack" },
        h("h2", { id: "unpair-heading" }, w.t("booth.unpair.heading")),
        h("p", {}, n ? w.count("booth.unpair.unsent", n) : w.t("booth.unpair.text")),
        h("button", { class: "button danger wide", type: "button", on: { click: leave } }, w.t("booth.unpair.button")),
        h("button", { class: "button quiet-button wide", type: "button", autofocus: true, on: { click: () => dialog.close() } }, w.t("booth.unpair.cancel"))));
    element.append(dialog);
    dialog.showModal();
  }

  async function leave() {
    close();
    await book.unpair();
    app.server.key = null;
    app.redraw();
  }

  return {
    element,
    close() {
      close();
      book.removeEventListener("change", changed);
    },
  };
}

function wordsOf(app, entry) {
  const said = [titleOf(app, entry), companyOf(app, entry), entry.notes, entry.lead?.badge?.short_code, ...Object.values(entry.lead?.ecard ?? {})];
  return said.filter(Boolean).join("\n").toLocaleLowerCase(app.w.language);
}
