package carry_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hallpass/sync/carry"
	"hallpass/sync/fault"
	"hallpass/sync/journal"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// diary is a kiosk's journal in memory.
type diary struct {
	key     ed25519.PrivateKey
	node    record.NodeID
	epoch   record.Epoch
	changes []record.Change
}

func write(n int, payload func(i int) []byte) diary {
	seed := sha256.Sum256([]byte("a kiosk of the tests"))
	d := diary{key: ed25519.NewKeyFromSeed(seed[:]), node: "01JKIOSK00000000000000NODE", epoch: "01JEPOCH000000000000000001"}
	thread := journal.NewThread(d.node, d.epoch)
	for i := range n {
		salt := sha256.Sum256(fmt.Append(nil, "salt ", i))
		stamp := record.Stamp{Wall: 1_800_000_000_000 + int64(i), Node: d.node}
		d.changes = append(d.changes, thread.Write(stamp, record.KindLead, payload(i), salt[:16]))
	}
	return d
}

func short(i int) []byte { return fmt.Appendf(nil, "fact %d", i+1) }

// head is of the changes from first to last.
func (d diary) head(first, last int) carry.Head {
	part := carry.Part{Epoch: d.epoch, First: uint64(first), Last: uint64(last)}
	_, part.Before = journal.NewThread(d.node, d.epoch).End()
	if first > 1 {
		part.Before = d.changes[first-2].Chain
	}
	part.End = part.Before
	if last >= first {
		part.End = d.changes[last-1].Chain
	}
	public, _ := d.key.Public().(ed25519.PublicKey)
	return carry.Head{
		Node: d.node, Show: "lamps-2027", Hall: "01JHALL0000000000000000000", Key: public, Name: "Entrance 1", Version: "test",
		Written: time.Date(2027, 4, 21, 9, 0, 0, 0, time.UTC), Parts: []carry.Part{part},
	}
}

func (d diary) source(_ carry.Part, after uint64, limit int) ([]record.Change, error) {
	rest := d.changes[min(int(after), len(d.changes)):]
	return rest[:min(limit, len(rest))], nil
}

func (d diary) file(t testing.TB, first, last int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := carry.Write(&out, d.head(first, last), d.key, d.source); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func open(data []byte) (*carry.File, error) {
	return carry.Open(bytes.NewReader(data), int64(len(data)))
}

// read returns all changes of a file.
func read(data []byte) (changes []record.Change, head carry.Head, err error) {
	f, err := open(data)
	if err != nil {
		return nil, carry.Head{}, err
	}
	err = f.Each(func(b wire.Batch) error {
		changes = append(changes, b.Changes...)
		return nil
	})
	return changes, f.Head, err
}

// P11: what was in the journal is in the file, whatever the range, and beyond
// what one frame holds.
func TestFile_RoundTrip(t *testing.T) {
	big := bytes.Repeat([]byte("x"), 300_000)
	for _, c := range []struct {
		name           string
		n, first, last int
		payload        func(int) []byte
	}{
		{"Whole", 7, 1, 7, short}, {"Rest", 7, 5, 7, short}, {"Middle", 7, 3, 4, short}, {"Nothing", 3, 4, 3, short},
		{"EmptyJournal", 0, 1, 0, short}, {"ManyPages", 1203, 2, 1201, short},
		{"ManyFrames", 9, 1, 9, func(int) []byte { return big }},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := write(c.n, c.payload)
			got, head, err := read(d.file(t, c.first, c.last))
			if err != nil {
				t.Fatal(err)
			}
			if want := d.changes[c.first-1 : c.last]; !slices.EqualFunc(got, want, same) {
				t.Errorf("%d changes read, want the %d written", len(got), len(want))
			}
			if head.Node != d.node || head.Changes() != uint64(len(got)) || head.Name != "Entrance 1" || !head.Written.Equal(d.head(1, 0).Written) {
				t.Errorf("head = %+v", head)
			}
		})
	}
}

func same(a, b record.Change) bool {
	return a.Chain == b.Chain && a.Digest == b.Digest && a.Seq == b.Seq && a.Kind == b.Kind && a.Stamp == b.Stamp &&
		bytes.Equal(a.Payload, b.Payload) && bytes.Equal(a.Salt, b.Salt) && a.Erased() == b.Erased()
}

