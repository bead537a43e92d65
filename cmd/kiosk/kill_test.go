package main

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// deaths are the steps at which a print can be cut off, and what the printer
// does so that the step is reached at all.
var deaths = []struct {
	step   string
	faults []string // of the kiosk's own printer until the kiosk is dead
}{
	{"registered", nil},
	{"reserved", nil},
	{"rendering", nil},
	{"sending", nil},
	{"sent", nil},
	{"printing", []string{"hold"}},
	{"completed", nil},
	{"confirmed", nil},
	{"failing", []string{"abort"}},
	{"moving", []string{"media-empty"}},
	{"moved", []string{"cover-open"}},
}

// P1, P6: killed at every step of a print, a kiosk that starts again loses
// nobody's badge, prints no issue twice, and leaves each person one badge that
// lets in; the log explains how each issue ended.
func TestRun_KilledAtEveryStepOfAPrint(t *testing.T) {
	x := newEntrance(t)
	k, own := x.kiosks[0], x.machines[0]
	var guests []*guest
	for i, death := range deaths {
		g := &guest{key: fmt.Sprintf("guest-%d", i), n: i, all: x.machines}
		guests = append(guests, g)
		if err := own.raise(death.faults...); err != nil {
			t.Fatal(err)
		}
		if err := k.start(death.step); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		// The answer may be lost with the kiosk: then the visitor's page asks again.
		_, _, _ = call(ctx, http.MethodPost, k.url+"/api/v1/registrations", form(i), g.key, "")
		_ = k.Wait()
		if err := own.raise(); err != nil {
			t.Fatal(err)
		}
		if err := k.start(""); err != nil {
			t.Fatal(err)
		}
		if err := g.visit(ctx, k); err != nil {
			t.Errorf("killed at %s: %v\n%s", death.step, err, tail(k.Said()))
		}
		cancel()
		k.Kill()
	}
	if err := k.start(""); err != nil {
		t.Fatal(err)
	}
	x.kiosks = x.kiosks[:1]
	x.settle(t)
	v := &verdictOf{reasons: map[string]int{}}
	judge(t, x.dirs[0], guests, x.papers(t), v)
	for _, p := range v.problems {
		t.Error(p)
	}
	if v.people != len(deaths) {
		t.Errorf("%d visitors in the end, want %d", v.people, len(deaths))
	}
	t.Logf("%d kills, %d issues, voided: %v", v.people, v.issues, v.reasons)
}

// papers is what came out of all printers.
func (x *entrance) papers(tb testing.TB) map[string]int {
	tb.Helper()
	out := map[string]int{}
	for _, m := range x.machines {
		all, err := m.papers()
		if err != nil {
			tb.Fatal(err)
		}
		for job, n := range all {
			out[job] += n
		}
	}
	return out
}

// A pool is named in the settings, with places that may hold commas; an address
// that is none says what would do (P9).
func TestPool_FromSettings(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a=b, c")
	for _, c := range []struct {
		name  string
		list  []string
		want  string // places and names
		fault string
	}{
		{"One", []string{"ipp://h/p"}, "[:ipp://h/p]", ""},
		{"Place", []string{"Desk 1=ipp://h/p"}, "[Desk 1:ipp://h/p]", ""},
		{"CommaInAPlace", []string{"Desk 1", "left=ipp://h/p", "Desk 2", "by the door", "right=ipp://i/p"}, "[Desk 1, left:ipp://h/p Desk 2, by the door, right:ipp://i/p]", ""},
		{"FolderWithSigns", []string{"folder:" + dir}, "[:folder:" + dir + "]", ""},
		{"None", nil, "[]", ""},
		{"NoAddress", []string{"ipp://h/p", "Desk 2"}, "", `printer "Desk 2" has no address; try ipp://`},
		{"BadScheme", []string{"Desk 1=lpt:1"}, "", "unknown scheme"},
	} {
		t.Run(c.name, func(t *testing.T) {
			pool, err := openPool(c.list, t.TempDir())
			var got []string
			for _, s := range pool {
				got = append(got, s.Place+":"+s.Name)
			}
			if c.fault == "" && (err != nil || fmt.Sprint(got) != c.want) {
				t.Errorf("pool = %v, %v, want %s", got, err, c.want)
			}
			if c.fault != "" && (err == nil || !strings.Contains(err.Error(), c.fault)) {
				t.Errorf("err = %v, want %q", err, c.fault)
			}
		})
	}
}
