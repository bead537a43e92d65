//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"hallpass/cmd/internal/process"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
)

var (
	sizeVisitors = flag.Int("visitors", 2_000, "registrations in the file of BenchmarkSize, with a badge, 8 leads and 4 passages each; 250000 is the largest show, takes half an hour and 12 GB of disk")
	sizeData     = flag.String("keep", "", "folder in which BenchmarkSize keeps its hall: it is filled once and measured as often as one likes")
)

const sizeNote = "size.json"

// filled is what stands beside a hall that BenchmarkSize has filled.
type filled struct {
	Visitors  int
	Bytes     int64 // of the data file
	Paces     []paceAt
	Sample    *halltest.Sample
	Compacted bool // since
}

type paceAt struct {
	Visitors int
	halltest.Pace
}

// sizing is one run of BenchmarkSize.
type sizing struct {
	*testing.B
	data, listen, loopback string
	file                   filled
	hall                   *process.Process
	key                    string // of a sign-in
}

// BenchmarkSize fills a hall's file through its store and tells how a hall of
// that size behaves, as a process of its own: what the file takes, how fast it
// is filled beside the first 10,000 visitors (a 25th of a smaller show), how
// long a start takes after it was ended and after it was killed while 16 kiosks
// told all they could, looking things up, and how long at most a kiosk that
// saves, a desk that corrects and a dashboard that reads wait, alone and while
// the file is compacted, and what a check takes. It prints a table.
func BenchmarkSize(b *testing.B) {
	s := &sizing{B: b, data: *sizeData, listen: process.FreeAddress(b), loopback: process.FreeAddress(b)}
	if s.data == "" {
		s.data = filepath.Join(b.TempDir(), "hall")
	}
	if err := s.fill(); err != nil {
		b.Fatal(err)
	}
	fmt.Printf("\nA hall of %d visitors, %d leads, %d passages\n", s.file.Visitors, s.file.Sample.LeadsMade, s.file.Sample.PassagesMade)
	s.tellFile()
	s.hall = process.New(b, "hall", os.Args[0], "run", "-data", s.data, "-listen", s.listen, "-loopback", s.loopback, "-compact", "off", "-log-level", "warn")
	s.opens()
	s.lookups()
	s.compacts()
	s.killed()
	s.checks()
	b.ReportMetric(0, "ns/op")
}

// figure prints a line of the table; what is aimed at stands behind it.
func (s *sizing) figure(name string, value float64, unit, aim string) {
	text := fmt.Sprintf("%.2f", value)
	if value >= 20 {
		text = fmt.Sprintf("%.0f", value)
	}
	fmt.Printf("%-50s %9s %-12s %s\n", name, text, unit, aim)
}

// fill makes the file, unless it was made before.
func (s *sizing) fill() error {
	switch text, err := os.ReadFile(filepath.Join(s.data, sizeNote)); {
	case err == nil:
		if err := json.Unmarshal(text, &s.file); err != nil || s.file.Visitors != *sizeVisitors {
			return fmt.Errorf("%s holds a hall of %d visitors, not %d (%w); name another folder", s.data, s.file.Visitors, *sizeVisitors, err)
		}
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := os.MkdirAll(s.data, 0o700); err != nil {
		return err
	}
	s.file.Visitors = *sizeVisitors
	if err := s.fillNew(filepath.Join(s.data, dataFile)); err != nil {
		return err
	}
	return s.note()
}

// note keeps what is known of the file beside it.
func (s *sizing) note() error {
	text, err := json.Marshal(s.file)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.data, sizeNote), text, 0o600)
}

// marks are the numbers of visitors at which the pace is taken; base is the one
// that the last is set beside.
func marks(visitors int) (list []int, base int) {
	base = max(visitors/25, 1000)
	if visitors > 10_000 {
		base = 10_000
	}
	for _, n := range []int{10_000, 25_000, 50_000, 100_000, 150_000, 200_000} {
		if n < visitors {
			list = append(list, n)
		}
	}
	if !slices.Contains(list, base) {
		list = append([]int{base}, list...)
	}
	return append(list, visitors), base
}

func (s *sizing) fillNew(path string) (err error) {
	data, err := store.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	halltest.AnnounceShow(s, data)
	self, err := data.Self(s.Context())
	if err != nil {
		return err
	}
	fair, began := halltest.NewFair(s.file.Visitors, self.Desk), time.Now()
	list, _ := marks(s.file.Visitors)
	for _, n := range list {
		pace, err := fair.Fill(s.Context(), data, n)
		if err != nil {
			return err
		}
		s.file.Paces = append(s.file.Paces, paceAt{n, pace})
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		s.file.Bytes = info.Size()
		if s.file.Visitors > 10_000 { // whoever waits for it hears of it
			fmt.Fprintf(os.Stderr, "%s %d visitors, %.0f MB, %.0f facts/s, %.0f facts/CPU-s\n", time.Since(began).Round(time.Second), n, float64(info.Size())/1e6, 1/pace.Wall.Seconds(), 1/pace.Processor.Seconds())
		}
	}
	s.file.Sample = fair.Sample()
	return nil
}

