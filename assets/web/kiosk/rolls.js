// The pool's printers as staff see them: how each is, how long its labels last,
// and a new roll for those that count.
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";
import { ask, why } from "./office.js";

const USUAL = 300; // labels on an endless roll of 62 mm

// printers is one row each; told is called after a new roll.
export function printers(desk, signal, told) {
  const all = desk.staff.seen.status.printers;
  if (all.length === 0) return h("p", {}, desk.words.t("staff.printers.none"));
  return all.map((p, n) => row(desk, signal, p, n, told));
}

function row(desk, signal, printer, n, told) {
  const { words } = desk;
  const { place, name, state, reasons, blind, counts } = printer;
  const well = state === "idle" || state === "processing";
  const said = [words.t(`staff.printer.${state}`), ...reasons.map((r) => why(words, r))];
  const low = well && reasons.length > 0;
  return h("div", { class: "machine" },
    h("div", { class: "stack close" },
      h("strong", {}, place || name || words.number(n + 1)),
      h("span", { class: `mark ${well ? (low ? "doubt" : "good") : "bad"}` }, icon(well && !low ? "check" : "warn"), h("span", {}, said.join(" · "))),
      blind && h("span", { class: "quiet small" }, words.t("staff.printer.blind")),
      labels(words, printer)),
    counts && newRoll(desk, signal, n, told));
}

function labels(words, { labels_left: left, empty_at: empty }) {
  if (left < 0) return null;
  return h("span", { class: "quiet small number" }, empty ? words.t("kiosk.printer.lasts", { n: words.number(left), time: words.time(empty) }) : words.count("kiosk.printer.left", left));
}

// newRoll is a button that opens into the question how many labels were put in.
function newRoll(desk, signal, n, told) {
  const { words, staff } = desk;
  const node = h("div", { class: "roll stack close" });
  const problem = h("p", { class: "problem", role: "alert" });
  const input = h("input", { class: "input number", id: `roll-${n}`, type: "number", inputmode: "numeric", min: "1", max: "20000", value: String(USUAL) });
  const closed = () => mount(node, h("button", { class: "button", type: "button", on: { click: open } }, words.t("staff.roll")),
    staff.rolls[n] && h("p", { class: "mark good", role: "status" }, icon("check"), words.count("staff.roll.done", staff.rolls[n])));
  async function put() {
    const count = Number(input.value);
    try {
      staff.seen.status = await ask(staff, "POST", `staff/printers/${n}/roll`, { labels: count }, signal);
      staff.rolls[n] = count;
    } catch (error) {
      if (!signal.aborted) mount(problem, icon("warn"), error.code === "invalid" ? words.t("staff.roll.wrong") : words.fault(error));
      return;
    }
    closed();
    told();
  }
  function open() {
    mount(problem);
    mount(node, h("div", { class: "field" }, h("label", { for: input.id }, words.t("staff.roll.labels")), input, problem),
      h("button", { class: "button", type: "button", on: { click: put } }, words.t("staff.roll.put")));
    input.select();
  }
  closed();
  return node;
}
