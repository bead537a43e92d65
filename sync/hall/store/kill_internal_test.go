package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

var kills = flag.Int("kills", 2, "how often the hall's file is killed at each labelled moment; 30 makes some 200")

// diary is what a process that is killed has said, and what was acknowledged.
type diary struct {
	Said  []record.Change `json:"said"`
	Acked int             `json:"acked"`
}

// P1, P3: a process that is killed at any moment of a fact's way has lost nothing
// that it acknowledged, and what is said again counts once.
func TestAppend_KilledAtEveryMoment_P1(t *testing.T) {
	if at := os.Getenv(killAt); at != "" {
		appendAndDie(t, os.Getenv("HALLPASS_DATA"), at)
	}
	killed := 0
	for _, moment := range []string{"begin", "write", "written", "synced", "acked", "apply", "applied", "replayed"} {
		path, node := filepath.Join(t.TempDir(), "hall.db"), halltest.NewKiosk("lamps-2027")
		withShow(t, path).mustClose(t)
		acked := 0
		for round := range *kills {
			nth := round%5 + 1
			if moment == "replayed" { // once a start, if there is something to replay
				acked, nth = max(acked, runAndDie(t, path, "apply", 3, node)), 1
			}
			acked = max(acked, runAndDie(t, path, moment, nth, node))
			killed++
		}
		s, err := Open(path)
		if err != nil {
			t.Fatalf("%s: %v", moment, err)
		}
		last, err := s.Cursor(t.Context(), node.Node, node.Epoch)
		if err != nil || int(last) < acked {
			t.Errorf("%s: %d entries, %v, and %d were acknowledged", moment, last, err, acked)
		}
		keep(t, s, node.Batch(1, len(node.Changes)))
		if got, want := registered(t, s), visitorsOf(node); got != want {
			t.Errorf("%s: %d registrations, want %d", moment, got, want)
		}
		sound(t, s)
	}
	t.Logf("%d kills, 0 facts lost, 0 twice", killed)
}

func (s *Store) mustClose(t testing.TB) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// runAndDie runs a process that goes on with the kiosk's journal and dies at the
// nth such moment. It returns how much was acknowledged; node then has all that
// was said.
func runAndDie(t *testing.T, path, moment string, nth int, node *halltest.Kiosk) (acked int) {
	t.Helper()
	book := path + ".diary"
	data, err := json.Marshal(diary{Said: node.Changes})
	if err == nil {
		err = os.WriteFile(book, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(os.Args[0], "-test.run", "^TestAppend_KilledAtEveryMoment_P1$")
	child.Env = append(os.Environ(), fmt.Sprintf("%s=%s:%d", killAt, moment, nth), "HALLPASS_DATA="+path, "HALLPASS_NODE="+string(node.Node)+" "+string(node.Epoch))
	out, err := child.CombinedOutput()
	if child.ProcessState == nil || child.ProcessState.Success() || !strings.Contains(fmt.Sprint(err), "killed") {
		t.Fatalf("%s %d: the child ends with %v\n%s", moment, nth, err, out)
	}
	for line := range bytes.Lines(out) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(string(line)), "acked "); ok {
			if acked, err = strconv.Atoi(text); err != nil {
				t.Fatal(err)
			}
		}
	}
	said, err := os.ReadFile(book)
	var d diary
	if err := errors.Join(err, json.Unmarshal(said, &d)); err != nil {
		t.Fatal(err)
	}
	node.Resume(d.Said)
	return acked
}

