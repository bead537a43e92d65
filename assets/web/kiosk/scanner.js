// A hand scanner types what it reads: faster than any hand, into nothing, and ends
// with Enter. What goes into a field is left alone.

const GAP = 80; // ms between two keys of one reading; hands need 100 and more
const LEAST = 6; // characters of a code

// listen calls onText with each reading for as long as the page lives.
export function listen(onText) {
  let keys = "";
  let last = 0;
  addEventListener("keydown", (event) => {
    if (event.timeStamp - last > GAP) keys = "";
    last = event.timeStamp;
    if (event.ctrlKey || event.metaKey || document.activeElement instanceof HTMLInputElement) {
      keys = "";
    } else if (event.key.length === 1) {
      keys += event.key;
      if (keys.length > 2) event.preventDefault(); // a space must not press the button in focus
    } else if (event.key === "Enter" && keys.length >= LEAST) {
      event.preventDefault();
      event.stopPropagation();
      onText(keys);
      keys = "";
    }
  }, { capture: true });
}
