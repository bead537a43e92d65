// The staff's way in: five touches at the top of a screen that waits for
// visitors, or F9, and then the staff code. It stays in this page's memory until
// the screen is left (P7).
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";
import { newStaff, overview } from "./office.js";

const TOUCHES = 5;
const WITHIN = 3000; // ms
const TOP = 0.12; // of the height

// knock listens for staff for as long as the page lives.
export function knock(desk) {
  let touches = [];
  const enter = () => {
    touches = [];
    if (desk.atHome()) desk.go("door");
  };
  addEventListener("pointerdown", (event) => {
    touches = event.clientY > innerHeight * TOP ? [] : [...touches.filter((at) => event.timeStamp - at < WITHIN), event.timeStamp];
    if (touches.length >= TOUCHES) enter();
  }, { capture: true, passive: true });
  addEventListener("keydown", (event) => event.key === "F9" && enter());
}

export default function door(desk, signal) {
  const { words } = desk;
  const problem = h("p", { class: "problem", role: "alert" });
  const input = h("input", {
    class: "input", id: "staff-code", type: "password", inputmode: "numeric", autocomplete: "off", maxlength: "100",
    on: { keydown: (event) => event.key === "Enter" && open() },
  });
  let busy = false;
  async function open() {
    if (busy || !input.value) return;
    busy = true;
    mount(problem);
    const staff = newStaff(input.value);
    try {
      staff.seen = await overview(staff, signal);
      staff.text = desk.visitor.sought;
      desk.drop();
      desk.staff = staff;
      await desk.go("staff");
    } catch (error) {
      if (signal.aborted) return;
      input.value = "";
      input.focus();
      mount(problem, icon("warn"), refusal(words, error));
    } finally {
      busy = false;
    }
  }
  queueMicrotask(() => input.focus());
  return {
    heading: words.t("staff.door.heading"),
    lead: words.t("staff.door.lead"),
    body: h("div", { class: "field" }, h("label", { for: input.id }, words.t("staff.door.code")), input, problem),
    main: { icon: "person", label: words.t("staff.door.open"), act: open },
    back: { label: words.t("kiosk.back"), act: () => desk.reset() },
    idle: "silent",
  };
}

function refusal(words, error) {
  if (error.code === "too_many") return words.t("staff.door.wait");
  if (error.code !== "auth.denied") return words.fault(error);
  return words.t(error.field === "staff-code" ? "staff.door.closed" : "staff.door.wrong");
}
