// Words in the visitor's language. Sentences live in
// messages/LANGUAGE/SCREEN.json as flat keys that begin with the screen's
// name ("kiosk.camera.heading"); {name} in a sentence is a slot. A key with
// .one, .few, .many or .other behind it is a plural form; count picks it.

const HOME = new URL("messages/", import.meta.url);
const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);
const FALLBACK = "en";

// words loads the catalogues of the screens named and returns a Words in the
// best of the languages wanted. It throws when a catalogue cannot be fetched.
export async function words(screens, wanted = navigator.languages) {
  const w = new Words(screens, await json(new URL("languages.json", HOME)));
  await w.use(best(wanted, w.languages));
  return w;
}

// Words answers in one language at a time. language is a BCP 47 tag; zone,
// when set, is the show's time zone (an IANA name).
export class Words {
  #screens;
  #known = null;
  #catalogues = new Map();
  #sentences = {};

  constructor(screens, languages) {
    this.#screens = screens;
    this.languages = languages;
    this.language = FALLBACK;
    this.zone = undefined;
  }

  // offer narrows the languages to those of the show, in the show's order.
  // A show that speaks none of ours leaves them as they are.
  offer(languages) {
    this.#known ??= this.languages;
    const shared = languages.filter((l) => this.#known.includes(l));
    if (shared.length) this.languages = shared;
  }

  // use changes the language, and the page's lang and dir with it.
  async use(language) {
    const [own, spare] = await Promise.all([this.#catalogue(language), this.#catalogue(FALLBACK)]);
    this.#sentences = { ...spare, ...own };
    this.language = language;
    document.documentElement.lang = language;
    document.documentElement.dir = RIGHT_TO_LEFT.has(language.split("-")[0]) ? "rtl" : "ltr";
  }

  // t is the sentence of a key with its slots filled. A key nobody wrote
  // shows itself; the tests of the catalogue keep that from happening.
  t(key, slots = {}) {
    const sentence = this.#sentences[key] ?? key;
    return sentence.replace(/\{(\w+)\}/g, (slot, name) => (name in slots ? String(slots[name]) : slot));
  }

  has(key) {
    return key in this.#sentences;
  }

  // count is t for a number n: the form the language wants, {n} filled.
  count(key, n, slots = {}) {
    const form = new Intl.PluralRules(this.language).select(n);
    const own = `${key}.${form}`;
    return this.t(this.has(own) ? own : `${key}.other`, { n: this.number(n), ...slots });
  }

  // pick chooses from a record's own texts, such as {"en": …, "zh-CN": …}.
  pick(texts) {
    if (!texts) return "";
    return texts[this.language] ?? texts[best([this.language], Object.keys(texts))] ?? Object.values(texts)[0] ?? "";
  }

  // fault is the sentence for what went wrong: the code's own, else what
  // the server said, else a general one.
  fault(error) {
    const key = `fault.${error?.code ?? "internal"}`;
    if (this.has(key)) return this.t(key, { field: this.field(error.field) });
    return error?.code && error.message ? error.message : this.t("fault.internal");
  }

  // field is the name of a registration field, such as "mobile"; of any
  // other, words for "one of the entries".
  field(name) {
    return this.t(this.has(`common.field.${name}`) ? `common.field.${name}` : "common.entry");
  }

  number(n, options) {
    return new Intl.NumberFormat(this.language, options).format(n);
  }

  // time is hours and minutes in the show's zone, of a Date or RFC 3339 text.
  time(at, options = { hour: "2-digit", minute: "2-digit" }) {
    return new Intl.DateTimeFormat(this.language, { timeZone: this.zone, ...options }).format(new Date(at));
  }

  // nameOf is a language's name as its speakers write it.
  nameOf(language) {
    const shared = this.languages.filter((l) => l.split("-")[0] === language.split("-")[0]).length > 1;
    return new Intl.DisplayNames([language], { type: "language" }).of(shared ? language : language.split("-")[0]);
  }

  async #catalogue(language) {
    if (!this.#catalogues.has(language)) {
      const parts = this.#screens.map((screen) => json(new URL(`${language}/${screen}.json`, HOME)));
      this.#catalogues.set(language, Object.assign({}, ...(await Promise.all(parts))));
    }
    return this.#catalogues.get(language);
  }
}

// best finds the first wanted language that is offered, exactly or by its
// first part; otherwise English, otherwise the first offered.
function best(wanted, offered) {
  for (const tag of wanted) {
    const exact = offered.find((o) => o.toLowerCase() === tag.toLowerCase());
    const near = exact ?? offered.find((o) => o.split("-")[0] === tag.split("-")[0]);
    if (near) return near;
  }
  return offered.includes(FALLBACK) ? FALLBACK : offered[0];
}

async function json(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`messages: ${url.pathname}: ${answer.status}`);
  return answer.json();
}
