package badge_test

import (
	"bytes"
	"io"
	"io/fs"
	"testing"
	"time"

	"github.com/jung-kurt/gofpdf"
	qrcode "github.com/skip2/go-qrcode"

	"hallpass/assets"
)

// BenchmarkPDF measures one A6 badge in two fonts, the floor below it (the same
// QR alone, drawn by gofpdf) and the plain way (the whole fonts handed to
// gofpdf for each document), and reports the ratios.
func BenchmarkPDF(b *testing.B) {
	r := renderer(b, "a6")
	page := pageOf(people["chinese"])
	var size int
	started := time.Now()
	for b.Loop() {
		data, _ := mustPDF(b, r, page)
		size = len(data)
	}
	each := time.Since(started) / time.Duration(b.N)
	floor := timed(b, 50, floorPDF)
	plain := timed(b, 3, plainPDF)
	b.ReportMetric(float64(size), "bytes/badge")
	b.ReportMetric(float64(each)/float64(floor), "×QR-only")
	b.ReportMetric(float64(plain)/float64(each), "×faster-than-AddUTF8Font")
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

func timed(b *testing.B, times int, run func(testing.TB) []byte) time.Duration {
	b.Helper()
	started := time.Now()
	for range times {
		run(b)
	}
	return time.Since(started) / time.Duration(times)
}

func floorPDF(t testing.TB) []byte {
	doc := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "mm", Size: gofpdf.SizeType{Wd: 105, Ht: 148}})
	doc.AddPage()
	code, err := qrcode.New(exampleToken, qrcode.Medium)
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
	for family, file := range map[string]string{"regular": "fonts/NotoSansSC-Regular.ttf", "bold": "fonts/NotoSansSC-Bold.ttf"} {
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
