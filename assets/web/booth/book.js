// The lead book: the one place of this page's state. Every scan is on the
// phone's disk before anyone hears "saved" (P1), and stays until the hall has
// it or a person has dismissed it (P2).
//
// An entry is {key, exhibitor, device, badge, token | code, at, rating, notes, state,
// fault, dirty, lead}. key is the lead's client_id. state is "waiting",
// "sent" or "refused"; dirty says that rating or notes changed after sending;
// lead is what the hall last said about it, null before.

// Book tells "change" whenever an entry or the device changed.
export class Book extends EventTarget {
  #database;
  #entries = new Map();
  device = null; // {device, key, exhibitor} once paired

  // open reads the book from the phone.
  static async open(database) {
    const book = new Book();
    book.#database = database;
    book.device = (await database.setting("device")) ?? null;
    for (const entry of await database.entries()) book.#entries.set(entry.key, entry);
    return book;
  }

  // pair keeps the device's key. What an earlier exhibitor's pairing left
  // behind is forgotten, except what the hall does not have yet (P7).
  async pair(device) {
    await this.#database.set("device", device);
    this.device = device;
    const foreign = [...this.#entries.values()].filter((e) => e.exhibitor !== device.exhibitor.id && e.state === "sent" && !e.dirty);
    await this.#store([], foreign.map((e) => e.key));
  }

  // unpair forgets the key and everything that was sent.
  async unpair() {
    await this.#database.set("device", null);
    this.device = null;
    await this.#store([], [...this.#entries.values()].filter((e) => !isUnsent(e)).map((e) => e.key));
  }

  get(key) {
    return this.#entries.get(key);
  }

  // entries are the exhibitor's, newest first.
  entries() {
    const own = [...this.#entries.values()].filter((e) => e.exhibitor === this.device?.exhibitor.id);
    return own.sort((a, b) => (a.at < b.at ? 1 : -1));
  }

  unsent() {
    return this.entries().filter(isUnsent);
  }

  // others counts unsent scans of exhibitors this phone was paired with before.
  others() {
    return [...this.#entries.values()].filter((e) => e.exhibitor !== this.device?.exhibitor.id && isUnsent(e)).length;
  }

  // scanned resolves with the new entry when it is on the disk.
  async scanned({ token = "", code = "", badge }, at = new Date()) {
    const entry = {
      key: uuid(), exhibitor: this.device.exhibitor.id, device: this.device.device, badge, token, code, at: at.toISOString(),
      rating: 0, notes: "", state: "waiting", fault: null, dirty: false, lead: null,
    };
    await this.#store([entry]);
    return entry;
  }

  // edit changes rating or notes.
  edit(key, change) {
    return this.#change(key, (e) => ({ ...change, dirty: e.state === "sent" }));
  }

  // settle keeps the hall's answer. An edit made meanwhile stays to be sent.
  settle(key, lead) {
    return this.#change(key, (e) => ({ state: "sent", fault: null, lead, dirty: e.rating !== lead.rating || e.notes !== lead.notes }));
  }

  refuse(key, { code, message }) {
    return this.#change(key, () => ({ state: "refused", fault: { code, message } }));
  }

  // retry sends a refused entry once more, and an edit with it.
  retry(key) {
    return this.#change(key, (e) => ({ state: e.lead ? "sent" : "waiting", dirty: Boolean(e.lead), fault: null }));
  }

  dismiss(key) {
    return this.#store([], [key]);
  }

  // learn takes over all leads of the exhibitor as the hall has them: those
  // of other phones come in, those that the hall no longer has go (P10).
  async learn(leads) {
    const known = new Set();
    const put = [];
    for (const lead of leads) {
      const key = lead.client_id || lead.id;
      known.add(key);
      const entry = this.#entries.get(key);
      const next = entry ? merged(entry, lead) : this.#foreign(key, lead);
      if (JSON.stringify(next) !== JSON.stringify(entry)) put.push(next);
    }
    const gone = this.entries().filter((e) => e.state === "sent" && !e.dirty && !known.has(e.key));
    if (put.length || gone.length) await this.#store(put, gone.map((e) => e.key));
  }

  #foreign(key, lead) {
    return merged({
      key, exhibitor: this.device.exhibitor.id, badge: "", token: "", code: lead.badge?.short_code ?? "", at: lead.at,
      state: "sent", fault: null, dirty: false,
    }, lead);
  }

  async #change(key, change) {
    const entry = this.#entries.get(key);
    if (entry) await this.#store([{ ...entry, ...change(entry) }]);
  }

  async #store(put, remove = []) {
    const before = put.map((e) => this.#entries.get(e.key));
    for (const entry of put) this.#entries.set(entry.key, entry); // first, so that the next change builds on it
    try {
      await this.#database.write(put, remove);
    } catch (error) {
      put.forEach((e, i) => (before[i] ? this.#entries.set(e.key, before[i]) : this.#entries.delete(e.key)));
      throw error;
    }
    for (const key of remove) this.#entries.delete(key);
    this.dispatchEvent(new Event("change"));
  }
}

function isUnsent(entry) {
  return entry.state !== "sent" || entry.dirty;
}

function merged(entry, lead) {
  const own = entry.dirty || entry.state !== "sent";
  return { ...entry, lead, rating: own ? entry.rating : lead.rating, notes: own ? entry.notes : lead.notes };
}

// uuid works where the page is not served over https, too.
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}
