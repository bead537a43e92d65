// From "Print badge" to the badge in the slot: the registration is sent under
// one key until it is answered, then the badge's real state is followed (P6).
import { request, wait } from "../api.js";
import { h, mount } from "../dom.js";
import { refusal as ofCode } from "./code.js";
import { drawing, fillTo } from "./drawing.js";
import { notice } from "./frame.js";
import { follow } from "./follow.js";
import { icon } from "../icons.js";
import { reason } from "./status.js";
import { where } from "./take.js";
import { act, confirmation, dropCard, entries, steps } from "./visitor.js";

const PAUSES = [400, 800, 1600, 3200]; // ms between tries while nothing answers
const PATIENCE = 10000; // ms for one try: a commit on a slow disk takes less than one second
const FILL = { sending: 0, reserved: 0.15, rendering: 0.25, sent: 0.4, printing: 0.6, unknown: 0.9, issued: 1 };
const GIVEN = 500; // ms that the full badge is seen before the arrow
const LATE = 25000; // ms after which nobody should stand there without a word

// The screen has four faces: on its way; waiting for a printer that somebody
// must help, with a way to leave; asking whether the badge came out, because the
// printer cannot tell; and refused or failed, with a way to repeat.
export default function printing(desk, signal) {
  const { visitor, words } = desk;
  const { badge, registration, refusal } = visitor;
  const picture = drawing(desk, FILL[visitor.correcting ? "sending" : badge?.state] ?? 0);
  const common = { step: steps(visitor), body: null };
  const body = (...parts) => h("div", { class: "stack wide" }, picture, parts);
  const run = new Printing(desk, signal, picture);
  if (refusal || (!visitor.correcting && ["failed", "voided"].includes(badge?.state))) {
    return {
      ...common,
      heading: words.t("kiosk.printing.stopped"),
      body: body(registration ? trouble(desk) : notice("bad", "warn", ofCode(desk, refusal)), run.line),
      main: { icon: "print", label: words.t(registration ? "kiosk.printing.again" : "kiosk.printing.retry"), act: () => run.again() },
      aside: registration ? [] : [{ icon: "edit", label: words.t("kiosk.printing.change"), act: () => run.change() }],
      back: { label: words.t("kiosk.idle.over"), act: () => desk.reset() },
    };
  }
  if (badge?.state === "unknown" && !visitor.correcting) {
    return {
      ...common,
      heading: words.t("kiosk.printing.ask"),
      lead: badge.away ? where(desk) : "",
      body: body(run.line),
      main: { icon: "check", label: words.t("kiosk.printing.yes"), act: () => run.confirm(true) },
      aside: [{ icon: "cross", label: words.t("kiosk.printing.no"), act: () => run.confirm(false) }],
    };
  }
  run.start();
  if (waiting(visitor)) {
    return {
      ...common,
      heading: words.t("kiosk.printing.waiting"),
      body: body(trouble(desk)),
      main: { label: words.t("kiosk.printing.collect"), act: () => desk.reset() },
    };
  }
  const away = badge?.away && badge.place;
  return {
    ...common,
    heading: away ? words.t("kiosk.printing.at", { place: badge.place }) : words.t("kiosk.printing.heading"),
    body: body(away && h("p", { class: "moved centre" }, icon("next", { class: "turns" }), words.t("kiosk.printing.moved")), run.line),
    idle: false,
  };
}

// waiting is true while the badge comes no further by itself.
function waiting({ badge, late, registration }) {
  return Boolean(registration) && badge?.state !== "issued" && (Boolean(badge?.reason) || late);
}

// trouble says why there is no badge yet, and what the visitor holds instead.
function trouble({ visitor, words }) {
  const { badge, registration } = visitor;
  const kind = badge.state === "failed" || badge.state === "voided" ? "bad" : "doubt";
  return notice(kind, "warn",
    h("p", {}, badge.reason || !visitor.late ? reason(words, [badge.reason]) : words.t("kiosk.printing.late")),
    h("p", { class: "saved" }, words.t("kiosk.printing.saved")),
    h("p", { class: "mono code-line" }, registration.short_code.replace(/^(\w{5})(\w{5})$/, "$1-$2")));
}

class Printing {
  #asked = false; // to print again

  constructor(desk, signal, picture) {
    Object.assign(this, { desk, signal, picture });
    this.line = h("p", { class: "lead centre", role: "status" });
  }

