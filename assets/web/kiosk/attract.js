// The first screen: the languages, and the ways in.
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { languages } from "./frame.js";

export default function attract(desk) {
  const { show, words } = desk;
  const reads = show.ocr !== false;
  const ways = [
    reads && way(desk, "camera", "card", "kiosk.attract.card", "kiosk.attract.card_hint"),
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
    idle: words.language !== words.languages[0] ? undefined : false,
  };
}

function way(desk, screen, drawing, label, hint) {
  return h("button", { class: "way", type: "button", on: { click: () => desk.go(screen) } },
    h("span", { class: `hint ${drawing}` }, icon(drawing)),
    h("span", { class: "stack close" }, h("strong", {}, desk.words.t(label)), h("span", {}, desk.words.t(hint))));
}
