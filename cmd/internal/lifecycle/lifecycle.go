// Package lifecycle is what every command does around its work: it ends on
// signals, logs, says its version, serves HTTP with limits, and shuts down in
// order. It knows nothing of kiosk or hall.
//
// The order of an end (see Stack): input stops first, links flush with a
// deadline, stores close last; a second signal ends the process at once.
package lifecycle

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
)

// together is how far apart one wish to end may arrive twice: a terminal tells
// the whole group, and make or a supervisor tells us once more.
const together = 200 * time.Millisecond

// Signals returns a context that ends with the first SIGINT, SIGTERM or, unless
// nohup asked to live on, SIGHUP of a closed terminal. One more, at least 0.2 s
// later, ends the process with status 130, whatever it is doing. Call stop to
// give the signals back.
func Signals(parent context.Context) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	in := make(chan os.Signal, 2)
	done := make(chan struct{})
	ended := make(chan struct{})
	signal.Notify(in, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(in, syscall.SIGHUP)
	}
	go func() {
		defer close(ended)
		for first := (time.Time{}); ; {
			select {
			case <-in:
				if first.IsZero() {
					first = time.Now()
					cancel()
				} else if time.Since(first) >= together {
					os.Exit(130) // 128 + SIGINT, as a shell says it
				}
			case <-done:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(in)
		cancel()
		select {
		case <-done:
		default:
			close(done)
		}
		<-ended
	}
}

// Logger writes to w, as "text" or "json", from the level "debug", "info",
// "warn" or "error" on. Other words are an error that names them.
func Logger(w io.Writer, format, level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("log-level: %q is unknown; try debug, info, warn or error", level)
	}
	o := &slog.HandlerOptions{Level: l}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, o)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, o)), nil
	}
	return nil, fmt.Errorf("log-format: %q is unknown; try text or json", format)
}

// Version is the module's version, or the commit the program was built from
// with "+" if files had changed since, or "devel".
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	commit, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			commit = s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+"
		}
	}
	switch v := info.Main.Version; {
	case v != "" && v != "(devel)" && !strings.HasPrefix(v, "v0.0.0-"):
		return v
	case commit != "":
		return commit + changed
	}
	return "devel"
}

// Status prints err for a person, as "program: what happened", and returns the
// exit status: 0 for none, for a cancelled context (the end that a signal asked for)
// and for -h; else 1.
func Status(w io.Writer, program string, err error) int {
	if err == nil || errors.Is(err, flag.ErrHelp) || errors.Is(err, context.Canceled) {
		return 0
	}
	fmt.Fprintf(w, "%s: %v\n", program, err)
	return 1
}