// Erased changes travel as such.
func TestFile_ErasedChanges(t *testing.T) {
	d := write(5, short)
	d.changes[2].Payload, d.changes[2].Salt = nil, nil
	got, _, err := read(d.file(t, 1, 5))
	if err != nil || len(got) != 5 || !got[2].Erased() || got[3].Erased() {
		t.Errorf("%d changes, %v", len(got), err)
	}
}

// P9: any byte that is another, and any length that is another, is noticed.
func TestFile_EveryByteCounts(t *testing.T) {
	d := write(4, short)
	d.changes[1].Payload, d.changes[1].Salt = nil, nil
	whole := d.file(t, 1, 4)
	for i := range whole {
		bad := slices.Clone(whole)
		bad[i] ^= 0x20
		if _, err := open(bad); fault.CodeOf(err) != fault.Invalid {
			t.Fatalf("byte %d (%q) altered: %v, want it refused", i, whole[i], err)
		}
	}
	for n := range whole {
		if _, err := open(whole[:n]); fault.CodeOf(err) != fault.Invalid {
			t.Fatalf("the first %d bytes: %v, want them refused", n, err)
		}
	}
	if _, err := open(append(slices.Clone(whole), '\n')); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a byte more: %v, want it refused", err)
	}
}

// Each refusal has a sentence that says what to do.
func TestOpen_Refuses(t *testing.T) {
	d := write(4, short)
	whole := d.file(t, 1, 4)
	other := write(4, short)
	other.key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	var forged bytes.Buffer // names the kiosk's key, signed with another
	if err := carry.Write(&forged, d.head(1, 4), other.key, d.source); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"Empty":   {nil, "not a journal"},
		"Picture": {[]byte("\x89PNG\r\n\x1a\n and so on, for a good while"), "not a journal"},
		"Text":    {[]byte("Dear hall,\nhere is my journal"), "not a journal"},
		"Later":   {[]byte(strings.Replace(string(whole), "journal 1\n", "journal 3\n", 1)), "later program"},
		"Cut":     {whole[:len(whole)-70], "cut short"},
		"Forged":  {forged.Bytes(), "signature does not fit"},
		"NoEnd":   {append([]byte("hallpass journal 1\n"), bytes.Repeat([]byte("{"), 1<<17)...), "altered or damaged"},
	} {
		_, err := open(c.data)
		if f := fault.From(err); f.Code != fault.Invalid || !strings.Contains(f.Message, c.want) || f.Field != "file" {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := carry.Open(bytes.NewReader(nil), carry.MaxFile+1); fault.CodeOf(err) != fault.TooLarge {
		t.Errorf("huge: %v, want it refused unread", err)
	}
}

type broken struct{ io.ReaderAt }

func (b broken) ReadAt(p []byte, at int64) (int, error) {
	if at > 100 {
		return 0, errors.New("input/output error")
	}
	return b.ReaderAt.ReadAt(p[:min(len(p), 100)], at)
}

// A stick that cannot be read is not a file that is cut short.
func TestOpen_DiskError(t *testing.T) {
	data := write(40, short)
	whole := data.file(t, 1, 40)
	_, err := carry.Open(broken{bytes.NewReader(whole)}, int64(len(whole)))
	if err == nil || fault.CodeOf(err) != fault.Internal || !strings.Contains(err.Error(), "input/output error") {
		t.Errorf("Open = %v, want the disk's error", err)
	}
}

// A journal that is not what its head promises makes no file.
func TestWrite_RefusesWhatTheHeadDoesNotSay(t *testing.T) {
	d := write(6, short)
	for name, spoil := range map[string]func(*carry.Head, *diary){
		"Ends":     func(h *carry.Head, _ *diary) { h.Parts[0].Last = 9 },
		"Altered":  func(_ *carry.Head, d *diary) { d.changes[3].Payload = []byte("other") },
		"Missing":  func(_ *carry.Head, d *diary) { d.changes = slices.Delete(d.changes, 2, 3) },
		"OtherEnd": func(h *carry.Head, _ *diary) { h.Parts[0].End[0] ^= 1 },
		"LongHead": func(h *carry.Head, _ *diary) { h.Certificate = make([]byte, 80_000) },
	} {
		own := d
		own.changes = slices.Clone(d.changes)
		head := d.head(1, 6)
		spoil(&head, &own)
		if err := carry.Write(io.Discard, head, d.key, own.source); err == nil {
			t.Errorf("%s: written", name)
		}
	}
	full := errors.New("no room left on the stick")
	if err := carry.Write(fullDisk{full}, d.head(1, 6), d.key, d.source); !errors.Is(err, full) {
		t.Errorf("a full stick: %v", err)
	}
}

type fullDisk struct{ err error }

func (f fullDisk) Write([]byte) (int, error) { return 0, f.err }

// The hall's word on the kiosk goes along, and no other's.
func TestHead_Certified(t *testing.T) {
	d := write(1, short)
	hall := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32))
	public, _ := hall.Public().(ed25519.PublicKey)
	certificate := func(c wire.Certificate, by ed25519.PrivateKey) []byte { return c.Sign(by) }
	good := wire.Certificate{Node: d.node, PublicKey: d.head(1, 1).Key, Show: "lamps-2027", Issued: 1}
	node, key, show := good, good, good
	node.Node, key.PublicKey, show.Show = "01JSOMEBODYELSE00000000000", public, "tiles-2027"
	for name, c := range map[string]struct {
		certificate []byte
		want        fault.Code
	}{
		"Good": {certificate(good, hall), ""}, "None": {nil, fault.AuthDenied}, "Junk": {[]byte("junk"), fault.AuthDenied},
		"OtherHall": {certificate(good, d.key), fault.AuthDenied}, "OtherNode": {certificate(node, hall), fault.AuthDenied},
		"OtherKey": {certificate(key, hall), fault.AuthDenied}, "OtherShow": {certificate(show, hall), fault.AuthDenied},
	} {
		head := d.head(1, 1)
		head.Certificate = c.certificate
		if got := fault.CodeOf(head.Certified(public)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Any journal, cut anywhere, with anything erased, comes out as it went in.
func TestFile_Properties(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		payloads := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 40), 0, 40).Draw(r, "payloads")
		d := write(len(payloads), func(i int) []byte { return payloads[i] })
		for i := range d.changes {
			if rapid.IntRange(0, 4).Draw(r, "erase") == 0 {
				d.changes[i].Payload, d.changes[i].Salt = nil, nil
			}
		}
		first := rapid.IntRange(1, len(payloads)+1).Draw(r, "first")
		last := rapid.IntRange(first-1, len(payloads)).Draw(r, "last")
		var out bytes.Buffer
		if err := carry.Write(&out, d.head(first, last), d.key, d.source); err != nil {
			r.Fatal(err)
		}
		got, _, err := read(out.Bytes())
		if err != nil || !slices.EqualFunc(got, d.changes[first-1:last], same) {
			r.Fatalf("%d changes, %v, want %d to %d", len(got), err, first, last)
		}
		spot := rapid.IntRange(0, out.Len()-1).Draw(r, "spot")
		out.Bytes()[spot] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		if _, err := open(out.Bytes()); err == nil {
			r.Fatalf("bit altered in byte %d, and taken", spot)
		}
	})
}

// Whatever the bytes, Open answers; and what it takes it hands over again.
func FuzzOpen(f *testing.F) {
	d := write(3, short)
	f.Add(d.file(f, 1, 3))
	f.Add(d.file(f, 2, 3))
	f.Add(d.file(f, 1, 3)[:100])
	f.Add([]byte("hallpass journal 1\n{}\n\x00\x00\x00\x00"))
	f.Add([]byte("hallpass journal 9\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := open(data)
		if err != nil {
			if fault.From(err).Field != "file" {
				t.Errorf("refused without a sentence: %v", err)
			}
			return
		}
		n := uint64(0)
		if err := file.Each(func(b wire.Batch) error { n += uint64(len(b.Changes)); return nil }); err != nil || n != file.Head.Changes() {
			t.Errorf("%d changes of %d, %v", n, file.Head.Changes(), err)
		}
	})
}
