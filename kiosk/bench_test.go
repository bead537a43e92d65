package kiosk_test

import (
	"context"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hallpass/assets"
	"hallpass/badge"
	"hallpass/badge/spool"
	"hallpass/kiosk"
)

// BenchmarkRegister_Spooled is from the confirmed form to the badge's PDF in
// the spool folder, drawn for real. beyond-fsync-ms is what remains when the
// disk's own time for the same number of fsyncs is taken off; the aim is 50.
func BenchmarkRegister_Spooled(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "badges")
	p, err := spool.Open("folder:" + dir)
	if err != nil {
		b.Fatal(err)
	}
	spooled := make(chan struct{}, 1)
	f := openDesk(b, b.TempDir(), told{p, spooled}, realLayout(b, "a6"))
	b.Cleanup(func() { f.close(b) })
	f.run(b)
	for b.Loop() {
		f.register(b)
		<-spooled
	}
	perOp := float64(b.Elapsed().Microseconds()) / 1000 / float64(b.N)
	disk := fsync(b)
	// Two for each of the commits "kept" and "printing", the PDF and its folder.
	b.ReportMetric(perOp-6*disk, "beyond-fsync-ms")
	b.ReportMetric(disk, "fsync-ms")
}

// told tells when a job has been taken.
type told struct {
	spool.Printer
	done chan struct{}
}

func (p told) Submit(ctx context.Context, job spool.Job) error {
	err := p.Printer.Submit(ctx, job)
	p.done <- struct{}{}
	return err
}

// realLayout draws with a template that is shipped.
func realLayout(tb testing.TB, name string) kiosk.Layout {
	tb.Helper()
	fonts, err := badge.OpenFonts(assets.Files(), "fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf")
	if err != nil {
		tb.Fatal(err)
	}
	data, err := fs.ReadFile(assets.Files(), "badge/"+name+".json")
	if err != nil {
		tb.Fatal(err)
	}
	template, err := badge.ParseTemplate(data)
	if err != nil {
		tb.Fatal(err)
	}
	renderer, err := badge.New(template, fonts)
	if err != nil {
		tb.Fatal(err)
	}
	return &kiosk.Drawing{
		Renderer: func(string) (*badge.Renderer, error) { return renderer, nil },
		Log:      slog.New(slog.DiscardHandler),
	}
}

// fsync is the disk's time for one write of a page and its fsync, in ms.
func fsync(tb testing.TB) float64 {
	tb.Helper()
	f, err := os.Create(filepath.Join(tb.TempDir(), "raw"))
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	const rounds = 200
	began := time.Now()
	for i := range rounds {
		if _, err := f.WriteAt(make([]byte, 4096), int64(i)*4096); err != nil {
			tb.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			tb.Fatal(err)
		}
	}
	return float64(time.Since(began).Microseconds()) / 1000 / rounds
}
