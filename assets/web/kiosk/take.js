// The badge is in the slot: an arrow, a name, and then everything is
// forgotten.
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";
import { wait } from "../api.js";

const SECONDS = 10;

export default function take(desk, signal) {
  const { visitor, words } = desk;
  const left = h("p", { class: "quiet centre number" });
  countdown(desk, signal, left);
  return {
    heading: words.t("kiosk.take.heading"),
    lead: words.t("kiosk.take.lead", { name: visitor.fields.name || visitor.fields.name_en || "" }),
    body: h("div", { class: "stack wide take" }, h("div", { class: "arrow" }, icon("down")), left),
    main: { icon: "check", label: words.t("kiosk.take.done"), act: () => desk.reset() },
    idle: false,
  };
}

async function countdown(desk, signal, place) {
  for (let n = SECONDS; n > 0 && !signal.aborted; n--) {
    mount(place, desk.words.count("kiosk.take.left", n));
    await wait(1000, signal).catch(() => {});
  }
  if (!signal.aborted) await desk.reset();
}
