// Keeps the booth page's own files, as one set, so that the page opens with
// no network. Nothing else: answers of the API hold personal data and are
// never kept here (P8).
//
// A set is a cache named by the digest of all its files. Each time the page
// is opened a fresh set is fetched behind it; when it differs it becomes the
// next set, whole or not at all, and the next opening moves to it. So a page
// never runs with the files of two versions.

const FILES = [
  "/booth",
  "/assets/web/tokens.css",
  "/assets/web/base.css",
  "/assets/web/components.css",
  "/assets/web/api.js",
  "/assets/web/dom.js",
  "/assets/web/i18n.js",
  "/assets/web/icons.js",
  "/assets/web/theme.js",
  "/assets/web/booth/book.js",
  "/assets/web/booth/booth.css",
  "/assets/web/booth/card.js",
  "/assets/web/booth/database.js",
  "/assets/web/booth/leads.js",
  "/assets/web/booth/main.js",
  "/assets/web/booth/offline.js",
  "/assets/web/booth/pair.js",
  "/assets/web/booth/scan.js",
  "/assets/web/booth/sender.js",
  "/assets/web/booth/server.js",
  "/assets/web/booth/signals.js",
  "/assets/web/booth/token.js",
  "/assets/web/booth/unsent.js",
  "/assets/web/booth/wedge.js",
  "/assets/web/scan/camera.js",
  "/assets/web/scan/decode-worker.js",
  "/assets/web/scan/decoder.js",
  "/assets/web/messages/languages.json",
  "/assets/web/messages/en/booth.json",
  "/assets/web/messages/en/common.json",
  "/assets/web/messages/en/fault.json",
  "/assets/web/messages/zh-CN/booth.json",
  "/assets/web/messages/zh-CN/common.json",
  "/assets/web/messages/zh-CN/fault.json",
  "/assets/vendor/zxing-wasm/es/reader/index.js",
  "/assets/vendor/zxing-wasm/es/share.js",
  "/assets/vendor/zxing-wasm/reader/zxing_reader.wasm",
];
const POINTERS = "booth"; // a cache of two texts: the names of the current and the next set

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(refresh());
});

addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin || !FILES.includes(pathname)) return;
  if (event.request.mode !== "navigate") return event.respondWith(answer(pathname));
  const page = promote().then(() => answer(pathname));
  event.respondWith(page);
  event.waitUntil(page.then(refresh).catch(() => {})); // no network: the set we have is good
});

async function answer(path) {
  const name = await pointer("current");
  const kept = name && (await (await caches.open(name)).match(path));
  return kept || fetch(path);
}

async function refresh() {
  const answers = await Promise.all(FILES.map(fresh));
  const name = await digest(answers);
  const current = await pointer("current");
  if (name === current || name === (await pointer("next"))) return;
  const set = await caches.open(name);
  await Promise.all(FILES.map((path, i) => set.put(path, answers[i])));
  await point(current ? "next" : "current", name);
}

async function fresh(path) {
  const answer = await fetch(path, { cache: "no-cache" });
  if (!answer.ok || answer.redirected) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

async function promote() {
  const next = await pointer("next");
  if (!next) return;
  await point("current", next);
  await (await caches.open(POINTERS)).delete("/next");
  const old = (await caches.keys()).filter((name) => name.startsWith("booth-") && name !== next);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function digest(answers) {
  const files = await Promise.all(answers.map((answer) => answer.clone().arrayBuffer()));
  const sums = await Promise.all(files.map((file) => crypto.subtle.digest("SHA-256", file)));
  const sum = await crypto.subtle.digest("SHA-256", await new Blob(sums).arrayBuffer());
  return "booth-" + [...new Uint8Array(sum)].slice(0, 12).map((b) => b.toString(16).padStart(2, "0")).join("");
}

async function pointer(name) {
  const kept = await (await caches.open(POINTERS)).match(`/${name}`);
  return kept ? kept.text() : "";
}

async function point(name, set) {
  await (await caches.open(POINTERS)).put(`/${name}`, new Response(set));
}
