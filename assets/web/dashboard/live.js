// The live numbers as the hall pushes them, for days on end: a stream that
// breaks is opened again, and one that is silent for too long counts as broken
// (a pulled cable tells nobody).
import { events, request } from "../api.js";

const SILENT = 25_000; // ms; the hall speaks at least every 10 s
const FIRST = 1_000; // ms before opening again
const LONGEST = 15_000;

// follow calls onStats with each picture, onLink(up) when the stream comes and
// goes, and onOut when the sign-in is over. It returns what ends it.
export function follow({ onStats, onLink, onOut }) {
  let pause = FIRST;
  let timer = 0;
  let stop = () => {};
  let ended = false;
  open();
  addEventListener("online", now);

  function open() {
    stop(); // an earlier question may have been answered meanwhile
    stop = events("live", { stats: heard }, (up) => up || broken());
    expect();
  }

  function heard(stats) {
    pause = FIRST;
    expect();
    onLink(true);
    onStats(stats);
  }

  function expect() {
    clearTimeout(timer);
    timer = setTimeout(broken, SILENT);
  }

  function broken() {
    stop();
    clearTimeout(timer);
    onLink(false);
    timer = setTimeout(again, pause * (0.5 + Math.random() / 2));
    pause = Math.min(pause * 2, LONGEST);
  }

  // again asks first who we are: a stream that is refused says nothing.
  async function again() {
    try {
      await request("GET", "me", undefined, { signal: AbortSignal.timeout(SILENT) });
    } catch (fault) {
      if (ended) return;
      if (fault.code === "auth.required") return onOut();
      return broken();
    }
    if (!ended) open();
  }

  function now() {
    stop();
    clearTimeout(timer);
    pause = FIRST;
    again();
  }

  return () => {
    ended = true;
    stop();
    clearTimeout(timer);
    removeEventListener("online", now);
  };
}
