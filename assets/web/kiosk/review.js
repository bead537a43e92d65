// What was read from the card, in reading order: sure fields are quiet lines,
// doubtful ones stand open with their cut-out and the other readings, and what
// the badge needs but the card did not say is asked first.
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { onward } from "./again.js";
import { field, more, refuseMissing, sure } from "./field.js";
import { notice } from "./frame.js";
import { missing, readingOrder } from "./visitor.js";

const MOST_PICTURES = 5; // that the kiosk puts together

export default function review(desk, signal) {
  const { show, visitor, words } = desk;
  const { card } = visitor;
  const absent = new Set(missing(visitor, show));
  const read = show.fields.filter((f) => card.fields[f.name]?.text).map((f) => f.name);
  const rule = (name) => show.fields.find((f) => f.name === name);
  const doubtful = read.filter((name) => card.fields[name].doubtful);

  const nodes = [];
  const opened = (name, options) => {
    const node = field(desk, rule(name), options);
    nodes.push(node);
    return node;
  };
  const rows = [
    ...[...absent].filter((name) => !read.includes(name)).map((name) => opened(name)),
    ...readingOrder(read, card.fields).map((name) =>
      card.fields[name].doubtful || absent.has(name) ? doubt(desk, name, opened) : sure(desk, name, () => opened(name))),
  ];
  const form = h("div", { class: "form review" }, rows);
  const rest = show.fields.filter((f) => !read.includes(f.name) && !absent.has(f.name)); // not on the card, or not read
  const further = (card.pictures ?? 1) < MOST_PICTURES;
  const open = doubtful.length + rows.length - read.length;
  return {
    step: 2,
    heading: open ? words.count("kiosk.review.check", open) : words.t("kiosk.review.heading"),
    lead: words.t(open ? "kiosk.review.rest" : "kiosk.review.lead"),
    body: h("div", { class: "stack" }, warnings(card, words), form, more(desk, rest, form, nodes)),
    main: {
      label: words.t("kiosk.review.right"),
      act: () => {
        const still = missing(visitor, show);
        if (!still.length) return onward(desk, signal);
        for (const name of still) document.querySelector(`[data-sure="${name}"]`)?.click();
        return refuseMissing(desk, nodes, still);
      },
    },
    aside: further ? [
      { icon: "turn", label: words.t("kiosk.review.side"), act: () => scan(desk, "side") },
      { icon: "camera", label: words.t("kiosk.review.again"), act: () => scan(desk, "again") },
    ] : [],
    back: { label: words.t("kiosk.back"), act: () => scan(desk, "") },
  };
}

// warnings say what the picture was besides one card in a script that is read.
function warnings(card, words) {
  return [
    card.others > 0 && notice("doubt", "warn", words.t("kiosk.review.cards")),
    card.unfamiliar && notice("doubt", "warn", words.t("kiosk.review.unfamiliar")),
  ];
}

// scan goes back to the camera for a further picture of this card, or for
// another card altogether.
function scan(desk, what) {
  desk.visitor.scan = what;
  return desk.go("camera");
}

// doubt is an open field with the piece of the picture it was read from.
function doubt(desk, name, opened) {
  const { visitor, words } = desk;
  const { box = [], crop, text, more = [] } = visitor.card.fields[name];
  const [, , wide = 4, high = 1] = box; // known before the picture comes, so that nothing jumps under a finger
  const others = [...new Set([text, ...more.map((m) => m.text)])].filter(Boolean);
  const chips = others.length > 1 && h("div", { class: "row chips", role: "group", "aria-label": words.t("kiosk.review.others") });
  const node = opened(name, {
    mark: h("span", { class: "mark doubt" }, icon("ask"), words.t("kiosk.review.doubt")),
    extra: crop && h("img", {
      class: "crop", src: crop, alt: words.t("kiosk.review.crop", { field: words.field(name) }),
      style: { "--width": `${wide}px`, "aspect-ratio": `${wide} / ${high}` },
    }),
    after: chips,
  });
  node.classList.add("doubtful");
  if (chips) {
    const buttons = others.map((other) => h("button", { class: "chip", type: "button", dir: "auto", on: { click: () => node.put(other) } }, other));
    const press = () => buttons.forEach((b, i) => b.setAttribute("aria-pressed", String(others[i] === visitor.fields[name])));
    node.addEventListener("typed", press);
    press();
    chips.append(...buttons);
  }
  return node;
}
