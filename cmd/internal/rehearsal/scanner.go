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
	"hallpass/sync/record"
)

// scanner is a booth's phone, or a reader at a gate: one connection, one key.
type scanner struct {
	kind   string // "leads" or "passages", as the API calls them
	place  int
	client *http.Client
	base   string
	key    string
	device record.DeviceID
	ways   []record.Direction // that a gate leads

	mu     sync.Mutex // guards all below
	scans  []fate     // by their number
	passed map[record.PassageID]int
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
	s := r.scanner("leads", place)
	return s, s.pair(ctx, r, Order{Exhibitor: exhibitor})
}

// openGate pairs a reader with a gate of the show, as openBooth does.
func openGate(ctx context.Context, r *run, place int) (*scanner, error) {
	gate := r.show.Gates[place%len(r.show.Gates)]
	s := r.scanner("passages", place)
	s.passed, s.ways = map[record.PassageID]int{}, []record.Direction{record.DirectionIn, record.DirectionOut}
	if gate.Direction != "both" {
		s.ways = []record.Direction{record.Direction(gate.Direction)}
	}
	return s, s.pair(ctx, r, Order{Gate: string(gate.ID)})
}

// pair proves a code and keeps the key.
func (s *scanner) pair(ctx context.Context, r *run, o Order) error {
	code, err := r.Hall.Invite(ctx, o)
	if err != nil {
		return fmt.Errorf("pair for %s: %w", s.kind, err)
	}
	var answer struct {
		Device record.DeviceID
		Key    string
	}
	status, err := s.post(ctx, "pair/device", map[string]string{"code": code, "name": fmt.Sprintf("Rehearsal %d", s.place+1)}, &answer)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("status %d", status)
	}
	if err != nil {
		return fmt.Errorf("pair for %s: %w", s.kind, err)
	}
	s.device, s.key = answer.Device, answer.Key
	return nil
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
			s, rating, at := scanners[chance.IntN(len(scanners))], chance.IntN(4), due
			under.Go(func() { r.scan(context.WithoutCancel(ctx), s, badge, at, rating) })
		}
	}
}

// scan sends one scan until it is answered: a phone keeps what was not.
func (r *run) scan(ctx context.Context, s *scanner, badge string, at time.Time, rating int) {
	number, body := s.prepare(badge, at, rating)
	r.tally.scans.Add(1)
	ctx, cancel := context.WithDeadline(ctx, r.until.Add(r.Patience))
	defer cancel()
	var answer struct{ Allowed bool }
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		status, err := s.post(ctx, s.kind, body, &answer)
		switch {
		case err == nil && status/100 == 2:
			r.tally.kept.Add(1)
			took := time.Since(at)
			r.tally.ack.record(took, 1)
			r.tally.scanned.record(took, 1)
			s.mu.Lock()
			s.scans[number].acked = true
			s.mu.Unlock()
			if s.passed != nil && !answer.Allowed { // every badge here is genuine
				r.tally.refused.Add(1)
			}
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

// prepare numbers a scan and writes what is sent of it.
func (s *scanner) prepare(badge string, at time.Time, rating int) (number int, body map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	number = len(s.scans)
	s.scans = append(s.scans, fate{})
	at = at.UTC().Truncate(time.Millisecond)
	body = map[string]any{"token": badge, "at": at, "client_id": s.id(number)}
	if s.passed == nil {
		body["rating"], body["notes"] = rating, ""
		return number, body
	}
	body["direction"] = s.ways[number%len(s.ways)]
	s.passed[record.PassageIDOf(at, s.device, s.id(number))] = number
	return number, body
}

// id names a scan for the hall; place and number read it back.
func (s *scanner) id(number int) string {
	return fmt.Sprintf("rehearsal-%s-%d-%d", s.kind, s.place, number)
}

// foundLead notes that a journal holds a lead.
func foundLead(booths []*scanner, l record.Lead) {
	rest, ok := strings.CutPrefix(l.ClientID, "rehearsal-leads-")
	first, second, _ := strings.Cut(rest, "-")
	place, err := strconv.Atoi(first)
	number, bad := strconv.Atoi(second)
	if ok && err == nil && bad == nil && place < len(booths) && number < len(booths[place].scans) {
		booths[place].scans[number].stored++
	}
}

// foundPassage notes that a journal holds a passage.
func foundPassage(gates []*scanner, p record.Passage) {
	for _, s := range gates {
		if number, ok := s.passed[p.ID]; ok && s.device == p.Device {
			s.scans[number].stored++
		}
	}
}

func count(scanners []*scanner) (n uint64) {
	for _, s := range scanners {
		n += uint64(len(s.scans))
	}
	return n
}
