package wire

import (
	"fmt"

	"hallpass/sync/record"
)

// registeredForm is the tagged twin of who has registered. Two hundred kiosks
// hear of everybody, so the list is packed where ids are ULIDs, as all real ones
// are.
type registeredForm struct {
	Show    record.ShowID `cbor:"1,keyasint"`
	Key     []byte        `cbor:"2,keyasint"`
	Region  string        `cbor:"3,keyasint"`
	Entries []digestForm  `cbor:"4,keyasint,omitempty"`
	UpTo    uint64        `cbor:"5,keyasint,omitempty"`
	Packed  []byte        `cbor:"6,keyasint,omitempty"`
}

type digestForm struct {
	_            struct{} `cbor:",toarray"`
	Hash         []byte
	Registration record.RegistrationID
}

const hashSize = len(record.Digest{}.Hash)

func registeredFrom(r record.Registered) registeredForm {
	f := registeredForm{Show: r.Show, Key: r.Key, Region: r.Region, UpTo: r.UpTo}
	if f.Packed = packed(r.Entries); f.Packed != nil {
		return f
	}
	for _, e := range r.Entries {
		f.Entries = append(f.Entries, digestForm{Hash: e.Hash[:], Registration: e.Registration})
	}
	return f
}

// packed writes, for each run of entries of one registration, its id's 16 bytes,
// a count and as many hashes; nil if an id is no ULID.
func packed(entries []record.Digest) []byte {
	if len(entries) == 0 {
		return nil
	}
	out, count := make([]byte, 0, 40*len(entries)), 0
	for i, e := range entries {
		if i > 0 && e.Registration == entries[i-1].Registration && out[count] < 255 {
			out[count]++
			out = append(out, e.Hash[:]...)
			continue
		}
		id, err := e.Registration.Bytes()
		if err != nil {
			return nil
		}
		out = append(out, id[:]...)
		count = len(out)
		out = append(append(out, 1), e.Hash[:]...)
	}
	return out
}

func (f registeredForm) record() (record.Registered, error) {
	r := record.Registered{Show: f.Show, Key: f.Key, Region: f.Region, UpTo: f.UpTo}
	err := unpack(f.Packed, func(e record.Digest) { r.Entries = append(r.Entries, e) })
	if err != nil {
		return r, err
	}
	if n := len(r.Entries) + len(f.Entries); n > record.MaxDigests {
		return r, fmt.Errorf("%d entries where %d are the most", n, record.MaxDigests)
	}
	for _, e := range f.Entries {
		if len(e.Hash) != hashSize {
			return r, fmt.Errorf("a hash of %d bytes where it takes 16", len(e.Hash))
		}
		r.Entries = append(r.Entries, record.Digest{Hash: [hashSize]byte(e.Hash), Registration: e.Registration})
	}
	return r, nil
}

func unpack(data []byte, use func(record.Digest)) error {
	const idSize = 16
	for len(data) > 0 {
		if len(data) < idSize+1 {
			return fmt.Errorf("a packed list ends with %d bytes", len(data))
		}
		id, n := record.RegistrationIDFrom([idSize]byte(data)), int(data[idSize])
		data = data[idSize+1:]
		if n == 0 || len(data) < n*hashSize {
			return fmt.Errorf("a packed list has %d bytes for %d hashes", len(data), n)
		}
		for ; n > 0; n-- {
			use(record.Digest{Hash: [hashSize]byte(data), Registration: id})
			data = data[hashSize:]
		}
	}
	return nil
}
