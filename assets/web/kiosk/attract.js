// The first screen: the languages, and the ways in.
import { h, s } from "../dom.js";
import { icon } from "../icons.js";
import { languages } from "./frame.js";

export default function attract(desk) {
  const { show, words } = desk;
  const reads = show.ocr !== false;
  const ways = [
    reads && way(desk, "camera", "card", "kiosk.attract.card", "kiosk.attract.card_hint"),
    show.codes && way(desk, "code", "code", "kiosk.attract.code", "kiosk.attract.code_hint"),
    way(desk, "typing", "keyboard", "kiosk.attract.typing", "kiosk.attract.typing_hint"),
  ].filter(Boolean);
  ways[0].classList.add("first");
  return {
    heading: words.t("kiosk.attract.heading", { show: words.pick(show.name) }),
    lead: words.t("kiosk.attract.lead"),
    body: h("div", { class: "stack wide" },
      h("div", { class: "languages", role: "group", "aria-label": words.t("kiosk.languages") }, languages(desk)),
      h("div", { class: "ways" }, ways),
      h("p", { class: "quiet small centre number", data: { live: "last" } })),
    plain: true,
    idle: words.language !== words.languages[0] || desk.elsewhere ? "silent" : false, // as the next visitor expects it
  };
}

function way(desk, screen, drawing, label, hint) {
  return h("button", { class: "way", type: "button", on: { click: () => desk.go(screen) } },
    h("span", { class: `hint ${drawing}` }, drawing === "card" ? offer() : icon(drawing)),
    h("span", { class: "stack close" }, h("strong", {}, desk.words.t(label)), h("span", {}, desk.words.t(hint))));
}

// offer is a card that moves into a camera's view.
function offer() {
  return s("svg", { class: "offer", viewBox: "0 0 160 104", fill: "none", stroke: "currentColor", "stroke-width": "4", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" },
    s("path", { d: "M2 22V8a6 6 0 0 1 6-6h14M138 2h14a6 6 0 0 1 6 6v14M158 82v14a6 6 0 0 1-6 6h-14M22 102H8a6 6 0 0 1-6-6V82" }),
    s("g", { class: "paper" },
      s("rect", { x: "22", y: "18", width: "116", height: "68", rx: "5" }),
      s("path", { class: "ink", d: "M36 38h38M36 52h28M36 70h50" }),
      s("circle", { class: "ink", cx: "112", cy: "42", r: "10" })));
}
