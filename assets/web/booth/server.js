// The hall as a paired phone sees it. Every call may throw a Fault; code
// "network" means that no answer came, for whatever reason.
import { Fault, request } from "../api.js";

const PATIENCE = 10_000; // ms; a dead spot answers nothing at all, so asking must end by itself
const PAGE = 500;

// Server asks in the name of the device that key belongs to.
export class Server {
  key = null;

  show() {
    return this.#ask("GET", "show");
  }

  // pair returns {"device","key","exhibitor"} for a code that is still good.
  pair(code, name) {
    return this.#ask("POST", "pair/device", { code, name });
  }

  post(lead) {
    return this.#ask("POST", "leads", lead);
  }

  patch(id, edit) {
    return this.#ask("PATCH", `leads/${encodeURIComponent(id)}`, edit);
  }

  // leads returns all leads of the exhibitor.
  async leads() {
    const all = [];
    for (let after = ""; ;) {
      const page = await this.#ask("GET", `leads?after=${encodeURIComponent(after)}&limit=${PAGE}`);
      all.push(...page.leads);
      if (!page.leads.length || !page.next || page.next === after) return all;
      after = page.next;
    }
  }

  // csv returns the exhibitor's leads as a file.
  async csv() {
    let answer;
    try {
      answer = await fetch("/api/v1/leads.csv", { headers: this.#headers(), cache: "no-store", signal: AbortSignal.timeout(6 * PATIENCE) });
      if (answer.ok) return await answer.blob();
    } catch {
      throw new Fault("network");
    }
    const { code, message, field } = await answer.json().catch(() => ({ code: "internal" }));
    throw new Fault(code, message, field, answer.status);
  }

  async #ask(method, path, body) {
    try {
      return await request(method, path, body, { headers: this.#headers(), signal: AbortSignal.timeout(PATIENCE) });
    } catch (error) {
      throw error instanceof Fault ? error : new Fault("network");
    }
  }

  #headers() {
    return this.key ? { Authorization: `Bearer ${this.key}` } : {};
  }
}
