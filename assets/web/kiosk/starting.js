// Shown until the kiosk's program answers.
import { h } from "../dom.js";
import { icon } from "../icons.js";

export default function starting({ words }) {
  return {
    heading: words.t("kiosk.starting.heading"),
    lead: words.t("kiosk.starting.lead"),
    body: h("div", { class: "picture" }, icon("card")),
    plain: true,
    idle: false,
  };
}
