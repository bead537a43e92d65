package record

import "cmp"

// Erasure has every node take a registration's data out: of its journal, its
// state and what it finds people by (P10). It is the hall's alone to say, wins
// over whatever is said of the registration before or after, and is never taken
// back.
type Erasure struct {
	Registration RegistrationID
	Show         ShowID
	At           Stamp
}

// MergeErasures joins two versions of one erasure, the earlier of the two; both
// must have the same Registration.
func MergeErasures(a, b Erasure) Erasure {
	if cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Show, a.Show)) < 0 {
		return b
	}
	return a
}

// Kind is KindErasure.
func (Erasure) Kind() Kind { return KindErasure }

// Validate refuses an erasure of nobody, or of no time.
func (e Erasure) Validate() error {
	switch {
	case !isID(e.Registration):
		return refused("registration", "The erasure names no registration.")
	case !isID(e.Show):
		return refused("show", "The erasure names no show.")
	case e.At.IsZero():
		return refused("at", "The erasure has no time.")
	}
	return nil
}

// Erased is a kiosk's receipt for an Erasure: from At on it holds nothing more
// of the registration, also if it never had anything.
type Erased struct {
	Registration RegistrationID
	Show         ShowID
	Node         NodeID // who says so
	At           Stamp
}

// MergeErased joins two receipts of one node for one registration, the earlier.
func MergeErased(a, b Erased) Erased {
	if cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Show, a.Show)) < 0 {
		return b
	}
	return a
}

// Kind is KindErased.
func (Erased) Kind() Kind { return KindErased }

// Validate refuses a receipt that nobody signs or that is for nothing.
func (e Erased) Validate() error {
	switch {
	case !isID(e.Registration):
		return refused("registration", "The receipt names no registration.")
	case !isID(e.Show):
		return refused("show", "The receipt names no show.")
	case !isID(e.Node):
		return refused("node", "The receipt names no node.")
	case e.At.IsZero():
		return refused("at", "The receipt has no time.")
	}
	return nil
}
