// Command fontcut makes the small fonts of assets/fonts from large ones: the characters
// that names are written with, the tables that shape and place them, no hints
// and no names, compressed. Its list, list.json, says which files it reads and
// what of them it keeps.
//
// It refuses a source whose hash is not the listed one, so that the same list
// gives the same fonts; it is run by hand, when a font is added or a newer one
// taken. It stops at the first font that cannot be cut.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const usage = `usage: fontcut -list FILE -from DIR[,DIR…] -o DIR

Cuts the fonts of a list and prints a row for each. Sources are looked for by
name anywhere under the folders of -from. -hash accepts any source and prints
its hash for the list.

  apt-get install fonts-noto-core fonts-nanum fonts-hanazono unicode-data
  go run ./cmd/internal/fontcut -list cmd/internal/fontcut/list.json -from /usr/share/fonts,emoji -o assets/fonts
`

// job is one font of the list.
type job struct {
	File       string   `json:"file"`       // the font to write, without .ttf.gz
	From       string   `json:"from"`       // the name of its source
	Package    string   `json:"package"`    // where that comes from, for people
	SHA256     string   `json:"sha256"`     // of the source
	Characters []string `json:"characters"` // see set
	Without    []string `json:"without"`    // fonts in the folder of -o, whose characters are left out
	Layout     bool     `json:"layout"`     // keep the tables that shape and place
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "fontcut:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("fontcut", flag.ContinueOnError)
	flags.Usage = func() { fmt.Fprint(flags.Output(), usage) }
	list := flags.String("list", "", "list of fonts, JSON")
	from := flags.String("from", "", "folders with the sources")
	to := flags.String("o", "", "folder to write to")
	anyHash := flags.Bool("hash", false, "accept any source and print its hash")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *list == "" || *from == "" || *to == "" {
		return errors.New("-list, -from and -o are needed; see -h")
	}
	data, err := os.ReadFile(*list)
	if err != nil {
		return err
	}
	var jobs []job
	if err := json.Unmarshal(data, &jobs); err != nil {
		return fmt.Errorf("%s: %w", *list, err)
	}
	sources, err := find(strings.Split(*from, ","))
	if err != nil {
		return err
	}
	for _, j := range jobs {
		row, err := j.run(sources, *to, *anyHash)
		if err != nil {
			return fmt.Errorf("%s: %w", j.File, err)
		}
		fmt.Fprintln(out, row)
	}
	return nil
}

// find lists the TrueType files under folders by name; the first of a name counts.
func find(folders []string) (map[string]string, error) {
	paths := map[string]string{}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err == nil && paths[d.Name()] == "" && strings.EqualFold(filepath.Ext(path), ".ttf") {
				paths[d.Name()] = path
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return paths, nil
}

// run writes the font and returns its row for assets/fonts/README.md.
func (j job) run(sources map[string]string, to string, anyHash bool) (row string, err error) {
	data, hash, err := j.source(sources)
	if err != nil {
		return "", err
	}
	if hash != j.SHA256 && !anyHash {
		return "", fmt.Errorf("%s has the hash %s, the list wants %s", j.From, hash, j.SHA256)
	}
	keep, err := set(j.Characters)
	if err != nil {
		return "", err
	}
	if err := j.leaveOut(keep, to); err != nil {
		return "", err
	}
	font, count, err := cut(data, keep, j.Layout)
	if err != nil {
		return "", fmt.Errorf("%s: %w", j.From, err)
	}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(font); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(to, j.File+".ttf.gz"), packed.Bytes(), 0o644); err != nil {
		return "", err
	}
	row = fmt.Sprintf("| `%s` | %d | %d | %d | `%s` of %s |", j.File, count, packed.Len(), len(font), j.From, j.Package)
	if anyHash {
		row += " " + hash
	}
	return row, nil
}

func (j job) source(sources map[string]string) (data []byte, hash string, err error) {
	path, ok := sources[j.From]
	if !ok {
		return nil, "", fmt.Errorf("no %s under the folders of -from; it comes with %s", j.From, j.Package)
	}
	data, err = os.ReadFile(path)
	sum := sha256.Sum256(data)
	return data, hex.EncodeToString(sum[:]), err
}

// leaveOut takes the characters of other fonts from keep.
func (j job) leaveOut(keep map[rune]bool, folder string) error {
	for _, name := range j.Without {
		data, err := readFont(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		other, err := parse(data)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		for r := range characters(other["cmap"]) {
			delete(keep, r)
		}
	}
	return nil
}

// readFont reads a font as it is or, named .gz, compressed.
func readFont(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil || filepath.Ext(path) != ".gz" {
		return data, err
	}
	packed, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return io.ReadAll(packed)
}
