package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"hallpass/cmd/internal/cardscore"
	"hallpass/cmd/internal/readout"
)

// cost is what an engine takes, over the same pictures of the mild tier.
type cost struct {
	Engine string `json:"engine"`
	Cards  int    `json:"cards"`
	// P50 and P95 are milliseconds from bytes to fields, one card at a time.
	P50 float64 `json:"ms_p50"`
	P95 float64 `json:"ms_p95"`
	// CPU is seconds of processor a card, the start not counted out.
	CPU float64 `json:"cpu_s_per_card"`
	// RSS is the peak, in MB, of one card at a time and of several.
	RSS        int `json:"rss_mb"`
	RSSWorkers int `json:"rss_mb_workers"`
	// Rate is cards a second with Workers at once.
	Rate    float64 `json:"cards_per_s"`
	Workers int     `json:"workers"`
	// Ratio is the time over that of the tesseract program on the same
	// pictures, as it comes and with one thread; 0 if there is none.
	Ratio    float64 `json:"ratio"`
	RatioOne float64 `json:"ratio_one_thread"`
}

// measure reads every picture with every engine, then takes times.
func (b *bench) measure(ctx context.Context, s settings, sets []cardSet, progress io.Writer) error {
	tiers := s.tiers
	if len(tiers) == 0 {
		tiers = list{"clean", "mild", "hard"}
	}
	for _, engine := range s.engines {
		for _, set := range sets {
			var files []string
			for _, tier := range tiers {
				files = append(files, set.pictures(tier)...)
			}
			if len(files) == 0 {
				return fmt.Errorf("%s has no pictures in %s", set.dir, &tiers)
			}
			fmt.Fprintf(progress, "%s reads %d pictures of %s\n", engine, len(files), set.name)
			out, err := read(ctx, s.kiosk, engine, 1, files) // alone, for the times' sake
			if err != nil {
				return err
			}
			if err := keep(s.keep, set.name+"."+engine+".ndjson", out.results); err != nil {
				return err
			}
			b.score(engine, set, out.results, s.bar)
		}
	}
	return b.takeTimes(ctx, s, sets, progress)
}

// keep writes results to a folder; no folder keeps nothing.
func keep(dir, name string, results []readout.Result) error {
	if dir == "" {
		return nil
	}
	var out bytes.Buffer
	for _, r := range results {
		if err := readout.Write(&out, r); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), out.Bytes(), 0o644)
}

func (b *bench) takeTimes(ctx context.Context, s settings, sets []cardSet, progress io.Writer) error {
	files := sampled(sets, s.sample)
	if len(files) == 0 {
		return nil
	}
	fmt.Fprintf(progress, "times of %d pictures\n", len(files))
	var asItComes, one time.Duration
	if s.tesseract != "" {
		var err error
		if asItComes, err = program(ctx, s.tesseract, "", files); err == nil {
			one, err = program(ctx, s.tesseract, "1", files)
		}
		if err != nil {
			return err
		}
	}
	for _, engine := range s.engines {
		alone, err := read(ctx, s.kiosk, engine, 1, files)
		if err != nil {
			return err
		}
		together, err := read(ctx, s.kiosk, engine, s.workers, files)
		if err != nil {
			return err
		}
		b.costs = append(b.costs, costOf(engine, s.workers, alone, together, asItComes, one))
	}
	return nil
}

func costOf(engine string, workers int, alone, together outcome, asItComes, one time.Duration) cost {
	total := cardscore.Total{}
	own := 0.0
	for _, r := range alone.results {
		total.MS = append(total.MS, r.MS)
		own += r.MS / 1000
	}
	c := cost{
		Engine: engine, Cards: len(total.MS), P50: total.Time(.5), P95: total.Time(.95),
		CPU: alone.cpu.Seconds() / float64(len(total.MS)), RSS: alone.rssMB, RSSWorkers: together.rssMB,
		Rate: together.rate(workers), Workers: workers,
	}
	if one > 0 {
		c.Ratio, c.RatioOne = own/asItComes.Seconds(), own/one.Seconds()
	}
	return c
}

// sampled takes so many pictures of the mild tier, evenly over all sets.
func sampled(sets []cardSet, n int) []string {
	var all []string
	for _, set := range sets {
		all = append(all, set.pictures("mild")...)
	}
	if n >= len(all) {
		return all
	}
	out := make([]string, 0, n)
	for i := range n {
		out = append(out, all[i*len(all)/n])
	}
	return slices.Compact(out)
}
