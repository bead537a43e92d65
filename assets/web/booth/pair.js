// Pairing: by the link, which brings its code along, or by typing the code.
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";

const CODE = /^[0-9A-HJKMNP-TV-Z]{12}$/; // Crockford's base32, 60 bits

// pairScreen asks for a code, or uses app.code at once.
export function pairScreen(app) {
  const { w } = app;
  const state = h("div", { class: "stack", "aria-live": "polite" });
  const input = h("input", {
    class: "input mono code", id: "code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false",
    enterkeyhint: "go", placeholder: "XXXX-XXXX-XXXX", "aria-describedby": "code-help",
  });
  const button = h("button", { class: "button main wide", type: "submit" }, w.t("booth.pair.button"));
  const form = h("form", { class: "stack", on: { submit: (event) => { event.preventDefault(); pair(input.value); } } },
    h("div", { class: "field" },
      h("label", { for: "code" }, w.t("booth.pair.label")),
      input,
      h("p", { class: "quiet small", id: "code-help" }, w.t("booth.pair.help"))),
    button);
  const element = h("main", { class: "sheet stack wide" },
    h("header", { class: "stack close" },
      h("p", { class: "quiet" }, app.show ? w.pick(app.show.name) : ""),
      h("h1", {}, w.t("booth.pair.heading"))),
    app.book.others() ? notice("doubt", "warn", w.count("booth.pair.others", app.book.others())) : null,
    state, form,
    app.book.device ? h("button", { class: "button quiet-button", type: "button", on: { click: () => leave() } }, w.t("booth.pair.keep")) : null,
    languages(app));
  if (app.code) pair(app.code);

  function leave() {
    app.code = "";
    app.go("scan");
  }

  async function pair(typed) {
    const code = plain(typed);
    app.code = "";
    if (!CODE.test(code)) return refused(w.t("booth.pair.malformed"));
    busy(true);
    mount(state, h("p", { class: "row" }, w.t("booth.pair.busy")));
    try {
      const device = await app.server.pair(code, deviceName());
      await app.book.pair(device);
      app.server.key = device.key;
      navigator.storage?.persist?.().catch(() => {}); // a browser short of room then asks before it forgets us
      app.sender.now();
      app.redraw();
    } catch (fault) {
      refused(fault.code === "network" ? w.t("booth.pair.offline") : w.fault(fault), code);
    }
  }

  function refused(sentence, code) {
    busy(false);
    mount(state, notice("bad", "cross", sentence));
    if (code) input.value = grouped(code);
    input.focus();
  }

  function busy(on) {
    button.disabled = on;
    input.readOnly = on;
  }

  return { element, close() {} };
}

// languages is a row of buttons, one for each language.
export function languages(app) {
  const choose = async (language) => {
    await app.w.use(language);
    await app.settings.set("language", language);
    app.redraw();
  };
  return h("div", { class: "row", role: "group", "aria-label": app.w.t("booth.language") }, app.w.languages.map((language) =>
    h("button", {
      class: "chip", type: "button", lang: language, "aria-pressed": String(language === app.w.language), on: { click: () => choose(language) },
    }, app.w.nameOf(language))));
}

// notice is one sentence with a sign; kind is "good", "bad", "doubt" or "".
export function notice(kind, sign, ...children) {
  return h("div", { class: `notice ${kind}`, role: kind === "bad" ? "alert" : null }, icon(sign), h("div", { class: "grow" }, children));
}

function plain(typed) {
  return typed.normalize("NFKC").toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
}

function grouped(code) {
  return code.match(/.{1,4}/g)?.join("-") ?? "";
}

// deviceName is what the organizer's list calls this phone.
function deviceName() {
  return navigator.userAgent.match(/iPhone|iPad|Android|Windows|Macintosh|Linux/)?.[0] ?? "Browser";
}
