package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"strings"

	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/sync/link"
	"hallpass/sync/record"
)

// pair makes the first contact if a code is given and the kiosk has no hall
// yet. A paired kiosk ignores the code, so a restart may repeat the command
// line. It returns the pairing, and false for a kiosk that works alone.
func pair(ctx context.Context, c settings, s *store.Store, log *slog.Logger) (store.Pairing, bool, error) {
	known, ok, err := s.Pairing(ctx)
	if err != nil || ok {
		return known, ok, err
	}
	if c.Pair == "" {
		if c.Hall != "" {
			log.Warn("kiosk is not paired and works alone; get a code with hall pair and start it with -pair")
		}
		return store.Pairing{}, false, nil
	}
	p, err := link.Pair(ctx, c.Hall, c.Pair, c.Name, s.Key())
	if err != nil {
		return store.Pairing{}, false, fmt.Errorf("pair with the hall: %w", err)
	}
	pairing := store.Pairing{
		URL: p.URL, Fingerprint: p.Fingerprint[:], Node: p.Node, Hall: p.Hall, HallKey: p.HallKey,
		Show: p.Show, Certificate: p.Certificate,
	}
	if err := s.Pair(ctx, pairing); err != nil {
		return store.Pairing{}, false, err
	}
	if at, err := s.Standing(ctx); err == nil && at.Last > 0 && s.Show().ID != p.Show {
		log.Warn("what this kiosk recorded alone belongs to another show; the hall keeps it in quarantine",
			"facts", at.Last, "own", s.Show().ID, "hall", p.Show)
	}
	log.Info("kiosk paired", "hall", p.URL, "node", p.Node, "show", p.Show)
	return pairing, true, nil
}

// newLink is the link of a paired kiosk, not yet running. An address given now
// wins over the one of the pairing: halls move, their certificate stays.
func newLink(c settings, p store.Pairing, s *store.Store, log *slog.Logger) *link.Link {
	url := p.URL
	if c.Hall != "" {
		url = c.Hall
	}
	var secure *tls.Config
	if strings.HasPrefix(url, "https:") && len(p.Fingerprint) == 32 {
		secure = link.PinnedTLS([32]byte(p.Fingerprint))
	}
	return &link.Link{
		URL: url, TLS: secure, Node: p.Node, Key: s.Key(), Show: p.Show,
		Outbox: s, Inbox: s, Wake: s.Wake(), Log: log,
	}
}

// inbox is the store as the link fills it; the desk shows the news at once.
type inbox struct {
	*store.Store
	desk *kiosk.Desk
}

func (i inbox) Apply(ctx context.Context, epoch record.Epoch, changes []record.Change) error {
	if err := i.Store.Apply(ctx, epoch, changes); err != nil {
		return err
	}
	i.desk.Heard(ctx)
	return nil
}
