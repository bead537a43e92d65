package showtest_test

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hallpass/badge/token"
	"hallpass/cmd/internal/process"
)

// keyShow is a hall with two kiosks whose printers are folders, and a phone.
type keyShow struct {
	show
	phone string // its key
}

type knownKeys struct {
	Show, Hall string
	Keys       []struct{ Node, Name, Key, State, Statement string }
}

func openKeyShow(t *testing.T) *keyShow {
	t.Helper()
	s := &keyShow{show: show{tb: t, dir: t.TempDir(), hallListen: process.FreeAddress(t), hallPlain: process.FreeAddress(t)}}
	s.startHall()
	code := s.pair("-exhibitor", s.exhibitor()).Code
	s.phone = call[struct{ Key string }](t, "POST", s.hallURL()+"/api/v1/pair/device", "", map[string]string{"code": code, "name": "phone"}).Key
	return s
}

// data is a kiosk's folder.
func (s *keyShow) data(name string) string { return filepath.Join(s.dir, name) }

// kioskArgs are those of a kiosk on a port of its own.
func (s *keyShow) kioskArgs(name, listen string, more ...string) []string {
	return append([]string{"run", "-data", s.data(name), "-listen", listen, "-readers", "0", "-hall", "https://" + s.hallListen,
		"-printer", "folder:" + s.data(name+"-printer")}, more...)
}

// desk is one kiosk as this test drives it.
type desk struct {
	*show
	*process.Process
}

func (s *keyShow) open(name string, more ...string) desk {
	s.tb.Helper()
	listen := process.FreeAddress(s.tb)
	d := desk{&show{tb: s.tb, kioskListen: listen}, start(s.tb, "kiosk", s.kioskArgs(name, listen, more...)...)}
	eventually(s.tb, name+" reaches the hall", func() bool { return d.status().Hall == "up" })
	return d
}

// prints registers somebody and returns the badge's code.
func (d desk) prints(i int) string {
	d.show.tb.Helper()
	r := d.register(i)
	d.issued(r.ID)
	return r.Token
}

// scan asks the hall as a booth does and returns the code of a refusal.
func (s *keyShow) scan(badge string) string {
	s.tb.Helper()
	answer, _ := ask(s.tb, "POST", s.hallURL()+"/api/v1/leads", s.phone, map[string]string{"token": badge})
	return decode[struct{ Code string }](s.tb, answer).Code
}

// keys is what the hall publishes, as a ring for somebody without a network.
func (s *keyShow) keys() (knownKeys, *token.Ring) {
	s.tb.Helper()
	known := decode[knownKeys](s.tb, run(s.tb, "hall", "keys", "-data", s.hallData(), "-json"))
	public, err := hex.DecodeString(known.Hall)
	if err != nil {
		s.tb.Fatal(err)
	}
	ring := token.NewRing(known.Show, public)
	for _, k := range known.Keys {
		if k.Statement != "" && ring.Add(k.Statement) != nil {
			s.tb.Errorf("the statement about %s is not the hall's", k.Name)
		}
	}
	return known, ring
}

// P1, P5: with the real programs. A kiosk's key is replaced on demand, also if
// kiosk and hall are killed meanwhile; a stolen kiosk is refused everywhere and
// wipes itself, also if it is killed while it does.
func TestKeys_RotateAndRevoke_P5(t *testing.T) {
	s := openKeyShow(t)
	one := s.open("one", "-pair", s.pair("-kiosk", "One").Code)
	two := s.open("two", "-pair", s.pair("-kiosk", "Two").Code)
	first, others := one.prints(1), two.prints(2)
	_, before := s.keys()
	signer := before.Judge(first, time.Now()).Key.Key
	if signer == nil {
		t.Fatal("the first badge is not genuine offline")
	}

	if out := string(run(t, "hall", "rotate", "-data", s.hallData(), "-kiosk", "One")); !strings.Contains(out, "1 asked") {
		t.Errorf("hall rotate says %q", out)
	}
	one.Kill() // a power cut, wherever it is with its new key
	s.hall.Kill()
	s.startHall()
	one = s.open("one")
	eventually(t, "the new key signs", func() bool {
		known, _ := s.keys()
		signing := 0
		for _, k := range known.Keys {
			if k.Name == "One" && k.State == "signing" {
				signing++
			}
		}
		return signing == 1
	})
	var second string
	people := 10
	eventually(t, "a badge of the new key", func() bool {
		second, people = one.prints(people), people+1
		_, ring := s.keys()
		found := ring.Judge(second, time.Now())
		return found.Reason == token.Genuine && !bytes.Equal(found.Key.Key, signer)
	})
	_, ring := s.keys()
	for name, badge := range map[string]string{"old": first, "new": second, "other": others} {
		if found := ring.Judge(badge, time.Now()); found.Reason != token.Genuine || s.scan(badge) != "" {
			t.Errorf("%s badge: %q offline, %q at the booth", name, found.Reason, s.scan(badge))
		}
	}

	eventually(t, "everything arrived", func() bool { return one.status().Unsent == 0 })
	run(t, "hall", "revoke", "-data", s.hallData(), "-kiosk", "One", "-all")
	if err := one.Wait(); err == nil || !strings.Contains(one.Said(), "taken out of service") {
		t.Errorf("the revoked kiosk ends with %v and says %s", err, one.Said())
	}
	s.wantWiped("one")
	_, ring = s.keys()
	for name, badge := range map[string]string{"old": first, "new": second} {
		if found := ring.Judge(badge, time.Now()); found.Reason != token.Revoked || s.scan(badge) != "badge.revoked" {
			t.Errorf("%s badge: %q offline, %q at the booth", name, found.Reason, s.scan(badge))
		}
	}
	if got := s.scan(others); got != "" {
		t.Errorf("the other kiosk's badge: %q", got)
	}

	// Revoked while it was away, and killed at its first word with the hall.
	two.Kill()
	run(t, "hall", "revoke", "-data", s.hallData(), "-kiosk", "Two", "-force")
	if got := s.scan(others); got != "" {
		t.Errorf("a badge that had arrived: %q", got)
	}
	late := start(t, "kiosk", s.kioskArgs("two", process.FreeAddress(t))...)
	eventually(t, "it keeps the hall's word", func() bool { return exists(filepath.Join(s.data("two"), "revoked.json")) })
	late.Kill() // it may have ended already
	s.wantWiped("two")
}

// wantWiped has the kiosk started again, which ends a wipe that was cut short,
// and looks what is left.
func (s *keyShow) wantWiped(name string) {
	s.tb.Helper()
	t := s.tb.(*testing.T)
	refused(t, "taken out of service", "kiosk", s.kioskArgs(name, process.FreeAddress(t))...)
	refused(t, "taken out of service", "kiosk", "check", "-data", s.data(name))
	left, err := os.ReadDir(s.data(name))
	if err != nil || len(left) != 1 || left[0].Name() != "revoked.json" {
		t.Errorf("%s has %v left, %v", name, left, err)
	}
}
