package carry_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"hallpass/sync/carry"
	"hallpass/sync/fault"
	"hallpass/sync/journal"
	"hallpass/sync/record"
)

func facts(n int, end error) iter.Seq2[carry.Told, error] {
	return func(yield func(carry.Told, error) bool) {
		for i := range n {
			told := carry.Told{Stamp: record.Stamp{Wall: int64(i), Node: "01JKIOSK"}, Kind: record.KindBadge, Payload: short(i)}
			if !yield(told, nil) {
				return
			}
		}
		if end != nil {
			yield(carry.Told{}, end)
		}
	}
}

// salvage is a hall's file: one journal as it was, and another told anew.
func salvage(t testing.TB, n int) ([]byte, diary) {
	t.Helper()
	d := write(7, short)
	retold, err := carry.Retell("01JOTHER", facts(n, nil))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(retold.Close)
	head := d.head(1, 7)
	head.Desk = "01JDESK0000000000000000000"
	head.Parts[0].Node = "01JKIOSK00000000000000NODE"
	head.Parts = append(head.Parts, retold.Part)
	var out bytes.Buffer
	err = carry.Write(&out, head, d.key, func(part carry.Part, after uint64, limit int) ([]record.Change, error) {
		if part.Node == "01JOTHER" {
			return retold.Changes(limit)
		}
		return d.source(part, after, limit)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), d
}

// P11: several nodes' journals travel in one file, also such that were made for
// it, and each change says whose it is.
func TestFile_OfAHall(t *testing.T) {
	for _, n := range []int{0, 1, 1203} {
		data, d := salvage(t, n)
		got, head, err := read(data)
		if err != nil || len(got) != 7+n || head.Desk == "" {
			t.Fatalf("%d changes, %v, want %d", len(got), err, 7+n)
		}
		if !slices.EqualFunc(got[:7], d.changes, same) || !bytes.HasPrefix(data, []byte("hallpass journal 2\n")) {
			t.Error("the first journal is not as it was")
		}
		for i, c := range got[7:] {
			if c.Node != "01JOTHER" || c.Epoch != head.Parts[1].Epoch || c.Seq != uint64(i+1) || !bytes.Equal(c.Payload, short(i)) || c.Stamp.Wall != int64(i) || !journal.Intact(c) {
				t.Fatalf("change %d told anew is %+v", i, c)
			}
			if i > 0 && bytes.Equal(c.Salt, got[6+i].Salt) {
				t.Fatal("two changes have one salt")
			}
		}
	}
}

// P9: in a kiosk's file no part is another node's, and a hall's says that it is one.
func TestOpen_RefusesAWrongVersion(t *testing.T) {
	whole, _ := salvage(t, 3)
	d := write(3, short)
	for name, data := range map[string][]byte{
		"AHallsAsAKiosks": []byte(strings.Replace(string(whole), "journal 2\n", "journal 1\n", 1)),
		"AKiosksAsAHalls": []byte(strings.Replace(string(d.file(t, 1, 3)), "journal 1\n", "journal 2\n", 1)),
	} {
		if _, err := open(data); fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "altered or damaged") {
			t.Errorf("%s: %v", name, err)
		}
	}
	head := d.head(1, 3)
	head.Desk = "01JDESK"
	for range 5000 {
		head.Parts = append(head.Parts, carry.Part{Epoch: d.epoch, First: 1})
	}
	if err := carry.Write(&bytes.Buffer{}, head, d.key, d.source); err == nil {
		t.Error("5,001 parts were written")
	}
}

// Facts that cannot be read, or are others the second time, make no file.
func TestRetell_Fails(t *testing.T) {
	bad := errors.New("page 7 is damaged")
	if _, err := carry.Retell("01JOTHER", facts(3, bad)); !errors.Is(err, bad) {
		t.Errorf("Retell = %v", err)
	}
	pass := 0
	retold, err := carry.Retell("01JOTHER", func(yield func(carry.Told, error) bool) {
		pass++
		yield(carry.Told{Kind: record.KindLead, Payload: fmt.Append(nil, pass)}, nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer retold.Close()
	head := write(0, short).head(1, 0)
	head.Node, head.Parts = "01JOTHER", []carry.Part{retold.Part}
	err = carry.Write(&bytes.Buffer{}, head, write(0, short).key, func(_ carry.Part, _ uint64, limit int) ([]record.Change, error) { return retold.Changes(limit) })
	if err == nil || !strings.Contains(err.Error(), "not what it was") {
		t.Errorf("Write = %v", err)
	}
}
