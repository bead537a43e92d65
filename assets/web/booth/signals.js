// Signals answer a scan for ear and hand, beside the words on the screen: up
// and short for "kept", low and long for "not a badge".

const TUNES = {
  good: { notes: [[880, 0, 0.07], [1320, 0.08, 0.1]], buzz: 60 },
  again: { notes: [[880, 0, 0.07]], buzz: 30 },
  bad: { notes: [[220, 0, 0.3]], buzz: [120, 80, 120] },
};

export class Signals {
  #context = null;
  on = true;

  // Browsers let a page sound only after a touch; the first one unlocks.
  constructor() {
    const unlock = (event) => {
      if (!event.isTrusted) return;
      this.#context ??= globalThis.AudioContext ? new AudioContext() : null;
      if (this.#context?.state === "suspended") this.#context.resume();
    };
    addEventListener("pointerdown", unlock);
    addEventListener("keydown", unlock);
  }

  // give plays "good", "again" or "bad".
  give(name) {
    const { notes, buzz } = TUNES[name];
    if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.(buzz);
    if (!this.on || this.#context?.state !== "running") return;
    for (const [pitch, start, length] of notes) this.#note(pitch, start, length);
  }

  #note(pitch, start, length) {
    const at = this.#context.currentTime + start;
    const tone = this.#context.createOscillator();
    const volume = this.#context.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.25, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + length);
    tone.connect(volume).connect(this.#context.destination);
    tone.start(at);
    tone.stop(at + length);
  }
}
