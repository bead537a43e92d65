package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

const (
	headerTimeout = 10 * time.Second // a phone on a crowded hall Wi-Fi
	idleTimeout   = 2 * time.Minute
	grace         = 2 * time.Second // a card is read in less
	lastCall      = 3 * time.Second // for handlers to notice that their context ended
)

// Serve answers on ln until ctx ends, and closes ln. Then no new request is
// taken; those under way have 2 s to finish, after which their contexts end
// (so do event streams), and 3 s more, after which they are cut. Connections
// that a handler took over (websockets) are the handler's to close. It returns
// nil after such an end, also if something had to be cut.
//
// There is no limit on a body's or an answer's time here: streams live long.
// Handlers set theirs with http.ResponseController and http.MaxBytesReader.
func Serve(ctx context.Context, ln net.Listener, h http.Handler, log *slog.Logger) error {
	requests, endRequests := context.WithCancel(context.WithoutCancel(ctx))
	defer endRequests()
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    64 << 10,
		BaseContext:       func(net.Listener) context.Context { return requests },
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug), // broken clients are not our news
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ln) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve %s: %w", ln.Addr(), err)
	case <-ctx.Done():
	}
	late := time.AfterFunc(grace, endRequests)
	defer late.Stop()
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace+lastCall)
	defer cancel()
	err := s.Shutdown(limit)
	if errors.Is(err, context.DeadlineExceeded) {
		log.Warn("requests cut at shutdown", "listen", ln.Addr().String())
		err = s.Close()
	}
	<-ended
	return err
}
