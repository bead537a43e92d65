// One entry of a visitor that was said differently by people who had not seen
// each other's word: the sides next to each other, one tap each.
import { h } from "../dom.js";
import { request } from "../api.js";
import { icon } from "../icons.js";
import { moment } from "./inbox.js";

// conflictCard returns the list's item for one conflict.
export function conflictCard({ app, settle, say, reload }, conflict) {
  const { w } = app;
  const { fields, created } = conflict.registration;
  const who = [fields.name || fields.name_en || w.t("dashboard.conflict.nameless"), fields.company || fields.company_en].filter(Boolean).join(" · ");
  const entry = h("li", { class: "panel stack close entry", data: { id: conflict.id } },
    h("div", {}, h("h2", { tabindex: "-1" }, partOf(w, conflict.part, conflict.label)),
      h("p", { class: "quiet" }, h("bdi", {}, who), " · ", w.t("dashboard.conflict.registered", { time: moment(w, created) }))),
    h("ol", { class: "sides" }, conflict.sides.map(side)));

  function side(s) {
    const words = valueOf(w, s);
    const act = w.t(s.stands ? "dashboard.conflict.keep" : "dashboard.conflict.choose");
    return h("li", { class: `side ${s.stands ? "stands" : ""}` },
      h("p", { class: "value" }, words ? h("bdi", {}, words) : h("i", { class: "quiet" }, w.t("dashboard.conflict.empty"))),
      h("p", { class: "quiet small" }, sayer(w, s)),
      s.stands ? h("p", { class: "mark good" }, icon("check"), w.t("dashboard.conflict.stands")) : null,
      h("button", { class: `button ${s.stands ? "" : "pick"}`, type: "button", "aria-label": `${act}: ${words || w.t("dashboard.conflict.empty")}`, on: { click: () => choose(s, words) } }, act));
  }

  async function choose(s, words) {
    const buttons = [...entry.querySelectorAll("button")];
    for (const button of buttons) button.disabled = true;
    try {
      await request("POST", `conflicts/${encodeURIComponent(conflict.id)}`, { choice: s.version, seen: conflict.sides.map(({ version }) => version) });
      settle(entry, w.t("dashboard.conflict.settled", { name: partOf(w, conflict.part, conflict.label), value: words || w.t("dashboard.conflict.empty") }));
    } catch (fault) {
      for (const button of buttons) button.disabled = false;
      if (fault.code === "auth.required") return app.signedOut();
      if (fault.code !== "conflict" && fault.code !== "not_found") return say(w.fault(fault), "doubt");
      await reload();
      say(w.t("dashboard.conflict.since"), "doubt");
    }
  }

  return entry;
}

// partOf names a part of a registration; label is a question's text.
export function partOf(w, part, label) {
  if (part.startsWith("field.")) return w.field(part.slice("field.".length));
  if (part === "category") return w.t("dashboard.conflict.category");
  return label ? w.pick(label) : w.t("dashboard.decision.answer");
}

function valueOf(w, { value, texts }) {
  if (texts.length) return texts.map((text) => w.pick(text)).join(" · ");
  return Array.isArray(value) ? value.join(" · ") : value;
}

function sayer(w, { at, kiosk, by }) {
  const time = moment(w, at);
  if (by) return w.t("dashboard.conflict.hall", { name: by, time });
  return kiosk ? w.t("dashboard.conflict.kiosk", { name: kiosk, time }) : w.t("dashboard.conflict.desk", { time });
}
