package wire

import (
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// Limits of the decoder. The deepest thing we send is a change in a batch in a
// frame, four levels, or an answer's picks in a registration, four as well; the
// longest array is a batch, the largest map a registration's 64 fields. The
// rest is room for a later program's keys.
const (
	maxLevels   = 8
	maxElements = 4096
	maxPairs    = 256
)

var (
	encoder = must(cbor.CoreDetEncOptions().EncMode())
	decoder = must(cbor.DecOptions{
		DupMapKey:        cbor.DupMapKeyEnforcedAPF,
		MaxNestedLevels:  maxLevels,
		MaxArrayElements: maxElements,
		MaxMapPairs:      maxPairs,
		IndefLength:      cbor.IndefLengthForbidden,
		TagsMd:           cbor.TagsForbidden,
		UTF8:             cbor.UTF8RejectInvalid,
	}.DecMode())
)

// must is for the two modes above, whose options are constants.
func must[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Sprintf("wire: %v", err))
	}
	return v
}
