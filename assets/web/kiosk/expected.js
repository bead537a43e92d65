// What was said in advance of the visitor who brought a code: quiet lines that a
// touch opens, and open at once what the badge needs but nobody has said.
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { field, more, refuseMissing, sure } from "./field.js";
import { missing, unanswered } from "./visitor.js";

export default function expected(desk) {
  const { show, visitor, words } = desk;
  const absent = new Set(missing(visitor, show));
  const nodes = [];
  const opened = (rule) => {
    const node = field(desk, rule);
    nodes.push(node);
    return node;
  };
  const shown = show.fields.filter(({ name }) => visitor.fields[name] || absent.has(name));
  const rows = shown.map((rule) => (absent.has(rule.name) ? opened(rule) : sure(desk, rule.name, () => opened(rule))));
  const form = h("div", { class: "form review" }, rows, category(desk));
  return {
    step: 2,
    heading: words.t("kiosk.review.heading"),
    lead: words.t("kiosk.review.lead"),
    body: h("div", { class: "stack" }, form, more(desk, show.fields.filter((rule) => !shown.includes(rule)), form, nodes)),
    main: {
      label: words.t("kiosk.review.right"),
      act: () => {
        const still = missing(visitor, show);
        for (const name of still) document.querySelector(`[data-sure="${name}"]`)?.click();
        if (still.length) return refuseMissing(desk, nodes, still);
        visitor.brief = Boolean(visitor.category) && unanswered(visitor, show).length === 0;
        return desk.go(visitor.brief ? "consent" : "visit");
      },
    },
    back: { label: words.t("kiosk.back"), act: () => back(desk) },
  };
}

// category is what the visitor is said to come as; touching it leads to the choice.
function category(desk) {
  const { show, visitor, words } = desk;
  const known = show.categories.find((c) => c.id === visitor.category);
  if (!known) return null;
  return h("button", {
    class: "sure", type: "button", data: { sure: "category" },
    on: {
      click: () => {
        visitor.brief = false;
        return desk.go("visit");
      },
    },
  }, h("span", { class: "quiet small" }, words.t("kiosk.visit.category")), h("span", { class: "value" }, words.pick(known.name)),
  h("span", { class: "pen" }, icon("edit"), h("span", { class: "aloud" }, words.t("kiosk.review.edit"))));
}

// back forgets who was found, and asks for a code again.
function back(desk) {
  desk.drop();
  return desk.go("code");
}
