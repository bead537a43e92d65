package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"hallpass/cmd/internal/config"
	"hallpass/cmd/internal/lifecycle"
	"hallpass/cmd/internal/rehearsal"
)

// rehearseSettings of expo rehearse.
type rehearseSettings struct {
	Kiosks   int           `config:"kiosks,kiosks with a data file and a link each, 1-1000"`
	Booths   int           `config:"booths,phones of exhibitors that scan badges, 0-6000"`
	Gates    int           `config:"gates,readers at gates that let badges in and out, 0-1000"`
	Watchers int           `config:"watchers,screens that show the live numbers, 0-1000"`
	Rate     float64       `config:"rate,facts a second of all together; 0 for as fast as acks allow"`
	For      time.Duration `config:"for,how long there is load"`
	Batch    int           `config:"batch,changes that a kiosk hands over at once, 1-200"`
	Seed     int           `config:"seed,the same made-up people for the same number"`
	Patience time.Duration `config:"patience,how long the last acks are waited for"`
	Data     string        `config:"data,a new folder that is kept; without it a temporary one"`
	Hall     string        `config:"hall-program,the hall program, if not the one beside this"`
	Clean    bool          `config:"clean,remove the folder of an earlier rehearsal; nothing else is done"`
	JSON     bool          `config:"json,end with one JSON object"`
}

func rehearseDefaults() rehearseSettings {
	return rehearseSettings{Kiosks: 20, Booths: 100, Gates: 5, Watchers: 3, Rate: 100, For: 30 * time.Second, Batch: 200, Seed: 1, Patience: time.Minute}
}

// Validate is called by config.Load.
func (s *rehearseSettings) Validate() error {
	for _, n := range []struct {
		key                string
		value, least, most int
	}{{"kiosks", s.Kiosks, 1, 1000}, {"booths", s.Booths, 0, 6000}, {"gates", s.Gates, 0, 1000}, {"watchers", s.Watchers, 0, 1000}, {"batch", s.Batch, 1, 200}} {
		if n.value < n.least || n.value > n.most {
			return config.Invalid(n.key, fmt.Sprint(n.value), fmt.Sprintf("is not from %d to %d", n.least, n.most))
		}
	}
	switch {
	case s.Rate < 0 || s.Rate > 1e6:
		return config.Invalid("rate", fmt.Sprint(s.Rate), "is not from 0 to 1000000")
	case s.For <= 0 || s.For > 24*time.Hour:
		return config.Invalid("for", s.For.String(), "is not from a moment to a day; try 60s")
	case s.Patience <= 0:
		return config.Invalid("patience", s.Patience.String(), "is no time; try 1m")
	case s.Clean && s.Data == "":
		return config.Invalid("data", s.Data, "names no folder to clean; try -clean -data DIR")
	}
	return nil
}

// rehearse is "expo rehearse".
func rehearse(ctx context.Context, args []string, out io.Writer) error {
	s := rehearseDefaults()
	_, err := config.Load(config.Command{
		Name: "expo rehearse",
		About: "Rehearses a show with people who do not exist: starts a hall of its own, pairs kiosks and booths with it,\n" +
			"and accounts for every fact. Nobody real is touched.",
		Example: "expo rehearse -kiosks 200 -booths 3000 -rate 1000 -for 60s",
		Output:  out,
	}, args, &s)
	if err != nil {
		return err
	}
	if s.Clean {
		return cleanRehearsal(ctx, s.Data, out)
	}
	log := slog.New(slog.DiscardHandler)
	if !s.JSON {
		log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{ReplaceAttr: withoutTime}))
	}
	data, end, err := rehearsalFolder(s.Data)
	if err != nil {
		return err
	}
	result, err := rehearseIn(ctx, s, data, log)
	if err == nil {
		err = s.show(result, out)
	}
	return errors.Join(err, end(err == nil))
}

func withoutTime(groups []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey && len(groups) == 0 {
		return slog.Attr{}
	}
	return a
}

// rehearseIn starts the hall in a folder, rehearses, and ends the hall.
func rehearseIn(ctx context.Context, s rehearseSettings, data string, log *slog.Logger) (result rehearsal.Result, err error) {
	show, file, err := rehearsalShow(data, s.Booths, s.Gates)
	if err != nil {
		return result, err
	}
	var parts lifecycle.Stack
	defer func() { err = errors.Join(err, parts.Close(slog.New(slog.DiscardHandler))) }()
	h, err := startRehearsalHall(ctx, s, data, file)
	if err != nil {
		return result, err
	}
	parts.Push("hall", endLimit, h.stop)
	return rehearsal.Run(ctx, rehearsal.Config{
		Hall: h, Show: show, Dir: filepath.Join(data, "kiosks"),
		Kiosks: s.Kiosks, Booths: s.Booths, Gates: s.Gates, Watchers: s.Watchers,
		Rate: s.Rate, For: s.For, Batch: s.Batch, Seed: uint64(s.Seed), Patience: s.Patience, Log: log,
	})
}

// show prints the account, and fails if it is not in order.
func (s rehearseSettings) show(r rehearsal.Result, out io.Writer) error {
	write := r.Table
	if s.JSON {
		write = r.JSON
	}
	if err := write(out); err != nil {
		return err
	}
	if !r.Clean() {
		problem := "not every fact is where it should be"
		if len(r.More.Problems) > 0 {
			problem += ": " + r.More.Problems[0]
		}
		if s.Data == "" {
			problem += "; keep the data with -data DIR and look with hall check"
		}
		return errors.New(problem)
	}
	return nil
}
