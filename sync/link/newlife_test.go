package link_test

import (
	"context"
	"errors"
	"testing"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// P1, P3: a hall that knows another history of the journal hears all of it in a
// new epoch; until that is begun, which a full disk may hold up, it is not called.
func TestRun_BeginsANewLife(t *testing.T) {
	k := newKiosk(t)
	h := newHall(t, k.public)
	h.kept["kiosk-1"] = []record.Change{change(kioskID, "kiosk-1", 1), change(kioskID, "kiosk-1", 2)}
	h.serve = func(ctx context.Context, conn *wire.Conn, hello wire.Hello) error {
		if hello.Epoch != "kiosk-1" {
			return h.work(ctx, conn, hello)
		}
		if err := conn.Send(ctx, h.welcome(hello)); err != nil {
			return err
		}
		if _, err := conn.Receive(ctx); err != nil { // what parts from it
			return err
		}
		return conn.Send(ctx, wire.Bye{Code: string(fault.Forked), Message: "Another history."})
	}
	k.add(5)
	full := 3
	k.NewLife = func(context.Context) error {
		k.mu.Lock()
		defer k.mu.Unlock()
		if full--; full > 0 {
			return errors.New("no space left on device")
		}
		k.epoch, k.mark = "kiosk-2", 0
		for i := range k.changes {
			k.changes[i].Epoch = k.epoch
		}
		return nil
	}
	k.run(h.url())
	eventually(t, "all told anew", func() bool { return h.count("kiosk-2") == 5 && k.Status().AckedSeq == 5 })
	h.see(func() {
		old := 0
		for _, hello := range h.hellos {
			if hello.Epoch == "kiosk-1" {
				old++
			}
		}
		if old != 1 || len(h.kept["kiosk-1"]) != 2 {
			t.Errorf("%d connections in the old life, %d changes of it, want 1 and 2", old, len(h.kept["kiosk-1"]))
		}
	})
	if n := k.logged.count("the hall knows another history"); n != 1 {
		t.Errorf("%d lines for the operator, want 1:\n%s", n, k.logged)
	}
}

// Without NewLife the kiosk calls again as it is, as an older program does.
func TestRun_CannotBeginANewLife(t *testing.T) {
	k := newKiosk(t)
	h := newHall(t, k.public)
	byes := 0
	h.serve = func(ctx context.Context, conn *wire.Conn, hello wire.Hello) error {
		h.see(func() { byes++ })
		if byes > 2 {
			return h.work(ctx, conn, hello)
		}
		return conn.Send(ctx, wire.Bye{Code: string(fault.Forked), Message: "Another history."})
	}
	k.add(2)
	k.run(h.url())
	eventually(t, "all sent as it is", func() bool { return h.count("kiosk-1") == 2 })
}
