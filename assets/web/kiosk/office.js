// What the staff's screens share: asking under the staff code, and the words for
// what a badge and a printer are doing.
import { request } from "../api.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";

// newStaff is who has typed the code, and what they are at.
export function newStaff(code) {
  return {
    code,
    seen: null, // the overview
    text: "", // what was looked for
    hits: null, // the answer: {found, code}
    person: null, // the registration that is looked at
    rolls: {}, // what was said of a printer's new roll
  };
}

export async function ask(staff, method, path, body, signal) {
  return request(method, path, body, { signal, headers: { Authorization: `Bearer ${staff.code}` } });
}

export function overview(staff, signal) {
  return ask(staff, "GET", "staff", undefined, signal);
}

// why is a short word for a reason's keyword, of people, printers and the desk.
export function why(words, keyword) {
  const plain = keyword.replace(/-(error|warning|report)$/, "");
  const key = `staff.why.${plain}`;
  return words.has(key) ? words.t(key) : words.t("staff.why.other", { reason: plain });
}

const GOOD = ["issued", "printing", "sent", "rendering", "reserved"];

// state is a badge's state as a mark: a sign, a word, and the reason behind it.
export function state(words, { state: name, reason }) {
  const [kind, drawing] = name === "issued" ? ["good", "check"] : GOOD.includes(name) && !reason ? ["", "print"] : name === "voided" ? ["", "cross"] : ["bad", "warn"];
  return h("span", { class: `mark ${kind}` }, icon(drawing), h("span", {}, sentence(words, name, reason)));
}

// sentence is a state and its reason in words.
export function sentence(words, name, reason) {
  const text = words.t(`staff.state.${name}`);
  return reason ? `${text} · ${why(words, reason)}` : text;
}

// spaced is a short code as it is printed.
export function spaced(code) {
  return code.replace(/^(\w{5})(\w{5})$/, "$1-$2");
}
