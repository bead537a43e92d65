// Line drawings on a 24 × 24 grid, in the colour of the text around them.
// They are decoration: the word beside each says the same.
import { s } from "./dom.js";

const SHAPES = {
  card: ["M3 6h18v12H3z", "M6.5 10.5h5M6.5 13.5h3.5", "M15 10h3v4h-3z"],
  code: ["M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4z", "M14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 18v2"],
  keyboard: ["M3 7h18v11H3z", "M7 11h.01M11 11h.01M15 11h.01M8 14.5h8"],
  camera: ["M4 8h4l1.5-2.5h5L16 8h4v11H4z", "M12 16.5a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5z"],
  turn: ["M4 12a8 8 0 0 1 13.5-5.8L20 8.5", "M20 4v4.5h-4.5", "M20 12a8 8 0 0 1-13.5 5.8L4 15.5", "M4 20v-4.5h4.5"],
  picture: ["M4 5h16v14H4z", "M4 16l5-5 4 4 2-2 5 4.5", "M15.5 9h.01"],
  back: ["M14.5 5.5 8 12l6.5 6.5"],
  next: ["M9.5 5.5 16 12l-6.5 6.5"],
  down: ["M12 4v15M5.5 12.5 12 19l6.5-6.5"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  cross: ["M6.5 6.5l11 11M17.5 6.5l-11 11"],
  ask: ["M9 9a3 3 0 1 1 4.3 2.7c-.900.45-1.3 1-1.3 2.05", "M12 17.25h.01", "M12 21.25a9.25 9.25 0 1 0 0-18.5 9.25 9.25 0 0 0 0 18.5z"],
  warn: ["M12 4 2.75 20h18.5z", "M12 10v4.5M12 17.25h.01"],
  edit: ["M5 19l1-4L16.5 4.5l3 3L9 18z", "M14.5 6.5l3 3"],
  print: ["M7 9V4h10v5M7 17H4V9h16v8h-3", "M7 14h10v6H7z"],
  offline: ["M4.5 12.5a11 11 0 0 1 4-2.6M2 9a15 15 0 0 1 5-3.2M12 6c3.75 0 7.25 1.2 10 3M15 10.3c1.7.400 3.25 1.2 4.5 2.2M8 16a6 6 0 0 1 8 0M12 19.25h.01", "M4 3l16 18"],
  lower: ["M4 4h16v16H4z", "M12 7v9M8.5 12.5 12 16l3.5-3.5"],
  globe: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z", "M3 12h18M12 3c2.5 2.4 3.75 5.4 3.75 9S14.5 18.6 12 21c-2.5-2.4-3.75-5.4-3.75-9S9.5 5.4 12 3z"],
  star: ["M12 4l2.45 5.2 5.55.750-4 3.95.950 5.6L12 16.8 7.05 19.5 8 13.9 4 9.95l5.55-.750z"],
  list: ["M8 6.5h12M8 12h12M8 17.5h12M4 6.5h.01M4 12h.01M4 17.5h.01"],
  save: ["M12 4v11M7 10.5l5 5 5-5M4 20h16"],
  sound: ["M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.25 4.25 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11"],
  person: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z", "M4.5 20.5c.800-4 3.7-6 7.5-6s6.7 2 7.5 6"],
};

// icon returns the drawing of that name; an unknown name is a programmer's
// mistake and throws.
export function icon(name, props = {}) {
  if (!SHAPES[name]) throw new Error(`icons: no drawing named ${name}`);
  return s("svg", {
    viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "2",
    "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", ...props,
  }, SHAPES[name].map((d) => s("path", { d })));
}
