package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Stack closes parts in the reverse order of their start. The zero value is
// empty and ready; it is used by one goroutine.
type Stack struct {
	parts []part
}

type part struct {
	name  string
	limit time.Duration
	close func(context.Context) error
}

// Push adds a part that was started after all those before it. Its close is
// called with a context that ends after limit, which must be positive.
func (s *Stack) Push(name string, limit time.Duration, close func(context.Context) error) {
	s.parts = append(s.parts, part{name, limit, close})
}

// Close closes the last part first, each one even if another failed, and
// joins their errors under the parts' names. A second Close does nothing.
// A part that ignores its context holds up the rest: the process is then ended
// by a second signal, never by closing a store under its users.
func (s *Stack) Close(log *slog.Logger) error {
	var errs []error
	for len(s.parts) > 0 {
		p := s.parts[len(s.parts)-1]
		s.parts = s.parts[:len(s.parts)-1]
		began := time.Now()
		if err := p.run(); err != nil {
			errs = append(errs, fmt.Errorf("close %s: %w", p.name, err))
		}
		log.Debug("closed", "part", p.name, "took", time.Since(began).Round(time.Millisecond))
	}
	return errors.Join(errs...)
}

func (p part) run() error {
	ctx, cancel := context.WithTimeout(context.Background(), p.limit)
	defer cancel()
	return p.close(ctx)
}
