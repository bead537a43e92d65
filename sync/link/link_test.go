package link_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

func TestRun_SendsTheJournalAndWhatIsAddedLater(t *testing.T) {
	k := newKiosk(t)
	h := newHall(t, k.public)
	k.add(450)
	k.run(h.url())
	eventually(t, "450 changes at the hall", func() bool { return h.count("kiosk-1") == 450 })
	k.add(1)
	eventually(t, "the added change acknowledged", func() bool { return k.Status().AckedSeq == 451 })
	status := k.Status()
	if !status.Up || status.LastSeq != 451 || status.Unsent != 0 || status.LastError != "" || status.Since.IsZero() {
		t.Errorf("Status = %+v, want up and nothing unsent", status)
	}
	if err := k.Flush(context.Background()); err != nil {
		t.Errorf("Flush = %v, want nothing left to send", err)
	}
	h.see(func() {
		if h.repeats != 0 {
			t.Errorf("%d changes came again, want none", h.repeats)
		}
		if !slices.EqualFunc(h.kept["kiosk-1"], k.changes, sameChange) {
			t.Error("the hall's copy differs from the kiosk's journal")
		}
	})
}

func sameChange(a, b record.Change) bool {
	return a.Seq == b.Seq && string(a.Payload) == string(b.Payload) && a.Digest == b.Digest && a.Stamp == b.Stamp
}

// P2, P3: the hall goes, three more register, it comes back with what it kept.
func TestRun_HallRestarts(t *testing.T) {
	k := newKiosk(t)
	h := newHall(t, k.public)
	k.add(5)
	k.run(h.url())
	eventually(t, "5 changes acknowledged", func() bool { return k.Status().AckedSeq == 5 })
	h.stop()
	eventually(t, "the link down", func() bool { return !k.Status().Up })
	k.add(3)
	eventually(t, "3 changes counted as unsent", func() bool { return k.Status().Unsent == 3 })
	if err := k.Flush(context.Background()); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("Flush = %v, want %v while the hall is away", err, fault.Unavailable)
	}
	h.start(h.address)
	eventually(t, "all acknowledged", func() bool { return k.Status().AckedSeq == 8 })
	h.see(func() {
		if h.repeats != 0 || len(h.kept["kiosk-1"]) != 8 {
			t.Errorf("the hall has %d changes and %d came again, want 8 and none", len(h.kept["kiosk-1"]), h.repeats)
		}
	})
	if n := k.logged.count("level=INFO", "hall link down"); n != 1 {
		t.Errorf("%d Info lines for one outage, want 1:\n%s", n, k.logged)
	}
}

// The hall commits, but its acknowledgement never arrives.
func TestRun_AckLost(t *testing.T) {
	k := newKiosk(t)
	h := newHall(t, k.public)
	lost := false
	h.serve = func(ctx context.Context, conn *wire.Conn, hello wire.Hello) error {
		if lost {
			return h.work(ctx, conn, hello)
		}
		lost = true
		if err := conn.Send(ctx, h.welcome(hello)); err != nil {
			return err
		}
		for {
			frame, err := conn.Receive(ctx)
			if err != nil {
				return err
			}
			if batch, ok := frame.(wire.Batch); ok {
				h.keep(batch)
				return conn.Close(1001, "power cut")
			}
		}
	}
	k.add(450)
	k.run(h.url())
	eventually(t, "all acknowledged", func() bool { return k.Status().AckedSeq == 450 })
	h.see(func() {
		if len(h.kept["kiosk-1"]) != 450 || h.repeats != 0 {
			t.Errorf("the hall has %d and %d came again, want 450 once", len(h.kept["kiosk-1"]), h.repeats)
		}
	})
}

// The window: no third batch while two are not acknowledged.
func TestRun_AtMostTwoBatchesUnderWay(t *testing.T) {
	k := newKiosk(t)
	h := newHall(t, k.public)
	most, under := 0, 0
	h.serve = func(ctx context.Context, conn *wire.Conn, hello wire.Hello) error {
		if err := conn.Send(ctx, h.welcome(hello)); err != nil {
			return err
		}
		for {
			frame, err := conn.Receive(ctx)
			if err != nil {
				return err
			}
			switch f := frame.(type) {
			case wire.Batch:
				h.keep(f)
				under++
				most = max(most, under)
				if len(f.Changes) > 200 {
					t.Errorf("a batch of %d changes, want 200 at most", len(f.Changes))
				}
			case wire.Status: // by now whatever could be under way is
				for ; under > 0; under-- {
					if err := conn.Send(ctx, wire.Ack{Seq: uint64(h.count("kiosk-1"))}); err != nil {
						return err
					}
				}
			}
		}
	}
	k.add(900)
	stop := k.run(h.url())
	eventually(t, "all acknowledged", func() bool { return k.Status().AckedSeq == 900 })
	stop()
	h.stop()
	if most != 2 {
		t.Errorf("%d batches were under way at once, want 2", most)
	}
}

