package wire_test

import (
	"bytes"
	"maps"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/fxamacker/cbor/v2"

	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// added is a payload with keys of a later program.
func added(t testing.TB, payload []byte, more map[uint64]any) []byte {
	t.Helper()
	var pairs map[uint64]any
	if err := cbor.Unmarshal(payload, &pairs); err != nil {
		t.Fatal(err)
	}
	maps.Copy(pairs, more)
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		t.Fatal(err)
	}
	out, err := mode.Marshal(pairs)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// P4, P12: what a later program has added outlives a merge by this one, the same
// in whatever order versions come, and gets in nobody's way.
func TestGraft_KeepsWhatALaterProgramAdded_P12(t *testing.T) {
	facts := map[record.Kind]record.Fact{}
	for _, f := range []record.Fact{registration(), awaited(), badge(), lead(), badgeKey(), revocation(), choice()} {
		facts[f.Kind()] = f
	}
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom(slices.Sorted(maps.Keys(facts))).Draw(rt, "kind")
		plain, err := wire.Encode(facts[kind])
		if err != nil {
			t.Fatal(err)
		}
		later := rapid.MapOfN(rapid.Uint64Range(100, 103), rapid.SampledFrom([]any{"new", "newer", uint64(7), true, nil, []any{"a", int64(-2)}, map[any]any{uint64(1): 1.5, uint64(2): []byte{1}}}), 0, 3)
		versions := rapid.SliceOfN(later, 1, 4).Draw(rt, "versions")
		merge := func(order []map[uint64]any) []byte {
			kept := plain
			for _, v := range order {
				kept = wire.Graft(kind, plain, kept, added(t, plain, v))
			}
			return kept
		}
		want := merge(versions)
		if got := merge(rapid.Permutation(append(slices.Clone(versions), versions[0])).Draw(rt, "order")); !bytes.Equal(got, want) {
			rt.Fatalf("%x, in another order %x", got, want)
		}
		back, err := wire.Decode(kind, want)
		if err != nil || !reflect.DeepEqual(back, facts[kind]) {
			rt.Fatalf("with what was added it reads %+v, %v", back, err)
		}
		var pairs map[uint64]any
		if err := cbor.Unmarshal(want, &pairs); err != nil {
			rt.Fatal(err)
		}
		for _, v := range versions {
			for key := range v {
				if _, ok := pairs[key]; !ok {
					rt.Fatalf("key %d of %s is lost", key, kind)
				}
			}
		}
	})
}

// The keys that this program knows are never taken for later ones.
func TestGraft_AddsNothingOfItsOwn(t *testing.T) {
	for _, fact := range []record.Fact{registration(), awaited(), badge(), lead(), badgeKey(), revocation(), choice(), discarded()} {
		payload, err := wire.Encode(fact)
		if err != nil {
			t.Fatal(err)
		}
		other := []byte{0xa0}
		if got := wire.Graft(fact.Kind(), other, payload); !bytes.Equal(got, other) {
			t.Errorf("%s: %x was added", fact.Kind(), got)
		}
		for n := range payload { // whatever is cut or altered harms nothing
			cut, flipped := payload[:n], bytes.Clone(payload)
			flipped[n] ^= 0xff
			if got := wire.Graft(fact.Kind(), payload, cut); !bytes.Equal(got, payload) {
				t.Errorf("%s cut at %d: %x", fact.Kind(), n, got)
			}
			if _, err := wire.Decode(fact.Kind(), wire.Graft(fact.Kind(), payload, flipped)); err != nil {
				t.Errorf("%s altered at %d: %v", fact.Kind(), n, err)
			}
		}
	}
}

func BenchmarkGraft_NothingAdded(b *testing.B) {
	payload, err := wire.Encode(registration())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		wire.Graft(record.KindRegistration, payload, payload, payload)
	}
}
