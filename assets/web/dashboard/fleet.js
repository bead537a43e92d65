// The kiosks as tiles: those that need a look first, each with its state in a
// word beside the colour.
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";

const FAR = 2_000; // ms of clock skew that people begin to see
const TIGHT = 1_024; // MB of free disk
const BEHIND = 20; // facts; fewer are on their way at any moment of a busy hour
const BLOCKING = ["media-empty", "media-needed", "media-jam", "cover-open", "door-open", "interlock-open", "toner-empty", "marker-supply-empty", "paused", "shutdown", "offline"];
const WARNING = ["media-low", "toner-low", "marker-supply-low", "output-area-almost-full"];
const MANY = 12; // tiles, beyond which a wall screen shows name and state only
const PRINTER = ["idle", "processing"]; // states that are worth a quiet word; the others are the tile's own
const RANK = { bad: 0, doubt: 1, good: 2 };
const SIGNS = { bad: "cross", doubt: "warn", good: "check" };

// fleet returns {element, draw(stats)}.
export function fleet(app) {
  const { w } = app;
  const grid = h("ul", { class: "tiles" });
  const sum = h("p", { class: "quiet", role: "status" });
  const empty = h("p", { class: "quiet" }, w.t("dashboard.kiosks.empty"));
  const voided = h("p", { class: "quiet small number" });
  const element = h("section", { class: "panel stack fleet" }, h("div", { class: "row apart" }, h("h2", {}, w.t("dashboard.kiosks.heading")), sum), voided, grid);
  const tiles = new Map(); // node → {tile, said}

  function draw({ kiosks, voids }) {
    const sorted = kiosks.map((kiosk) => ({ kiosk, condition: conditionOf(w, kiosk) }))
      .sort((a, b) => RANK[a.condition.kind] - RANK[b.condition.kind] || a.kiosk.name.localeCompare(b.kiosk.name, w.language, { numeric: true }));
    const order = sorted.map(({ kiosk, condition }) => {
      const said = JSON.stringify([kiosk, condition]);
      if (tiles.get(kiosk.node)?.said !== said) tiles.set(kiosk.node, { said, tile: tile(w, kiosk, condition) });
      return tiles.get(kiosk.node).tile;
    });
    mount(grid, order.length ? order : h("li", { class: "none" }, empty));
    grid.classList.toggle("many", kiosks.length > MANY);
    const up = kiosks.filter((k) => k.state === "up").length;
    voided.hidden = !kiosks.length || !voids;
    voided.textContent = voided.hidden ? "" : voidsOf(w, voids);
    sum.textContent = kiosks.length ? w.t("dashboard.kiosks.sum", { up: w.number(up), all: w.number(kiosks.length) }) : "";
  }

  return { element, draw };
}

// voidsOf says for how long some kiosk may not know of a badge or a kiosk that
// was taken back.
function voidsOf(w, { window_ms: window, kiosk, behind }) {
  const time = duration(w, window);
  return behind ? w.t("dashboard.kiosks.voids.behind", { time, name: kiosk }) : w.t("dashboard.kiosks.voids", { time });
}

// conditionOf says how a kiosk does: {kind: "good" | "doubt" | "bad", word}, and
// where the word does not say it, what to do, in a list of the inbox: {todo, list}.
export function conditionOf(w, kiosk) {
  // Both break the connection again and again, which would hide them.
  if (kiosk.refused) return { kind: "bad", word: w.t("dashboard.kiosk.refused"), todo: w.t("dashboard.kiosk.refused.todo"), list: "quarantine" };
  if (kiosk.twin) return { kind: "bad", word: w.t("dashboard.kiosk.twin"), todo: w.t("dashboard.kiosk.twin.todo") };
  if (kiosk.state !== "up") {
    return { kind: "bad", word: kiosk.seen ? w.t("dashboard.kiosk.down", { time: w.time(kiosk.seen) }) : w.t("dashboard.kiosk.unseen") };
  }
  const reasons = kiosk.reasons ?? [];
  const blocked = reasons.find((r) => BLOCKING.includes(r));
  if (blocked) return { kind: "bad", word: reasonOf(w, blocked) };
  if (kiosk.printer === "stopped" || kiosk.printer === "unreachable") return { kind: "bad", word: w.t(`dashboard.printer.${kiosk.printer}`) };
  const low = reasons.find((r) => WARNING.includes(r));
  if (low) return { kind: "doubt", word: reasonOf(w, low) };
  if (Math.abs(kiosk.skew_ms) >= FAR) return { kind: "doubt", word: w.t("dashboard.kiosk.skew", { time: duration(w, Math.abs(kiosk.skew_ms)) }) };
  if (kiosk.disk_free_mb > 0 && kiosk.disk_free_mb < TIGHT) return { kind: "doubt", word: w.t("dashboard.kiosk.disk", { mb: w.number(kiosk.disk_free_mb) }) };
  if (kiosk.unsent > BEHIND) return { kind: "doubt", word: w.count("dashboard.kiosk.behind", kiosk.unsent) };
  return { kind: "good", word: w.t("dashboard.kiosk.up") };
}

function row(name, facts) {
  return h("ul", { class: `quiet small ${name}` }, facts.filter(Boolean).map((fact) => h("li", { class: "number" }, fact)));
}

function reasonOf(w, reason) {
  const key = `dashboard.printer.${reason}`;
  return w.has(key) ? w.t(key) : w.t("dashboard.printer.other", { reason });
}

function duration(w, ms) {
  const [n, unit] = ms < 120_000 ? [Math.round(ms / 1_000), "second"] : [Math.round(ms / 60_000), "minute"];
  return w.number(n, { style: "unit", unit, unitDisplay: "short" });
}

function tile(w, kiosk, { kind, word, todo }) {
  const facts = [
    w.count("dashboard.kiosk.unsent", kiosk.unsent),
    kiosk.quarantine ? w.count("dashboard.kiosk.quarantine", kiosk.quarantine) : "",
    kiosk.aside ? w.count("dashboard.kiosk.aside", kiosk.aside) : "",
    kiosk.state === "up" && PRINTER.includes(kiosk.printer) ? w.t(`dashboard.kiosk.printer.${kiosk.printer}`) : "",
  ];
  const seen = [
    kiosk.state === "up" && kiosk.seen ? w.t("dashboard.kiosk.seen", { time: w.time(kiosk.seen, { hour: "2-digit", minute: "2-digit", second: "2-digit" }) }) : "",
    kiosk.version ? w.t("dashboard.kiosk.version", { version: kiosk.version }) : "",
  ];
  return h("li", { class: `tile ${kind}`, data: { node: kiosk.node, state: kiosk.state } },
    h("h3", {}, kiosk.name),
    h("p", { class: `mark ${kind === "doubt" ? "" : kind}` }, icon(SIGNS[kind]), word),
    todo ? h("p", { class: "small todo" }, todo) : null,
    row("facts", facts), row("facts seen", seen));
}