// P3: what the hall says it has read counts, whatever we remember.
func TestRun_ResumesWhereTheHallIs(t *testing.T) {
	tests := []struct {
		name    string
		mark    uint64        // what we remember
		kept    int           // what the hall has
		claim   record.Cursor // what it says
		rewound []uint64
		repeats int
		warns   int
	}{
		{"HallKnowsNothing", 0, 0, record.Cursor{}, nil, 0, 0},
		{"HallHasSome", 10, 10, record.Cursor{Epoch: "kiosk-1", Seq: 10}, nil, 0, 0},
		{"OurMarkIsBehind", 4, 10, record.Cursor{Epoch: "kiosk-1", Seq: 10}, nil, 0, 0},
		{"HallWasRestored", 20, 8, record.Cursor{Epoch: "kiosk-1", Seq: 8}, []uint64{8}, 0, 1},
		{"HallRepeatsItself", 20, 20, record.Cursor{Epoch: "kiosk-1", Seq: 15}, []uint64{15}, 5, 1},
		{"AnotherEpoch", 0, 0, record.Cursor{Epoch: "kiosk-0", Seq: 12}, nil, 0, 1},
		{"BeyondOurEnd", 20, 20, record.Cursor{Epoch: "kiosk-1", Seq: 31}, []uint64{0}, 20, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := newKiosk(t)
			h := newHall(t, k.public)
			k.add(30)
			k.mark = tt.mark
			h.kept["kiosk-1"] = slices.Clone(k.changes[:tt.kept])
			h.claim = &tt.claim
			k.run(h.url())
			eventually(t, "all acknowledged", func() bool { return k.Status().AckedSeq == 30 })
			h.see(func() {
				if len(h.kept["kiosk-1"]) != 30 || h.repeats != tt.repeats {
					t.Errorf("the hall has %d and %d came again, want 30 and %d", len(h.kept["kiosk-1"]), h.repeats, tt.repeats)
				}
			})
			k.see(func() {
				if !slices.Equal(k.rewound, tt.rewound) {
					t.Errorf("rewound to %v, want %v", k.rewound, tt.rewound)
				}
			})
			if n := k.logged.count("level=WARN"); n != tt.warns {
				t.Errorf("%d warnings, want %d:\n%s", n, tt.warns, k.logged)
			}
		})
	}
}

// The hall's journal arrives in order, once, and is acknowledged after it was
// applied, also when a batch comes twice or Apply fails at first.
func TestRun_TakesTheHallsJournal(t *testing.T) {
	k := newKiosk(t)
	h := newHall(t, k.public)
	for seq := range uint64(9) {
		h.own = append(h.own, change(hallID, "hall-1", seq+1))
	}
	k.refuse = errors.New("disk full")
	h.serve = func(ctx context.Context, conn *wire.Conn, hello wire.Hello) error {
		if err := conn.Send(ctx, h.welcome(hello)); err != nil {
			return err
		}
		if hello.Read.Seq == 0 { // overlapping and repeated
			for _, part := range [][2]int{{0, 4}, {0, 4}, {2, 6}, {6, 9}} {
				if err := conn.Send(ctx, wire.BatchOf(h.own[part[0]:part[1]])); err != nil {
					return err
				}
			}
		}
		for {
			frame, err := conn.Receive(ctx)
			if err != nil {
				return err
			}
			if ack, ok := frame.(wire.Ack); ok {
				k.see(func() {
					if k.read.Seq < ack.Seq {
						t.Errorf("acknowledged %d with %d applied", ack.Seq, k.read.Seq)
					}
				})
				h.see(func() { h.acks = append(h.acks, ack.Seq) })
			}
		}
	}
	k.run(h.url())
	eventually(t, "the last change acknowledged", func() bool {
		var last uint64
		h.see(func() {
			if len(h.acks) > 0 {
				last = h.acks[len(h.acks)-1]
			}
		})
		return last == 9
	})
	k.see(func() {
		if !slices.EqualFunc(k.applied, h.own, sameChange) {
			t.Errorf("applied %d changes, want the hall's 9 once each", len(k.applied))
		}
		if k.read != (record.Cursor{Epoch: "hall-1", Seq: 9}) {
			t.Errorf("read up to %+v, want 9", k.read)
		}
	})
}