// appendAndDie says what it is about to hand over, hands it over, and says what
// was acknowledged.
func appendAndDie(t *testing.T, path, at string) {
	moment, count, _ := strings.Cut(at, ":")
	nth, err := strconv.Atoi(count)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	s, err := open(path, format, migrations, func(now string) {
		mu.Lock()
		defer mu.Unlock()
		if now != moment {
			return
		}
		if nth--; nth == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // it takes a moment
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	book, err := os.ReadFile(path + ".diary")
	var d diary
	if err := errors.Join(err, json.Unmarshal(book, &d)); err != nil {
		t.Fatal(err)
	}
	s.keep(small)
	k := halltest.NewKiosk("lamps-2027")
	node, epoch, _ := strings.Cut(os.Getenv("HALLPASS_NODE"), " ")
	k.Node, k.Epoch = record.NodeID(node), record.Epoch(epoch)
	k.Resume(d.Said)
	for round := range 200 {
		if round%4 == 3 {
			s.Settle(t.Context()) // so that the log begins anew
		}
		from, err := s.Cursor(t.Context(), k.Node, k.Epoch)
		if err != nil {
			t.Fatal(err)
		}
		admit(k)
		book, err := json.Marshal(diary{Said: k.Changes})
		if err == nil {
			err = os.WriteFile(path+".diary.new", book, 0o600)
		}
		if err == nil {
			err = os.Rename(path+".diary.new", path+".diary")
		}
		if err != nil {
			t.Fatal(err)
		}
		keep(t, s, k.Batch(int(from)+1, len(k.Changes)))
		fmt.Println("acked", len(k.Changes))
	}
	t.Fatalf("200 batches, never %s at %s", at, path)
}

// admit has the kiosk tell of a visitor, a badge and a scan, which stand in lookups.
func admit(k *halltest.Kiosk) {
	r := k.Visitor(map[record.FieldName]string{"name": "Visitor"})
	b, _ := k.Badge(r, 1, record.BadgeIssued)
	k.Say(r, b, k.Passage(b, "north", record.DirectionIn))
}

func visitorsOf(k *halltest.Kiosk) (n int) {
	for _, c := range k.Changes {
		if c.Kind == record.KindRegistration {
			n++
		}
	}
	return n
}

// P1, P3, P4: whatever is handed over, in pieces, twice, with gaps, and with a
// power cut while what was acknowledged is not in the file, the file ends as the
// model does.
func TestStore_CrashedAnywhere_P1(t *testing.T) {
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 1))
		path := filepath.Join(t.TempDir(), "hall.db")
		s, gate := held(t, path)
		model := halltest.NewModel()
		kiosks := []*halltest.Kiosk{halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")}
		for range 1 + random.IntN(4) {
			k := kiosks[random.IntN(2)]
			if random.IntN(2) == 0 {
				k.SayBytes("moon.phase", []byte("full"))
			}
			say(k, 2)
			both(t, s, model, k.Batch(1+random.IntN(len(k.Changes)), len(k.Changes)))
			both(t, s, model, k.Batch(1, len(k.Changes)))
			if random.IntN(2) == 0 {
				continue
			}
			s.Settle(t.Context())
			gate.close()
			for range 1 + random.IntN(3) {
				k := kiosks[random.IntN(2)]
				if last, err := s.Cursor(t.Context(), k.Node, k.Epoch); err != nil || int(last) < len(k.Changes) {
					continue // it could not be acknowledged before it is judged
				}
				both(t, s, model, say(k, 2))
			}
			keep(t, s, say(halltest.NewKiosk("lamps-2027"), 1))
			<-gate.shut
			path = crashed(t, path)
			gate.open()
			sound(t, s)
			s, gate = held(t, path)
		}
		for _, k := range kiosks {
			got, err := s.Changes(t.Context(), k.Node, k.Epoch, 0, 1000)
			want, _ := model.Changes(t.Context(), k.Node, k.Epoch, 0, 1000)
			if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("seed %d: %d changes are kept, %v, the model keeps %d", seed, len(got), err, len(want))
			}
		}
		sound(t, s)
	}
}

// both does the same to the file and to the model.
func both(t *testing.T, s *Store, model hall.Log, b hall.Batch) {
	t.Helper()
	got, err := s.Append(t.Context(), []hall.Batch{b})
	want, modelErr := model.Append(t.Context(), []hall.Batch{b})
	if err != nil || modelErr != nil {
		t.Fatal(err, modelErr)
	}
	if got[0].Last != want[0].Last || (got[0].Err == nil) != (want[0].Err == nil) {
		t.Fatalf("outcome %+v, the model's %+v", got[0], want[0])
	}
}
