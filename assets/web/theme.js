// The show's own colour in place of the accent, kept readable: text in it,
// and text on it, reach 4.5 : 1 (WCAG 2.2, 1.4.3) whatever colour was chosen.

const ENOUGH = 4.5;
const INK = "#000000"; // with white, one of the two reads on every colour at 4.58 or more
const PAPER = "#FFFFFF";

// useAccent applies colour ("#RRGGBB") to the page; anything else is ignored.
export function useAccent(colour, root = document.documentElement) {
  if (!/^#[0-9a-f]{6}$/i.test(colour ?? "")) return;
  const ground = getComputedStyle(root).getPropertyValue("--page").trim();
  const dark = luminance(ground) < 0.18; // the grey that white and black text suit alike
  const accent = readable(colour, ground, dark ? PAPER : INK);
  root.style.setProperty("--accent", accent);
  root.style.setProperty("--accent-strong", mix(accent, dark ? PAPER : INK, 0.16));
  root.style.setProperty("--accent-soft", mix(ground, accent, 0.06));
  root.style.setProperty("--on-accent", contrast(accent, PAPER) >= contrast(accent, INK) ? PAPER : INK);
}

// onColour is the text colour, white or ink, that reads best on colour.
export function onColour(colour) {
  return contrast(colour, PAPER) >= contrast(colour, INK) ? PAPER : INK;
}

// contrast is the WCAG ratio of two "#RRGGBB" colours, 1 to 21.
export function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function readable(colour, ground, towards) {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(colour, towards, share);
    if (contrast(mixed, ground) >= ENOUGH + 0.5) return mixed; // spare for --accent-soft
  }
  return towards;
}

function luminance(colour) {
  const [r, g, b] = channels(colour).map((c) => {
    const v = c / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function mix(a, b, share) {
  const [x, y] = [channels(a), channels(b)];
  return "#" + x.map((c, i) => Math.round(c + (y[i] - c) * share).toString(16).padStart(2, "0")).join("");
}

function channels(colour) {
  return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
}