// A hall with a new disk, or one put back from a backup, begins again.
func TestRun_HallBeginsAgain(t *testing.T) {
	for name, read := range map[string]record.Cursor{
		"NewDisk": {Epoch: "hall-0", Seq: 7}, "PutBack": {Epoch: "hall-1", Seq: 7},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKiosk(t)
			h := newHall(t, k.public)
			h.own = []record.Change{change(hallID, "hall-1", 1), change(hallID, "hall-1", 2)}
			k.read = read
			k.run(h.url())
			eventually(t, "two changes applied", func() bool {
				at, _ := k.Read(context.Background())
				return at == record.Cursor{Epoch: "hall-1", Seq: 2}
			})
			if n := k.logged.count("level=WARN", "reading from 0"); n != 1 {
				t.Errorf("%d warnings, want 1:\n%s", n, k.logged)
			}
		})
	}
}

// P9: a hall that misbehaves ends its connection and nothing else.
func TestRun_HallMisbehaves(t *testing.T) {
	kept := func(h *hall, hello wire.Hello) wire.Welcome { return h.welcome(hello) }
	tests := []struct {
		name    string
		welcome func(h *hall, hello wire.Hello) wire.Welcome
		frame   wire.Frame
		want    fault.Code
	}{
		{"AcksWhatWasNotSent", kept, wire.Ack{Seq: 4000}, fault.BadSequence},
		{"LeavesAGap", kept, wire.Batch{First: 5, Changes: []record.Change{change(hallID, "hall-1", 5)}}, fault.BadSequence},
		{"SendsAnothersJournal", kept, wire.Batch{First: 1, Changes: []record.Change{change("01OTHER", "hall-1", 1)}}, fault.BadSequence},
		{"SaysHello", kept, wire.Hello{}, fault.BadFrame},
		{"SaysBye", kept, wire.Bye{Code: string(fault.NodeRevoked), Message: "Out of service."}, fault.NodeRevoked},
		{"SaysByeInTheWordsOfALaterProgram", kept, wire.Bye{Code: "moon.phase", Message: "Wait."}, fault.Internal},
		{"AnotherProtocol", func(h *hall, hello wire.Hello) wire.Welcome {
			w := h.welcome(hello)
			w.Protocol = 2
			return w
		}, nil, fault.BadProtocol},
		{"AnotherShow", func(h *hall, hello wire.Hello) wire.Welcome {
			w := h.welcome(hello)
			w.Show = "spring-2028"
			return w
		}, nil, fault.RefusedFact},
		{"NoName", func(h *hall, hello wire.Hello) wire.Welcome {
			w := h.welcome(hello)
			w.Node = ""
			return w
		}, nil, fault.BadFrame},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := newKiosk(t)
			h := newHall(t, k.public)
			bad := true
			h.serve = func(ctx context.Context, conn *wire.Conn, hello wire.Hello) error {
				if !bad {
					return h.work(ctx, conn, hello)
				}
				bad = false
				if err := conn.Send(ctx, tt.welcome(h, hello)); err != nil {
					return err
				}
				if tt.frame != nil {
					if err := conn.Send(ctx, tt.frame); err != nil {
						return err
					}
				}
				for {
					if _, err := conn.Receive(ctx); err != nil {
						return err
					}
				}
			}
			k.add(3)
			k.run(h.url())
			eventually(t, "three changes acknowledged on the next connection", func() bool { return k.Status().AckedSeq == 3 })
			if n := k.logged.count("hall link down", fmt.Sprintf("code=%s", tt.want)); n != 1 {
				t.Errorf("%d lines with %s, want 1:\n%s", n, tt.want, k.logged)
			}
		})
	}
}

// What stands before a damaged entry reaches the hall; nothing is skipped.
func TestRun_DamagedJournal(t *testing.T) {
	k := newKiosk(t)
	h := newHall(t, k.public)
	k.damaged = 41
	k.add(60)
	k.run(h.url())
	eventually(t, "forty changes acknowledged and the trouble shown", func() bool {
		s := k.Status()
		return s.AckedSeq == 40 && s.Unsent == 20 && s.LastError == fault.Internal
	})
}

func TestRun_TellsTheHallWhyItCloses(t *testing.T) {
	k := newKiosk(t)
	h := newHall(t, k.public)
	heard := make(chan wire.Bye, 10)
	h.serve = func(ctx context.Context, conn *wire.Conn, hello wire.Hello) error {
		w := h.welcome(hello)
		w.Show = "spring-2028"
		if err := conn.Send(ctx, w); err != nil {
			return err
		}
		for {
			frame, err := conn.Receive(ctx)
			if err != nil {
				return err
			}
			if bye, ok := frame.(wire.Bye); ok {
				heard <- bye
			}
		}
	}
	k.run(h.url())
	eventually(t, "a Bye", func() bool { return len(heard) > 0 })
	if bye := <-heard; bye.Code != string(fault.RefusedFact) || bye.Message == "" {
		t.Errorf("the hall hears %+v, want the code and a sentence", bye)
	}
}
