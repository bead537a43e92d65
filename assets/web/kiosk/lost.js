// Who has registered already gets the badge from staff, who see the person: here, or
// at the desk.
import { h } from "../dom.js";
import { icon } from "../icons.js";

export default function lost(desk) {
  const { visitor, words } = desk;
  return {
    heading: words.t("kiosk.lost.heading"),
    lead: words.t("kiosk.lost.lead"),
    body: h("div", { class: "picture" }, icon("print")),
    main: { icon: "check", label: words.t("kiosk.lost.done"), act: () => desk.reset() },
    aside: [{ icon: "person", label: words.t("kiosk.lost.staff"), act: () => staff(desk) }],
    back: { label: words.t("kiosk.back"), act: () => desk.go(visitor.again ? "again" : "attract") },
  };
}

// staff look for what the visitor has typed, and the screen forgets the rest.
function staff(desk) {
  const { fields } = desk.visitor;
  const sought = fields.mobile?.trim() || fields.email?.trim() || "";
  desk.drop();
  desk.visitor.sought = sought;
  return desk.go("door");
}
