// The hall at a glance: big figures, the arrivals of the last hour, the
// kiosks, what needs a look, and how well cards are read.
import { h, mount } from "../dom.js";
import { request } from "../api.js";
import { icon } from "../icons.js";
import { alerts } from "./alerts.js";
import { curve } from "./curve.js";
import { fleet } from "./fleet.js";
import { follow } from "./live.js";
import { reading } from "./reading.js";
import { languages, rehearsal } from "./signin.js";

const FIGURES = ["registrations", "persons", "badges", "leads"];
const RECENT = 5; // whole minutes that the rate is taken over

// hallScreen shows app.stats and keeps it up to date until close.
export function hallScreen(app) {
  const { w } = app;
  const parts = { curve: curve(app), fleet: fleet(app), alerts: alerts(app), reading: reading(app) };
  const figures = new Map([...FIGURES, "rate"].map((name) => [name, h("b", {}, "–")]));
  const live = h("p", { class: "mark live", role: "status" });
  const inbox = h("button", { class: "button quiet-button", type: "button", id: "inbox", on: { click: () => app.openInbox(waiting(app.stats)) } }, w.t("dashboard.inbox.title"));
  const clock = h("time", { class: "number clock" });
  const element = h("main", { class: "hall" },
    h("header", { class: "top" },
      h("h1", {}, w.pick(app.show.name)),
      rehearsal(app),
      live,
      app.wall ? clock : null,
      h("div", { class: "row tools" }, app.wall ? null : languages(app), app.wall ? null : inbox,
        h("button", { class: "button quiet-button", type: "button", on: { click: () => app.hang(!app.wall) } }, w.t(app.wall ? "dashboard.wall.leave" : "dashboard.wall.enter")),
        app.wall ? null : h("button", { class: "button quiet-button", type: "button", on: { click: signOut } }, w.t("dashboard.signout")))),
    h("section", { class: "figures panel", "aria-label": w.t("dashboard.figures") },
      [...figures].map(([name, value]) => h("div", { class: "figure", data: { name } }, value, h("span", {}, w.t(`dashboard.figure.${name}`))))),
    parts.curve.element, parts.alerts.element, parts.fleet.element, parts.reading.element);

  let lost = null; // when the last picture came, while there is no connection
  let stop = () => {};
  tick();
  const ticking = setInterval(tick, 1_000);
  linked(true, !app.stats);
  if (app.stats) draw(app.stats);
  stop = follow({ onStats: draw, onLink: linked, onOut: app.signedOut });
  addEventListener("keydown", leave);

  function draw(stats) {
    app.stats = stats;
    for (const name of FIGURES) figures.get(name).textContent = w.number(stats[name]);
    figures.get("rate").textContent = rate(w, stats.per_minute);
    const undecided = (stats.conflicts ?? 0) + stats.quarantine;
    inbox.textContent = undecided ? w.count("dashboard.inbox.button", undecided) : w.t("dashboard.inbox.title");
    for (const part of Object.values(parts)) part.draw(stats);
  }

  function linked(up, waiting = false) {
    if (!up) lost ??= new Date(app.stats?.at ?? Date.now());
    if (up) lost = null;
    live.className = `mark live ${up ? "good" : "doubt"}`;
    mount(live, icon(up ? "check" : "offline"), up ? w.t(waiting ? "dashboard.live.waiting" : "dashboard.live.up") : w.t("dashboard.live.down", { time: w.time(lost) }));
    element.dataset.link = up ? "up" : "down";
  }

  function tick() {
    clock.textContent = w.time(new Date());
  }

  async function signOut() {
    try {
      await request("DELETE", "signin");
      app.signedOut();
    } catch (fault) {
      mount(live, icon("offline"), w.fault(fault));
    }
  }

  function leave(event) {
    if (event.key === "Escape" && app.wall) app.hang(false);
  }

  return {
    element,
    close() {
      stop();
      clearInterval(ticking);
      removeEventListener("keydown", leave);
      parts.curve.close();
    },
  };
}

// waiting names the list that a person is wanted at.
function waiting(stats) {
  return !stats?.conflicts && stats?.quarantine ? "quarantine" : "conflicts";
}

// rate is registrations a minute over the last whole minutes.
function rate(w, minutes) {
  const whole = minutes.slice(-RECENT - 1, -1);
  if (!whole.length) return w.number(0);
  const mean = whole.reduce((sum, m) => sum + m.registrations, 0) / whole.length;
  return w.number(mean, { maximumFractionDigits: mean < 10 ? 1 : 0 });
}
