// What people have to decide: entries that were said differently, and facts
// that the hall could not take in; and what was decided, with who and when.
import { h, mount } from "../dom.js";
import { request } from "../api.js";
import { icon } from "../icons.js";
import { conflictCard } from "./conflict.js";
import { decisionRow } from "./decision.js";
import { refusalCard } from "./refusal.js";
import { follow } from "./live.js";
import { languages } from "./signin.js";

const PAGE = 50; // entries fetched at once
const LISTS = {
  conflicts: { path: "conflicts", name: "conflicts", count: "conflicts", item: conflictCard },
  quarantine: { path: "quarantine", name: "quarantine", count: "quarantine", item: refusalCard },
  discarded: { path: "quarantine", query: "&state=discarded", name: "quarantine", count: "discarded", item: refusalCard },
  decisions: { path: "decisions", name: "decisions", item: decisionRow },
};

// inboxScreen shows one list at a time, app.list at first.
export function inboxScreen(app) {
  const { w } = app;
  const stop = new AbortController();
  const notice = h("p", { class: "quiet said", role: "status" });
  const list = h("ul", { class: "stack entries" });
  const more = h("button", { class: "button", type: "button", on: { click: () => load(false) } }, w.t("dashboard.inbox.more"));
  const all = h("button", { class: "button", type: "button", on: { click: retryAll } }, icon("turn"), w.t("dashboard.refusal.all"));
  const heading = h("h1", { tabindex: "-1" }, w.t("dashboard.inbox.title"));
  const tabs = new Map(Object.keys(LISTS).map((name) => [name, h("button", { class: "chip", type: "button", on: { click: () => show(name) } })]));
  const element = h("main", { class: "inbox stack" },
    h("header", { class: "top" }, heading,
      h("div", { class: "row tools" }, languages(app),
        h("button", { class: "button quiet-button", type: "button", on: { click: app.leaveInbox } }, icon("back"), w.t("dashboard.inbox.back")))),
    h("div", { class: "row", role: "group", "aria-label": w.t("dashboard.inbox.tabs") }, [...tabs.values()]),
    h("div", { class: "row apart" }, notice, all), list, more);
  const context = { app, settle, say, reload: () => load(true) };
  let shown = LISTS[app.list] ? app.list : "conflicts";
  let next = "";

  label();
  load(true);
  const unfollow = follow({ onStats: (stats) => { app.stats = stats; label(); }, onLink() {}, onOut: app.signedOut });

  // label writes how much waits behind each name.
  function label() {
    for (const [name, tab] of tabs) {
      const count = LISTS[name].count && app.stats ? app.stats[LISTS[name].count] ?? 0 : 0;
      tab.setAttribute("aria-pressed", String(name === shown));
      mount(tab, w.t(`dashboard.inbox.tab.${name}`), count ? h("b", { class: "number" }, w.number(count)) : null);
    }
  }

  function show(name) {
    shown = app.list = name;
    say("");
    label();
    load(true);
  }

  // load fetches the first page, or the one after what is shown.
  async function load(first) {
    const { path, query = "", name, item } = LISTS[shown];
    const of = shown;
    more.disabled = true;
    try {
      const page = await request("GET", `${path}?limit=${PAGE}${query}${first ? "" : `&after=${encodeURIComponent(next)}`}`, undefined, { signal: stop.signal });
      if (of !== shown) return; // another list was asked for meanwhile
      const items = page[name].map((entry) => item(context, entry));
      next = page[name].length === PAGE ? page.next : "";
      if (first) mount(list, items.length ? items : h("li", { class: "panel quiet none" }, w.t(`dashboard.inbox.empty.${shown}`)));
      else list.append(...items);
      if (!first) items[0]?.querySelector("h2")?.focus();
    } catch (fault) {
      if (stop.signal.aborted) return;
      if (fault.code === "auth.required") return app.signedOut();
      say(w.fault(fault), "doubt");
    } finally {
      more.disabled = false;
      more.hidden = next === "";
      all.hidden = shown !== "quarantine" || !list.querySelector(".entry");
    }
  }

  // settle takes an entry off the list, says what became of it and goes on to the
  // next, so that a row of them takes one tap each.
  function settle(entry, sentence) {
    const after = entry.nextElementSibling ?? entry.previousElementSibling;
    entry.remove();
    say(sentence, "good");
    if (!after) return load(true).then(() => heading.focus());
    after.querySelector("h2")?.focus();
  }

  function say(sentence, kind = "") {
    notice.className = `said ${sentence ? `mark ${kind}` : "quiet"}`;
    mount(notice, kind === "good" ? icon("check") : kind ? icon("warn") : null, sentence);
  }

  async function retryAll() {
    all.disabled = true;
    try {
      const { taken, left } = await request("POST", "quarantine/retry", {}, { signal: stop.signal });
      say(w.t("dashboard.refusal.retried", { taken: w.number(taken), left: w.number(left) }), taken ? "good" : "doubt");
      await load(true);
    } catch (fault) {
      if (!stop.signal.aborted) say(w.fault(fault), "doubt");
    } finally {
      all.disabled = false;
    }
  }

  return {
    element,
    heading,
    close() {
      stop.abort();
      unfollow();
    },
  };
}

// moment is a day and a time in the show's zone.
export function moment(w, at) {
  return w.time(at, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
}
