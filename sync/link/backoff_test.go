package link_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"hallpass/sync/fault"
)

// P2: with no hall the link tries for hours: at random times, never more than
// ten seconds apart, and with one line in the log.
func TestRun_BacksOff(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close() // nobody listens there now
	synctest.Test(t, func(t *testing.T) {
		k := newKiosk(t)
		var text bytes.Buffer
		k.Log = slog.New(slog.NewJSONHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}))
		k.URL = "http://" + address
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour)
		defer cancel()
		if err := k.Run(ctx); err != nil {
			t.Fatalf("Run = %v, want nil", err)
		}
		infos, attempts, last := 0, 0, began
		var longest time.Duration
		for dec := json.NewDecoder(&text); dec.More(); {
			var line struct {
				Time  time.Time
				Level string
			}
			if err := dec.Decode(&line); err != nil {
				t.Fatal(err)
			}
			attempts++
			if line.Level == "INFO" {
				infos++
			}
			longest = max(longest, line.Time.Sub(last))
			last = line.Time
		}
		if infos != 1 {
			t.Errorf("%d Info lines, want 1", infos)
		}
		if longest > 4*time.Second || longest < 3*time.Second {
			t.Errorf("the longest wait was %s, want some below 4 s and none above", longest)
		}
		// On average two seconds apart; fixed waits would be 1800 or 3600.
		if attempts < 3300 || attempts > 3900 || attempts == 3600 {
			t.Errorf("%d attempts in two hours, want about 3600", attempts)
		}
	})
}

func TestRun_HallRefusesAtTheDoor(t *testing.T) {
	k := newKiosk(t)
	k.run(refusing(t, 403, `{"code":"node.revoked","message":"Out of service."}`))
	eventually(t, "the hall's reason", func() bool { return k.Status().LastError == fault.NodeRevoked })
	if k.Status().Up {
		t.Error("Status says up")
	}
}

// What no retry can mend ends Run at once, with a sentence.
func TestRun_RefusesItsFields(t *testing.T) {
	tests := map[string]func(k *kiosk){
		"NoAddress":       func(k *kiosk) { k.URL = "" },
		"NotAnAddress":    func(k *kiosk) { k.URL = "hall.example:8443" },
		"PlainHTTPAfar":   func(k *kiosk) { k.URL = "http://hall.example:8080" },
		"NoPinnedTLS":     func(k *kiosk) { k.URL = "https://hall.example" },
		"NoKey":           func(k *kiosk) { k.Key = nil },
		"NoNode":          func(k *kiosk) { k.Node = "" },
		"WrongScheme":     func(k *kiosk) { k.URL = "ftp://127.0.0.1" },
		"NotEvenParsable": func(k *kiosk) { k.URL = "http://[::1" },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			k := newKiosk(t)
			k.URL = "http://127.0.0.1:1"
			spoil(k)
			if err := k.Run(t.Context()); fault.CodeOf(err) != fault.Invalid {
				t.Errorf("Run = %v, want %v", err, fault.Invalid)
			}
		})
	}
	k := newKiosk(t)
	k.URL, k.Outbox = "http://127.0.0.1:1", nil
	if err := k.Run(t.Context()); err == nil {
		t.Error("Run without an Outbox succeeds")
	}
}
