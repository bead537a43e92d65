package store_test

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"hallpass/badge/token"
	"hallpass/kiosk/store"
)

const mortalDir = "KIOSK_STORE_TEST_DIR"

// TestMortal is the process that is killed: a kiosk whose keys are replaced
// without end, and that says what it was told is done.
func TestMortal(t *testing.T) {
	dir := os.Getenv(mortalDir)
	if dir == "" {
		return // a part of the test below
	}
	s, err := store.Open(dir, store.Options{Show: sampleShow("lumen-2027")})
	if err != nil {
		t.Fatal(err)
	}
	h := newHall()
	at, err := s.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h.seq = at.Seq
	for {
		if err := s.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		keys := said(t, s)
		last := keys[len(keys)-1]
		fmt.Println("made", hex.EncodeToString(last.Public))
		h.tell(t, s, h.certify(last, time.Now()))
		fmt.Println("signs", hex.EncodeToString(last.Public))
	}
}

// P1: a kiosk that is killed while its keys change has every key that it said
// it has, signs with one that the hall has certified, and has told the hall of
// each; never with one that is lost.
func TestRotate_KilledAtAnyMoment_P1(t *testing.T) {
	dir, h := t.TempDir(), newHall()
	s := open(t, dir)
	h.pair(t, s)
	shut(t, s)
	random := rand.New(rand.NewPCG(7, 11))
	for round := range 8 {
		made, signing := killed(t, dir, 1+random.IntN(12))
		s := open(t, dir) // checked when the test ends
		var known []string
		for _, k := range said(t, s) {
			known = append(known, hex.EncodeToString(k.Public))
		}
		if made != "" && !slices.Contains(known, made) {
			t.Errorf("round %d: the key %s was made and is not in the journal", round, made)
		}
		badge, by := signs(t, s, "trade")
		if signing != "" && slices.Index(known, hex.EncodeToString(by)) < slices.Index(known, signing) {
			t.Errorf("round %d: %x signs, %s was to", round, by, signing)
		}
		if found, err := s.Judge(t.Context(), badge, time.Now()); err != nil || found.Reason != token.Genuine && !by.Equal(identity(s)) {
			t.Errorf("round %d: its badge is %+v, %v", round, found, err)
		}
		report, err := s.Check(context.Background())
		if err != nil || !report.OK {
			t.Errorf("round %d: %+v, %v", round, report, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killed runs the mortal kiosk, kills it after so many words and returns the
// last key that it said it made, and the last that it said signs.
func killed(t *testing.T, dir string, words int) (made, signing string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestMortal$", "-test.timeout=5m")
	cmd.Env = append(os.Environ(), mortalDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	said := 0
	for lines.Scan() {
		kind, key, ok := strings.Cut(lines.Text(), " ")
		switch {
		case ok && kind == "made":
			made = key
		case ok && kind == "signs":
			signing = key
		default:
			t.Fatalf("the mortal kiosk says %q", lines.Text())
		}
		if said++; said == words {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := io.Copy(io.Discard, out); err != nil {
		t.Log(err)
	}
	if err := cmd.Wait(); err == nil || said < words {
		t.Fatalf("the mortal kiosk ended by itself after %d words: %v", said, err)
	}
	return made, signing
}
