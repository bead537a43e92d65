package hall

import (
	"context"
	"errors"
	"sync"

	"hallpass/sync/wire"
)

// maxSaid is how many batches are kept for other kiosks: one for those that
// have all but the last, the others for those that come back together.
const maxSaid = 16 // MiB at most

// said keeps the batches of the hall's journal that kiosks were sent lately, so
// that each is read and encoded once however many kiosks hear it. A batch in it
// is as the journal was when it was begun: whatever changes the journal also
// empties it, since an entry of somebody who was erased must not go out (P10).
type said struct {
	mu     sync.Mutex // guards all below
	spoken map[uint64]*speech
}

// utterance is a batch and the number of its last change, 0 for none.
type utterance struct {
	frame wire.Prepared
	last  uint64
}

// speech is an utterance that somebody prepares while others wait for it.
type speech struct {
	ready chan struct{}
	utterance
	err error
}

func newSaid() *said { return &said{spoken: map[uint64]*speech{}} }

// forget is called after every commit that the journal has grown by.
func (s *said) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.spoken)
}

// after returns what follows a number, by read unless another link has asked.
func (s *said) after(seq uint64, read func() (utterance, error)) (utterance, error) {
	s.mu.Lock()
	known := s.spoken[seq]
	if known != nil {
		s.mu.Unlock()
		<-known.ready
		if !errors.Is(known.err, context.Canceled) && !errors.Is(known.err, context.DeadlineExceeded) {
			return known.utterance, known.err
		}
		return read() // it was the other link that ended
	}
	mine := &speech{ready: make(chan struct{})}
	if len(s.spoken) >= maxSaid {
		clear(s.spoken)
	}
	s.spoken[seq] = mine
	s.mu.Unlock()
	mine.utterance, mine.err = read()
	close(mine.ready)
	if mine.err != nil || mine.last == 0 { // whoever asks later may find something
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.spoken[seq] == mine {
			delete(s.spoken, seq)
		}
	}
	return mine.utterance, mine.err
}
