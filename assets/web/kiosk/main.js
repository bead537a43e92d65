// Starts the kiosk's page: the show, its words, its colour, then the first
// screen. Until the kiosk answers it waits and says so.
import { wait } from "../api.js";
import { words } from "../i18n.js";
import { Desk } from "./desk.js";
import { knock } from "./door.js";
import { listen } from "./scanner.js";
import { watch } from "./status.js";

const SCREENS = ["common", "fault", "kiosk", "staff"];
const RETRY = 2000; // ms; a kiosk program starts in less

async function start() {
  const root = document.getElementById("kiosk");
  const desk = new Desk(root, await patiently(() => words(SCREENS)));
  await desk.go("starting");
  await patiently(() => desk.refresh());
  await patiently(() => desk.words.use(desk.words.languages[0])); // before the first screen, which then stands still
  watch(desk);
  knock(desk);
  listen((text) => desk.scanned(text));
  await desk.reset();
}

async function patiently(attempt) {
  for (;;) {
    try {
      return await attempt();
    } catch {
      await wait(RETRY);
    }
  }
}

addEventListener("contextmenu", (event) => event.preventDefault()); // a long press is no menu here
start();
