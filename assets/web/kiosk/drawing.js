// The visitor's own badge, drawn: filled as far as the printer really is. It is
// the kiosk's own picture of it as soon as that is there.
import { h, s } from "../dom.js";
import { onColour } from "../theme.js";
import { canvas } from "./preview.js";

// drawing returns the badge, share (0 to 1) of it filled.
export function drawing(desk, share) {
  const picture = desk.visitor.picture?.bitmap;
  const node = h("div", {
    class: "badge-drawing", role: "img", "aria-label": desk.words.t("kiosk.badge"),
    data: { picture: picture ? "yes" : "no" },
    style: picture ? { "aspect-ratio": `${picture.width} / ${picture.height}`, "--shape": `${picture.width / picture.height}` } : {},
  },
  h("div", { class: "ghost", "aria-hidden": "true" }, canvas(desk) ?? face(desk)),
  h("div", { class: "filled", "aria-hidden": "true" }, canvas(desk) ?? face(desk)));
  fillTo(node, share);
  return node;
}

export function fillTo(node, share) {
  node.style.setProperty("--rest", `${Math.round((1 - share) * 100)}%`);
}

function face({ show, visitor, words }) {
  const category = show.categories.find((c) => c.id === visitor.category);
  const { name, name_en: latin, company, company_en: house, title, title_en: role } = visitor.fields;
  return h("div", { class: "face" },
    h("p", { class: "show" }, words.pick(show.name)),
    h("p", { class: "name", data: { long: (name ?? "").length > 12 ? "yes" : "no" } }, name || latin),
    name && latin && h("p", { class: "latin" }, latin),
    h("p", { class: "company" }, company || house),
    h("p", { class: "job" }, title || role),
    code(),
    category && h("p", { class: "band", style: { "--band": category.colour, "--on-band": onColour(category.colour) } }, words.pick(category.name)));
}

// code hints at the QR code; the real one is on paper only.
function code() {
  const corner = (x, y) => [
    s("path", { d: `M${x} ${y}h7v7h-7z`, fill: "none", stroke: "currentColor", "stroke-width": "1.4" }),
    s("path", { d: `M${x + 2} ${y + 2}h3v3h-3z`, fill: "currentColor" }),
  ];
  return s("svg", { class: "code", viewBox: "0 0 24 24" }, corner(1, 1), corner(16, 1), corner(1, 16),
    s("path", { d: "M11 2h2v3h-2zM11 8h3v2h-3zM2 11h3v2h-3zM8 11h2v2h-2zM13 12h2v2h-2zM17 11h2v2h-2zM21 11h2v4h-2zM11 16h2v2h-2zM15 17h3v2h-3zM20 18h3v2h-3zM12 21h4v2h-4zM18 21h2v2h-2z", fill: "currentColor" }));
}
