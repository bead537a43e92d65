package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hallpass/badge/token"
	"hallpass/cmd/internal/process"
	"hallpass/sync/link"
)

type listedKeys struct {
	Show, Hall string
	Keys       []struct {
		Node, Name, Key, State, Statement string
		Until                             time.Time
		Categories                        []string
	}
}

// The operator's commands about keys do the same whether the hall runs or not.
func TestKeys_RunningAndStopped(t *testing.T) {
	data := filepath.Join(t.TempDir(), "hall")
	hall := spawn(t, "-data", data, "-listen", process.FreeAddress(t))
	for _, name := range []string{"Entrance 1", "Entrance 2", "Entrance 3"} {
		invite(t, data, hall.URL(), name)
	}
	limited := must[code](t, "pair", "-data", data, "-kiosk", "Press desk", "-categories", "media, vip")
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := link.Pair(t.Context(), hall.URL(), limited.Code, "", key); err != nil {
		t.Fatal(err)
	}
	for i, state := range []string{"running", "stopped"} {
		kiosk := fmt.Sprint("Entrance ", i+1)
		before := must[listedKeys](t, "keys", "-data", data)
		public, err := hex.DecodeString(before.Hall)
		if err != nil || len(before.Keys) < 4 {
			t.Fatalf("%s: keys = %+v, %v", state, before, err)
		}
		for _, k := range before.Keys {
			c, err := token.OpenCertificate(public, k.Statement)
			if k.State != "revoked" && (err != nil || !c.Until.Equal(k.Until) || strings.Join(c.Categories, " ") != strings.Join(k.Categories, " ")) {
				t.Errorf("%s: %+v, %v", state, k, err)
			}
			if k.Name == "Press desk" && strings.Join(k.Categories, " ") != "media vip" {
				t.Errorf("%s: the press desk may print %v", state, k.Categories)
			}
		}
		examineBadges(t, state, data, key)
		if got := must[struct{ Kiosks int }](t, "rotate", "-data", data, "-kiosk", kiosk); got.Kiosks != 1 {
			t.Errorf("%s: rotate = %+v", state, got)
		}
		if status, out, errs := call(t, "revoke", "-data", data, "-kiosk", kiosk); status != 0 || !strings.Contains(out, "out of service") {
			t.Errorf("%s: revoke: %d %q %q", state, status, out, errs)
		}
		if status, _, errs := call(t, "revoke", "-data", data, "-kiosk", kiosk); status != 1 || !strings.Contains(errs, "hall keys") {
			t.Errorf("%s: revoked again: %d %q", state, status, errs)
		}
		_, list, _ := call(t, "keys", "-data", data)
		if !strings.Contains(list, kiosk) || !strings.Contains(list, "retired") || !strings.Contains(list, "revoked") {
			t.Errorf("%s: hall keys prints %q", state, list)
		}
		if report := must[checked](t, "check", "-data", data); !report.OK {
			t.Errorf("%s: %+v", state, report)
		}
		if state == "running" {
			hall.Interrupt()
		}
	}
}

// examineBadges asks about badges of the press desk as staff do.
func examineBadges(t *testing.T, state, data string, key ed25519.PrivateKey) {
	t.Helper()
	for category, want := range map[string]string{"media": "counts: badge", "public": "refused, badge.forged: badge"} {
		text, err := token.Sign(key, token.Claims{Badge: [16]byte{1, 0x9A}, Issue: 1, Category: category})
		if err != nil {
			t.Fatal(err)
		}
		status, out, errs := call(t, "badge", "-data", data, text)
		if status != 0 || !strings.HasPrefix(out, want) || !strings.Contains(out, "signed by Press desk, has not reached the hall") {
			t.Errorf("%s: hall badge: %d %q %q, want %q", state, status, out, errs, want)
		}
		_, out, errs = call(t, "badge", "-data", data, "-json", text[:147]+":::")
		if want := `{"counts":false,"reason":"forged","refused":"badge.forged"`; !strings.HasPrefix(out, want) {
			t.Errorf("%s: a forged one: %q %q, want %q", state, out, errs, want)
		}
	}
}

func TestKeys_CommandLine(t *testing.T) {
	data := filepath.Join(t.TempDir(), "hall")
	spawn(t, "-data", data, "-listen", process.FreeAddress(t)).Interrupt()
	for _, c := range []struct {
		args         []string
		status       int
		onOut, onErr string
	}{
		{[]string{"revoke", "-h"}, 0, "example: hall revoke", ""},
		{[]string{"rotate", "-h"}, 0, "example: hall rotate", ""},
		{[]string{"badge", "-h"}, 0, "example: hall badge", ""},
		{[]string{"badge", "-data", data}, 1, "", "single quotes"},
		{[]string{"badge", "-data", data, "no code"}, 0, "refused, badge.forged", ""},
		{[]string{"keys", "-h"}, 0, "example: hall keys", ""},
		{[]string{"keys", "-data", data}, 0, "", ""},
		{[]string{"rotate", "-data", data}, 0, "0 asked", ""},
		{[]string{"rotate", "-data", data, "-kiosk", "Entrance 9"}, 1, "", "hall keys"},
		{[]string{"revoke", "-data", data}, 1, "", "-kiosk"},
		{[]string{"revoke", "-data", data, "-kiosk", "Entrance 9"}, 1, "", "hall keys"},
		{[]string{"revoke", "-data", data, "-kiosk", "x", "-since", "yesterday"}, 1, "", "is no time; try 2"},
		{[]string{"pair", "-data", data, "-kiosk", "x", "-categories", "royalty"}, 1, "", "no category"},
		{[]string{"pair", "-data", data, "-exhibitor", "x", "-categories", "vip"}, 1, "", "-kiosk"},
	} {
		status, out, errs := call(t, c.args...)
		if status != c.status || !strings.Contains(out, c.onOut) || !strings.Contains(errs, c.onErr) {
			t.Errorf("hall %v: %d %q %q, want %d %q %q", c.args, status, out, errs, c.status, c.onOut, c.onErr)
		}
	}
}
