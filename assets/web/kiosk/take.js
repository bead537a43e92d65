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
    heading: where(desk),
    lead: words.t("kiosk.take.lead", { name: visitor.fields.name || visitor.fields.name_en || "" }),
    body: h("div", { class: "stack wide take" }, h("div", { class: "arrow" }, icon(visitor.badge?.away ? "next" : "down", { class: visitor.badge?.away ? "turns" : "" })), left),
    aside: visitor.registration ? [{ icon: "ask", label: words.t("kiosk.take.wrong"), act: () => desk.go("wrong") }] : [],
    main: { icon: "check", label: words.t("kiosk.take.done"), act: () => desk.reset() },
    idle: false,
  };
}

// where says at which printer the badge is, if it is not this one.
export function where({ visitor, words }) {
  const { away, place } = visitor.badge ?? {};
  if (!away) return words.t("kiosk.take.heading");
  return place ? words.t("kiosk.take.at", { place }) : words.t("kiosk.take.next");
}

async function countdown(desk, signal, place) {
  for (let n = SECONDS; n > 0 && !signal.aborted; n--) {
    mount(place, desk.words.count("kiosk.take.left", n));
    await wait(1000, signal).catch(() => {});
  }
  if (!signal.aborted) await desk.reset();
}
