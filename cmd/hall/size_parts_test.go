//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/cmd/internal/process"
	"hallpass/sync/hall/store/intake"
	"hallpass/sync/link"
	"hallpass/sync/wal"
	"hallpass/sync/wire"
)

// longest is how long a hall may take for anything on a busy machine before the
// benchmark gives up.
const longest = 10 * time.Minute

// started is how long after the start of the process each was answered.
type started struct {
	health, link, stats time.Duration
}

// start runs the hall, and asks until it answers; guest may be nil.
func (s *sizing) start(g *guest) (at started) {
	s.Helper()
	began := time.Now()
	ready := make(chan error, 1)
	go func() { ready <- s.hall.Start("HALL_TEST_CHILD=1") }()
	var asked sync.WaitGroup
	if g != nil {
		asked.Go(func() {
			if err := s.greet(g); err != nil {
				s.Error(err)
			}
			at.link = time.Since(began)
		})
	}
	for s.ask("GET", "/healthz", nil) != nil {
		if time.Since(began) > longest {
			s.Fatal("the hall does not answer")
		}
		<-time.After(time.Millisecond)
	}
	at.health = time.Since(began)
	if err := <-ready; err != nil {
		s.Fatal(err)
	}
	if s.key != "" {
		if err := s.ask("GET", "/api/v1/stats", nil); err != nil {
			s.Fatal(err)
		}
		at.stats = time.Since(began)
	}
	asked.Wait()
	return at
}

// greet connects until it is welcome, and holds what the hall has against what
// it acknowledged.
func (s *sizing) greet(g *guest) error {
	for give := time.Now().Add(longest); ; {
		conn, welcome, err := g.Dial(s.Context(), s.linkAddress(), link.PinnedTLS(g.paired.Fingerprint))
		if err != nil && time.Now().Before(give) {
			<-time.After(time.Millisecond)
			continue
		}
		if err != nil {
			return err
		}
		if welcome.Read.Seq < uint64(g.acked) {
			err = fmt.Errorf("the hall kept %d of %d acknowledged", welcome.Read.Seq, g.acked)
		}
		g.acked = int(welcome.Read.Seq)
		return errors.Join(err, conn.Close(1000, ""))
	}
}

func (s *sizing) linkAddress() string { return "wss://" + s.listen + "/api/v1/link" }

// ask fails unless the hall answers 200.
func (s *sizing) ask(method, path string, body []byte) error {
	r, err := http.NewRequestWithContext(s.Context(), method, "http://"+s.loopback+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+s.key)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s: %.200s", method, path, response.Status, text)
	}
	return err
}

// opens measures starts after the hall was ended in good order.
func (s *sizing) opens() {
	s.start(nil) // the first makes its keys
	s.key = must[account](s, "user", "-data", s.data, "-name", fmt.Sprint("bench-", time.Now().UnixMilli())).Key
	var health, stats []time.Duration
	for range 3 {
		s.hall.Interrupt()
		at := s.start(nil)
		health, stats = append(health, at.health), append(stats, at.stats)
	}
	s.figure("start until it answers", slices.Max(health).Seconds(), "s", "≤ 1")
	s.figure("… with the figures", slices.Max(stats).Seconds(), "s", "≤ 1")
	s.figure("memory of its own then", float64(own(s.hall.PID()))/1e3, "MB", "")
	s.figure("… with what it has read of the file", float64(process.Resident(s, s.hall.PID()))/1e3, "MB", "")
}

// own is the memory of a process that is not a file's, in kB; 0 when it has
// ended.
func own(pid int) (kB int) {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, _ := strings.Cut(string(status), "RssAnon:")
	_, _ = fmt.Sscan(rest, &kB)
	return kB
}

// watch follows the memory of a process.
type watch struct {
	end, ended chan struct{}
	most       int
}

func watchOwn(pid int) *watch {
	w := &watch{end: make(chan struct{}), ended: make(chan struct{})}
	go func() {
		defer close(w.ended)
		for look := time.NewTicker(20 * time.Millisecond); ; {
			select {
			case <-w.end:
				look.Stop()
				return
			case <-look.C:
				w.most = max(w.most, own(pid))
			}
		}
	}()
	return w
}

// stop returns the most that was seen, in kB.
func (w *watch) stop() int {
	close(w.end)
	<-w.ended
	return w.most
}

// killed measures starts after the hall was killed with much in its log.
func (s *sizing) killed() {
	const rounds, kiosks = 3, 16
	acked := min(60_000, max(4_000, s.file.Visitors)) // in a round; the log is full of half of it
	s.start(nil)
	var all []*flooder
	for i := range kiosks {
		g := invite(s, s.data, "https://"+s.listen, fmt.Sprint("Entrance ", i))
		all = append(all, &flooder{guest: g, size: 100})
	}
	var health, links, stats []time.Duration
	logged := 0
	for range rounds {
		for _, f := range all {
			f.prepare(acked * 5 / 4 / 2 / kiosks)
		}
		floods(s, all, acked, s.hall.Kill)
		logged = max(logged, s.logged())
		at := s.start(all[0].guest)
		health, links, stats = append(health, at.health), append(links, at.link), append(stats, at.stats)
		for _, f := range all {
			if err := s.greet(f.guest); err != nil {
				s.Error(err)
			}
		}
	}
	s.figure("killed: changes in the log alone", float64(logged), "changes", "")
	s.figure("start after it until it answers", slices.Max(health).Seconds(), "s", "≤ 1")
	s.figure("… until a kiosk is welcome", slices.Max(links).Seconds(), "s", "≤ 1")
	s.figure("… with all that was acknowledged", slices.Max(stats).Seconds(), "s", "")
}

