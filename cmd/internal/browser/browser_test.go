package browser_test

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
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

func serve(t *testing.T) (url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(page))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// The steps act on a real page, and the camera shows the picture that it was
// given rather than Chromium's own test pattern.
func TestBrowser_StepsAndCamera(t *testing.T) {
	b := browser.Start(t, browser.Options{Width: 400, Height: 300, Camera: browser.Camera(t, picture(t, color.RGBA{220, 20, 20, 255}))})
	b.Open(serve(t))
	b.Type("#name", "林静怡")
	b.Click("#go")
	if got := b.Text("#out"); got != "Hello 林静怡" {
		t.Errorf("text = %q, want the name that was typed", got)
	}
	if rgba := browser.Value[[]int](b, "colour()"); rgba[0] < 180 || rgba[1] > 80 || rgba[2] > 80 {
		t.Errorf("camera shows %v, want the red picture", rgba)
	}
}

// P7: who comes after on the same program finds an empty profile, the language
// that was asked for, and before the camera what was put there last.
func TestChromium_NothingIsLeftToTheNext(t *testing.T) {
	var shared browser.Chromium
	t.Cleanup(func() {
		if err := shared.Close(); err != nil {
			t.Error(err)
		}
	})
	url := serve(t)
	const remember = `(() => {
  const before = localStorage.length + document.cookie.length;
  localStorage.setItem("who", "Ida Quill"); document.cookie = "who=ida";
  return before + localStorage.length;
})()`
	for i, c := range []color.RGBA{{220, 20, 20, 255}, {20, 20, 220, 255}} {
		film := browser.Camera(t, picture(t, c))
		t.Run(fmt.Sprint("Visitor", i+1), func(t *testing.T) {
			b := browser.Start(t, browser.Options{Width: 400, Height: 300, Camera: film, In: &shared})
			b.Open(url)
			if found := browser.Value[int](b, remember); found != 1 {
				t.Errorf("%d things in the profile after the first, want 1", found)
			}
			if rgba := browser.Value[[]int](b, "colour()"); (rgba[0] > rgba[2]) != (c.R > c.B) {
				t.Errorf("camera shows %v, want %v", rgba, c)
			}
		})
	}
	chinese := browser.Start(t, browser.Options{Language: "zh-CN", In: &shared})
	chinese.Open(url)
	if got := browser.Value[string](chinese, "navigator.language"); got != "zh-CN" {
		t.Errorf("language = %q, want zh-CN", got)
	}
	if n := browser.Value[int](chinese, `navigator.mediaDevices.enumerateDevices().then((all) => all.filter((d) => d.kind === "videoinput").length)`); n != 0 {
		t.Errorf("%d cameras, want none where none was asked for", n)
	}
}

// picture is a file of one colour.
func picture(t *testing.T, c color.Color) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 320, 240))
	draw.Draw(img, img.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	name := filepath.Join(t.TempDir(), "picture.png")
	f, err := os.Create(name)
	if err == nil {
		err = errors.Join(png.Encode(f, img), f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}
