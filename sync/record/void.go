package record

import "cmp"

// Void tells every kiosk that one issue of a badge is worth nothing any more:
// somebody voided it, or a newer issue took its place. It is the hall's alone
// to say and is never taken back.
type Void struct {
	Badge        BadgeID
	Registration RegistrationID // whose badge it was
	Show         ShowID
	At           Stamp
	Reason       string // a code such as "lost" or "reprinted", never a name
}

// MergeVoids joins two versions of one void, the earlier of the two; both must
// have the same Badge.
func MergeVoids(a, b Void) Void {
	if voidOrigin(b, a) < 0 {
		return b
	}
	return a
}

func voidOrigin(a, b Void) int {
	return cmp.Or(
		a.At.Compare(b.At),
		cmp.Compare(a.Registration, b.Registration),
		cmp.Compare(a.Show, b.Show),
		cmp.Compare(a.Reason, b.Reason),
	)
}

// Kind is KindVoid.
func (Void) Kind() Kind { return KindVoid }

// maxCode bounds what people never write: reasons and regions, in bytes.
const maxCode = 64

// Validate refuses a void of no badge, or of no time.
func (v Void) Validate() error {
	if _, err := v.Badge.Bytes(); err != nil {
		return refused("badge", "The void names no badge.")
	}
	switch {
	case !isID(v.Registration):
		return refused("registration", "The void names no registration.")
	case !isID(v.Show):
		return refused("show", "The void names no show.")
	case v.At.IsZero():
		return refused("at", "The void has no time.")
	case !fits(v.Reason) || len(v.Reason) > maxCode:
		return refused("reason", "The reason is too long or not text.")
	}
	return nil
}
