// Who the visitor is at this show: the category, and the few questions that
// it brings.
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";
import { entries, questions, unanswered } from "./visitor.js";

export default function visit(desk) {
  const { show, visitor, words } = desk;
  const own = show.categories.filter((c) => c.self || c.id === visitor.invited);
  if (own.length === 1) visitor.category = own[0].id;
  const asked = h("div", { class: "stack wide" });
  const refusal = problem();
  const categories = group(words.t("kiosk.visit.category"), true, refusal, h("div", { class: "choices" }, own.map((c) => choice({
    type: "radio", name: "category", text: words.pick(c.name), colour: c.colour, checked: visitor.category === c.id,
    pick: () => {
      visitor.category = c.id;
      mount(refusal);
      ask(desk, asked);
    },
  }))));
  ask(desk, asked);
  return {
    step: 3,
    heading: words.t("kiosk.visit.heading"),
    body: h("div", { class: "stack wide" }, own.length > 1 && categories, asked),
    main: { label: words.t("kiosk.continue"), act: () => go(desk, categories, refusal, asked) },
    back: { label: words.t("kiosk.back"), act: () => desk.go(entries(visitor)) },
  };
}

function go(desk, categories, refusal, asked) {
  if (!desk.visitor.category) {
    refuse(refusal, desk.words.t("kiosk.visit.choose"));
    categories.querySelector("input").focus();
    return;
  }
  const open = unanswered(desk.visitor, desk.show);
  for (const id of open) refuse(asked.querySelector(`[data-question="${id}"] .problem`), desk.words.t("kiosk.visit.answer"));
  if (open.length === 0) {
    desk.go("consent");
    return;
  }
  const first = asked.querySelector(`[data-question="${open[0]}"]`);
  first.querySelector("input").focus();
  first.scrollIntoView({ block: "center" });
}

function ask(desk, place) {
  mount(place, questions(desk.visitor, desk.show).map((q) => question(desk, q)));
}

function question(desk, q) {
  const { visitor, words } = desk;
  const refusal = problem();
  const put = (answer) => {
    visitor.answers[q.id] = answer;
    mount(refusal);
  };
  const picked = visitor.answers[q.id] ?? [];
  const body = q.kind === "text"
    ? h("input", { class: "input", type: "text", autocomplete: "off", maxlength: "300", value: picked.length ? picked : "", "aria-label": words.pick(q.text), on: { input: (e) => put(e.target.value) } })
    : h("div", { class: "choices" }, q.options.map((o) => choice({
      type: q.kind === "single" ? "radio" : "checkbox", name: q.id, text: words.pick(o.text), checked: picked.includes(o.id),
      pick: (on) => put(q.kind === "single" ? [o.id] : toggled(visitor.answers[q.id] ?? [], o.id, on)),
    })));
  const node = group(words.pick(q.text), q.required, refusal, body, words);
  node.dataset.question = q.id;
  return node;
}

function toggled(list, id, on) {
  return on ? [...list.filter((x) => x !== id), id] : list.filter((x) => x !== id);
}

function choice({ type, name, text, colour, checked, pick }) {
  return h("label", { class: "choice" },
    h("input", { type, name, checked, on: { change: (event) => pick(event.target.checked) } }),
    colour && h("span", { class: "swatch", style: { "--swatch": colour } }),
    h("span", {}, text));
}

function group(legend, required, refusal, body, words) {
  return h("fieldset", { class: "stack" },
    h("legend", {}, h("h2", {}, legend, !required && h("span", { class: "quiet optional" }, ` · ${words.t("kiosk.optional")}`))), body, refusal);
}

function problem() {
  return h("p", { class: "problem", "aria-live": "polite" });
}

function refuse(place, sentence) {
  mount(place, icon("warn"), sentence);
}
