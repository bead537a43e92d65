// What the visitor agrees to, beside the badge that is about to be printed, as
// it will be: what is wrong on it is corrected before paper is spent.
import { h, mount } from "../dom.js";
import { icon } from "../icons.js";
import { drawing } from "./drawing.js";
import { notice } from "./frame.js";
import { preview } from "./preview.js";
import { entries, refusedConsents, steps } from "./visitor.js";

export default function consent(desk, signal) {
  const { visitor, words } = desk;
  const problem = h("div", {});
  const rows = (desk.show.consents ?? []).map((c) => row(desk, c, problem));
  const place = h("div", { class: "preview" });
  const show = () => mount(place, missing(desk), drawing(desk, 1));
  preview(desk, signal, show); // which forgets a picture of other entries first
  show();
  return {
    step: steps(visitor),
    heading: words.t("kiosk.consent.heading"),
    lead: words.t("kiosk.consent.lead"),
    body: h("div", { class: "stack wide" }, h("div", { class: "stack consents" }, rows), problem,
      h("p", { class: "quiet small centre preview-words" }, words.t("kiosk.consent.preview")), place),
    main: {
      icon: "print",
      label: words.t("kiosk.consent.print"),
      act: () => {
        const [first] = refusedConsents(visitor, desk.show);
        if (!first) return desk.go("printing");
        mount(problem, notice("bad", "warn", words.fault({ code: "consent.required" })));
        return document.getElementById(`consent-${first}`).focus();
      },
    },
    aside: [{ icon: "edit", label: words.t("kiosk.printing.change"), act: () => desk.go(entries(visitor)) }],
    back: { label: words.t("kiosk.back"), act: () => desk.go(visitor.brief ? "expected" : "visit") },
  };
}

// missing says what the badge cannot show, if anything, before it is printed.
function missing({ visitor, words }) {
  const signs = visitor.picture?.missing;
  return signs ? notice("doubt", "warn", words.t("kiosk.consent.missing", { signs })) : null;
}

function row(desk, { id, text, required }, problem) {
  const { visitor, words } = desk;
  return h("label", { class: "choice consent" },
    h("input", {
      type: "checkbox", id: `consent-${id}`, checked: Boolean(visitor.consents[id]),
      on: {
        change: (event) => {
          visitor.consents[id] = event.target.checked;
          mount(problem);
        },
      },
    }),
    h("span", { class: "stack close" }, h("span", {}, words.pick(text)),
      h("span", { class: "mark" }, icon(required ? "card" : "person"), words.t(required ? "kiosk.consent.needed" : "kiosk.consent.free"))));
}
