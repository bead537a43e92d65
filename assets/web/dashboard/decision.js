// One thing that somebody has decided, and when.
import { h } from "../dom.js";
import { moment } from "./inbox.js";
import { partOf } from "./conflict.js";

// decisionRow returns the list's item for one decision.
export function decisionRow({ app: { w } }, decision) {
  const words = w.t(`dashboard.decision.${decision.act}`, {
    name: decision.by, reason: decision.reason ?? "", kiosk: decision.kiosk || decision.node || "",
    seq: w.number(decision.seq ?? 0, { useGrouping: false }),
    parts: decision.parts.map((part) => partOf(w, part)).join(", "),
  });
  return h("li", { class: "panel row decision" }, h("time", { class: "quiet number", datetime: decision.at }, moment(w, decision.at)), h("p", { class: "grow" }, words));
}
