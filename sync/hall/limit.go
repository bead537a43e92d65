package hall

import (
	"sync"
	"time"

	"hallpass/sync/fault"
)

// Wrong guesses that one address may make in a minute before it has to wait. A
// pairing code holds 60 bits; what this limits is the noise, not the luck.
const (
	guessesPerMinute = 10
	maxAddresses     = 10_000 // remembered at once; beyond that all are forgotten
)

// Connections that have not said hello yet. Each holds some 50 kB for at most
// ten seconds; all kiosks of a show may sit behind one address.
const (
	maxGuests   = 1024
	maxGuestsOf = 256 // of one address
)

// largeFrames is how many frames beyond 64 kB are in memory at once: 64 MiB at
// the very most, whatever how many kiosks send while the disk is slow.
const largeFrames = 16

// limits counts wrong guesses by purpose and address, and guests.
type limits struct {
	pairing, signin *limiter
	guests          *guests
}

func newLimits(now func() time.Time) limits {
	return limits{pairing: &limiter{now: now}, signin: &limiter{now: now}, guests: &guests{of: map[string]int{}}}
}

// guests are connections that have not proven who they are.
type guests struct {
	mu  sync.Mutex // guards all below
	all int
	of  map[string]int // by address
}

// Expect takes a place for a connection that is about to be opened; call met
// once it has said who it is, or is gone. It answers fault.TooMany if too many
// strangers, or too many of that address, are connected already: one host that
// opens connections in a loop takes its own places, never all.
func (h *Hall) Expect(from Caller) (met func(), err error) {
	g := h.limits.guests
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all >= maxGuests || g.of[from.Address] >= maxGuestsOf {
		return nil, fault.New(fault.TooMany, "Too many connections wait to say who they are. Try again in a moment.")
	}
	g.all++
	g.of[from.Address]++
	return sync.OnceFunc(func() { g.leave(from.Address) }), nil
}

func (g *guests) leave(address string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.all--
	if g.of[address]--; g.of[address] == 0 {
		delete(g.of, address)
	}
}

type limiter struct {
	now func() time.Time

	mu    sync.Mutex // guards wrong
	wrong map[string]guesses
}

type guesses struct {
	since time.Time
	count int
}

// begin takes a try for wrong until pass is called, so that many at once are no
// more than one after the other. It answers fault.TooMany if the address has
// guessed wrong too often.
func (l *limiter) begin(address string) (pass func(), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	g, now := l.wrong[address], l.now()
	switch since := now.Sub(g.since); {
	case since >= time.Minute, since < 0: // a clock that is set back keeps nobody out for a day
		g = guesses{since: now}
	case g.count >= guessesPerMinute:
		return nil, fault.New(fault.TooMany, "Too many wrong tries. Wait a minute, then try again.")
	}
	if l.wrong == nil || len(l.wrong) >= maxAddresses {
		l.wrong = map[string]guesses{}
	}
	g.count++
	l.wrong[address] = g
	return func() { l.pass(address, g.since) }, nil
}

// pass takes back a try of the minute that began at since.
func (l *limiter) pass(address string, since time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	g := l.wrong[address]
	if !g.since.Equal(since) || g.count == 0 {
		return
	}
	if g.count--; g.count == 0 {
		delete(l.wrong, address)
		return
	}
	l.wrong[address] = g
}
