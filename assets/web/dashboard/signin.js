// Signing in with a name and a password, as "hall user" printed them.
import { h, mount } from "../dom.js";
import { request } from "../api.js";
import { icon } from "../icons.js";

// signInScreen calls done once the hall has taken the password.
export function signInScreen(app, done) {
  const { w } = app;
  const name = h("input", { class: "input", id: "name", autocomplete: "username", autocapitalize: "none", spellcheck: "false", required: true });
  const password = h("input", { class: "input", id: "password", type: "password", autocomplete: "current-password", required: true });
  const problem = h("p", { class: "problem", role: "alert", id: "problem" });
  const button = h("button", { class: "button main wide", type: "submit" }, w.t("dashboard.signin.button"));
  const element = h("main", { class: "signin" },
    h("form", { class: "panel stack", novalidate: true, on: { submit: signIn } },
      h("header", { class: "stack close" }, rehearsal(app), h("p", { class: "quiet" }, w.pick(app.show.name)), h("h1", {}, w.t("dashboard.signin.heading"))),
      h("div", { class: "field" }, h("label", { for: "name" }, w.t("dashboard.signin.name")), name),
      h("div", { class: "field" }, h("label", { for: "password" }, w.t("dashboard.signin.password")), password, problem),
      button,
      h("p", { class: "quiet small" }, w.t("dashboard.signin.help"), " ", h("code", {}, "hall user -data DIR -name NAME"))),
    languages(app));

  async function signIn(event) {
    event.preventDefault();
    if (!name.value || !password.value) return refused(w.t("dashboard.signin.missing"), name.value ? password : name);
    button.disabled = true;
    try {
      await request("POST", "signin", { name: name.value.trim(), password: password.value });
      password.value = "";
      await done();
    } catch (fault) {
      refused(fault.code.startsWith("auth.") ? w.t("dashboard.signin.wrong") : w.fault(fault), password);
    } finally {
      button.disabled = false;
    }
  }

  function refused(sentence, field) {
    mount(problem, icon("cross"), sentence);
    name.setAttribute("aria-invalid", String(field === name));
    password.setAttribute("aria-invalid", String(field === password));
    field.focus();
    field.select();
  }

  return { element, close() {} };
}

// languages is a row of buttons, one for each language of the show.
export function languages(app) {
  const { w } = app;
  return h("div", { class: "row languages", role: "group", "aria-label": w.t("dashboard.language") }, w.languages.map((language) =>
    h("button", { class: "chip", type: "button", lang: language, "aria-pressed": String(language === w.language), on: { click: () => app.speak(language) } }, w.nameOf(language))));
}

// rehearsal is the mark of a show in which nobody is real, and nothing in others.
export function rehearsal({ w, show }) {
  return show.rehearsal ? h("p", { class: "mark doubt" }, icon("warn"), w.t("dashboard.rehearsal")) : null;
}
