// Everything the kiosk knows of the person in front of it, and the forgetting
// of it.
import { request } from "../api.js";
import { dropPicture } from "./preview.js";

// newVisitor is nobody yet.
export function newVisitor() {
  return {
    source: "typed", // card, typed or preregistration
    card: null, // the reader's answer
    taken: false, // a card was read, perhaps not well
    scan: "", // what the next picture of the card is: its other side, the same side again, or nothing of it
    typed: "", // what was entered as the code of a confirmation
    scanned: "", // what a hand scanner has just read
    code: "", // of the pre-registration that was found
    invited: "", // the category that it names
    brief: false, // all questions are answered, so that they are passed over
    again: "", // contact or code: by what the visitor was recognized
    another: "", // the contacts of which the visitor said to be somebody else
    sought: "", // what staff look for first
    fields: {}, // name → text as the visitor has it now
    category: "",
    answers: {}, // question id → [option ids] or text
    consents: {}, // consent id → true or false
    confirmation: null, // {body, key}: what was sent, under which Idempotency-Key
    registration: null, // the kiosk's answer to it, and the key it was sent under: what proves this screen
    correcting: false, // the form is to change what was registered
    picture: null, // the badge as it will be printed
    badge: null, // {state, reason, place, away} as last heard
    late: false, // printing takes longer than it should
    refusal: null, // {code, message, field}: why it was not registered
  };
}

// forget empties a visitor, so that nothing that still holds it holds a
// person, and deletes the card from the kiosk's memory.
export function forget(visitor) {
  dropCard(visitor);
  dropPicture(visitor);
  for (const key of Object.keys(visitor)) visitor[key] = null;
}

// dropCard deletes the picture of the card and what was read from it. The
// kiosk forgets it by itself after a while, so a failure is not chased.
export function dropCard(visitor) {
  const id = visitor.card?.card;
  visitor.card = null;
  if (id) request("DELETE", `cards/${encodeURIComponent(id)}`, undefined, { keepalive: true }).catch(() => {});
}

// takeCard makes the reader's answer the visitor's fields: only those that
// this show asks for are kept. Of a further picture of the same card, what the
// visitor has changed meanwhile stays.
export function takeCard(visitor, card, show, further = false) {
  const own = further ? changed(visitor, show) : {};
  visitor.source = "card";
  visitor.scan = "";
  visitor.taken = true;
  visitor.card = card;
  visitor.fields = {};
  for (const { name } of show.fields) {
    if (card.fields[name]?.text) visitor.fields[name] = card.fields[name].text;
  }
  for (const { name, required } of show.fields) {
    const english = card.fields[`${name}_en`];
    if (required && !visitor.fields[name] && english?.text) {
      visitor.fields[name] = english.text; // a card in Latin letters only
      card.fields[name] = english;
      delete visitor.fields[`${name}_en`];
    }
  }
  Object.assign(visitor.fields, own);
}

// expect makes the visitor the one that the hall expects.
export function expect(visitor, known, show) {
  dropCard(visitor);
  visitor.source = "preregistration";
  visitor.code = known.code;
  visitor.typed = "";
  visitor.fields = { ...known.fields };
  visitor.invited = show.categories.some((c) => c.id === known.category) ? known.category : "";
  visitor.category = visitor.invited;
  visitor.answers = { ...known.answers };
}

// entries is the screen on which the visitor's entries stand.
export function entries({ source, card, correcting }) {
  if (correcting) return "typing";
  if (source === "preregistration") return "expected";
  return source === "card" && card ? "review" : "typing";
}

// steps is how many the visitor's way has.
export function steps({ brief }) {
  return brief ? 3 : 4;
}

// changed are the texts that are not as they were read.
function changed({ fields, card }, show) {
  const touched = show.fields.filter(({ name }) => name in fields && fields[name] !== (card.fields[name]?.text ?? ""));
  return Object.fromEntries(touched.map(({ name }) => [name, fields[name]]));
}

// readingOrder sorts the fields that were read as they stand on the card: side
// by side, line by line, a line being what overlaps by half its height.
export function readingOrder(names, fields) {
  const box = (name) => fields[name]?.box ?? [0, Infinity, 0, 0];
  return [...names].sort((a, b) => {
    const [ax, ay, , ah] = box(a);
    const [bx, by, , bh] = box(b);
    const turned = (fields[a]?.picture ?? 0) - (fields[b]?.picture ?? 0);
    if (turned) return turned;
    const sameLine = Math.abs(ay + ah / 2 - by - bh / 2) < Math.min(ah, bh) / 2;
    return sameLine ? ax - bx : ay - by;
  });
}

// missing lists the required fields that are still empty, as the show orders them.
export function missing(visitor, show) {
  return show.fields.filter((f) => f.required && !visitor.fields[f.name]?.trim()).map((f) => f.name);
}

// questions lists those asked of the visitor's category.
export function questions(visitor, show) {
  if (!visitor.category) return [];
  return (show.questions ?? []).filter((q) => !q.categories?.length || q.categories.includes(visitor.category));
}

// unanswered lists the required questions without an answer.
export function unanswered(visitor, show) {
  return questions(visitor, show).filter((q) => q.required && !visitor.answers[q.id]?.length).map((q) => q.id);
}

// refusedConsents lists the required consents that are not given.
export function refusedConsents(visitor, show) {
  return (show.consents ?? []).filter((c) => c.required && !visitor.consents[c.id]).map((c) => c.id);
}

// confirmation is the request for what the visitor confirms now. The same
// form keeps its key, so that sending it again registers once (P3).
export function confirmation(visitor, show) {
  const asked = new Set(questions(visitor, show).map((q) => q.id));
  const filled = Object.entries(visitor.fields).map(([name, text]) => [name, text.trim()]).filter(([, text]) => text);
  const body = {
    fields: Object.fromEntries(filled),
    category: visitor.category,
    answers: Object.fromEntries(Object.entries(visitor.answers).filter(([id, a]) => asked.has(id) && a.length)),
    consents: Object.fromEntries((show.consents ?? []).map((c) => [c.id, Boolean(visitor.consents[c.id])])),
    source: visitor.source,
    ...(visitor.card ? { card: visitor.card.card } : {}),
    ...(visitor.code ? { code: visitor.code } : {}),
  };
  const before = visitor.confirmation;
  if (!before || JSON.stringify(before.body) !== JSON.stringify(body)) {
    visitor.confirmation = { body, key: crypto.randomUUID() };
  }
  return visitor.confirmation;
}

// proof says that this screen may: it registered the visitor, or staff have
// typed their code.
function proof({ key, staff }) {
  return staff ? { Authorization: `Bearer ${staff}` } : { "Idempotency-Key": key };
}

// act does something about a badge and returns the answer.
export async function act({ registration }, method, path, body, signal) {
  const tail = path ? `/${path}` : "";
  const answer = await request(method, `registrations/${encodeURIComponent(registration.id)}${tail}`, body, { signal, headers: proof(registration) });
  registration.short_code = answer.badge.short_code ?? registration.short_code; // a new issue has its own
  return answer;
}
