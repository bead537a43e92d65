// The form for those without a card: what the badge needs, and the rest on
// request.
import { h } from "../dom.js";
import { onward } from "./again.js";
import { dropCard, missing } from "./visitor.js";
import { field, more, refuseMissing } from "./field.js";

// What most people give besides the required; the rest waits behind a button.
const USUAL = ["name", "company", "title", "mobile", "email"];

export default function typing(desk, signal) {
  const { show, visitor, words } = desk;
  dropCard(visitor);
  if (!visitor.correcting) visitor.source = "typed";
  const first = show.fields.filter((f) => f.required || USUAL.includes(f.name) || visitor.fields[f.name]);
  const later = show.fields.filter((f) => !first.includes(f));
  const nodes = first.map((f) => field(desk, f));
  const form = h("div", { class: "form" }, nodes);
  return {
    step: 1,
    heading: words.t("kiosk.typing.heading"),
    lead: words.t("kiosk.typing.lead"),
    body: h("div", { class: "stack" }, form, more(desk, later, form, nodes)),
    main: {
      label: words.t("kiosk.continue"),
      act: () => {
        const absent = missing(visitor, show);
        if (absent.length) refuseMissing(desk, nodes, absent);
        else onward(desk, signal);
      },
    },
    back: { label: words.t(visitor.correcting && !desk.staff ? "kiosk.idle.over" : "kiosk.back"), act: () => leave(desk) },
  };
}

// leave goes back to the first screen, or to the person whom staff correct.
function leave(desk) {
  if (!desk.staff) return desk.reset();
  desk.drop();
  return desk.go("holder");
}
