// Somebody has registered with this mobile number or e-mail address, or a badge was
// made with this code. Who it was is not said (P7): a number may be a colleague's.
import { request } from "../api.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { entries } from "./visitor.js";

const PATIENCE = 1500; // ms; who cannot be asked for longer is new

export default function again(desk) {
  const { visitor, words } = desk;
  const what = visitor.again; // contact or code
  const way = (drawing, key, act) => h("button", { class: "way", type: "button", on: { click: act } },
    h("span", { class: "hint" }, icon(drawing)),
    h("span", { class: "stack close" }, h("strong", {}, words.t(`kiosk.again.${key}`)), h("span", {}, words.t(`kiosk.again.${key}_hint`))));
  return {
    heading: words.t(`kiosk.again.${what}`),
    lead: words.t(`kiosk.again.${what}_lead`),
    body: h("div", { class: "ways" },
      way("print", "badge", () => desk.go("lost")),
      what === "contact" && way("edit", "mistyped", () => desk.go(entries(visitor))),
      what === "contact" && way("person", "other", () => asAnother(desk)),
      what === "code" && way("code", "code_other", () => renew(desk, "code")),
      what === "code" && way("keyboard", "code_none", () => renew(desk, "typing"))),
    back: { label: words.t("kiosk.idle.over"), act: () => desk.reset() },
  };
}

// asAnother takes the visitor's word that the badge is another person's.
function asAnother(desk) {
  desk.visitor.another = contacts(desk.visitor);
  return desk.go("visit");
}

function renew(desk, screen) {
  desk.drop();
  return desk.go(screen);
}

// contacts are what a person is recognized by, as one text.
function contacts({ fields }) {
  return ["mobile", "phone", "email"].map((name) => fields[name]?.trim() ?? "").join("\n");
}

// onward leads from the entries to the next question, unless somebody seems to have
// registered with them. Without an answer nobody is held up (P2).
export async function onward(desk, signal) {
  const { visitor } = desk;
  const given = contacts(visitor);
  const asks = given.trim() && given !== visitor.another && !visitor.correcting && !desk.staff;
  const known = asks && await request("POST", "known", { fields: visitor.fields }, { signal, patience: PATIENCE }).then((a) => a.known, () => false);
  if (signal.aborted) return;
  visitor.again = known ? "contact" : "";
  await desk.go(known ? "again" : "visit");
}
