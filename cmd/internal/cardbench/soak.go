package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// growth is what an engine holds in memory over many cards.
type growth struct {
	Engine string `json:"engine"`
	Cards  int    `json:"cards"`
	// Early and Late are the median resident MB over the second and the last
	// tenth of the cards; the first tenth warms up.
	Early int `json:"rss_mb_early"`
	Late  int `json:"rss_mb_late"`
	Peak  int `json:"rss_mb_peak"`
}

// soak reads the same pictures again and again in one process.
func (b *bench) soak(ctx context.Context, s settings, sets []cardSet, progress io.Writer) error {
	files := sampled(sets, s.sample)
	if len(files) == 0 {
		return fmt.Errorf("no pictures of the mild tier in %s", &s.cards)
	}
	for len(files) < s.soak {
		files = append(files, files...)
	}
	files = files[:s.soak]
	for _, engine := range s.engines {
		fmt.Fprintf(progress, "%s reads %d pictures\n", engine, len(files))
		out, err := read(ctx, s.kiosk, engine, s.workers, files)
		if err != nil {
			return err
		}
		b.growths = append(b.growths, growthOf(engine, out))
	}
	return nil
}

func growthOf(engine string, out outcome) growth {
	n := len(out.residentMB)
	return growth{engine, n, median(out.residentMB[n/10 : max(n/5, n/10+1)]), median(out.residentMB[n-max(1, n/10):]), out.rssMB}
}

func median(v []int) int {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

func (b *bench) growth() [][]string {
	rows := [][]string{{"engine", "pictures", "MB early", "MB late", "MB at most"}}
	for _, g := range b.growths {
		rows = append(rows, []string{g.Engine, fmt.Sprint(g.Cards), fmt.Sprint(g.Early), fmt.Sprint(g.Late), fmt.Sprint(g.Peak)})
	}
	return rows
}

// resident is VmRSS of proc(5) in MB; 0 where there is no such file.
func resident(pid int) (mb int) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(data)) {
		var kb int
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kb); err == nil {
			return kb / 1000
		}
	}
	return 0
}
