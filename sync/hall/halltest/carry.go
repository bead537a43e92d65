package halltest

import (
	"bytes"
	"testing"
	"time"

	"hallpass/sync/carry"
	"hallpass/sync/record"
)

// Carry is the kiosk's journal from first to last as a file, with the hall's
// word on its key, nil for none.
func (k *Kiosk) Carry(t testing.TB, first, last int, certificate []byte) []byte {
	t.Helper()
	part := carry.Part{Epoch: k.Epoch, First: uint64(first), Last: uint64(last), Before: k.begin(), End: k.begin()}
	if first > 1 {
		part.Before = k.Changes[first-2].Chain
	}
	if last > 0 {
		part.End = k.Changes[last-1].Chain
	}
	head := carry.Head{
		Node: k.Node, Show: k.show, Key: k.Paired().Key, Certificate: certificate, Name: "Entrance by file",
		Written: time.Now(), Parts: []carry.Part{part},
	}
	var out bytes.Buffer
	err := carry.Write(&out, head, k.Key, func(_ carry.Part, after uint64, limit int) ([]record.Change, error) {
		return k.Changes[after:min(int(after)+limit, len(k.Changes))], nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
