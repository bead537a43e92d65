package spool_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hallpass/badge/spool"
	"hallpass/badge/spool/labelsim"
	"hallpass/badge/spool/spooltest"
)

// speckled is a label of 62 × 100 mm on which no row and no column is like
// another.
func speckled(seed uint32) *image.Paletted {
	p := white(732, 1181)
	for i := range p.Pix {
		seed = seed*1664525 + 1013904223
		if seed>>30 == 0 && i/7%3 == 0 {
			p.Pix[i] = 1
		}
	}
	return p
}

// What comes out is what was sent, dot by dot: on a ZPL printer all of it, on a
// QL what its head and feed reach.
func TestLabels_TheDotsThatWereSent(t *testing.T) {
	t.Parallel()
	label := speckled(1)
	reach := label.SubImage(image.Rect(18, 36, 714, 1145)).(*image.Paletted)
	for name, c := range map[string]struct {
		config labelsim.Config
		more   string
		want   *image.Paletted
	}{
		"zpl-z64":    {labelsim.Config{}, "", label},
		"zpl-hex":    {labelsim.Config{}, "&graphics=hex", label},
		"ql-die-cut": {labelsim.Config{QL: true}, "", reach},
		"ql-endless": {labelsim.Config{QL: true, Endless: true}, "", reach},
	} {
		t.Run(name, func(t *testing.T) {
			c.config.Dir = t.TempDir()
			v := startLabels(t, c.config)
			p := openLabels(t, v, "", c.more)
			spooltest.Submit(t, p, pictures("b-1", label))
			spooltest.Until(t, p, "b-1", spool.Completed)
			got := v.Labels()[0].Picture
			if got.Rect.Dx() != c.want.Rect.Dx() || got.Rect.Dy() != c.want.Rect.Dy() {
				t.Fatalf("%v came out, want %v", got.Rect, c.want.Rect)
			}
			for y := range got.Rect.Dy() {
				row := c.want.Pix[y*c.want.Stride : y*c.want.Stride+c.want.Rect.Dx()]
				if !bytes.Equal(got.Pix[y*got.Stride:y*got.Stride+got.Rect.Dx()], row) {
					t.Fatalf("row %d is another", y)
				}
			}
			kept(t, c.config.Dir, got)
		})
	}
}

// kept checks that the label lies in the printer's folder as a picture.
func kept(t *testing.T, dir string, want *image.Paletted) {
	t.Helper()
	var files []string
	spooltest.Poll(t, "the picture", func() bool {
		files, _ = filepath.Glob(filepath.Join(dir, "*.png"))
		if len(files) != 1 {
			return false
		}
		b, err := os.ReadFile(files[0])
		if err != nil {
			return false
		}
		p, err := png.Decode(bytes.NewReader(b))
		return err == nil && p.Bounds() == want.Bounds()
	})
}

// A badge of two sides is two labels, and out when both are.
func TestLabels_P6_TwoSides(t *testing.T) {
	t.Parallel()
	bothKinds(t, 0, func(t *testing.T, v *labelsim.Printer) {
		p := openLabels(t, v, t.TempDir(), "")
		spooltest.Submit(t, p, pictures("b-1", speckled(1), speckled(2)))
		spooltest.Until(t, p, "b-1", spool.Completed)
		out := v.Labels()
		if len(out) != 2 || bytes.Equal(out[0].Picture.Pix, out[1].Picture.Pix) {
			t.Fatalf("%d labels, want two different ones", len(out))
		}
	})
}

// The roll that lies in the printer is not the badge's: nothing is sent, the
// printer says so, and prints when the right one is in.
func TestLabels_P6_WrongRoll(t *testing.T) {
	t.Parallel()
	bothKinds(t, 0, func(t *testing.T, v *labelsim.Printer) {
		v.Load(62, 29)
		p := openLabels(t, v, "", "&media=62x100")
		if err := p.Submit(t.Context(), spooltest.Job("b-1")); !errors.Is(err, spool.ErrBusy) || !strings.Contains(err.Error(), "media-needed") {
			t.Fatalf("Submit = %v, want ErrBusy, media-needed", err)
		}
		s, err := p.Status(t.Context())
		if err != nil || s.Accepting || !slices.Contains(s.Reasons, "media-needed") {
			t.Fatalf("Status = %+v, %v; want media-needed", s, err)
		}
		v.Load(62, 100)
		spooltest.UntilStatus(t, p, "idle", func(s spool.Status) bool { return s.State == "idle" })
		spooltest.Submit(t, p, spooltest.Job("b-1"))
		spooltest.Until(t, p, "b-1", spool.Completed)
		if n := len(v.Labels()); n != 1 {
			t.Fatalf("%d labels, want 1", n)
		}
	})
}

