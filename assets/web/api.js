// Talking to our servers: JSON both ways, one kind of failure.

const PREFIX = "/api/v1/";
const PATIENCE = 20_000; // ms; a program that hangs answers nothing at all, so asking must end by itself

// Fault is what a request fails with: the server's code and sentence, or
// code "network" when no answer came. status is 0 then.
export class Fault extends Error {
  constructor(code, message = "", field = "", status = 0) {
    super(message);
    this.name = "Fault";
    this.code = code;
    this.field = field;
    this.status = status;
  }
}

// request sends body (a Blob as it is, anything else as JSON) and returns
// the JSON answer, null when it is empty. It throws a Fault, "network" also
// when the answer is not whole within patience milliseconds; a request whose
// signal was aborted throws the signal's reason instead.
export async function request(method, path, body, options) {
  return ask(method, path, body, options, async (answer) => {
    const text = await answer.text();
    return text ? JSON.parse(text) : null; // who answers with something else is not our server
  });
}

// blob is request for an answer that is a file, with what its headers say of it.
export async function blob(method, path, body, options) {
  return ask(method, path, body, options, async (answer) => ({ file: await answer.blob(), headers: answer.headers }));
}

async function ask(method, path, body, { signal, headers = {}, keepalive = false, patience = PATIENCE } = {}, read) {
  const raw = body instanceof Blob;
  const type = body === undefined ? {} : { "Content-Type": raw ? body.type || "application/octet-stream" : "application/json" };
  const stop = new AbortController();
  const leave = () => stop.abort();
  const timer = setTimeout(leave, patience);
  signal?.addEventListener("abort", leave, { once: true });
  if (signal?.aborted) leave();
  let answer, text, value;
  try {
    answer = await fetch(PREFIX + path, {
      method,
      signal: stop.signal,
      keepalive, // outlives the page
      headers: { Accept: "application/json", ...type, ...headers },
      body: raw || body === undefined ? body : JSON.stringify(body),
      cache: "no-store",
      credentials: "same-origin",
    });
    if (answer.ok) value = await read(answer);
    else text = await answer.text();
  } catch {
    if (signal?.aborted) throw signal.reason;
    throw new Fault("network");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
  }
  if (answer.ok) return value;
  throw refusal(answer.status, text);
}

function refusal(status, text) {
  try {
    const { code, message, field } = JSON.parse(text);
    return new Fault(code || "internal", message, field, status);
  } catch {
    return new Fault("internal", "", "", status);
  }
}

// events listens to a server's event stream. handlers maps an event's name
// to a function of its data; onLink, when given, hears true and false as the
// stream comes and goes (the browser reconnects by itself). The function
// returned stops it.
export function events(path, handlers, onLink) {
  const source = new EventSource(PREFIX + path);
  for (const [name, handler] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handler(JSON.parse(event.data)));
  }
  source.addEventListener("open", () => onLink?.(true));
  source.addEventListener("error", () => onLink?.(false));
  return () => source.close();
}

// wait resolves after ms milliseconds, or rejects when signal aborts.
export function wait(ms, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
  });
}
