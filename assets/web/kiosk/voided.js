// A badge was voided because it is not this visitor's: nobody gets in with it
// any more. What next is the visitor's to say.
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { correct } from "./wrong.js";

export default function voided(desk) {
  const { words } = desk;
  return {
    heading: words.t("kiosk.voided.heading"),
    lead: words.t("kiosk.voided.lead"),
    body: h("div", { class: "picture" }, icon("cross")),
    main: { icon: "edit", label: words.t("kiosk.voided.correct"), act: () => correct(desk) },
    back: { label: words.t("kiosk.voided.leave"), act: () => desk.reset() },
  };
}
