// What every screen has in common: the show's name on top, the question as
// the heading, the main button where an arm reaches, back and language at the
// foot.
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";
import { show as showStatus } from "./status.js";
import { steps } from "./visitor.js";

// render shows a screen, an object of
//   heading   the question
//   lead      a sentence under it, or nothing
//   step      1 to 3 or 4, or nothing
//   body      the picture or form
//   main      {label, icon, act, disabled}: the one action, or nothing
//   aside     a list of the same: the other ways on
//   back      {label, act}, or nothing
//   plain     true on the first screen, which shows the languages itself
//   idle      false where nobody needs to touch anything, "silent" where an
//             abandoned screen goes without asking
export function render(root, desk, screen) {
  root.dataset.name = desk.screen;
  root.toggleAttribute("data-low", desk.low);
  mount(root, top(desk), middle(desk, screen), bottom(desk, screen));
  document.title = screen.heading;
  showStatus(desk);
  root.querySelector("h1")?.focus({ preventScroll: true });
}

function top(desk) {
  return h("header", { class: "top" },
    h("p", { class: "show-name" }, desk.show ? desk.words.pick(desk.show.name) : ""),
    h("span", { data: { live: "hall" } }));
}

function middle(desk, { step, heading, lead, body }) {
  return h("main", { class: "middle" },
    h("div", { class: "title" },
      step && h("p", { class: "step number" }, desk.words.t("kiosk.step", { n: desk.words.number(step), of: desk.words.number(steps(desk.visitor)) })),
      h("h1", { tabindex: "-1" }, heading),
      lead && h("p", { class: "lead" }, lead)),
    body,
    more(desk));
}

// more says that the screen goes on below, as long as its end is out of sight.
function more({ words }) {
  const end = h("div", { class: "end" });
  const pill = h("p", { class: "more", "aria-hidden": "true" }, h("span", {}, icon("down"), words.t("kiosk.more")));
  new IntersectionObserver(([seen]) => {
    pill.classList.toggle("seen", !seen.isIntersecting && end.isConnected);
  }).observe(end);
  return [pill, end];
}

function bottom(desk, { main, aside = [], back, plain }) {
  return h("footer", { class: "bottom" },
    main && button(main, "button main wide big"),
    aside.length > 0 && h("div", { class: "aside" }, aside.map((a) => button(a, "button"))),
    h("div", { class: "foot" },
      back && button({ icon: "back", ...back }, "button quiet-button"),
      h("span", { class: "grow" }),
      !plain && languages(desk, "button quiet-button").filter((b) => b.lang !== desk.words.language),
      tall() && button({ icon: "lower", label: desk.words.t(desk.low ? "kiosk.raise" : "kiosk.lower"), act: () => desk.lower() }, "button quiet-button")));
}

// languages is a row of buttons, each in its own language.
export function languages(desk, kind = "button") {
  const { words } = desk;
  return words.languages.map((tag) => h("button", {
    class: kind, type: "button", lang: tag, "aria-pressed": String(tag === words.language),
    on: { click: () => desk.speak(tag) },
  }, words.nameOf(tag)));
}

export function button({ label, icon: name, act, disabled }, kind = "button") {
  return h("button", { class: kind, type: "button", disabled: Boolean(disabled), on: { click: act } },
    name && icon(name, name === "back" || name === "next" ? { class: "turns" } : {}), h("span", {}, label));
}

// tall is true where a person in a wheelchair could not reach the upper half.
function tall() {
  return matchMedia("(orientation: portrait) and (min-height: 1200px)").matches;
}

// notice says what happened and what to do; it is read aloud as it appears.
export function notice(kind, name, ...children) {
  return h("div", { class: `notice ${kind}`, role: kind === "bad" ? "alert" : "status" }, icon(name), h("div", {}, children));
}
