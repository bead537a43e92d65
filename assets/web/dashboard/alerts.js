// What needs a look, worst first, in sentences; and what to do next in a hall
// that has only just been set up.
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";
import { conditionOf } from "./fleet.js";

const MOST = 6; // sentences; the rest is a number

// alerts returns {element, draw(stats)}.
export function alerts(app) {
  const { w } = app;
  const list = h("ul", { class: "stack close" });
  const heading = h("h2", {}, w.t("dashboard.alerts.heading"));
  const element = h("section", { class: "panel stack alerts", "aria-live": "polite" }, heading, list);
  let last = "";

  function draw(stats) {
    const said = [...troubles(w, stats), ...hints(w, stats)];
    const now = JSON.stringify(said);
    if (now === last) return; // an unchanged list is not read aloud again
    last = now;
    heading.textContent = w.t(said[0]?.kind === "hint" ? "dashboard.alerts.next" : "dashboard.alerts.heading");
    const rest = said.length - MOST;
    mount(list, said.length ? said.slice(0, MOST).map((one) => item(one, app)) : item({ kind: "good", text: w.t("dashboard.alerts.none") }),
      rest > 0 ? h("li", { class: "quiet" }, w.count("dashboard.alerts.more", rest)) : null);
  }

  return { element, draw };
}

const SIGNS = { bad: "cross", doubt: "warn", good: "check", hint: "ask" };

function item({ kind, text, todo, command, list }, app) {
  const words = list && !app.wall ? h("button", { class: "link", type: "button", on: { click: () => app.openInbox(list) } }, text) : text;
  return h("li", { class: `alert ${kind}` }, icon(SIGNS[kind]), h("div", {}, h("p", {}, words), todo ? h("p", { class: "small todo" }, todo) : null, command ? h("code", {}, command) : null));
}

function troubles(w, { kiosks, quarantine, conflicts = 0 }) {
  const found = kiosks.map((kiosk) => ({ kiosk, ...conditionOf(w, kiosk) })).filter(({ kind }) => kind !== "good");
  const all = found.map(({ kind, word, todo, list, kiosk }) => ({ kind, text: w.t("dashboard.alert.kiosk", { name: kiosk.name, state: word }), todo, list }));
  if (quarantine) all.push({ kind: "doubt", text: w.count("dashboard.alert.quarantine", quarantine), list: "quarantine" });
  if (conflicts) all.push({ kind: "doubt", text: w.count("dashboard.alert.conflicts", conflicts), list: "conflicts" });
  return all.sort((a, b) => (a.kind === b.kind ? 0 : a.kind === "bad" ? -1 : 1));
}

// hints lead a newcomer from an empty hall to the first lead.
function hints(w, { kiosks, registrations, leads }) {
  if (!kiosks.length) return [{ kind: "hint", text: w.t("dashboard.hint.kiosk"), command: "hall pair -data DIR -kiosk NAME" }];
  if (!registrations) return [{ kind: "hint", text: w.t("dashboard.hint.registration") }];
  if (!leads) return [{ kind: "hint", text: w.t("dashboard.hint.lead"), command: "hall pair -data DIR -exhibitor ID" }];
  return [];
}
