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
      h("p", { class: "quiet small" }, words.t("kiosk.out.staff"), " ", reason(words, status?.printer?.reasons))),
    aside: [{ label: words.t("kiosk.out.anyway"), act: () => elsewhere(desk) }],
    idle: false,
  };
}

function elsewhere(desk) {
  desk.elsewhere = true;
  return desk.go("attract");
}
