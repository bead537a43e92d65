// Elements without a framework: h builds one, s builds one of SVG, mount
// shows it. Text is always text, never markup; styles go through the CSS
// object model, so a strict content policy holds.

const SVG = "http://www.w3.org/2000/svg";

// h returns an element. props: class, style {property: value}, data {key:
// value}, on {event: listener}, any attribute (true sets it empty; false and
// null leave it out), and value, checked and disabled as properties.
// Children: nodes, strings, numbers, nested lists; null and false are left out.
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

// s is h for SVG elements.
export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

// mount replaces what root shows.
export function mount(root, ...children) {
  root.replaceChildren(...flatten(children));
  return root;
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value !== null && value !== undefined && value !== false) set(element, name, value);
  }
  element.append(...flatten(children));
  return element;
}

function set(element, name, value) {
  switch (name) {
    case "class":
      element.setAttribute("class", value);
      break;
    case "style":
      for (const [property, v] of Object.entries(value)) element.style.setProperty(property, v);
      break;
    case "data":
      Object.assign(element.dataset, value);
      break;
    case "on":
      for (const [event, listener] of Object.entries(value)) {
        if (listener) element.addEventListener(event, listener);
      }
      break;
    case "value":
    case "checked":
    case "disabled":
      element[name] = value;
      break;
    default:
      element.setAttribute(name, value === true ? "" : value);
  }
}

function flatten(children) {
  return children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false && c !== "");
}
