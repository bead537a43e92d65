// Out of order: one picture, one sentence, small print for staff. Registering
// still works, because the desk can print later.
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { reason } from "./status.js";

export default function out(desk) {
  const { words, status } = desk;
  return {
    heading: words.t("kiosk.out.heading"),
    lead: words.t("kiosk.out.lead"),
    body: h("div", { class: "picture stack" }, icon("print"),
      h("p", { class: "quiet small" }, words.t("kiosk.out.staff"), " ", reason(words, status?.printer?.reasons)),
      (status?.printers ?? []).length > 1 && h("ul", { class: "quiet small number printers" }, status.printers.map((p) => h("li", {}, machine(words, p))))),
    aside: [{ label: words.t("kiosk.out.anyway"), act: () => elsewhere(desk) }],
    back: { icon: "person", label: words.t("staff.door.heading"), act: () => desk.go("door") },
    idle: false,
  };
}

// machine says how one printer of the pool is, and how long its labels last.
export function machine(words, { place, name, state, reasons, labels_left: left, empty_at: empty }) {
  const well = state === "idle" || state === "processing";
  const parts = [place || name, well ? words.t("kiosk.printer.well") : reason(words, reasons.length ? reasons : [state])];
  if (left >= 0) parts.push(empty ? words.t("kiosk.printer.lasts", { n: words.number(left), time: words.time(empty) }) : words.count("kiosk.printer.left", left));
  return parts.join(" · ");
}

function elsewhere(desk) {
  desk.elsewhere = true;
  return desk.go("attract");
}
