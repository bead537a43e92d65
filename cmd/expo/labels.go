package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"os"
	"syscall"
	"time"

	"hallpass/badge/spool/labelsim"
)

const (
	maxLabels     = 8
	labelTemplate = "label-90x100" // of every badge where labels are printed
	labelRoll     = 300
	labelPace     = 1500 * time.Millisecond // a quick printer's
)

// startLabels starts the simulated label printers that were asked for, where
// they were at the last start unless somebody else is there now.
func (x *expo) startLabels() error {
	for i := range x.settings.Labels {
		c := labelsim.Config{Width: 90, Length: 100, Roll: labelRoll, Pace: labelPace, Dir: x.labelFolder(i)}
		if i < len(x.state.Labels) {
			c.Listen = x.state.Labels[i]
		}
		if err := os.MkdirAll(c.Dir, 0o700); err != nil {
			return err
		}
		p, err := labelsim.Start(c)
		if errors.Is(err, syscall.EADDRINUSE) {
			c.Listen = ""
			p, err = labelsim.Start(c)
		}
		if err != nil {
			return fmt.Errorf("label printer %d: %w", i+1, err)
		}
		x.parts.Push("label printer", endLimit, func(context.Context) error { return p.Close() })
		x.labels = append(x.labels, p)
	}
	x.state.keepLabels(x.labels)
	return x.state.save()
}

func (x *expo) labelFolder(i int) string { return x.path(fmt.Sprintf("labels-%d", i+1)) }

// printers are the kiosk's flags for its pool.
func (x *expo) printers() []string {
	if len(x.labels) == 0 {
		return []string{"-printer", x.printer.URI()}
	}
	args := []string{"-template", labelTemplate}
	for i, p := range x.labels {
		args = append(args, "-printer", fmt.Sprintf("Label printer %d=%s", i+1, p.URI()))
	}
	return append(args, "-printer", "Printer="+x.printer.URI())
}

// keepLabels remembers the addresses; those beyond stay for the next start with
// more printers.
func (st *state) keepLabels(all []*labelsim.Printer) {
	for i, p := range all {
		address := p.URI()[len("zpl://"):]
		if i < len(st.Labels) {
			st.Labels[i] = address
		} else {
			st.Labels = append(st.Labels, address)
		}
	}
}

// admit makes the staff's code at the first start: six digits, as they are typed
// on a touch screen.
func (st *state) admit() {
	if st.StaffCode != "" {
		return
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil { // documented never to happen
		panic(err)
	}
	st.StaffCode = fmt.Sprintf("%06d", n)
}
