// Something is wrong with the badge that came out, or with none having come
// out: one touch says what, and the badge is dealt with at once.
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";
import { act } from "./visitor.js";

export default function wrong(desk, signal) {
  const { words } = desk;
  const problem = h("p", { class: "problem", role: "alert" });
  const choose = (drawing, key, path, body, next) => h("button", {
    class: "way", type: "button",
    on: { click: once(() => say(desk, signal, problem, path, body, next)) },
  }, h("span", { class: "hint" }, icon(drawing)),
  h("span", { class: "stack close" }, h("strong", {}, words.t(`kiosk.wrong.${key}`)), h("span", {}, words.t(`kiosk.wrong.${key}_hint`))));
  return {
    heading: words.t("kiosk.wrong.heading"),
    body: h("div", { class: "stack wide" }, problem, h("div", { class: "ways" },
      choose("person", "not_mine", "badge/void", { reason: "not-mine" }, "voided"),
      choose("edit", "detail", "badge/void", { reason: "corrected" }, "correct"),
      choose("print", "bad", "badge", { reason: "misprint" }, "printing"),
      choose("ask", "not_out", "badge", { reason: "not-out" }, "printing"))),
    back: { label: words.t("kiosk.wrong.none"), act: () => desk.go("take") },
  };
}

// once lets a second touch do nothing while the first is on its way.
function once(act) {
  let busy = false;
  return async () => {
    if (busy) return;
    busy = true;
    await act();
    busy = false;
  };
}

async function say(desk, signal, problem, path, body, next) {
  const { visitor } = desk;
  try {
    visitor.badge = (await act(visitor, "POST", path, body, signal)).badge;
  } catch (error) {
    if (!signal.aborted) mount(problem, icon("warn"), desk.words.fault(error));
    return;
  }
  visitor.late = false;
  if (next === "correct") await correct(desk);
  else await desk.go(next);
}

// correct opens the form again; what it says then is printed under the same
// registration.
export function correct(desk) {
  const { visitor } = desk;
  visitor.correcting = true;
  return desk.go("typing");
}
