// The organizer's page: the sign-in or the live hall, nothing in between.
// app is the one place of its state; screens are functions of it that return
// {element, close}.
import { mount } from "../dom.js";
import { request, wait } from "../api.js";
import { words } from "../i18n.js";
import { useAccent } from "../theme.js";
import { hallScreen } from "./hall.js";
import { inboxScreen } from "./inbox.js";
import { signInScreen } from "./signin.js";

const LANGUAGE = "hallpass.language"; // in localStorage: no person, only a taste
const RETRY = 3_000; // ms; a hall that is just starting answers soon

start();

async function start() {
  const show = await patient(() => request("GET", "show"));
  const chosen = remembered();
  const w = await words(["common", "fault", "dashboard"], [chosen, ...navigator.languages].filter(Boolean), show.languages);
  w.zone = show.timezone;
  const app = { w, show, me: null, stats: null, wall: new URLSearchParams(location.search).has("wall"), list: "", current: null, redraw, speak, hang, signedOut, openInbox, leaveInbox };
  listFromAddress();
  dress(app);
  await whoAmI();
  redraw();
  addEventListener("popstate", () => {
    listFromAddress();
    redraw();
  });

  async function whoAmI() {
    try {
      app.me = await patient(() => request("GET", "me"));
    } catch {
      app.me = null; // whatever the refusal, signing in is the answer
    }
  }

  function redraw() {
    app.current?.close();
    document.title = `${w.pick(show.name)} · ${w.t("dashboard.title")}`;
    app.current = app.me ? (app.list ? inboxScreen(app) : hallScreen(app)) : signInScreen(app, async () => {
      await whoAmI();
      redraw();
    });
    mount(document.body, app.current.element);
  }

  // speak changes the language.
  async function speak(language) {
    await w.use(language);
    try {
      localStorage.setItem(LANGUAGE, language);
    } catch {
      // this browser keeps nothing: the choice lasts as long as the page
    }
    redraw();
  }

  // hang switches between the desk and the wall; the address says which, so
  // that a wall screen comes back as one after a power cut.
  function hang(wall) {
    app.wall = wall;
    history.replaceState(null, "", wall ? "?wall" : location.pathname);
    if (wall) document.documentElement.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement) document.exitFullscreen();
    dress(app);
    redraw();
  }

  // openInbox shows what is to be decided, and a list of it first; the way back is
  // also the browser's own.
  function openInbox(list) {
    app.list = list;
    history.pushState(null, "", `${location.pathname}#${list}`);
    redraw();
    app.current.heading?.focus();
  }

  function leaveInbox() {
    app.list = "";
    history.pushState(null, "", location.pathname);
    redraw();
  }

  function listFromAddress() {
    app.list = ["conflicts", "quarantine", "discarded", "decisions"].find((list) => location.hash === `#${list}`) ?? "";
  }

  function signedOut() {
    app.me = app.stats = null;
    redraw();
  }
}

function dress({ wall, show }) {
  const root = document.documentElement;
  root.dataset.screen = wall ? "wall" : "desk";
  if (!wall && matchMedia("(prefers-color-scheme: dark)").matches) root.dataset.theme = "dark";
  useAccent(show.accent);
}

// patient asks until there is an answer, of whatever kind.
async function patient(ask) {
  for (;;) {
    try {
      return await ask();
    } catch (fault) {
      if (fault.code !== "network") throw fault;
      await wait(RETRY);
    }
  }
}

function remembered() {
  try {
    return localStorage.getItem(LANGUAGE);
  } catch {
    return null;
  }
}
