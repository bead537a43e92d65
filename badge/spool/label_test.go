package spool_test

import (
	"testing"
	"time"

	"hallpass/badge/spool"
	"hallpass/badge/spool/labelsim"
	"hallpass/badge/spool/spooltest"
)

// startLabels runs a simulated label printer for one test.
func startLabels(t testing.TB, c labelsim.Config) *labelsim.Printer {
	t.Helper()
	p, err := labelsim.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// labelRig is a simulated printer under the conformance suite; kept is the
// folder of its kiosk, more what its address says besides.
func labelRig(t testing.TB, c labelsim.Config, kept, more, media string) spooltest.Rig {
	v := startLabels(t, c)
	return spooltest.Rig{
		Open: func(t testing.TB) spool.Printer {
			p, err := spool.Open(v.URI()+more, spool.KeepIn(kept))
			if err != nil {
				t.Fatal(err)
			}
			return p
		},
		Printed: func(testing.TB) int { return len(v.Labels()) },
		Raise:   func(_ testing.TB, faults ...string) { v.Raise(faults...) },
		Media:   media,
	}
}

// The suite over ZPL printers that tell everything, only a length odometer,
// only ~HS, and nothing.
func TestZPL_Suite(t *testing.T) {
	faults := []string{"media-empty", "cover-open", "marker-supply-empty", "paused", "spool-area-full", "fuser-over-temp", "fuser-under-temp", "output-area-full"}
	for name, k := range map[string]spooltest.Kind{
		"Everything": {
			Start: func(t testing.TB) spooltest.Rig {
				return labelRig(t, labelsim.Config{}, t.TempDir(), "?media=62x100", "62x100")
			},
			Faults: append([]string{"media-jam"}, faults...), Warnings: []string{"media-low"},
		},
		"KioskWithoutDisk": {
			Start: func(t testing.TB) spooltest.Rig { return labelRig(t, labelsim.Config{DPI: 203}, "", "", "") },
		},
		"LengthOnly": {
			Start: func(t testing.TB) spooltest.Rig {
				return labelRig(t, labelsim.Config{Answers: labelsim.Length}, t.TempDir(), "?wait=2s", "")
			},
			Faults: faults[:2],
		},
		"HostStatusOnly": {
			Start: func(t testing.TB) spooltest.Rig {
				return labelRig(t, labelsim.Config{Answers: labelsim.HostOnly, Pace: 150 * time.Millisecond}, "", "?wait=2s&graphics=hex", "")
			},
			Faults: faults[:2], Forgets: true,
		},
		"Silent": {
			Start: func(t testing.TB) spooltest.Rig {
				return labelRig(t, labelsim.Config{Answers: labelsim.Nothing}, "", "?wait=200ms&dpi=300&media=62", "62")
			},
			Blind: true, Forgets: true,
		},
	} {
		t.Run(name, func(t *testing.T) { spooltest.Run(t, k) })
	}
}

// The suite over Brother QL printers that tell everything over SNMP, all but
// the label counter, only on the printing connection, and nothing.
func TestQL_Suite(t *testing.T) {
	faults := []string{"media-empty", "media-jam", "cover-open", "spool-area-full", "fuser-over-temp", "media-needed", "other"}
	for name, k := range map[string]spooltest.Kind{
		"SNMP": {
			Start: func(t testing.TB) spooltest.Rig {
				return labelRig(t, labelsim.Config{QL: true}, t.TempDir(), "", "62x100")
			},
			Faults: faults,
		},
		"Endless": {
			Start: func(t testing.TB) spooltest.Rig {
				return labelRig(t, labelsim.Config{QL: true, Endless: true}, t.TempDir(), "&media=62", "62")
			},
		},
		"NoCounter": {
			Start: func(t testing.TB) spooltest.Rig {
				return labelRig(t, labelsim.Config{QL: true, Answers: labelsim.HostOnly, Pace: 150 * time.Millisecond}, "", "", "62x100")
			},
			Faults: faults[:2], Forgets: true,
		},
		"OnTheLine": {
			Start: func(t testing.TB) spooltest.Rig {
				return labelRig(t, labelsim.Config{QL: true, Answers: labelsim.OnTheLine}, "", "", "62x100")
			},
			Faults: faults[:2], Forgets: true,
		},
		"Silent": {
			Start: func(t testing.TB) spooltest.Rig {
				return labelRig(t, labelsim.Config{QL: true, Answers: labelsim.Nothing}, "", "&wait=200ms", "")
			},
			Blind: true, Forgets: true,
		},
	} {
		t.Run(name, func(t *testing.T) { spooltest.Run(t, k) })
	}
}
