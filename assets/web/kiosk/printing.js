// From "Print badge" to the badge in the slot: the registration is sent under
// one key until it is answered, then the badge's real state is followed (P6).
import { request, wait } from "../api.js";
import { h, mount } from "../dom.js";
import { drawing, fillTo } from "./drawing.js";
import { notice } from "./frame.js";
import { follow } from "./follow.js";
import { reason } from "./status.js";
import { confirmation, dropCard } from "./visitor.js";

const PAUSES = [400, 800, 1600, 3200]; // ms between tries while nothing answers
const FILL = { sending: 0, reserved: 0.15, printing: 0.6, issued: 1 };
const GIVEN = 500; // ms that the full badge is seen before the arrow

export default function printing(desk, signal) {
  const { visitor, words } = desk;
  const failed = visitor.refusal ?? (["failed", "voided"].includes(visitor.badge?.state) ? { code: "printer.failed" } : null);
  const picture = drawing(desk, FILL[visitor.badge?.state] ?? 0);
  const line = h("p", { class: "lead centre", role: "status" });
  const trouble = h("div", {});
  const run = new Printing(desk, signal, { picture, line, trouble });
  if (!failed) run.start();
  return {
    step: 4,
    heading: words.t(failed ? "kiosk.printing.stopped" : "kiosk.printing.heading"),
    body: h("div", { class: "stack wide" }, picture, failed ? explain(desk, failed) : line, trouble),
    main: failed && { label: words.t(visitor.registration ? "kiosk.printing.again" : "kiosk.printing.retry"), icon: "print", act: () => run.again() },
    aside: failed && !visitor.registration ? [{ label: words.t("kiosk.printing.change"), act: () => run.change() }] : [],
    back: failed && { label: words.t("kiosk.idle.over"), act: () => desk.reset() },
    idle: failed ? undefined : false,
  };
}

function explain({ visitor, words }, failed) {
  if (!visitor.registration) return notice("bad", "warn", words.fault(failed));
  return notice("bad", "warn", h("p", {}, reason(words, [visitor.badge.reason ?? ""])),
    h("p", {}, words.t("kiosk.printing.saved")),
    h("p", { class: "mono code-line" }, visitor.registration.short_code));
}

class Printing {
  constructor(desk, signal, view) {
    Object.assign(this, { desk, signal, view });
  }

  async start() {
    const { desk, signal } = this;
    const { visitor } = desk;
    try {
      if (!visitor.registration) {
        this.#show({ state: "sending" });
        const answer = await this.#send();
        visitor.registration = { id: answer.id, short_code: answer.short_code };
        visitor.badge = answer.badge;
        dropCard(visitor); // confirmed: the picture has done its work (P8)
      }
      this.#show(visitor.badge);
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
    const { body, key } = confirmation(this.desk.visitor, this.desk.show);
    for (let tries = 0; ; tries++) {
      try {
        return await request("POST", "registrations", body, { signal: this.signal, headers: { "Idempotency-Key": key } });
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
    visitor.refusal = null;
    if (visitor.registration) {
      try {
        const answer = await request("POST", `registrations/${encodeURIComponent(visitor.registration.id)}/badge`, { reason: "retry" }, { signal });
        visitor.badge = answer?.badge ?? { state: "reserved", reason: "" };
      } catch (error) {
        if (!signal.aborted) mount(this.view.trouble, notice("bad", "warn", desk.words.fault(error)));
        return;
      }
    }
    await desk.go("printing");
  }

  // change goes back to the form that was refused, to the field if it is known.
  change() {
    const { visitor } = this.desk;
    const { field, code } = visitor.refusal;
    visitor.refusal = null;
    if (code === "consent.required") return this.desk.go("consent");
    if (field && !this.desk.show.fields.some((f) => f.name === field)) return this.desk.go("visit");
    return this.desk.go(visitor.source === "card" ? "review" : "typing");
  }

  #show(badge) {
    const { words, visitor } = this.desk;
    if (visitor.registration) visitor.badge = badge;
    fillTo(this.view.picture, FILL[badge.state] ?? 0);
    mount(this.view.line, words.t(`kiosk.printing.state.${badge.state}`));
    mount(this.view.trouble, badge.reason && badge.state !== "issued" && notice("doubt", "warn", reason(words, [badge.reason])));
  }
}
