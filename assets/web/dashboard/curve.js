// The arrivals of the last hour as a curve, with the leads beside them. The
// minute that is not over yet is a dot of its own, so that the curve does not
// seem to fall every time a minute begins.
import { h, mount, s } from "../dom.js";

const EDGE = { top: 12, end: 20, bottom: 30, start: 48 }; // px around the plot
const LEAST = 5; // a minute's count at the top of an almost empty hall
const EVERY = 10; // minutes between two times on the axis

// curve returns {element, draw(stats), close}.
export function curve(app) {
  const { w } = app;
  const plot = s("svg", { role: "img" });
  const note = h("p", { class: "quiet number small", "aria-hidden": "true" });
  const element = h("section", { class: "panel stack close arrivals" },
    h("div", { class: "row apart" },
      h("h2", {}, w.t("dashboard.curve.heading")),
      h("p", { class: "row legend quiet small" }, sample("registrations"), w.t("dashboard.figure.registrations"), sample("leads"), w.t("dashboard.figure.leads"))),
    h("div", { class: "plot", on: { pointermove: point, pointerleave: () => draw(minutes) } }, plot), note);
  let minutes = [];
  const watch = new ResizeObserver(() => draw(minutes));
  watch.observe(plot.parentNode);

  function sample(kind) {
    return s("svg", { class: "sample", viewBox: "0 0 28 8", "aria-hidden": "true" }, s("path", { class: `line ${kind}`, d: "M1 4H27" }));
  }

  function draw(given, pointed = -1) {
    minutes = given;
    const { clientWidth: width, clientHeight: height } = plot.parentNode;
    if (!width || !height || minutes.length < 2) return mount(plot);
    const scale = scaleOf(minutes, width, height);
    plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
    plot.setAttribute("aria-label", summary());
    mount(plot, grid(w, scale), times(w, minutes, scale, height), lines(minutes, scale), pointed >= 0 ? pointer(minutes[pointed], pointed, scale) : null);
    mount(note, pointed >= 0 ? said(minutes[pointed]) : summary());
    element.classList.toggle("quiet-hour", minutes.every((m) => !m.registrations && !m.leads));
  }

  function point(event) {
    const box = plot.getBoundingClientRect();
    const share = (event.clientX - box.x - EDGE.start) / (box.width - EDGE.start - EDGE.end);
    if (minutes.length > 1) draw(minutes, Math.max(0, Math.min(minutes.length - 1, Math.round(share * (minutes.length - 1)))));
  }

  function summary() {
    const most = minutes.reduce((a, b) => (b.registrations > a.registrations ? b : a), { registrations: 0 });
    return most.registrations ? w.count("dashboard.curve.most", most.registrations, { time: w.time(most.at) }) : w.t("dashboard.curve.empty");
  }

  function said({ at, registrations, leads }) {
    return w.t("dashboard.curve.minute", {
      time: w.time(at), registrations: w.count("dashboard.count.registrations", registrations), leads: w.count("dashboard.count.leads", leads),
    });
  }

  return { element, draw: (stats) => draw(stats.per_minute), close: () => watch.disconnect() };
}

// scaleOf maps minute i and count n to the plane; top is the axis' end.
function scaleOf(minutes, width, height) {
  const most = Math.max(LEAST, ...minutes.map((m) => Math.max(m.registrations, m.leads)));
  const step = niceStep(most);
  const top = Math.ceil(most / step) * step;
  return {
    top, step, width,
    x: (i) => EDGE.start + (i / (minutes.length - 1)) * (width - EDGE.start - EDGE.end),
    y: (n) => height - EDGE.bottom - (n / top) * (height - EDGE.top - EDGE.bottom),
  };
}

// niceStep makes two to four steps of 1, 2, 2.5 or 5 times a power of ten.
function niceStep(most) {
  const rough = most / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const nice = [1, 2, 2.5, 5, 10].find((n) => n * power >= rough && Number.isInteger(n * power));
  return Math.max(1, nice * power);
}

function grid(w, { top, step, width, y }) {
  const levels = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step);
  return levels.map((n) => [
    s("path", { class: n ? "rule" : "rule base", d: `M${EDGE.start} ${y(n)}H${width - EDGE.end}` }),
    s("text", { class: "axis number", x: EDGE.start - 10, y: y(n), "text-anchor": "end", "dominant-baseline": "central" }, w.number(n)),
  ]);
}

function times(w, minutes, { x }, height) {
  return minutes.map((m, i) => (new Date(m.at).getUTCMinutes() % EVERY ? null :
    s("text", { class: "axis number", x: x(i), y: height - 8, "text-anchor": "middle" }, w.time(m.at))));
}

function lines(minutes, { x, y }) {
  const whole = minutes.slice(0, -1);
  const path = (name) => "M" + whole.map((m, i) => `${x(i).toFixed(1)} ${y(m[name]).toFixed(1)}`).join("L");
  const last = minutes.length - 1;
  const dot = (name) => s("circle", { class: `dot ${name}`, cx: x(last), cy: y(minutes[last][name]), r: 5 });
  return [
    s("path", { class: "area", d: `${path("registrations")}V${y(0)}H${x(0)}Z` }),
    s("path", { class: "line leads", d: path("leads") }),
    s("path", { class: "line registrations", d: path("registrations") }),
    dot("leads"), dot("registrations"),
  ];
}

function pointer(minute, i, { x, y, top }) {
  return [
    s("path", { class: "pointer", d: `M${x(i)} ${y(0)}V${y(top)}` }),
    ["registrations", "leads"].map((name) => s("circle", { class: `dot ${name}`, cx: x(i), cy: y(minute[name]), r: 5 })),
  ];
}
