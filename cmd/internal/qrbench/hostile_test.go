package qrbench_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

var (
	pictures = flag.Int("pictures", 540, "pictures of each layout in BenchmarkHostile")
	only     = flag.String("layouts", "", "regular expression of the layouts that BenchmarkHostile looks at, such as a6|level-L")
	keep     = flag.String("keep", "", "folder where BenchmarkHostile leaves its pictures")
)

// album photographs a layout in the first n scenes, into a folder.
func album(t testing.TB, l layout, n int, folder string) (files []string) {
	t.Helper()
	var wait sync.WaitGroup
	errs := make([]error, n)
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		file := filepath.Join(folder, fmt.Sprintf("%03d-%s.jpg", i, strings.ReplaceAll(sceneOf(i).kind, " ", "-")))
		files = append(files, file)
		wait.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			data, err := photograph(l.print, sceneOf(i))
			errs[i] = errors.Join(err, os.WriteFile(file, data, 0o600))
		})
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	return files
}

// A picture depends on its number and its layout alone, or figures of two runs
// could not be compared.
func TestHostile_TheSamePictureEachTime(t *testing.T) {
	l := candidates(t)[0]
	for i := range 2 * len(kinds) {
		one, err := photograph(l.print, sceneOf(i))
		if err != nil {
			t.Fatal(err)
		}
		if i%5 != 0 { // a second time costs as much
			continue
		}
		if two, _ := photograph(candidates(t)[0].print, sceneOf(i)); !bytes.Equal(one, two) {
			t.Errorf("%s %d: two pictures differ", kinds[i%len(kinds)], i)
		}
	}
}

// P5 outside the laboratory: two readers that we did not write read most bad
// pictures of the A6 badge. BenchmarkHostile has the real figures.
func TestHostile_TheBadgeIsReadInMostBadPictures(t *testing.T) {
	const n = 3 * len(kinds)
	for _, l := range shipped(t) {
		if l.name != "a6" {
			continue
		}
		files := album(t, l, n, t.TempDir())
		for name, read := range map[string]map[string]bool{"zxing-wasm": zxingWasm(t, files), "ZXingReader": zxingReader(t, files)} {
			if got := count(read, files); got < n*3/4 {
				t.Errorf("%s reads %d of %d", name, got, n)
			}
		}
		return
	}
	t.Fatal("no template a6")
}

func count(read map[string]bool, files []string) (n int) {
	for _, f := range files {
		if read[f] {
			n++
		}
	}
	return n
}

// BenchmarkHostile tells what share of the bad pictures each reader reads of
// each layout, and what zxing-wasm reads of it beside the best layout that was
// tried: the one that it reads most often. With -v also by kind of trouble.
func BenchmarkHostile(b *testing.B) {
	wanted := regexp.MustCompile(*only)
	layouts := slices.DeleteFunc(append(candidates(b), shipped(b)...), func(l layout) bool { return !wanted.MatchString(l.String()) })
	wasm, program, best := make([]int, len(layouts)), make([]int, len(layouts)), 0
	for i, l := range layouts {
		files := album(b, l, *pictures, folderFor(b, l))
		read := zxingWasm(b, files)
		wasm[i], program[i] = count(read, files), count(zxingReader(b, files), files)
		best = max(best, wasm[i])
		if testing.Verbose() {
			fmt.Printf("%v: zxing-wasm %d, ZXingReader %d of %d;%s\n", l, wasm[i], program[i], len(files), byKind(read, files))
		}
		if *keep == "" {
			os.RemoveAll(filepath.Dir(files[0]))
		}
	}
	for i, l := range layouts {
		b.Run(strings.ReplaceAll(l.String(), " ", "_"), func(b *testing.B) {
			for b.Loop() { // it is done; a time would say nothing
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(wasm[i])/float64(*pictures), "read-by-zxing-wasm")
			b.ReportMetric(float64(program[i])/float64(*pictures), "read-by-ZXingReader")
			b.ReportMetric(float64(wasm[i])/float64(best), "×best-layout")
		})
	}
}

func folderFor(b *testing.B, l layout) string {
	if *keep == "" {
		return b.TempDir()
	}
	folder := filepath.Join(*keep, strings.ReplaceAll(l.String(), " ", "-"))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		b.Fatal(err)
	}
	return folder
}

func byKind(read map[string]bool, files []string) string {
	var b strings.Builder
	for k, kind := range kinds {
		n, all := 0, 0
		for i := k; i < len(files); i += len(kinds) {
			if all++; read[files[i]] {
				n++
			}
		}
		fmt.Fprintf(&b, " %s %d/%d", kind, n, all)
	}
	return b.String()
}
