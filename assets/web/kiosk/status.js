// What the machine says of itself, asked every few seconds and told as soon as
// a printer or the hall has news: the printer decides between the first screen and
// "out of order", a changed show is on the first screen at once; the hall is a small
// quiet mark, because a kiosk works alone (P2).
import { events, request, wait } from "../api.js";
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";

const EVERY = 4000; // ms
const PATIENCE = 6000; // ms; the program stands beside the page

// watch never ends: it lives as long as the page.
export async function watch(desk) {
  events("status/events", {
    status: (status) => {
      desk.status = status;
      settle(desk);
    },
  });
  for (;;) {
    try {
      desk.status = await request("GET", "status", undefined, { patience: PATIENCE });
      desk.misses = 0;
    } catch {
      desk.misses++;
    }
    await settle(desk);
    await wait(EVERY);
  }
}

async function settle(desk) {
  show(desk);
  if (!desk.atHome()) return; // a visitor goes on as begun; reset looks again
  if (desk.screen !== desk.home()) await desk.go(desk.home());
  else if (desk.show && desk.status && desk.status.revision !== desk.show.revision) await desk.renew();
}

// show brings the marks on the current screen up to date.
export function show(desk) {
  const { status, words } = desk;
  for (const place of document.querySelectorAll("[data-live=hall]")) {
    const alone = status?.hall === "down";
    mount(place, alone && h("span", { class: "mark", title: words.t("kiosk.status.alone") },
      icon("offline"), h("span", { class: "aloud" }, words.t("kiosk.status.alone"))));
  }
  for (const place of document.querySelectorAll("[data-live=last]")) {
    mount(place, status?.last_badge && words.t("kiosk.attract.last", { time: words.time(status.last_badge) }));
  }
}

// reason is the sentence for what keeps a printer from printing: its first
// reason that a person can do something about.
export function reason(words, reasons = []) {
  const known = reasons.filter(Boolean).map((r) => `kiosk.printer.${r.replace(/-(error|warning|report)$/, "")}`);
  return words.t(known.find((key) => words.has(key)) ?? "kiosk.printer.attention");
}
