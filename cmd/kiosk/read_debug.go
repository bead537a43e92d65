package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hallpass/cmd/internal/readout"
	"hallpass/ocr/flat"
	"hallpass/ocr/heif"
	"hallpass/ocr/photo"
	"hallpass/ocr/plane"
	"hallpass/ocr/proof"
)

// debugList names, in the folder, every file that -debug wrote there, a line
// each: only these are ever overwritten.
const debugList = "written-by-kiosk-read.txt"

var errForeign = errors.New("is not from kiosk read and is left alone; name another folder")

// debugFolder is where -debug puts its pictures. Everything in it is personal
// data, so that nobody but the owner may read it.
type debugFolder struct {
	dir   string
	own   []string          // files that were written there, now or before
	names map[string]string // base name by picture
}

// openDebug makes the folder and picks a name for each picture: its base name,
// with a number when two have the same.
func openDebug(dir string, pictures []string) (*debugFolder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	d := &debugFolder{dir: dir, names: map[string]string{}}
	list, err := os.ReadFile(filepath.Join(dir, debugList))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for lines := bufio.NewScanner(bytes.NewReader(list)); lines.Scan(); {
		d.own = append(d.own, lines.Text())
	}
	taken := map[string]bool{}
	for _, picture := range pictures {
		base := strings.TrimSuffix(filepath.Base(picture), filepath.Ext(picture))
		name := base
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s-%d", base, n)
		}
		taken[name] = true
		d.names[picture] = name
	}
	return d, nil
}

// write leaves what was seen and decided of one picture.
func (d *debugFolder) write(one reading) error {
	name := d.names[one.File]
	draw := d.drawings
	if one.Error != "" {
		draw = d.photo
	}
	if err := draw(name, one); err != nil {
		return err
	}
	decisions, err := json.MarshalIndent(decided(one), "", " ")
	if err != nil {
		return err
	}
	return d.file(name+".decisions.json", append(decisions, '\n'))
}

func (d *debugFolder) drawings(name string, one reading) error {
	photo, err := photo.Upright(one.data, new(heif.Decoder))
	if err != nil {
		return err
	}
	factor := float64(photo.Rect.Dx()) / float64(max(1, one.card.Width))
	pictures := map[string]image.Image{
		".outline.png": proof.Outline(photo, one.card.Quad, factor),
		".view.png":    proof.View(one.card),
	}
	for field := range one.card.Fields {
		if crop := one.card.Crop(field); crop != nil {
			pictures[".field-"+field+".png"] = crop
		}
	}
	for ending, img := range pictures {
		if err := d.picture(name+ending, img); err != nil {
			return err
		}
	}
	return nil
}

// photo leaves what a card that could not be read looks like, with the outline
// that the camera's preview would have shown. A file that is no picture leaves
// nothing.
func (d *debugFolder) photo(name string, one reading) error {
	photo, err := photo.Upright(one.data, new(heif.Decoder))
	if err != nil {
		return nil
	}
	var frame bytes.Buffer // upright, so that the outline is too
	if err := png.Encode(&frame, photo); err != nil {
		return err
	}
	report, err := flat.Preview(frame.Bytes())
	if err != nil {
		return err
	}
	var quad *plane.Quad
	if report.Found {
		quad = &report.Quad
	}
	return d.picture(name+".outline.png", proof.Outline(photo, quad, 1))
}

func (d *debugFolder) picture(name string, img image.Image) error {
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return err
	}
	return d.file(name, out.Bytes())
}

// file writes one file, unless one of another origin has its name. The list is
// written first, so that a file of ours is never taken for another's.
func (d *debugFolder) file(name string, data []byte) error {
	path := filepath.Join(d.dir, name)
	if !slices.Contains(d.own, name) {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(err, fmt.Errorf("%s %w", path, errForeign))
		}
		d.own = append(d.own, name)
		list := strings.Join(d.own, "\n") + "\n"
		if err := os.WriteFile(filepath.Join(d.dir, debugList), []byte(list), 0o600); err != nil {
			return err
		}
	}
	return os.WriteFile(path, data, 0o600)
}

// decisions are what is known about why a card was read as it was.
type decisions struct {
	readout.Result
	// From holds the lines of each field, counted from 1.
	From map[string][]int `json:"from"`
	// Unused are the lines without a field.
	Unused []unusedReason `json:"unused"`
}

type unusedReason struct {
	Line int    `json:"line"`
	Text string `json:"text"`
	Why  string `json:"why"`
}

func decided(one reading) decisions {
	d := decisions{Result: one.Result, From: map[string][]int{}, Unused: []unusedReason{}}
	o := originsOf(one.card)
	for name, lines := range o.fields {
		for _, i := range lines {
			d.From[name] = append(d.From[name], i+1)
		}
	}
	for _, u := range o.unused {
		d.Unused = append(d.Unused, unusedReason{u.index + 1, one.card.Lines[u.index].Text, u.why})
	}
	return d
}
