// Scanning: the camera fills the screen, the last lead slides up over it, and
// the next badge may come at once.
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";
import { Camera, pictureOf, usable } from "../scan/camera.js";
import { Decoder } from "../scan/decoder.js";
import { leadCard } from "./card.js";
import { notice } from "./pair.js";
import { badgeOf, shortCode } from "./token.js";

const SAME = 3_000; // ms out of sight after which a badge counts as held up again
const MEETING = 10 * 60_000; // ms within which the same badge is the same meeting
const SAID = 4_000; // ms that a sentence about a scan stays

// scanScreen opens the camera and keeps it open until close.
export function scanScreen(app) {
  const { w, book } = app;
  const stop = new AbortController();
  const decoder = new Decoder();
  const seen = new Map(); // text → when last in sight
  let card = null;
  let fading = 0;

  const video = h("video", { class: "view", muted: true, playsinline: true, "aria-label": w.t("booth.scan.heading") });
  video.muted = true; // the attribute alone does not let it play by itself
  const said = h("p", { class: "said", role: "status", "aria-live": "assertive" });
  const blind = h("div", { class: "blind stack", hidden: true });
  const unsent = h("button", { class: "pill", type: "button", on: { click: () => app.go("unsent") } });
  const place = h("div", { class: "place" });
  const element = h("main", { class: "scan" },
    h("h1", { class: "aloud" }, w.t("booth.scan.heading")),
    video, h("div", { class: "finder", "aria-hidden": "true" }), blind,
    h("header", { class: "top row apart" },
      h("p", { class: "pill still" }, h("b", {}, w.pick(book.device.exhibitor.name)), h("span", { class: "quiet" }, book.device.exhibitor.booth)),
      unsent),
    said,
    h("footer", { class: "foot" },
      h("button", { class: "button", type: "button", on: { click: typing } }, icon("keyboard"), w.t("booth.scan.type")),
      h("button", { class: "button", type: "button", on: { click: () => app.go("leads") } }, icon("list"), w.t("booth.scan.leads"))),
    place);

  const camera = new Camera(video, decoder, found);
  decoder.onBroken = () => blinded("broken");
  decoder.ready();
  film();
  const changed = () => {
    mount(unsent, unsentWords(app));
    card?.update();
    judge();
  };
  book.addEventListener("change", changed);
  app.sender.addEventListener("change", changed);
  changed();
  hint();
  if (app.typed) scanned(app.typed); // over another screen
  app.typed = null;

  // scanned is told what a hand scanner has typed.
  function scanned({ text, damaged }) {
    return damaged ? tell("bad", w.t("booth.scan.layout")) : found(text);
  }

  async function film() {
    const why = await camera.run(stop.signal);
    if (why) blinded(why);
  }

  // found is told every text as often as it is in sight.
  async function found(text) {
    const before = seen.get(text) ?? -Infinity;
    const now = performance.now();
    seen.set(text, now);
    if (now - before < SAME) return;
    const badge = badgeOf(text);
    if (!badge) return tell("bad", w.t("booth.scan.foreign"));
    await keep({ token: text, badge });
  }

  // keep makes a lead of a badge, or opens the one of this same meeting.
  async function keep(scan) {
    const met = book.entries().find((e) => e.badge === scan.badge && e.state !== "refused" && Date.now() - new Date(e.at) < MEETING);
    if (met) {
      tell("again", w.t("booth.scan.again", { time: w.time(met.at) }));
      return open(met);
    }
    try {
      open(await book.scanned(scan));
      tell("good", w.t("booth.scan.kept"));
    } catch {
      tell("bad", w.t("booth.scan.full"));
    }
  }

  function open(entry) {
    card?.close();
    card = leadCard(app, entry.key, shut);
    mount(place, card.element);
    element.dataset.card = "open";
  }

  // judge says aloud that the hall has refused the badge on the card.
  function judge() {
    const entry = card && book.get(card.key);
    if (entry?.state !== "refused" || card.judged) return;
    card.judged = true;
    tell("bad", w.fault(entry.fault));
  }

  function shut() {
    card?.close();
    card = null;
    mount(place);
    delete element.dataset.card;
  }

  function tell(kind, sentence) {
    app.signals.give(kind);
    clearTimeout(fading);
    said.dataset.kind = kind;
    mount(said, icon(kind === "bad" ? "cross" : "check"), h("span", {}, sentence));
    fading = setTimeout(hint, SAID);
  }

  function hint() {
    delete said.dataset.kind;
    mount(said, h("span", {}, w.t(blind.hidden ? "booth.scan.hint" : "booth.scan.hint.blind")));
  }

  function blinded(why) {
    if (stop.signal.aborted) return;
    const picture = h("input", { class: "aloud", type: "file", id: "picture", accept: "image/*", capture: "environment", on: { change: () => pictured(picture) } });
    blind.hidden = false;
    mount(blind, notice("", "camera", h("p", {}, w.t(`booth.camera.${why}`))),
      h("div", { class: "shot" }, picture, h("label", { class: "button main wide", for: "picture" }, icon("camera"), w.t("booth.camera.picture"))),
      ["refused", "busy"].includes(why) && !usable() ? h("button", { class: "button wide", type: "button", on: { click: again } }, w.t("booth.camera.retry")) : null);
    hint();
  }

  function again() {
    blind.hidden = true;
    hint();
    film();
  }

  async function pictured(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    try {
      const texts = await decoder.read(await pictureOf(file), true);
      const text = texts.find(badgeOf) ?? texts[0];
      if (!text) return tell("bad", w.t("booth.camera.nothing"));
      seen.delete(text);
      await found(text);
    } catch {
      tell("bad", w.t("booth.camera.no_picture"));
    }
  }

  function typing() {
    const problem = h("p", { class: "problem", role: "alert" });
    const input = h("input", { class: "input mono code", id: "short", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", enterkeyhint: "done", placeholder: "XXXXX-XXXXX" });
    const dialog = h("dialog", { "aria-labelledby": "short-label", on: { close: () => dialog.remove() } },
      h("form", { class: "stack", method: "dialog", on: { submit: taken } },
        h("div", { class: "field" }, h("label", { for: "short", id: "short-label" }, w.t("booth.short.label")), input, problem),
        h("button", { class: "button main wide", type: "submit" }, w.t("booth.short.button")),
        h("button", { class: "button quiet-button wide", type: "button", on: { click: () => dialog.close() } }, w.t("booth.short.cancel"))));
    element.append(dialog);
    dialog.showModal();

    function taken(event) {
      const code = shortCode(input.value);
      if (code) return void keep({ code, badge: code });
      event.preventDefault();
      input.setAttribute("aria-invalid", "true");
      mount(problem, icon("cross"), w.t("booth.short.wrong"));
      app.signals.give("bad");
    }
  }

  return {
    element,
    scanned,
    close() {
      stop.abort();
      clearTimeout(fading);
      card?.close();
      decoder.close();
      book.removeEventListener("change", changed);
      app.sender.removeEventListener("change", changed);
    },
  };
}

// unsentWords is the sign, count and words of what the hall does not have yet.
function unsentWords({ w, book, sender }) {
  const n = book.unsent().length;
  if (sender.link === "denied") return [icon("warn"), w.t("booth.unsent.denied")];
  if (n) return [icon(sender.link === "down" ? "offline" : book.unsent().some((e) => e.state === "refused") ? "warn" : "save"), w.count("booth.unsent.count", n)];
  return [icon(sender.link === "down" ? "offline" : "check"), w.t(sender.link === "down" ? "booth.unsent.down" : "booth.unsent.none")];
}
