// What the hall does not have yet, and why: waiting scans go by themselves,
// refused ones stay until a person has decided.
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";
import { standing, titleOf } from "./card.js";
import { notice } from "./pair.js";

// unsentScreen lists unsent scans and edits of this phone.
export function unsentScreen(app) {
  const { w, book, sender } = app;
  const body = h("div", { class: "stack" });
  const element = h("main", { class: "sheet stack" },
    h("header", { class: "row apart bar" },
      h("button", { class: "button quiet-button", type: "button", on: { click: () => app.go("scan") } }, icon("back", { class: "turns" }), w.t("booth.leads.back")),
      h("button", { class: "button", type: "button", on: { click: () => sender.now() } }, w.t("booth.unsent.now"))),
    h("h1", {}, w.t("booth.unsent.heading")),
    body);
  book.addEventListener("change", draw);
  sender.addEventListener("change", draw);
  draw();

  function draw() {
    const unsent = book.unsent();
    mount(body, link(), unsent.length
      ? h("ul", { class: "leads" }, unsent.map(row))
      : h("p", { class: "panel" }, w.t("booth.unsent.empty")));
  }

  function link() {
    if (sender.link === "denied") {
      return notice("bad", "warn", h("p", {}, w.t("booth.unsent.repair")),
        h("button", { class: "button wide", type: "button", on: { click: () => repair() } }, w.t("booth.unsent.pair")));
    }
    return sender.link === "down" ? notice("doubt", "offline", w.t("booth.unsent.offline")) : null;
  }

  async function repair() {
    await book.unpair();
    app.redraw();
  }

  function row(entry) {
    const refused = entry.state === "refused";
    return h("li", { class: "lead stack close", data: { key: entry.key } },
      h("div", { class: "row apart" }, h("b", {}, titleOf(app, entry)), h("span", { class: "quiet number small" }, w.time(entry.at))),
      standing(app, entry),
      refused ? h("div", { class: "row" },
        h("button", { class: "button", type: "button", on: { click: () => book.retry(entry.key) } }, w.t("booth.unsent.retry")),
        h("button", { class: "button danger", type: "button", on: { click: () => book.dismiss(entry.key) } }, w.t("booth.unsent.dismiss"))) : null);
  }

  return {
    element,
    close() {
      book.removeEventListener("change", draw);
      sender.removeEventListener("change", draw);
    },
  };
}
