package ppocr_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"hallpass/ocr/ppocr"
)

func pack(t testing.TB) *ppocr.Pack {
	t.Helper()
	p, err := ppocr.Find("")
	if err != nil {
		t.Fatalf("%v; .ci/install test fetches the reader pack", err)
	}
	return p
}

// linked is a folder with links to the files of a good pack.
func linked(t testing.TB) string {
	t.Helper()
	dir, from := t.TempDir(), pack(t).Dir
	all, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if err := os.Symlink(filepath.Join(from, f.Name()), filepath.Join(dir, f.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const networkFile = "ch_PP-OCRv4_det_infer.onnx"

// P9: a pack that is not as it should be is refused with a sentence.
func TestFind_FaultyPack(t *testing.T) {
	network, err := os.ReadFile(filepath.Join(pack(t).Dir, networkFile))
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Clone(network)
	changed[len(changed)/2] ^= 1
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"Missing": {nil, "lacks " + networkFile},
		"Cut":     {network[:1000], networkFile + " is cut off: it has 1000 of "},
		"Changed": {changed, networkFile + " is not the file this program was made for: its hash differs"},
		"Longer":  {append(bytes.Clone(network), 0), "its hash differs"},
		"Empty":   {[]byte{}, "is cut off: it has 0 of"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := linked(t)
			path := filepath.Join(dir, networkFile)
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if c.content != nil {
				if err := os.WriteFile(path, c.content, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			_, err := ppocr.Find(dir)
			if !errors.Is(err, ppocr.ErrNoPack) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Find = %v, want %q", err, c.want)
			}
		})
	}
}

func TestFind_GoodPack(t *testing.T) {
	dir := linked(t)
	p, err := ppocr.Find(dir)
	if err != nil || p.Dir != dir || !p.Own || filepath.Dir(p.Runtime) != dir {
		t.Errorf("Find(%q) = %+v, %v", dir, p, err)
	}
}

func TestFind_NoFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	if _, err := ppocr.Find(dir); !errors.Is(err, ppocr.ErrNoPack) || !strings.Contains(err.Error(), dir) {
		t.Errorf("Find = %v, want one that names %s", err, dir)
	}
}

// A pack carried in one file is installed whole, over an older one too; a file
// that was cut off alters nothing.
func TestInstall(t *testing.T) {
	var file, again bytes.Buffer
	if err := pack(t).Save(&file); err != nil {
		t.Fatal(err)
	}
	if !testing.Short() {
		if err := pack(t).Save(&again); err != nil || !bytes.Equal(file.Bytes(), again.Bytes()) {
			t.Errorf("the same pack gives other bytes, %v", err)
		}
	}
	parent := t.TempDir()
	dir := filepath.Join(parent, "share", "reader")
	for _, part := range []int{0, 1, 50_000, file.Len() / 2, file.Len() - 100} {
		err := ppocr.Install(bytes.NewReader(file.Bytes()[:part]), dir)
		if !errors.Is(err, ppocr.ErrPackFile) {
			t.Errorf("%d of %d bytes: %v", part, file.Len(), err)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Fatalf("%d of %d bytes left a folder", part, file.Len())
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "old"), []byte("of an older pack"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := ppocr.Install(&file, dir); err != nil {
		t.Fatal(err)
	}
	if _, err := ppocr.Find(dir); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(left) != 1 {
		t.Errorf("beside the pack lies something: %v, %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "old")); err == nil {
		t.Error("the older pack's file is still there")
	}
}

func TestInstall_ForeignFile(t *testing.T) {
	licence, err := os.ReadFile(filepath.Join(pack(t).Dir, "LICENSE.models"))
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Clone(licence)
	changed[100] ^= 1
	other := map[string]int64{"amd64": 25135496, "arm64": 45828512}[runtime.GOARCH]
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"NoArchive":    {[]byte("a letter to the operator"), "no file that kiosk reader pack wrote"},
		"Changed":      {archive(t, "LICENSE.models", changed, int64(len(changed))), "its hash differs"},
		"OtherMachine": {archive(t, "libonnxruntime.so.1", nil, other), "make one on a machine like this"},
		"Escape":       {archive(t, "../../etc/passwd", licence, int64(len(licence))), "no part of a reader pack"},
		"TwoOfAKind":   {archive(t, "LICENSE.models", licence, int64(len(licence)), "LICENSE.models"), "no part of a reader pack"},
		"NotAll":       {archive(t, "LICENSE.models", licence, int64(len(licence))), "it lacks ch_PP-OCRv4_det_infer.onnx"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "reader")
			err := ppocr.Install(bytes.NewReader(c.file), dir)
			if !errors.Is(err, ppocr.ErrPackFile) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Install = %v, want %q", err, c.want)
			}
			if left, _ := os.ReadDir(filepath.Dir(dir)); len(left) != 0 {
				t.Errorf("it left %v", left)
			}
		})
	}
}

// archive holds one file whose header gives a size, and the same again under
// more names.
func archive(t testing.TB, name string, content []byte, size int64, more ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	w := tar.NewWriter(zip)
	for _, n := range append([]string{name}, more...) {
		if err := w.WriteHeader(&tar.Header{Name: n, Size: size, Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if int64(len(content)) == size {
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
