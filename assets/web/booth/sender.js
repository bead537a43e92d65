// Sends what the hall does not have yet: the oldest first, one at a time,
// again and again until each is answered. The same client_id may arrive any
// number of times and counts once (P3).
import { wait } from "../api.js";

const FIRST = 1_000; // ms before the second try
const LONGEST = 30_000;
const FRESH = 15_000; // ms between looks at leads whose name has not reached the hall
const LINKED = new Set(["network", "internal", "too_many", "unavailable", "storage.full"]); // worth trying again unchanged

// Sender tells "change" when link does: "up", "down", or "denied" when the
// hall no longer takes this device.
export class Sender extends EventTarget {
  link = "up";
  #book;
  #server;
  #wake = () => {};
  #tries = new Map();
  #pause = FIRST;
  #stale = true;
  #learned = ""; // the device as which the hall's list was last seen

  constructor(book, server) {
    super();
    this.#book = book;
    this.#server = server;
    book.addEventListener("change", () => this.#wake());
    addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => document.hidden || this.now());
  }

  // now ends any pause, also after a refusal of the device.
  now() {
    if (this.link === "denied") this.#linked("up");
    this.#pause = FIRST;
    this.#stale = true;
    this.#wake(true);
  }

  // run sends until signal aborts.
  async run(signal) {
    while (!signal.aborted) {
      const entry = this.link === "denied" || !this.#book.device ? null : this.#next();
      try {
        if (entry && this.#strange(entry)) await this.#refresh();
        else if (entry) await this.#send(entry);
        else if (this.#stale && this.link !== "denied" && this.#book.device) await this.#refresh();
        else {
          await this.#rest(this.#pending() ? FRESH : 2 ** 31 - 1, false);
          this.#stale ||= this.#pending();
          continue;
        }
        this.#pause = FIRST;
        this.#linked("up");
      } catch (fault) {
        await this.#failed(fault, entry);
      }
    }
  }

  // #next prefers what failed least often, so that one entry that the hall
  // stumbles over does not hold up the rest.
  #next() {
    const tries = (e) => this.#tries.get(e.key) ?? 0;
    return this.#book.unsent().filter((e) => e.state !== "refused")
      .sort((a, b) => tries(a) - tries(b) || (a.at < b.at ? -1 : 1))[0];
  }

  // #strange tells that a scan was first sent, if at all, by the phone as it was
  // paired before: the hall counts a client_id once for each device (P3).
  #strange({ device, lead }) {
    const now = this.#book.device.device;
    return !lead && device !== now && this.#learned !== now;
  }

  async #send({ key, token, code, at, rating, notes, lead }) {
    const answer = lead
      ? await this.#server.patch(lead.id, { rating, notes })
      : await this.#server.post({ ...(token ? { token } : { code }), at, rating, notes, client_id: key });
    this.#tries.delete(key);
    await this.#book.settle(key, answer ?? { ...lead, rating, notes });
    if (answer?.pending) this.#stale = true;
  }

  async #refresh() {
    this.#stale = false;
    const { device } = this.#book.device;
    try {
      await this.#book.learn(await this.#server.leads());
      this.#learned = device;
    } catch (fault) {
      this.#stale = true;
      throw fault;
    }
  }

  async #failed(fault, entry) {
    if (fault.code === "auth.required" || fault.code === "auth.denied" || fault.code === "node.revoked") {
      this.#linked("denied");
      return;
    }
    if (entry && !LINKED.has(fault.code) && fault.status) {
      this.#tries.delete(entry.key);
      await this.#book.refuse(entry.key, fault);
      return;
    }
    if (entry && fault.status) this.#tries.set(entry.key, (this.#tries.get(entry.key) ?? 0) + 1);
    this.#linked("down");
    await this.#rest(this.#pause * (0.5 + Math.random() / 2), true); // jitter: a hall coming back meets 6,000 phones
    this.#pause = Math.min(this.#pause * 2, LONGEST);
  }

  #pending() {
    return this.#book.entries().some((e) => e.lead?.pending);
  }

  // #rest ends after ms or when woken; while the link is down only now() wakes.
  #rest(ms, deaf) {
    const stop = new AbortController();
    const woken = new Promise((resolve) => {
      this.#wake = (loud) => (loud || !deaf) && resolve();
    });
    return Promise.race([wait(ms, stop.signal), woken]).finally(() => {
      this.#wake = () => {};
      stop.abort();
    });
  }

  #linked(link) {
    if (this.link === link) return;
    this.link = link;
    this.dispatchEvent(new Event("change"));
  }
}
