package ppocr

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// The names of the files that are opened; the list has their hashes.
const (
	runtimeFile   = "libonnxruntime.so.1"
	detectFile    = "ch_PP-OCRv4_det_infer.onnx"
	recognizeFile = "ch_PP-OCRv4_rec_infer.onnx"
)

//go:embed pack/list.txt pack/LICENSE.onnxruntime
var packFiles embed.FS

// file is one row of the list.
type file struct {
	sum      string // SHA-256, in hexadecimal
	size     int64
	platform string // "any", or as runtime.GOOS/GOARCH
	name     string
}

// wanted is what a pack of a platform holds.
func wanted(platform string) []file {
	return slices.DeleteFunc(list(), func(f file) bool { return f.platform != "any" && f.platform != platform })
}

// list panics if the list is malformed, which a test would have found.
func list() (out []file) {
	text, err := packFiles.ReadFile("pack/list.txt")
	if err != nil {
		panic(err)
	}
	for line := range strings.Lines(string(text)) {
		col := strings.Fields(line)
		if strings.HasPrefix(line, "#") || len(col) == 0 {
			continue
		}
		size, err := strconv.ParseInt(col[1], 10, 64)
		if err != nil || len(col) != 7 || len(col[0]) != 64 {
			panic("malformed row in pack/list.txt: " + line)
		}
		out = append(out, file{col[0], size, col[2], col[3]})
	}
	return out
}

// here is this machine's platform.
func here() string { return runtime.GOOS + "/" + runtime.GOARCH }

// Pack is a reader pack whose files were compared with the list built into the
// program.
type Pack struct {
	// Dir holds the networks.
	Dir string
	// Runtime is the path of the library: the pack's own, or the
	// distribution's where the pack has none.
	Runtime string
	// Own says that the library is the pack's own and was verified too.
	Own bool
}

// ErrNoPack means that no folder holds a reader pack, or only a faulty one.
var ErrNoPack = errors.New("no reader pack")

// Find looks for a pack in dir alone if it is given, and otherwise beside the
// program and in the system's places, and verifies it; that reads some 60 MB.
// Its error wraps ErrNoPack and says what is wrong where.
func Find(dir string) (*Pack, error) {
	dirs := []string{dir}
	if dir == "" {
		dirs = places()
	}
	var faults []error
	for _, d := range dirs {
		p, err := look(d)
		if err == nil {
			return p, nil
		}
		if !errors.Is(err, fs.ErrNotExist) || dir != "" {
			faults = append(faults, err)
		}
	}
	if faults == nil {
		return nil, fmt.Errorf("%w in %s", ErrNoPack, strings.Join(dirs, ", "))
	}
	return nil, fmt.Errorf("%w: %w", ErrNoPack, errors.Join(faults...))
}

// Home is where a pack is installed for all programs of a machine.
const Home = "/usr/local/share/hallpass/reader"

func places() []string {
	all := []string{Home, "/usr/share/hallpass/reader", "/opt/hallpass/reader"}
	if exe, err := os.Executable(); err == nil {
		all = append([]string{filepath.Join(filepath.Dir(exe), "reader")}, all...)
	}
	return all
}

// look verifies one folder.
func look(dir string) (*Pack, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, err
	}
	p := &Pack{Dir: dir, Runtime: filepath.Join(dir, runtimeFile), Own: true}
	for _, f := range wanted(here()) {
		err := f.verify(dir)
		if f.name == runtimeFile && errors.Is(err, fs.ErrNotExist) {
			if p.Runtime, p.Own = distribution(), false; p.Runtime != "" {
				continue
			}
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s lacks %s", dir, f.name)
		}
		if err != nil {
			return nil, err
		}
	}
	if p.Own && !slices.ContainsFunc(wanted(here()), func(f file) bool { return f.name == runtimeFile }) {
		return nil, fmt.Errorf("there is no runtime library for %s in the reader pack, and none of the distribution", here())
	}
	return p, nil
}

// distribution is the library that the distribution's package installs, or "".
func distribution() string {
	for _, pattern := range []string{
		"/usr/lib/*-linux-gnu/" + runtimeFile, "/usr/lib64/" + runtimeFile, "/usr/lib/" + runtimeFile,
		"/usr/lib/*-linux-gnu/libonnxruntime.so.1.*",
	} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return found[len(found)-1]
		}
	}
	return ""
}

// verify compares a file with its row.
func (f file) verify(dir string) (err error) {
	path := filepath.Join(dir, f.name)
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(in, f.size+1))
	switch {
	case err != nil:
		return fmt.Errorf("read %s: %w", path, err)
	case n < f.size:
		return fmt.Errorf("%s is cut off: it has %d of %d bytes", path, n, f.size)
	case n > f.size || hex.EncodeToString(h.Sum(nil)) != f.sum:
		return fmt.Errorf("%s is not the file this program was made for: its hash differs", path)
	}
	return nil
}
