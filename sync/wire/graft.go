package wire

import (
	"bytes"
	"slices"

	"github.com/fxamacker/cbor/v2"

	"hallpass/sync/record"
)

// highest is the last key that this program knows of a fact's map, by kind;
// keys only grow. The golden files hold it to the forms.
var highest = map[record.Kind]uint64{
	record.KindRegistration: 12, record.KindBadge: 10, record.KindLead: 10, record.KindKey: 7,
	record.KindRevocation: 6, record.KindDecision: 9,
}

// Graft returns merged, one fact as Encode writes it, with the keys that a later
// program has put into the payloads that it was merged from: the merge of what
// this program does not know must not lose it either. Of two values of one key
// the greater stays, in whatever order they come (P4); what a later program makes
// of them, it finds in the journals as they came. Keys within the parts of a fact
// are not kept. Payloads of which nothing is added cost a look at their keys.
func Graft(kind record.Kind, merged []byte, from ...[]byte) []byte {
	later := map[uint64][]byte{}
	for _, payload := range from {
		for key, value := range laterKeys(payload, highest[kind]) {
			if bytes.Compare(value, later[key]) > 0 {
				later[key] = value
			}
		}
	}
	if len(later) == 0 || highest[kind] == 0 {
		return merged
	}
	var pairs map[uint64]cbor.RawMessage
	if err := decoder.Unmarshal(merged, &pairs); err != nil {
		return merged
	}
	for key, value := range later {
		pairs[key] = value
	}
	grafted, err := encoder.Marshal(pairs)
	if err != nil || len(grafted) > MaxPayload || len(pairs) > maxPairs {
		return merged // whatever it was, the fact itself is kept
	}
	return grafted
}

// laterKeys returns what a fact's map has beyond a key, nil for bytes that are
// not in the core encoding.
func laterKeys(payload []byte, known uint64) map[uint64][]byte {
	var later map[uint64][]byte
	s := scan{data: payload}
	s.each(func(key uint64) {
		from := s.at
		s.skip(maxLevels)
		if key > known && !s.lost {
			if later == nil {
				later = map[uint64][]byte{}
			}
			later[key] = slices.Clone(payload[from:s.at])
		}
	})
	if !s.done() {
		return nil
	}
	return later
}

// skip goes past one item of any type.
func (s *scan) skip(levels int) {
	if levels == 0 || s.at >= len(s.data) {
		s.lose()
		return
	}
	switch major := s.data[s.at] >> 5; major {
	case majorUint, majorInt:
		s.head(major)
	case majorBytes, majorText:
		s.span(major)
	case majorArray, majorMap:
		n := s.head(major)
		if major == majorMap {
			n *= 2
		}
		for range min(n, uint64(len(s.data))) {
			if s.skip(levels - 1); s.lost {
				return
			}
		}
	default:
		s.simple()
	}
}

// simple goes past false, true, null and floats.
func (s *scan) simple() {
	size, ok := map[byte]int{0xF4: 1, 0xF5: 1, 0xF6: 1, 0xF9: 3, 0xFA: 5, 0xFB: 9}[s.data[s.at]]
	if !ok || size > len(s.data)-s.at {
		s.lose()
		return
	}
	s.at += size
}
