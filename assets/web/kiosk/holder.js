// One registration as staff see it: the badge's state and how it came there, and
// what can be done about it.
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";
import { follow } from "./follow.js";
import { ask, sentence, spaced, state } from "./office.js";

export default function holder(desk, signal) {
  const { words, staff } = desk;
  const { person } = staff;
  const { name, name_en: latin, company, company_en: house, title, title_en: role } = person.fields;
  const category = desk.show.categories.find((c) => c.id === person.category);
  const act = new Acts(desk, signal);
  act.follow();
  const { badge } = person;
  const doubt = badge.state === "unknown";
  const failed = badge.state === "failed";
  const again = { icon: "print", label: words.t(failed ? "staff.person.retry" : "staff.person.reprint"), act: () => act.reprint(failed), disabled: person.left === 0 && !failed };
  return {
    heading: doubt ? words.t("staff.person.ask") : name || latin || person.id,
    lead: [doubt && name, company || house, title || role, words.pick(category?.name) || person.category].filter(Boolean).join(" · "),
    body: h("div", { class: "office" }, facts(desk), act.reasons, history(desk)),
    main: doubt ? { icon: "check", label: words.t("staff.person.out"), act: () => act.confirm(true) } : again,
    aside: [
      ...(doubt ? [{ icon: "cross", label: words.t("staff.person.not_out"), act: () => act.confirm(false) }] : []),
      { icon: "edit", label: words.t("staff.person.correct"), act: () => correct(desk), disabled: person.left === 0 },
      ...(badge.state === "voided" ? [] : [{ icon: "cross", label: words.t("staff.person.void"), act: () => act.void() }]),
    ],
    back: { label: words.t("staff.back"), act: () => desk.go("staff") },
  };
}

function facts({ words, staff }) {
  const { badge, created, left } = staff.person;
  return h("section", { class: "panel stack close" },
    state(words, badge),
    h("p", {}, h("span", { class: "quiet small" }, words.t("staff.person.code"), " "), h("span", { class: "mono code-line" }, spaced(badge.short_code))),
    h("p", { class: "quiet small number" }, [
      words.t("staff.person.issue", { n: words.number(badge.issue) }),
      badge.place && words.t("staff.person.at", { place: badge.place }),
      words.t("staff.person.registered", { time: words.time(created, { dateStyle: "medium", timeStyle: "short" }) }),
    ].filter(Boolean).join(" · ")),
    h("p", { class: "quiet small number" }, left > 0 ? words.count("staff.person.left", left) : words.t("staff.person.none")));
}

// history is every step of every issue, the latest first.
function history({ words, staff }) {
  return h("section", { class: "panel stack close" }, h("h2", {}, words.t("staff.person.steps")),
    h("ol", { class: "steps small number" }, [...staff.person.steps].reverse().map((s) => h("li", {},
      h("time", { datetime: s.at }, words.time(s.at, { hour: "2-digit", minute: "2-digit", second: "2-digit" })),
      h("span", {}, words.t("staff.person.issue", { n: words.number(s.issue) }), " · ", sentence(words, s.state, s.reason))))));
}

// correct opens the visitor's form with what stands in it now; what is sent then
// is printed under the same registration.
function correct(desk) {
  const { person, code } = desk.staff;
  Object.assign(desk.visitor, {
    source: person.source, fields: { ...person.fields }, category: person.category, answers: { ...person.answers }, consents: { ...person.consents },
    registration: { id: person.id, short_code: person.badge.short_code, key: "", staff: code }, badge: person.badge, correcting: true,
  });
  return desk.go("typing");
}

// Acts is what staff do about the badge.
class Acts {
  #busy = false;

  constructor(desk, signal) {
    Object.assign(this, { desk, signal, reason: "" });
    const { words, staff } = desk;
    this.problem = h("p", { class: "problem", role: "alert" });
    const choice = (code) => h("label", { class: "choice" },
      h("input", { type: "radio", name: "reason", on: { change: () => { this.reason = code; mount(this.problem); } } }), h("span", {}, words.t(`staff.why.${code}`)));
    this.reasons = h("fieldset", { class: "stack close" }, h("legend", {}, words.t("staff.person.why")),
      h("div", { class: "choices" }, staff.seen.reasons.map(choice)), this.problem);
  }

  // follow shows what becomes of the badge while it is looked at.
  follow() {
    const { desk, signal } = this;
    const { person } = desk.staff;
    follow(person.id, person.badge, signal, (badge) => {
      if (["state", "reason", "issue", "place"].some((what) => badge[what] !== person.badge[what])) this.#again();
    });
  }

  async #again() {
    const { desk, signal } = this;
    try {
      const now = await ask(desk.staff, "GET", `staff/registrations/${encodeURIComponent(desk.staff.person.id)}`, undefined, signal);
      if (signal.aborted) return;
      desk.staff.person = now;
      await desk.go("holder");
    } catch (error) {
      this.#refuse(error);
    }
  }

  #refuse(error) {
    if (!this.signal.aborted) this.#say(this.desk.words.fault(error));
  }

  #say(text) {
    mount(this.problem, icon("warn"), text);
    this.problem.scrollIntoView({ block: "center" });
  }

  // #do acts once, however often it is touched, and shows what came of it.
  async #do(path, body) {
    if (this.#busy) return;
    this.#busy = true;
    const { desk, signal } = this;
    try {
      await ask(desk.staff, "POST", `registrations/${encodeURIComponent(desk.staff.person.id)}/${path}`, body, signal);
      await this.#again();
    } catch (error) {
      this.#refuse(error);
    } finally {
      this.#busy = false;
    }
  }

  reprint(failed) {
    if (!failed && !this.reason) return this.#choose();
    return this.#do("badge", { reason: this.reason });
  }

  confirm(out) {
    return this.#do("badge/confirm", { out });
  }

  #choose() {
    this.#say(this.desk.words.t("staff.person.choose"));
    this.reasons.querySelector("input").focus();
  }

  // void asks once more, because nothing brings the badge back.
  void() {
    if (!this.reason) {
      this.#choose();
      return;
    }
    const { words } = this.desk;
    const close = () => dialog.remove();
    const dialog = h("dialog", { on: { cancel: close } }, h("div", { class: "stack wide" },
      h("h2", {}, words.t("staff.person.void")), h("p", { class: "lead" }, words.t("staff.person.void.sure")),
      h("button", { class: "button danger wide", type: "button", on: { click: () => { close(); this.#do("badge/void", { reason: this.reason }); } } }, words.t("staff.person.void.act")),
      h("button", { class: "button quiet-button wide", type: "button", on: { click: close } }, words.t("staff.person.void.keep"))));
    this.signal.addEventListener("abort", close, { once: true });
    document.body.append(dialog);
    dialog.showModal();
  }
}
