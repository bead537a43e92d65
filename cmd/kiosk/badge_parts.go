package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"hallpass/assets"
	"hallpass/badge"
	"hallpass/kiosk/store"
	"hallpass/sync/record"
	"hallpass/sync/record/showfile"
)

// renderers finds badge templates by name and makes a renderer for each once.
// The fonts are parsed once for all.
type renderers struct {
	fonts *badge.Fonts

	mu   sync.Mutex
	made map[string]*badge.Renderer // by name; guarded by mu
}

func newRenderers() (*renderers, error) {
	fonts, err := badge.OpenFonts(assets.Files(), "fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf", badge.SystemFallbacks()...)
	if err != nil {
		return nil, err
	}
	return &renderers{fonts: fonts, made: map[string]*badge.Renderer{}}, nil
}

// find takes the name of a built-in template or the path of a template file.
func (r *renderers) find(template string) (*badge.Renderer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if made := r.made[template]; made != nil {
		return made, nil
	}
	parsed, err := openTemplate(template)
	if err != nil {
		return nil, err
	}
	made, err := badge.New(parsed, r.fonts)
	if err == nil {
		r.made[template] = made
	}
	return made, err
}

// openTemplate reads a built-in template, or a file with the pictures that lie
// beside it and nowhere else.
func openTemplate(template string) (badge.Template, error) {
	builtIn := "badge/" + template + ".json"
	if slices.Contains(builtInTemplates(), template) {
		return badge.OpenTemplate(assets.Files(), builtIn)
	}
	folder, err := os.OpenRoot(filepath.Dir(template))
	if err == nil {
		defer folder.Close()
		_, err = folder.Stat(filepath.Base(template))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return badge.Template{}, fmt.Errorf("badge template %q is neither built in (%s) nor a file", template, strings.Join(builtInTemplates(), ", "))
	}
	if err != nil {
		return badge.Template{}, fmt.Errorf("badge template: %w", err)
	}
	return badge.OpenTemplate(folder.FS(), filepath.Base(template))
}

func builtInTemplates() (names []string) {
	entries, _ := fs.Glob(assets.Files(), "badge/*.json") // the pattern is well formed
	for _, entry := range entries {
		names = append(names, strings.TrimSuffix(path.Base(entry), ".json"))
	}
	return names
}

// badgeShow reads a show file, or the sample show if none is named.
func badgeShow(file string) (record.Show, error) {
	var data []byte
	var err error
	if file == "" {
		data, err = fs.ReadFile(assets.Files(), "show/show.json")
	} else {
		data, err = readLimited(file, 8<<20)
	}
	if err != nil {
		return record.Show{}, fmt.Errorf("read the show: %w", err)
	}
	return showfile.Parse(data)
}

// badgeKey is the key of a PEM file, else of a data folder, else a new one that
// is forgotten afterwards.
func badgeKey(file, folder string) (key ed25519.PrivateKey, throwaway bool, err error) {
	switch {
	case file != "" && folder != "":
		return nil, false, errors.New("-key and -data both name a key; give one")
	case file != "":
		key, err = readKey(file)
		return key, false, err
	case folder != "":
		key, err = store.LoadKey(folder)
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%w; start the kiosk with -data %s once, or give -key", err, folder)
		}
		return key, false, err
	}
	_, key, err = ed25519.GenerateKey(rand.Reader)
	return key, true, err
}

func readKey(file string) (ed25519.PrivateKey, error) {
	data, err := readLimited(file, 1<<20)
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("%s is no PEM file; make one with openssl genpkey -algorithm ed25519 -out %s", file, file)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(ed25519.PrivateKey)
	if err != nil || !ok {
		return nil, fmt.Errorf("%s holds no Ed25519 private key; make one with openssl genpkey -algorithm ed25519 -out %s", file, file)
	}
	return key, nil
}

// readLimited reads a small file and refuses to fill the memory with another.
func readLimited(file string, limit int64) (data []byte, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err = io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%s is larger than %d MB", file, limit>>20)
	}
	return data, err
}

// isTerminal reports whether w is a screen rather than a file or a pipe.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
