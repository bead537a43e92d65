package record

// Registered tells kiosks who has registered, without anybody's data: a keyed
// hash of each person's mobile number and e-mail address (package contact), so
// that a kiosk recognizes a second registration also without a network. What
// several of them say adds up; only an Erasure takes out.
type Registered struct {
	Show    ShowID
	Key     []byte // of the hashes, 32 bytes, one per show; only the hall and its kiosks know it
	Region  string // how numbers without a country code were read: ISO 3166, or "ZZ"
	Entries []Digest
	UpTo    uint64 // of the hall's list of registrations; for the hall itself
}

// Digest is one contact of one registration.
type Digest struct {
	Hash         [16]byte
	Registration RegistrationID
}

// Limits of a Registered.
const (
	DigestKeySize = 32
	MaxDigests    = 1024 // 1,024 entries take 25 kB
)

// Kind is KindRegistered.
func (Registered) Kind() Kind { return KindRegistered }

// Validate refuses one without a key or beyond the limits.
func (r Registered) Validate() error {
	switch {
	case !isID(r.Show):
		return refused("show", "The list names no show.")
	case len(r.Key) != DigestKeySize:
		return refused("key", "The key of the list is not 32 bytes.")
	case len(r.Region) != 2:
		return refused("region", "The region is not two letters.")
	case len(r.Entries) > MaxDigests:
		return refused("entries", "The list is too long.")
	}
	for _, e := range r.Entries {
		if !isID(e.Registration) {
			return refused("entries", "The list names no registration.")
		}
	}
	return nil
}
