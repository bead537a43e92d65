package browser

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// Camera makes the film that Chromium plays as its camera: two seconds of one
// picture (PNG or JPEG), scaled to fit 1280×960 on a grey ground, ten frames a
// second; it is played in a loop. The quality is a good webcam's.
func Camera(tb testing.TB, picture string) string {
	tb.Helper()
	film := filepath.Join(tb.TempDir(), "camera.mjpeg")
	fit := "scale=1280:960:force_original_aspect_ratio=decrease,pad=1280:960:(ow-iw)/2:(oh-ih)/2:0x8a8a8a"
	out, err := exec.Command("ffmpeg", "-loglevel", "error", "-y",
		"-loop", "1", "-i", picture, "-t", "2", "-r", "10", "-vf", fit,
		"-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p", film).CombinedOutput()
	if err != nil {
		tb.Fatalf("make a camera film: %v: %s (make test installs ffmpeg)", err, out)
	}
	return film
}
