// One field of the form: its label, its input and what is wrong with it.
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";

// Which keys the screen keyboard shows; nothing is ever completed from an
// earlier visitor.
const KEYS = { mobile: "tel", phone: "tel", fax: "tel", email: "email", website: "url", postcode: "numeric", qq: "numeric" };

// field returns a labelled input bound to the visitor's text of that name.
// extra stands between the label and the input (a cut-out), after below it.
export function field(desk, { name, required }, { extra, mark, after } = {}) {
  const { visitor, words } = desk;
  const id = `field-${name}`;
  const problem = h("p", { class: "problem", id: `${id}-problem`, "aria-live": "polite" });
  const input = h("input", {
    class: "input", id, value: visitor.fields[name] ?? "", type: "text", inputmode: KEYS[name] ?? "text",
    autocomplete: "off", autocapitalize: "off", spellcheck: "false", maxlength: "200", required, dir: "auto",
    "aria-describedby": problem.id,
    on: {
      input: () => {
        visitor.fields[name] = input.value;
        if (input.value.trim()) clear();
        node.dispatchEvent(new CustomEvent("typed", { bubbles: true }));
      },
      keydown: (event) => event.key === "Enter" && next(input),
    },
  });
  const clear = () => {
    input.removeAttribute("aria-invalid");
    mount(problem);
  };
  const node = h("div", { class: "field", data: { field: name } },
    h("div", { class: "row apart label" },
      h("label", { for: id }, words.field(name), required && h("span", { class: "needed" }, ` · ${words.t("kiosk.needed")}`)), mark),
    extra, input, problem, after);
  return Object.assign(node, {
    refuse(sentence) {
      input.setAttribute("aria-invalid", "true");
      mount(problem, icon("warn"), sentence);
    },
    put(text) {
      input.value = text;
      input.dispatchEvent(new Event("input"));
    },
    reach() {
      input.focus();
      input.scrollIntoView({ block: "center" });
    },
  });
}

// sure is a field as one quiet line; touching it puts what open returns in its place.
export function sure({ visitor, words }, name, open) {
  const line = h("button", {
    class: "sure", type: "button", data: { sure: name },
    on: {
      click: () => {
        const node = open();
        line.replaceWith(node);
        node.reach();
      },
    },
  },
  h("span", { class: "quiet small" }, words.field(name)),
  h("span", { class: "value", dir: "auto" }, visitor.fields[name]),
  h("span", { class: "pen" }, icon("edit"), h("span", { class: "aloud" }, words.t("kiosk.review.edit"))));
  return line;
}

// next moves on to the following input; Enter never sends a half-filled form.
function next(input) {
  const all = [...document.querySelectorAll(".middle input.input")];
  const following = all[all.indexOf(input) + 1];
  if (following) following.focus();
  else input.blur();
}

// refuseMissing marks the named fields among nodes and moves to the first.
export function refuseMissing(desk, nodes, names) {
  const marked = nodes.filter((node) => names.includes(node.dataset.field));
  for (const node of marked) node.refuse(desk.words.t("kiosk.missing", { field: desk.words.field(node.dataset.field) }));
  marked[0]?.reach();
}

// more is a button that adds the fields of rules to form and nodes, nothing
// where there are none.
export function more(desk, rules, form, nodes) {
  if (rules.length === 0) return null;
  const button = h("button", {
    class: "button quiet-button", type: "button",
    on: {
      click: () => {
        const added = rules.map((rule) => field(desk, rule));
        nodes.push(...added);
        form.append(...added);
        button.remove();
        added[0].reach();
      },
    },
  }, desk.words.t("kiosk.more_fields"));
  return button;
}