// logged is how many changes the log of a hall that does not run has beyond the
// data file.
func (s *sizing) logged() (count int) {
	path := filepath.Join(s.data, dataFile)
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, Timeout: time.Minute})
	if err != nil {
		s.Fatal(err)
	}
	var who wal.Identity
	var applied uint64
	err = db.View(func(tx *bolt.Tx) error {
		meta := tx.Bucket([]byte("meta"))
		copy(who[:], meta.Get([]byte("intake")))
		applied = binary.BigEndian.Uint64(meta.Get([]byte("applied")))
		return nil
	})
	if err := errors.Join(err, db.Close()); err != nil {
		s.Fatal(err)
	}
	_, found, err := intake.Open(path, who, applied, intake.Options{})
	if err != nil {
		s.Fatal(err)
	}
	for _, frame := range found {
		for _, b := range frame.Batches {
			count += len(b.Changes)
		}
	}
	return count
}

// tell sends batch after batch; each acknowledged one is told.
func (f *flooder) tell(s *sizing, acked func()) {
	conn, _, err := f.Dial(s.Context(), s.linkAddress(), link.PinnedTLS(f.paired.Fingerprint))
	if err != nil {
		s.Error(err)
		return
	}
	defer func() { _ = conn.Close(1000, "") }()
	for f.acked < len(f.Changes) {
		last := min(f.acked+f.size, len(f.Changes))
		if f.Send(s.Context(), conn, f.acked+1, last) != nil {
			return // killed
		}
		f.acked = last
		acked()
	}
	for { // it stays until the hall is killed
		if _, err := conn.Receive(s.Context()); err != nil {
			return
		}
	}
}

// clients save and read all the while, each one thing at a time.
type clients struct {
	s       *sizing
	end     chan struct{}
	running sync.WaitGroup
	mu      sync.Mutex // guards waits
	waits   waits
}

// waits are the longest of a time.
type waits struct{ took, save, correct, read time.Duration }

func newClients(s *sizing) *clients {
	c := &clients{s: s, end: make(chan struct{})}
	g := invite(s, s.data, "https://"+s.listen, "Entrance of the measurement")
	conn, _, err := g.Dial(s.Context(), s.linkAddress(), link.PinnedTLS(g.paired.Fingerprint))
	if err != nil {
		s.Fatal(err)
	}
	f := &flooder{guest: g}
	c.repeat(20*time.Millisecond, func() error { return f.save(s, conn) }, func(w *waits) *time.Duration { return &w.save })
	ids := s.file.Sample.Registrations
	n, seen := 0, 0
	c.repeat(100*time.Millisecond, func() error {
		n++
		return s.ask("PATCH", "/api/v1/registrations/"+string(ids[n%len(ids)]), fmt.Appendf(nil, `{"fields":{"company":"Works No. %d"}}`, n))
	}, func(w *waits) *time.Duration { return &w.correct })
	c.repeat(20*time.Millisecond, func() error {
		seen += 7
		return errors.Join(s.ask("GET", "/api/v1/stats", nil), s.ask("GET", "/api/v1/registrations/"+string(ids[seen%len(ids)]), nil))
	}, func(w *waits) *time.Duration { return &w.read })
	return c
}

// save registers five visitors and waits for the acknowledgement.
func (f *flooder) save(s *sizing, conn *wire.Conn) error {
	f.prepare(5)
	if err := f.Send(s.Context(), conn, f.acked+1, len(f.Changes)); err != nil {
		return err
	}
	f.acked = len(f.Changes)
	return nil
}

// repeat acts again and again, with a pause in between that does not count.
func (c *clients) repeat(pause time.Duration, act func() error, which func(*waits) *time.Duration) {
	c.running.Go(func() {
		for {
			select {
			case <-c.end:
				return
			case <-time.After(pause):
			}
			began := time.Now()
			if err := act(); err != nil {
				c.s.Error(err)
				return
			}
			c.mu.Lock()
			w := which(&c.waits)
			*w = max(*w, time.Since(began))
			c.mu.Unlock()
		}
	})
}

// during returns the longest waits that ended while f ran.
func (c *clients) during(f func()) waits {
	c.mu.Lock()
	c.waits = waits{}
	c.mu.Unlock()
	began := time.Now()
	f()
	took := time.Since(began)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waits.took = took
	return c.waits
}

func (c *clients) done() {
	close(c.end)
	c.running.Wait()
}