func (s *sizing) tellFile() {
	_, base := marks(s.file.Visitors)
	last := s.file.Paces[len(s.file.Paces)-1]
	early := s.file.Paces[slices.IndexFunc(s.file.Paces, func(p paceAt) bool { return p.Visitors == base })]
	s.figure("file", float64(s.file.Bytes)/1e6, "MB", "")
	s.figure("pace at the end", 1/last.Wall.Seconds(), "facts/s", "")
	s.figure("… by the processor", 1/last.Processor.Seconds(), "facts/CPU-s", "")
	s.figure(fmt.Sprintf("… beside that at %d", base), float64(early.Wall)/float64(last.Wall), "x", "≥ 0.8")
	s.figure("… by the processor too", float64(early.Processor)/float64(last.Processor), "x", "≥ 0.8")
}

// lookups measures within this process, so that neither HTTP nor TLS is in it.
func (s *sizing) lookups() {
	s.hall.Interrupt()
	data, err := store.Open(filepath.Join(s.data, dataFile))
	if err != nil {
		s.Fatal(err)
	}
	took, err := s.file.Sample.Look(s.Context(), data)
	if err := errors.Join(err, data.Close()); err != nil {
		s.Fatal(err)
	}
	for _, what := range []string{"badge", "registration", "lead", "passage"} {
		s.figure("a "+what+" by its id", float64(took[what].Nanoseconds())/1e3, "µs", "≤ 50")
	}
	s.figure("100 leads of an exhibitor", took["leads-page"].Seconds()*1e3, "ms", "≤ 1")
}

// compacts measures who waits for what while the file is written anew.
func (s *sizing) compacts() {
	s.start(nil)
	clients := newClients(s)
	waits := []waits{clients.during(func() { <-time.After(min(10*time.Second, time.Duration(s.file.Visitors)*time.Millisecond)) })}
	var became struct{ After int64 }
	waits = append(waits, clients.during(func() { became = must[struct{ After int64 }](s, "compact", "-data", s.data) }))
	clients.done()
	s.hall.Interrupt()
	s.figure("compaction of the running hall", waits[1].took.Seconds(), "s", "")
	s.figure("… compacted", float64(became.After)/1e6, "MB", "")
	if !s.file.Compacted {
		s.figure("… the file beside it", float64(s.file.Bytes)/float64(became.After), "x", "≤ 1.3")
	}
	for i, when := range []string{"alone", "meanwhile"} {
		s.figure("longest wait "+when+": a kiosk that saves", waits[i].save.Seconds(), "s", "≤ 1")
		s.figure("… a desk that corrects", waits[i].correct.Seconds(), "s", "≤ 1")
		s.figure("… a dashboard that reads", waits[i].read.Seconds(), "s", "≤ 1")
	}
	s.file.Compacted = true
	if err := s.note(); err != nil {
		s.Fatal(err)
	}
}

// checks measures the check of a file that no hall holds.
func (s *sizing) checks() {
	s.hall.Interrupt()
	check := exec.Command(os.Args[0], "check", "-data", s.data, "-json")
	check.Env = append(os.Environ(), "HALL_TEST_CHILD=1")
	var text bytes.Buffer
	check.Stdout, check.Stderr = &text, os.Stderr
	began := time.Now()
	if err := check.Start(); err != nil {
		s.Fatal(err)
	}
	memory := watchOwn(check.Process.Pid)
	err := check.Wait()
	took, most := time.Since(began), memory.stop()
	var report checked
	if err := errors.Join(err, json.Unmarshal(text.Bytes(), &report)); err != nil || !report.OK {
		s.Errorf("check: %+v, %v", report, err)
	}
	s.figure("hall check", took.Seconds(), "s", "")
	s.figure("… facts", float64(report.Facts)/took.Seconds(), "facts/s", "")
	s.figure("… memory of its own", float64(most)/1e3, "MB", "")
}

// flooder is a kiosk that tells all it can until the hall is killed.
type flooder struct {
	*guest
	size int // changes in a batch
}

// prepare has it register so many visitors more.
func (f *flooder) prepare(visitors int) {
	for range visitors {
		r := f.Visitor(map[record.FieldName]string{"name": "Ida Example", "company": "Fog Lamps", "mobile": fmt.Sprintf("+4477009%05d", len(f.Changes)), "email": fmt.Sprintf("v%d.%s@lamps.example", len(f.Changes), f.Node)})
		b, _ := f.Badge(r, 1, record.BadgeIssued)
		f.Say(r, b)
	}
}

// floods has all of them tell what they have, each until its connection breaks,
// and calls enough once so many changes are acknowledged.
func floods(s *sizing, all []*flooder, acked int, enough func()) {
	var mu sync.Mutex
	var once sync.Once
	var g sync.WaitGroup
	sum := 0
	for _, f := range all {
		g.Go(func() {
			before := f.acked
			f.tell(s, func() {
				mu.Lock()
				sum, before = sum+f.acked-before, f.acked
				full := sum >= acked
				mu.Unlock()
				if full {
					once.Do(enough)
				}
			})
		})
	}
	g.Wait()
	once.Do(func() { s.Errorf("only %d of %d changes were acknowledged", sum, acked) })
}
