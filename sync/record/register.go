package record

import "cmp"

// Register holds one value that the later writer wins (a LWW register, Shapiro
// et al., "A comprehensive study of CRDTs", 2011). The zero Register was never
// written.
//
// Over is the stamp of what the writer saw and replaced, see Version.
type Register[T cmp.Ordered] struct {
	Value T
	At    Stamp
	Over  Stamp
}

// Join returns the later of the two; of two values with one stamp, which only
// a faulty node makes, the greater, so that the order of arrival never matters.
func (r Register[T]) Join(s Register[T]) Register[T] {
	if cmp.Or(r.At.Compare(s.At), cmp.Compare(r.Value, s.Value), r.Over.Compare(s.Over)) >= 0 {
		return r
	}
	return s
}

// joinMaps joins two maps key by key into a fresh one; nil if both are empty.
func joinMaps[K comparable, V interface{ Join(V) V }](a, b map[K]V) map[K]V {
	if len(a)+len(b) == 0 {
		return nil
	}
	out := make(map[K]V, max(len(a), len(b)))
	for k, v := range a {
		out[k] = v
	}
	for k, v := range b {
		if old, ok := out[k]; ok {
			v = old.Join(v)
		}
		out[k] = v
	}
	return out
}

// earlier returns the lesser stamp that is not zero.
func earlier(a, b Stamp) Stamp {
	if a.IsZero() || !b.IsZero() && b.Compare(a) < 0 {
		return b
	}
	return a
}

// later returns the greater stamp.
func later(a, b Stamp) Stamp {
	if a.Compare(b) >= 0 {
		return a
	}
	return b
}
