// One fact in quarantine: whose it is, why it was refused, and what a person may
// do about it. What it says is not shown.
import { h } from "../dom.js";
import { request } from "../api.js";
import { icon } from "../icons.js";
import { moment } from "./inbox.js";

const COPIED = "wire.sequence"; // two histories: what the kiosk sends is not what it sent before
let lastField = 0; // labels need ids of their own

// refusalCard returns the list's item for one refused fact.
export function refusalCard({ app, settle, say }, refusal) {
  const { w } = app;
  const { discarded } = refusal;
  const kind = w.has(`dashboard.kind.${refusal.kind}`) ? w.t(`dashboard.kind.${refusal.kind}`) : w.t("dashboard.kind.other", { kind: refusal.kind });
  const retry = h("button", { class: "button", type: "button", on: { click: () => act("retry", {}, w.t("dashboard.refusal.taken")) } }, w.t("dashboard.refusal.retry"));
  const discard = discarded ? null : h("button", { class: "button danger", type: "button", "aria-expanded": "false", on: { click: () => ask(true) } }, w.t("dashboard.refusal.discard"));
  const reason = h("input", { class: "input", id: `reason-${++lastField}`, maxlength: "1000", autocomplete: "off" });
  const why = h("form", { class: "stack close why", hidden: true, on: { submit: refuse } },
    h("div", { class: "field" }, h("label", { for: reason.id }, w.t("dashboard.refusal.why")), reason),
    h("div", { class: "row" }, h("button", { class: "button danger", type: "submit" }, w.t("dashboard.refusal.confirm")),
      h("button", { class: "button quiet-button", type: "button", on: { click: () => ask(false) } }, w.t("dashboard.refusal.cancel"))));
  const entry = h("li", { class: "panel stack close entry", data: { id: refusal.id } },
    h("div", { class: "row apart" },
      h("div", { class: "grow" },
        h("h2", { tabindex: "-1" }, w.t("dashboard.refusal.change", { kind, seq: w.number(refusal.seq, { useGrouping: false }), name: refusal.kiosk || refusal.node })),
        h("p", {}, refusal.code === COPIED ? w.t("dashboard.refusal.copied") : w.fault({ code: refusal.code })),
        h("p", { class: "quiet small" }, w.t("dashboard.refusal.refused", { time: moment(w, refusal.at) }), " · ", h("span", { lang: "en" }, refusal.reason)),
        discarded ? h("p", { class: "mark" }, icon("cross"), w.t("dashboard.refusal.by", { name: discarded.by, time: moment(w, discarded.at), reason: discarded.reason })) : null),
      h("div", { class: "row acts" }, retry, discard)),
    why);

  function ask(open) {
    why.hidden = !open;
    discard.setAttribute("aria-expanded", String(open));
    (open ? reason : discard).focus();
  }

  function refuse(event) {
    event.preventDefault();
    if (reason.value.trim()) return act("discard", { reason: reason.value }, w.t("dashboard.refusal.kept"));
    reason.setAttribute("aria-invalid", "true");
    reason.focus();
    return say(w.t("dashboard.refusal.missing"), "doubt");
  }

  async function act(name, body, done) {
    retry.disabled = true;
    try {
      await request("POST", `quarantine/${refusal.id}/${name}`, body);
      settle(entry, done);
    } catch (fault) {
      if (fault.code === "auth.required") return app.signedOut();
      say(w.fault(fault), "doubt");
    } finally {
      retry.disabled = false;
    }
  }

  return entry;
}
