package hall

import (
	"slices"
	"testing"

	"hallpass/sync/record"
)

// A kiosk is full by number or by size, is told of once, and has room again when
// a person has decided; nobody else is.
func TestHeld(t *testing.T) {
	q := held{nodes: map[record.NodeID]amount{}}
	step := func(node record.NodeID, facts, bytes int, want ...record.NodeID) {
		t.Helper()
		got := q.count([]Effect{{Quarantined: facts, Node: node, Bytes: bytes}, {Live: 1}, {Quarantined: 1}})
		if !slices.Equal(got, want) {
			t.Errorf("%d facts, %d bytes of %s: told of %v, want %v", facts, bytes, node, got, want)
		}
	}
	step("A", 1, mostHeldBytes-1)
	step("A", 1, 1, "A")
	step("A", 1, 1)
	step("B", mostHeld-1, 0)
	step("B", 1, 0, "B")
	step("A", -2, -2)
	if q.of("A").full() || !q.of("B").full() || q.of("C").full() {
		t.Errorf("full: %+v", q.nodes)
	}
	step("A", 1, 1, "A")
	step("A", -2, -mostHeldBytes)
	step("B", -mostHeld, 0)
	if len(q.nodes) != 0 {
		t.Errorf("left: %+v", q.nodes)
	}
}
