// Follows one badge until it is out: pushed by the kiosk, asked for while the
// stream is down.
import { events, request } from "../api.js";

const ENDS = ["issued", "failed", "voided", "unknown"];
const ASK = 2000; // ms

// follow resolves when the badge has reached an end state or signal aborts;
// heard gets each state on the way, {state, reason, printer, place, away, issue}.
export function follow(id, now, signal, heard) {
  if (signal.aborted || ENDS.includes(now.state)) return Promise.resolve();
  const path = `registrations/${encodeURIComponent(id)}`;
  return new Promise((resolve) => {
    let timer = 0;
    const hear = (badge) => {
      if (signal.aborted) return;
      heard(badge);
      if (ENDS.includes(badge.state)) end();
    };
    const ask = async () => {
      await request("GET", path, undefined, { signal }).then((r) => hear(r.badge), () => {});
    };
    const stop = events(`${path}/events`, { badge: hear }, (up) => {
      clearInterval(timer);
      if (!up && !signal.aborted) timer = setInterval(ask, ASK);
    });
    function end() {
      clearInterval(timer);
      stop();
      resolve();
    }
    signal.addEventListener("abort", end, { once: true });
  });
}
