package terminal_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hallpass/cmd/internal/terminal"
)

// What stands on the screen is read by a reader that is not ours.
func TestQR_IsReadOffTheScreen(t *testing.T) {
	const link = "https://hall.example:8443/booth#pair=K7QM-3XPT-9F2A"
	var screen bytes.Buffer
	if err := terminal.QR(&screen, link); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "screen.png")
	paint(t, file, screen.String())
	out, err := exec.Command("zbarimg", "--quiet", "--raw", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(out)); got != link {
		t.Errorf("zbarimg reads %q, want %q", got, link)
	}
}

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// paint draws the characters as a terminal does, eight by sixteen pixels each.
func paint(t *testing.T, file, screen string) {
	t.Helper()
	const w, h = 8, 16
	lines := strings.Split(strings.TrimSuffix(colours.ReplaceAllString(screen, ""), "\n"), "\n")
	img := image.NewGray(image.Rect(0, 0, len([]rune(lines[0]))*w, len(lines)*h))
	for y, line := range lines {
		for x, r := range []rune(line) {
			upper, lower := r == '▀' || r == '█', r == '▄' || r == '█'
			for py := range h {
				dark := py < h/2 && upper || py >= h/2 && lower
				for px := range w {
					img.SetGray(x*w+px, y*h+py, shade(dark))
				}
			}
		}
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func shade(dark bool) color.Gray {
	if dark {
		return color.Gray{}
	}
	return color.Gray{Y: 255}
}

func TestQR_TooLong(t *testing.T) {
	if err := terminal.QR(&bytes.Buffer{}, strings.Repeat("x", 5000)); err == nil {
		t.Error("a text of 5,000 bytes gave a code")
	}
}

func TestIsTerminal_PipesAndFilesAreNone(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if terminal.IsTerminal(file) || terminal.IsTerminal(&bytes.Buffer{}) {
		t.Error("a file or a buffer is taken for a terminal")
	}
}
