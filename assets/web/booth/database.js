// The phone's own memory: IndexedDB behind promises. A put that resolved is
// on the disk (P1); a browser that keeps nothing rejects at open.

const NAME = "hallpass-booth";
const VERSION = 1;

// open returns a Database. It rejects where the browser has no IndexedDB or
// refuses it, as some private windows do.
export function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) {
        asked.result.createObjectStore("settings");
        asked.result.createObjectStore("entries", { keyPath: "key" });
      }
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close(); // a newer page in another tab goes first
      resolve(new Database(asked.result));
    };
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error("database: another tab holds an older version"));
  });
}

// Database has two stores: "settings" (by name) and "entries" (by key).
class Database {
  #db;

  constructor(db) {
    this.#db = db;
  }

  setting(name) {
    return this.#run("settings", "readonly", (store) => store.get(name));
  }

  set(name, value) {
    return this.#run("settings", "readwrite", (store) => (value === null ? store.delete(name) : store.put(value, name)));
  }

  entries() {
    return this.#run("entries", "readonly", (store) => store.getAll());
  }

  // write puts and removes entries in one transaction.
  write(put, remove = []) {
    return this.#run("entries", "readwrite", (store) => {
      for (const key of remove) store.delete(key);
      for (const entry of put) store.put(entry);
    });
  }

  #run(name, mode, act) {
    return new Promise((resolve, reject) => {
      const transaction = this.#db.transaction(name, mode, { durability: "strict" });
      const asked = act(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(asked?.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }
}
