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

// limits counts wrong guesses by purpose and address.
type limits struct {
	pairing, signin *limiter
}

func newLimits(now func() time.Time) limits {
	return limits{pairing: &limiter{now: now}, signin: &limiter{now: now}}
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
	switch {
	case now.Sub(g.since) >= time.Minute:
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
