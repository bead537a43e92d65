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

// check answers fault.TooMany if the address has guessed wrong too often.
func (l *limiter) check(address string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	g := l.wrong[address]
	if l.now().Sub(g.since) < time.Minute && g.count >= guessesPerMinute {
		return fault.New(fault.TooMany, "Too many wrong tries. Wait a minute, then try again.")
	}
	return nil
}

// miss counts one wrong guess.
func (l *limiter) miss(address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.wrong == nil || len(l.wrong) >= maxAddresses {
		l.wrong = map[string]guesses{}
	}
	g := l.wrong[address]
	if now := l.now(); now.Sub(g.since) >= time.Minute {
		g = guesses{since: now}
	}
	g.count++
	l.wrong[address] = g
}
