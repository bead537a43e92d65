package pagetest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"hallpass/cmd/internal/browser"
)

// types plays a hand scanner: one key after the other, a tenth of a millisecond
// apart by the keys' own clock however busy the machine is, as a US keyboard,
// ending with Enter. layout replaces characters as another layout would.
func types(b *browser.Browser, text string, layout map[string]string) {
	keys, _ := json.Marshal(strings.Split(text, ""))
	wrong, _ := json.Marshal(layout)
	browser.Value[bool](b, fmt.Sprintf(`((keys, wrong) => {
  const codes = {" ": "Space", "-": "Minus", "+": "Equal", ".": "Period", "/": "Slash", ":": "Semicolon", "$": "Digit4", "%%": "Digit5", "*": "Digit8"};
  let at = performance.now();
  const press = (on, init) => {
    const event = new KeyboardEvent("keydown", {...init, bubbles: true, cancelable: true});
    Object.defineProperty(event, "timeStamp", {value: at += 0.1});
    return on.dispatchEvent(event);
  };
  for (const k of keys) {
    const code = codes[k] ?? (/\d/.test(k) ? "Digit" + k : "Key" + k.toUpperCase());
    const key = wrong?.[k] ?? k;
    const on = document.activeElement ?? document.body;
    const typed = press(on, {key, code, shiftKey: "+:$%%*".includes(k) || /[A-Z]/.test(k)});
    if (typed && "value" in on && on.tagName !== "BUTTON") { on.value += key; on.dispatchEvent(new Event("input", {bubbles: true})); }
  }
  press(document.activeElement ?? document.body, {key: "Enter", code: "Enter"});
  return true;
})(%s, %s)`, keys, wrong))
}

// Hand scanners type into whatever has the focus, for a keyboard that may not
// be the phone's; people type, too.
func TestBooth_HandScanner(t *testing.T) {
	german := map[string]string{"-": "ß", "/": "-", ":": "Ö", "*": "(", "+": "`", "Y": "Z", "Z": "Y"}
	h := newHall(t)
	b := booth(t, h, browser.Options{})
	plain, german1, caps, inNote := h.badge(1, lin), h.badge(2, lin), h.badge(4, lin), h.badge(5, lin)
	types(b, plain, nil)
	types(b, german1, german)
	types(b, strings.ToLower(caps), nil)
	sent(t, h, b, 3)
	note(b, `.card textarea`, "they use HP1 codes")
	for range 6 { // a hand leaves the keys before it takes the scanner
		frame(b)
	}
	types(b, inNote, nil)
	leads := sent(t, h, b, 4)
	for i, want := range []string{plain, german1, caps, inNote} {
		if leads[i]["token"] != want {
			t.Errorf("scan %d arrived as %q, want %q", i, leads[i]["token"], want)
		}
	}
	waitLead(h, b, func(l map[string]any) bool { return l["token"] == caps && l["notes"] == "they use HP1 codes" })

	types(b, "HTTPS://EXAMPLE.EXAMPLE/POSTER", nil)
	refusedAloud(t, b)
	types(b, "HP1"+strings.Repeat("A?", 40), nil)
	b.Until(`document.querySelector(".said").innerText.includes("US layout")`)
	sent(t, h, b, 4)
}
