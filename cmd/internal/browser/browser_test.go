package browser_test

import (
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"hallpass/cmd/internal/browser"
)

const page = `<!doctype html><title>t</title><form><label>Name <input id="name" value="nobody"></label>
<button id="go" type="button">Go</button></form><p id="out" hidden></p><video id="v" autoplay muted></video>
<script>
document.querySelector("#go").addEventListener("click", () => {
  const out = document.querySelector("#out");
  out.textContent = "Hello " + document.querySelector("#name").value;
  out.hidden = false;
});
async function colour() {
  const v = document.querySelector("#v");
  v.srcObject = await navigator.mediaDevices.getUserMedia({video: true});
  await v.play();
  const c = document.createElement("canvas"); c.width = 64; c.height = 48;
  const g = c.getContext("2d"); g.drawImage(v, 0, 0, 64, 48);
  return Array.from(g.getImageData(32, 24, 1, 1).data);
}
</script>`

// The steps act on a real page, and the camera shows the picture that it was
// given rather than Chromium's own test pattern.
func TestBrowser_StepsAndCamera(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(page))
	}))
	defer server.Close()
	b := browser.Start(t, browser.Options{Width: 400, Height: 300, Camera: browser.Camera(t, redPicture(t))})
	b.Open(server.URL)
	b.Type("#name", "林静怡")
	b.Click("#go")
	if got := b.Text("#out"); got != "Hello 林静怡" {
		t.Errorf("text = %q, want the name that was typed", got)
	}
	rgba := browser.Value[[]int](b, "colour()")
	if len(rgba) != 4 || rgba[0] < 180 || rgba[1] > 80 || rgba[2] > 80 {
		t.Errorf("camera shows %v, want the red picture", rgba)
	}
}

func redPicture(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for i := range img.Pix {
		img.Pix[i] = [4]byte{220, 20, 20, 255}[i%4]
	}
	img.Set(0, 0, color.White)
	name := filepath.Join(t.TempDir(), "red.png")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}
