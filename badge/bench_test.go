//go:build unix

package badge_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jung-kurt/gofpdf"
	qrcode "github.com/skip2/go-qrcode"
	"golang.org/x/sys/unix"
	"golang.org/x/text/encoding/simplifiedchinese"

	"hallpass/assets"
	"hallpass/badge"
)

// BenchmarkPDF measures one A6 badge in two weights, the floor below it (the
// same QR alone, drawn by gofpdf) and the plain way (the whole fonts handed to
// gofpdf for each document), and reports the ratios of their medians. The three
// take turns.
func BenchmarkPDF(b *testing.B) {
	r := renderer(b, "a6")
	page := pageOf(people["chinese"])
	ours := func(t testing.TB) []byte { data, _ := mustPDF(t, r, page); return data }
	var size int
	for b.Loop() {
		size = len(ours(b))
	}
	medians := takeTurns(b, ours, floorPDF, plainPDF)
	b.ReportMetric(float64(size), "bytes/badge")
	b.ReportMetric(float64(medians[0])/float64(medians[1]), "×QR-only")
	b.ReportMetric(float64(medians[2])/float64(medians[0]), "×faster-than-AddUTF8Font")
}

// BenchmarkPDF_Batch measures a document of 100 badges, per badge.
func BenchmarkPDF_Batch(b *testing.B) {
	r := renderer(b, "a6")
	pages := manyPages(100)
	for b.Loop() {
		mustPDF(b, r, pages...)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(pages)), "µs/badge")
}

func floorPDF(t testing.TB) []byte {
	doc := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "mm", Size: gofpdf.SizeType{Wd: 105, Ht: 148}})
	doc.AddPage()
	code, err := qrcode.New(exampleToken, qrcode.Low)
	if err != nil {
		t.Fatal(err)
	}
	code.DisableBorder = true
	for y, row := range code.Bitmap() {
		for x, dark := range row {
			if dark {
				doc.Rect(20+0.8*float64(x), 20+0.8*float64(y), 0.8, 0.8, "F")
			}
		}
	}
	return output(t, doc)
}

func plainPDF(t testing.TB) []byte {
	doc := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "mm", Size: gofpdf.SizeType{Wd: 105, Ht: 148}})
	for family, file := range map[string]string{"regular": regularTTF, "bold": boldTTF} {
		data, err := fs.ReadFile(assets.Files(), file)
		if err != nil {
			t.Fatal(err)
		}
		doc.AddUTF8FontFromBytes(family, "", bytes.Clone(data))
	}
	doc.AddPage()
	person := people["chinese"]
	for i, text := range []string{person.Name, person.Company, person.CategoryLabel, exampleShow.Name} {
		doc.SetFont("bold", "", 20)
		doc.Text(10, 20+10*float64(i), text)
	}
	for i, text := range []string{person.NameLatin, person.Title, exampleShow.Detail, exampleShort} {
		doc.SetFont("regular", "", 12)
		doc.Text(10, 70+10*float64(i), text)
	}
	return output(t, doc)
}

func output(t testing.TB, doc *gofpdf.Fpdf) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := doc.Output(io.Writer(&out)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// BenchmarkBitmaps measures labels of visitors with long names and companies,
// each another, and with the show's logo, at the usual resolutions, beside the
// PDF with nothing but its QR. The QR and the layout, which the PDF needs as
// well, are in it.
func BenchmarkBitmaps(b *testing.B) {
	for _, dpi := range []int{203, 300} {
		b.Run(fmt.Sprintf("%ddpi", dpi), func(b *testing.B) {
			r := renderer(b, "label-90x100")
			picture, next := logo(b, 300, 120), 0
			ours := func(t testing.TB) []byte {
				page := pageOf(someoneElse(t, people["long-chinese"], next))
				page.Token, page.Show.Logo = fmt.Sprintf("%s%04d", page.Token[:len(page.Token)-4], next%10_000), picture
				next++
				sides, _ := mustBitmaps(t, r, page, dpi)
				return sides[0].Pix
			}
			for b.Loop() {
				ours(b)
			}
			medians := takeTurns(b, ours, floorPDF)
			b.ReportMetric(medians[0].Seconds()*1000, "cpu-ms/label")
			b.ReportMetric(float64(medians[0])/float64(medians[1]), "×QR-only-PDF")
		})
	}
}

// someoneElse has as long a name, company and title as p, in other characters
// of the 3,755 that are common (GB 2312, level 1), whatever the number.
func someoneElse(t testing.TB, p badge.Person, number int) badge.Person {
	other := func(c rune) rune {
		if !unicode.Is(unicode.Han, c) {
			return c
		}
		n := (int(c) + number*37) % 3755
		text, err := simplifiedchinese.GBK.NewDecoder().Bytes([]byte{0xB0 + byte(n/94), 0xA1 + byte(n%94)})
		if err != nil {
			t.Fatal(err)
		}
		r, _ := utf8.DecodeRune(text)
		return r
	}
	p.Name, p.Company, p.Title = strings.Map(other, p.Name), strings.Map(other, p.Company), strings.Map(other, p.Title)
	return p
}

// takeTurns returns the median processor time of each way to draw a badge, its
// share of the garbage collector's included. It is not the time on the clock,
// which on a busy machine is other programs' more than ours.
func takeTurns(b *testing.B, ways ...func(testing.TB) []byte) (medians []time.Duration) {
	b.Helper()
	const rounds = 31
	times := make([][]time.Duration, len(ways))
	for range rounds {
		for i, draw := range ways {
			started := processorTime(b)
			draw(b)
			times[i] = append(times[i], processorTime(b)-started)
		}
	}
	for _, t := range times {
		slices.Sort(t)
		medians = append(medians, t[rounds/2])
	}
	return medians
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
