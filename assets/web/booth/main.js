// The booth page: what it needs is opened here, then one screen at a time is
// shown. Screens are functions of app that return {element, close}.
import { h, mount } from "../dom.js";
import { words } from "../i18n.js";
import { useAccent } from "../theme.js";
import { Book } from "./book.js";
import { open } from "./database.js";
import { leadsScreen } from "./leads.js";
import { keepOffline } from "./offline.js";
import { pairScreen } from "./pair.js";
import { scanScreen } from "./scan.js";
import { Sender } from "./sender.js";
import { Server } from "./server.js";
import { Signals } from "./signals.js";
import { badgeOf } from "./token.js";
import { unsentScreen } from "./unsent.js";
import { listen } from "./wedge.js";

const SCREENS = { scan: scanScreen, leads: leadsScreen, unsent: unsentScreen, pair: pairScreen };
const CATALOGUES = ["common", "fault", "booth"];

const code = takeCode();
start();

// takeCode takes the pairing code out of the address bar at once, so that it
// stands in no history, no screenshot and no link that is passed on.
function takeCode() {
  const found = new URLSearchParams(location.hash.slice(1)).get("pair") ?? "";
  if (location.hash) history.replaceState(null, "", location.pathname);
  return found;
}

async function start() {
  const server = new Server();
  let database;
  try {
    database = await open();
  } catch {
    const w = await words(CATALOGUES);
    mount(document.body, h("main", { class: "sheet stack" }, h("h1", {}, w.t("booth.storage.heading")), h("p", {}, w.t("booth.storage.text"))));
    return;
  }
  const show = await knownShow(database, server);
  const chosen = await database.setting("language");
  const w = await words(CATALOGUES, [chosen, ...navigator.languages].filter(Boolean), show?.languages);
  w.zone = zoneOf(show);
  if (matchMedia("(prefers-color-scheme: dark)").matches) document.documentElement.dataset.theme = "dark";
  useAccent(show?.accent);

  const book = await Book.open(database);
  server.key = book.device?.key ?? null;
  const sender = new Sender(book, server);
  const signals = new Signals();
  signals.on = (await database.setting("sound")) ?? true;
  const app = { w, book, server, sender, signals, show, settings: database, code, typed: null, go, redraw, current: null };
  sender.run(new AbortController().signal);
  keepOffline();
  addEventListener("popstate", redraw);
  addEventListener("hashchange", () => pairAgain(app));
  redraw();
  listen(typed);

  // go shows a screen and leaves the way back to the browser's own gesture.
  function go(name) {
    if (name === (history.state?.screen ?? "scan")) return redraw();
    if (name === "scan" && history.state?.screen) return history.back();
    if (history.state?.screen) history.replaceState({ screen: name }, "");
    else history.pushState({ screen: name }, "");
    redraw();
  }

  // typed takes what a hand scanner types to the scanning, whatever the screen
  // shows: the scanner has beeped already.
  function typed(scan) {
    if (app.current.scanned) return app.current.scanned(scan);
    if (!book.device || !scan.damaged && !badgeOf(scan.text)) return undefined; // nobody's, or no badge
    app.typed = scan;
    return go("scan");
  }

  function redraw() {
    app.current?.close();
    const name = !book.device || app.code ? "pair" : history.state?.screen ?? "scan";
    document.title = show ? `${w.pick(show.name)} · ${w.t("booth.title")}` : w.t("booth.title");
    document.body.dataset.view = name;
    app.current = SCREENS[name](app);
    mount(document.body, app.current.element);
  }
}

// pairAgain follows a pairing link that was opened in a tab that is open already.
function pairAgain(app) {
  app.code = takeCode();
  if (app.code) app.redraw();
}

// knownShow prefers what the phone remembers, so that a dead spot does not
// hold up the page; the hall's word is kept for the next time.
async function knownShow(database, server) {
  const remembered = await database.setting("show");
  const asked = server.show().then(async (show) => {
    await database.set("show", show);
    return show;
  });
  return remembered ? (asked.catch(() => {}), remembered) : asked.catch(() => null);
}

function zoneOf(show) {
  try {
    return show?.timezone && new Intl.DateTimeFormat("en", { timeZone: show.timezone }).resolvedOptions().timeZone;
  } catch {
    return undefined; // a browser older than the zone: its own clock then
  }
}
