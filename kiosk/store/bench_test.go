package store_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/sync/record"
)

// plain is what a save is measured against: a file that is written at its end
// and synced, once for all who wait.
type plain struct {
	file *os.File
	busy chan struct{}

	mu     sync.Mutex // guards next
	next   *batch
	length int64 // for who holds busy
}

type batch struct {
	lines []byte
	done  chan struct{}
	err   error
}

func newPlain(b *testing.B, dir string) *plain {
	b.Helper()
	f, err := os.Create(filepath.Join(dir, "plain"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := f.Close(); err != nil {
			b.Error(err)
		}
	})
	return &plain{file: f, busy: make(chan struct{}, 1), next: &batch{done: make(chan struct{})}}
}

func (p *plain) save(line []byte) error {
	p.mu.Lock()
	mine := p.next
	mine.lines = append(mine.lines, line...)
	p.mu.Unlock()
	select {
	case <-mine.done:
		return mine.err
	case p.busy <- struct{}{}:
	}
	defer func() { <-p.busy }()
	select {
	case <-mine.done:
		return mine.err
	default:
	}
	p.mu.Lock()
	p.next = &batch{done: make(chan struct{})}
	p.mu.Unlock()
	if _, mine.err = p.file.WriteAt(mine.lines, p.length); mine.err == nil {
		mine.err = p.file.Sync()
	}
	p.length += int64(len(mine.lines))
	close(mine.done)
	return mine.err
}

// entries makes registrations as a visitor fills them in, each with its badge.
func entries(b *testing.B, s *store.Store, n int) (made []kiosk.Entry) {
	b.Helper()
	for range n {
		e := entry(b, s)
		at := s.Clock().Tick()
		for name, text := range map[record.FieldName]string{
			"company": "明光照明有限公司", "title": "采购经理", "mobile": "+86 100 5550 0100", "email": "xiao.lin@brightwell.example", "address": "光明路 8 号",
		} {
			e.Registration.Fields[name] = record.Register[string]{Value: text, At: at}
		}
		made = append(made, e)
	}
	return made
}

func keep(b *testing.B, s *store.Store, e kiosk.Entry) {
	if _, _, err := s.Add(b.Context(), string(e.Registration.ID), e, record.Tally{}); err != nil {
		b.Error(err)
	}
}

// frameOf is what one registration takes in the log: the same bytes.
func frameOf(b *testing.B) []byte {
	b.Helper()
	dir := b.TempDir()
	s := open(b, dir)
	keep(b, s, entries(b, s, 1)[0])
	log, err := os.ReadFile(filepath.Join(dir, "kiosk.db.wal"))
	if err != nil {
		b.Fatal(err)
	}
	return make([]byte, 32+binary.LittleEndian.Uint64(log[8:]))
}

const turn = 200 // saves before the other has its turn: both meet the same disk

// BenchmarkAdd is a registration kept, beside the same bytes written to the end
// of a file in the same folder and synced, in turns. ×sync is how many times as
// fast it is.
func BenchmarkAdd(b *testing.B) {
	b.Run("OneByOne", func(b *testing.B) { benchmarkAdd(b, 1, turn) })
	b.Run("200AtOnce", func(b *testing.B) { benchmarkAdd(b, 200, 4*turn) })
	b.Run("200ForLong", func(b *testing.B) { benchmarkAdd(b, 200, 60*turn) }) // the file is brought up to date beside them, again and again
}

func benchmarkAdd(b *testing.B, writers, saves int) {
	line, dir := frameOf(b), b.TempDir()
	s, one, log := open(b, dir), newPlain(b, b.TempDir()), newPlain(b, dir)
	var kept, synced, grouped, worked time.Duration
	var each []time.Duration
	n, rounds := 0, 0
	for b.Loop() {
		b.StopTimer()
		made := entries(b, s, saves)
		began := processor(b)
		b.StartTimer()
		took, all := crowd(writers, len(made), func(i int) { keep(b, s, made[i]) })
		b.StopTimer()
		worked += processor(b) - began
		kept, each = kept+took, append(each, all...)
		write := func(p *plain) func(int) {
			return func(int) {
				if err := p.save(line); err != nil {
					b.Error(err)
				}
			}
		}
		took, _ = crowd(writers, len(made), write(log))
		grouped += took
		took, _ = crowd(1, turn, write(one))
		synced += took * time.Duration(len(made)) / turn
		n, rounds = n+len(made), rounds+1
		b.StartTimer()
	}
	slices.Sort(each)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(kept.Seconds()*1e6/float64(n), "µs/save")
	b.ReportMetric(worked.Seconds()*1e6/float64(n), "cpu-µs/save")
	b.ReportMetric(synced.Seconds()*1e6/float64(n), "µs/sync")
	b.ReportMetric(synced.Seconds()/kept.Seconds(), "×sync")
	b.ReportMetric(grouped.Seconds()/kept.Seconds(), "×log")
	b.ReportMetric(each[len(each)*99/100].Seconds()*1e3, "p99-ms")
	b.ReportMetric(float64(len(line)), "bytes")
}

// crowd does n things, so many at once, and returns how long all and each took.
func crowd(writers, n int, do func(i int)) (took time.Duration, each []time.Duration) {
	each = make([]time.Duration, n)
	var writing sync.WaitGroup
	began := time.Now()
	for w := range writers {
		writing.Go(func() {
			for i := w; i < n; i += writers {
				start := time.Now()
				do(i)
				each[i] = time.Since(start)
			}
		})
	}
	writing.Wait()
	return time.Since(began), each
}

// processor is how long this process has worked so far, on all processors.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