// Nobody told a QL's address which roll it has; a badge tells.
func TestQL_WrongRollFoundByTheBadge(t *testing.T) {
	t.Parallel()
	v := startLabels(t, labelsim.Config{QL: true, Width: 29, Length: 90})
	p := openLabels(t, v, "", "")
	if s, err := p.Status(t.Context()); err != nil || s.State != "idle" || s.Supplies.Media != "29x90" {
		t.Fatalf("Status = %+v, %v; want idle, 29x90", s, err)
	}
	if err := p.Submit(t.Context(), spooltest.Job("b-1")); !errors.Is(err, spool.ErrBusy) {
		t.Fatalf("Submit = %v, want ErrBusy", err)
	}
	spooltest.UntilStatus(t, p, "media-needed", func(s spool.Status) bool { return slices.Contains(s.Reasons, "media-needed") })
	v.Load(62, 0)
	spooltest.UntilStatus(t, p, "an endless roll", func(s spool.Status) bool { return s.Supplies.Media == "62" && len(s.Reasons) > 0 })
	spooltest.Submit(t, p, spooltest.Job("b-1")) // cut to length
	spooltest.Until(t, p, "b-1", spool.Completed)
	spooltest.UntilStatus(t, p, "nothing wrong", func(s spool.Status) bool { return len(s.Reasons) == 0 })
}

// Labels are counted down from the roll that staff registered, also those that
// another kiosk prints, warned of when few are left, and begin anew with the
// next roll.
func TestLabels_CountDownTheRoll(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config labelsim.Config
		slack  int
	}{
		"zpl":          {labelsim.Config{Roll: 14}, 0},
		"zpl by inch":  {labelsim.Config{Roll: 14, Answers: labelsim.Length}, 1},
		"ql":           {labelsim.Config{QL: true, Roll: 14}, 0},
		"ql, no count": {labelsim.Config{QL: true, Roll: 14, Answers: labelsim.OnTheLine}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := startLabels(t, c.config)
			dir := t.TempDir()
			p := openLabels(t, v, dir, "&wait=2s")
			left := func(p spool.Printer, want int) {
				t.Helper()
				spooltest.UntilStatus(t, p, "the labels left", func(s spool.Status) bool {
					d := s.Supplies.LabelsLeft - want
					return s.Supplies.LabelsLeft >= 0 && d >= -c.slack && d <= c.slack
				})
			}
			if s, err := p.Status(t.Context()); err != nil || s.Supplies.LabelsLeft != -1 {
				t.Fatalf("Status = %+v, %v; want that nobody knows", s, err)
			}
			if err := p.(spool.Roller).NewRoll(t.Context(), 14); err != nil {
				t.Fatal(err)
			}
			print := func(names ...string) {
				for _, n := range names {
					spooltest.Submit(t, p, spooltest.Job(n))
					spooltest.Until(t, p, n, spool.Completed)
				}
			}
			left(p, 14)
			print("b-1", "b-2", "b-3")
			left(p, 11)
			print("b-4")
			spooltest.UntilStatus(t, p, "media-low", func(s spool.Status) bool {
				return slices.Contains(s.Reasons, "media-low") && s.Accepting && s.State == "idle"
			})
			p = openLabels(t, v, dir, "&wait=2s") // a kiosk that was restarted
			left(p, 10)
			print("b-5", "b-6", "b-7", "b-8", "b-9", "b-10", "b-11", "b-12", "b-13", "b-14")
			spooltest.UntilStatus(t, p, "the end", func(s spool.Status) bool { return s.Supplies.LabelsLeft == 0 && s.State == "stopped" })
			v.Raise() // the next roll
			left(p, 14)
			for _, n := range []int{0, -1, 1 << 20} {
				if err := p.(spool.Roller).NewRoll(t.Context(), n); !errors.Is(err, spool.ErrRefused) {
					t.Errorf("NewRoll(%d) = %v, want ErrRefused", n, err)
				}
			}
		})
	}
}

func TestOpen_BadLabelAddress(t *testing.T) {
	for _, uri := range []string{"zpl://", "zpl:///", "zpl://h/path", "zpl://u:secret@h", "zpl://h?dpi=72", "zpl://h?graphics=png",
		"zpl://h?head=wide", "zpl://h?wait=soon", "zpl://h?wait=2h", "zpl://h?media=big", "zpl://h?media=62x", "zpl://h?colour=red",
		"zpl://h?roll=0", "ql://", "ql://h?snmp=yes", "ql://h?snmp=0", "ql://h?media=100x150", "ql://h?dpi=300"} {
		_, err := spool.Open(uri)
		if err == nil {
			t.Errorf("Open(%q) succeeded", uri)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("Open(%q) = %v tells the password", uri, err)
		}
	}
}

// A damaged or newer file of sent jobs is not taken for an empty one.
func TestLabels_P12_KeptJobs(t *testing.T) {
	v := startLabels(t, labelsim.Config{})
	for what, text := range map[string]string{"half": `{"version":1,"jobs":[{"na`, "newer": `{"version":2,"jobs":[]}`, "null": `{"version":1,"jobs":[null]}`} {
		dir := t.TempDir()
		p := openLabels(t, v, dir, "")
		spooltest.Submit(t, p, spooltest.Job("b-"+what))
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%v, %v; want one file", files, err)
		}
		if err := os.WriteFile(files[0], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := spool.Open(v.URI(), spool.KeepIn(dir)); err == nil || !strings.Contains(err.Error(), files[0]) {
			t.Errorf("%s: Open = %v, want an error that names the file", what, err)
		}
	}
}
