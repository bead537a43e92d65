// What visitors made of what was read from their cards, where the show lets
// kiosks count it: per field, and the characters that are taken for others.
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";

const ENOUGH = 50; // sure texts, below which a share says little
const TOLERATED = 0.02; // of sure texts corrected: what is shown as sure promises 98 % exact

const COLUMNS = ["field", "read", "accepted", "sure", "doubtful", "emptied", "typed"];

// reading returns {element, draw(stats)}.
export function reading(app) {
  const { w } = app;
  const sum = h("p", { class: "quiet", role: "status" });
  const body = h("div", { class: "stack" });
  const element = h("section", { class: "panel stack reading" },
    h("div", { class: "row apart" }, h("h2", {}, w.t("dashboard.reading.heading")), sum), body);
  let last = "";

  function draw({ reading: told, kiosks }) {
    const now = JSON.stringify([told, kiosks.length]);
    if (now === last) return; // nobody's place in the table is lost to a picture without news
    last = now;
    const counted = told.fields.length > 0;
    sum.textContent = counted ? w.t("dashboard.reading.kiosks", { n: w.number(told.kiosks), all: w.number(kiosks.length) }) : "";
    if (counted) mount(body, h("div", { class: "read" }, h("div", { class: "sideways" }, table(w, told.fields)), confusions(w, told.confusions)));
    else mount(body, h("p", { class: "quiet" }, w.t(told.learn ? "dashboard.reading.none" : "dashboard.reading.off")), told.learn ? null : h("code", {}, '"learn": true'));
  }

  return { element, draw };
}

function table(w, fields) {
  const rows = fields.map(figures).sort((a, b) => b.enough - a.enough || b.share - a.share || b.read - a.read);
  return h("table", { class: "table" },
    h("caption", { class: "aloud" }, w.t("dashboard.reading.heading")),
    h("thead", {}, h("tr", {}, COLUMNS.map((name) => h("th", { scope: "col", class: name === "field" ? "" : "number" }, w.t(`dashboard.reading.${name}`))))),
    h("tbody", {}, rows.map((row) => line(w, row))));
}

// figures adds what a row shows of one field. What stands on few texts stands
// last and is not judged.
function figures({ field, sure, doubtful, typed }) {
  const shownSure = sure.accepted + sure.corrected + sure.emptied;
  const shownDoubtful = doubtful.accepted + doubtful.corrected + doubtful.emptied;
  return {
    field, sure, doubtful, typed, shownSure, shownDoubtful,
    read: shownSure + shownDoubtful,
    accepted: sure.accepted + doubtful.accepted,
    emptied: sure.emptied + doubtful.emptied,
    share: shownSure ? sure.corrected / shownSure : 0,
    enough: shownSure >= ENOUGH,
  };
}

function line(w, row) {
  const wrong = row.enough && row.share > TOLERATED;
  const share = part(w, row.sure.corrected, row.shownSure);
  return h("tr", { data: { field: row.field } },
    h("th", { scope: "row" }, w.field(row.field)),
    h("td", { class: "number" }, w.number(row.read)),
    h("td", { class: "number" }, part(w, row.accepted, row.read)),
    h("td", { class: row.enough ? "number telling" : "number quiet" }, wrong ? h("span", { class: "mark doubt" }, icon("warn"), h("span", { class: "aloud" }, w.t("dashboard.reading.wrong")), share) : share),
    h("td", { class: "number" }, part(w, row.doubtful.corrected, row.shownDoubtful)),
    h("td", { class: "number" }, part(w, row.emptied, row.read)),
    h("td", { class: "number" }, w.number(row.typed)));
}

// part is n of all as a share; of nothing there is none.
function part(w, n, all) {
  return all ? w.number(n / all, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 }) : "–";
}

function confusions(w, pairs) {
  return h("div", { class: "stack close" },
    h("h3", {}, w.t("dashboard.reading.confusions")),
    pairs.length ? h("ul", { class: "pairs" }, pairs.map((pair) => h("li", {},
      h("span", { class: "aloud" }, w.t("dashboard.reading.pair", pair)),
      h("span", { class: "mono", "aria-hidden": "true" }, h("bdi", {}, pair.read), h("span", { class: "quiet" }, " → "), h("bdi", {}, pair.meant)),
      h("span", { class: "quiet number" }, w.count("dashboard.reading.cards", pair.cards))))) : null,
    h("p", { class: "quiet small" }, w.t(pairs.length ? "dashboard.reading.rare" : "dashboard.reading.fewer")));
}
