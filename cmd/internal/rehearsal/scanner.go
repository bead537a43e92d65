package rehearsal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"hallpass/sync/link"
)

// scanner is a booth's phone, or a reader at a gate: one connection, one key.
type scanner struct {
	kind   string // "leads" or "passages", as the API calls them
	place  int
	client *http.Client
	base   string
	key    string

	mu    sync.Mutex // guards all below
	scans []fate     // by their number
}

// fate is what became of one scan.
type fate struct {
	acked  bool
	stored int // how often the hall's journal has it
}

// openBooth pairs a phone with an exhibitor of the show; every exhibitor has
// one before any has two.
func openBooth(ctx context.Context, r *run, place int) (*scanner, error) {
	exhibitor := r.show.Exhibitors[place%len(r.show.Exhibitors)].ID
	code, err := r.Hall.Invite(ctx, Order{Exhibitor: exhibitor})
	if err != nil {
		return nil, fmt.Errorf("pair booth %d: %w", place, err)
	}
	s := r.scanner("leads", place)
	var answer struct{ Key string }
	status, err := s.post(ctx, "pair/device", map[string]string{"code": code, "name": fmt.Sprintf("Rehearsal %d", place+1)}, &answer)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("status %d", status)
	}
	if err != nil {
		return nil, fmt.Errorf("pair booth %d: %w", place, err)
	}
	s.key = answer.Key
	return s, nil
}

func (r *run) scanner(kind string, place int) *scanner {
	r.mu.Lock()
	defer r.mu.Unlock()
	return &scanner{kind: kind, place: place, base: r.Hall.URL() + "/api/v1/", client: &http.Client{
		Timeout: 30 * time.Second,
		Transport: &http.Transport{
			TLSClientConfig: link.PinnedTLS(r.fingerprint), ForceAttemptHTTP2: true, // as browsers do
			MaxConnsPerHost: 1, TLSHandshakeTimeout: 30 * time.Second,
		},
	}}
}

// post sends one JSON object and reads another.
func (s *scanner) post(ctx context.Context, path string, body, into any) (int, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+path, bytes.NewReader(data))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	if s.key != "" {
		request.Header.Set("Authorization", "Bearer "+s.key)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return 0, err
	}
	answer, err := io.ReadAll(response.Body)
	if cerr := response.Body.Close(); err == nil {
		err = cerr
	}
	if err == nil && into != nil {
		err = json.Unmarshal(answer, into)
	}
	return response.StatusCode, err
}

// scanning has badges scanned by chance, at any of the scanners, at times that
// were drawn without regard to how long the ones before took.
func (r *run) scanning(ctx context.Context, scanners []*scanner, peak float64) error {
	if len(scanners) == 0 {
		return nil
	}
	chance := rand.New(rand.NewPCG(r.Seed, uint64(peak)))
	due := time.Now()
	var under sync.WaitGroup
	defer under.Wait()
	for {
		due = due.Add(time.Duration(chance.ExpFloat64() / r.scansAt(peak) * float64(time.Second)))
		if !sleepUntil(ctx, due) {
			return nil
		}
		if badge, ok := r.codes.pick(chance); ok {
			s, rating := scanners[chance.IntN(len(scanners))], chance.IntN(4)
			under.Go(func() { r.scan(context.WithoutCancel(ctx), s, badge, due, rating) })
		}
	}
}

// scan sends one scan until it is answered: a phone keeps what was not.
func (r *run) scan(ctx context.Context, s *scanner, badge string, at time.Time, rating int) {
	s.mu.Lock()
	number := len(s.scans)
	s.scans = append(s.scans, fate{})
	s.mu.Unlock()
	r.tally.scans.Add(1)
	body := map[string]any{"token": badge, "at": at.UTC(), "rating": rating, "notes": "", "client_id": s.id(number)}
	ctx, cancel := context.WithDeadline(ctx, r.until.Add(r.Patience))
	defer cancel()
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		status, err := s.post(ctx, s.kind, body, nil)
		switch {
		case err == nil && status/100 == 2:
			r.tally.kept.Add(1)
			r.tally.ack.record(time.Since(at), 1)
			s.mu.Lock()
			s.scans[number].acked = true
			s.mu.Unlock()
			return
		case err == nil && status/100 == 4 && status != http.StatusTooManyRequests:
			r.tally.refused.Add(1)
			return
		}
		r.tally.retries.Add(1)
		if !sleepUntil(ctx, time.Now().Add(wait)) {
			return
		}
	}
}

// id names a scan for the hall; place and number read it back.
func (s *scanner) id(number int) string {
	return fmt.Sprintf("rehearsal-%s-%d-%d", s.kind, s.place, number)
}

// found notes that a journal holds a scan, and reports false for one that is
// none of ours.
func found(scanners []*scanner, kind, id string) bool {
	rest, ok := strings.CutPrefix(id, "rehearsal-"+kind+"-")
	first, second, _ := strings.Cut(rest, "-")
	place, err := strconv.Atoi(first)
	number, bad := strconv.Atoi(second)
	if !ok || err != nil || bad != nil || place >= len(scanners) || number >= len(scanners[place].scans) {
		return false
	}
	scanners[place].scans[number].stored++
	return true
}

func count(scanners []*scanner) (n uint64) {
	for _, s := range scanners {
		n += uint64(len(s.scans))
	}
	return n
}
