package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hallpass/badge"
	"hallpass/badge/spool"
	"hallpass/badge/spool/labelsim"
	"hallpass/badge/spool/ql"
	"hallpass/badge/spool/spooltest"
	"hallpass/badge/spool/zpl"
)

const paperToken = "7KQ4M2XPTC:BB8J0ZK9V0Q$2E.X*WE7/6-TR4%5SH1UO3+A"

// A badge goes the whole way to the paper: drawn from its template, sent in the
// printer's language, read and burnt by the printer; two readers then find the
// token on what came out, and on a ZPL printer every dot is the one that was
// drawn.
func TestLabels_CodeReadsFromThePaper(t *testing.T) {
	all, err := newRenderers()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		template string
		config   labelsim.Config
	}{
		"ZPL-203": {"label-90x100", labelsim.Config{DPI: 203, Width: 90}},
		"ZPL-300": {"label-62x100", labelsim.Config{}},
		"QL":      {"label-62x100", labelsim.Config{QL: true}},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := all.find(c.template)
			if err != nil {
				t.Fatal(err)
			}
			page := badge.Page{Token: paperToken, ShortCode: "7KQ4M2XPTC", Show: badge.Show{Name: "Light & Stage"},
				Person: badge.Person{Name: "李文博", NameLatin: "Li Wenbo", Company: "海川智能装备有限公司", CategoryLabel: "Trade visitor", CategoryColour: "#0B57D0"}}
			var drawn []*image.Paletted
			job := spool.Job{Name: "b-1", Label: func(dpi int) (sides []*image.Paletted, err error) {
				drawn, _, err = r.Bitmaps(page, dpi)
				return drawn, err
			}}
			v, err := labelsim.Start(c.config)
			if err != nil {
				t.Fatal(err)
			}
			defer v.Close()
			p, err := spool.Open(v.URI())
			if err != nil {
				t.Fatal(err)
			}
			spooltest.Submit(t, p, job)
			spooltest.Until(t, p, "b-1", spool.Completed)
			out := v.Labels()[0].Picture
			if !c.config.QL && !bytes.Equal(out.Pix, drawn[0].Pix) {
				t.Error("other dots came out than were drawn")
			}
			readCode(t, out, paperToken)
		})
	}
}

// What a drawn badge of 62 × 100 mm at 300 dpi costs on its way to a label
// printer, in each language, and how it compares with plain hexadecimal digits.
func BenchmarkLabelData(b *testing.B) {
	all, err := newRenderers()
	if err != nil {
		b.Fatal(err)
	}
	r, err := all.find("label-62x100")
	if err != nil {
		b.Fatal(err)
	}
	sides, _, err := r.Bitmaps(badge.Page{Token: paperToken, ShortCode: "7KQ4M2XPTC", Show: badge.Show{Name: "Light & Stage"},
		Person: badge.Person{Name: "李文博", NameLatin: "Li Wenbo", Company: "海川智能装备有限公司", CategoryLabel: "Trade visitor", CategoryColour: "#0B57D0"}}, 300)
	if err != nil {
		b.Fatal(err)
	}
	dots, _ := zpl.Dots(sides[0])
	for name, encode := range map[string]func() []byte{
		"zpl-z64": func() []byte { return zpl.Label(sides[0], "b-1", zpl.Z64) },
		"zpl-hex": func() []byte { return zpl.Label(sides[0], "b-1", zpl.Hex) },
		"ql":      func() []byte { data, _ := ql.Raster(sides, ql.Media{Width: 62, Length: 100}); return data },
	} {
		b.Run(name, func(b *testing.B) {
			var size int
			for b.Loop() {
				size = len(encode())
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/label")
			b.ReportMetric(float64(size)/1000, "kB/label")
			b.ReportMetric(2*float64(len(dots))/float64(size), "times-less-than-hex")
		})
	}
}

// readCode reads the code of a printed label, on paper somewhat larger than it,
// with two readers.
func readCode(t *testing.T, label *image.Paletted, token string) {
	t.Helper()
	sheet := image.NewGray(label.Rect.Inset(-60))
	draw.Draw(sheet, sheet.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(sheet, label.Rect, label, label.Rect.Min, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, sheet); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "label.png")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, reader := range [][]string{{"zbarimg", "-q", "--raw", file}, {"ZXingReader", "-format", "QRCode", "-1", file}} {
		got, err := exec.Command(reader[0], reader[1:]...).Output()
		if err != nil || !strings.Contains(string(got), token) {
			t.Errorf("%s reads %s, %v; want the token", reader[0], fmt.Sprintf("%.80q", got), err)
		}
	}
}