  async start() {
    const { desk, signal } = this;
    const { visitor } = desk;
    try {
      if (!visitor.registration || visitor.correcting) {
        this.#show({ state: "sending" });
        const answer = await this.#send();
        visitor.registration = { ...visitor.registration, id: answer.id, short_code: visitor.registration?.short_code ?? answer.short_code, key: visitor.registration?.key ?? visitor.confirmation.key };
        visitor.correcting = false;
        visitor.badge = answer.badge;
        dropCard(visitor); // confirmed: the picture has done its work (P8)
      }
      this.#show(visitor.badge);
      this.#watchTime();
      await follow(visitor.registration.id, visitor.badge, signal, (badge) => this.#show(badge));
    } catch (error) {
      if (signal.aborted) return;
      visitor.refusal = { code: error.code, message: error.message, field: error.field };
      await desk.go("printing");
      return;
    }
    if (signal.aborted) return;
    await this.#finish();
  }

  async #finish() {
    const { desk, signal } = this;
    if (desk.visitor.badge.state !== "issued") {
      await desk.go("printing");
      return;
    }
    await wait(GIVEN, signal).then(() => desk.go("take"), () => {});
  }

  // #send repeats under the same key while nothing answers, so that what was
  // saved is registered once (P3).
  async #send() {
    const { visitor } = this.desk;
    const { body, key } = confirmation(visitor, this.desk.show);
    for (let tries = 0; ; tries++) {
      try {
        if (visitor.correcting) return await act(visitor, "PUT", "", body, this.signal);
        return await request("POST", "registrations", body, { signal: this.signal, headers: { "Idempotency-Key": key }, patience: PATIENCE });
      } catch (error) {
        const passing = error.code === "network" || error.status === 503;
        if (!passing || tries === PAUSES.length) throw error;
        await wait(PAUSES[tries], this.signal);
      }
    }
  }

  // again prints once more after a failure, or sends again what nobody answered.
  async again() {
    const { desk, signal } = this;
    const { visitor } = desk;
    if (this.#asked) return; // a second touch would be a second badge
    this.#asked = true;
    visitor.refusal = null;
    visitor.late = false;
    if (visitor.registration) {
      try {
        const reason = visitor.badge?.state === "voided" ? "not-out" : ""; // a failed one is on no paper
        visitor.badge = (await act(visitor, "POST", "badge", { reason }, signal)).badge;
      } catch (error) {
        this.#asked = false;
        if (!signal.aborted) mount(this.line, desk.words.fault(error));
        return;
      }
    }
    await desk.go("printing");
  }

  // confirm says whether the badge came out.
  async confirm(out) {
    const { desk, signal } = this;
    const { visitor } = desk;
    if (this.#asked) return;
    this.#asked = true;
    try {
      visitor.badge = (await act(visitor, "POST", "badge/confirm", { out }, signal)).badge;
    } catch (error) {
      this.#asked = false;
      if (!signal.aborted) mount(this.line, desk.words.fault(error));
      return;
    }
    await desk.go(out ? "take" : "printing");
  }

  // change goes back to the form that was refused, to the field if it is known.
  change() {
    const { visitor } = this.desk;
    const { field, code } = visitor.refusal;
    visitor.refusal = null;
    if (code === "consent.required") return this.desk.go("consent");
    if (field === "code") return this.desk.go("code");
    if (field && !this.desk.show.fields.some((f) => f.name === field)) return this.desk.go("visit");
    return this.desk.go(entries(visitor));
  }

  // #watchTime opens the way out when nothing has happened for too long.
  async #watchTime() {
    const { visitor } = this.desk;
    if (visitor.late) return;
    await wait(LATE, this.signal).then(() => {
      visitor.late = true;
      return this.desk.go("printing");
    }, () => {});
  }

  #show(badge) {
    const { desk } = this;
    const face = () => JSON.stringify([waiting(desk.visitor), desk.visitor.badge?.away && desk.visitor.badge.place]);
    const before = face();
    if (desk.visitor.registration && badge.state !== "sending") desk.visitor.badge = badge;
    fillTo(this.picture, FILL[badge.state] ?? 0);
    mount(this.line, desk.words.t(`kiosk.printing.state.${badge.state}`));
    if (face() !== before) desk.go("printing"); // another one
  }
}
