package hall

import (
	"context"
	"crypto/ed25519"
	"time"

	"hallpass/sync/record"
)

// Nodes keeps the paired kiosks and phones and the codes that pair them.
type Nodes interface {
	Nodes(ctx context.Context) ([]Node, error)
	PutCode(ctx context.Context, code Code) error
	// Codes returns those that have not expired at now, used ones as well, and
	// forgets the others.
	Codes(ctx context.Context, now time.Time) ([]Code, error)
	// Code returns one of them, expired or not; ErrNone if it was never given or
	// is forgotten.
	Code(ctx context.Context, text string) (Code, error)
	// RedeemKiosk marks the code used, keeps the node and records what the hall
	// says of it, in one transaction. A code that was used fails with ErrUsed.
	RedeemKiosk(ctx context.Context, code string, node Node, said ...Own) error
	// RedeemDevice is RedeemKiosk for a device.
	RedeemDevice(ctx context.Context, code string, device Device) error
	Device(ctx context.Context, id record.DeviceID) (Device, error)
}

// Accounts keeps people's sign-ins. Secrets come in as SHA-256 only.
type Accounts interface {
	PutUser(ctx context.Context, user User) error
	User(ctx context.Context, name string) (User, error)
	// Holder tells whose key has that hash.
	Holder(ctx context.Context, hash [32]byte) (Holder, error)
	PutSession(ctx context.Context, hash [32]byte, session Session) error
	Session(ctx context.Context, hash [32]byte) (Session, error)
	DeleteSession(ctx context.Context, hash [32]byte) error
}

// Node is a paired kiosk. Its one key proves its connections; it signs badges
// too until the kiosk has made another, see record.Key. Whether the kiosk is in
// service is for record.Revocation to say.
type Node struct {
	ID          record.NodeID
	Name        string
	Key         ed25519.PublicKey
	Certificate []byte   // the hall's signed word on ID and Key
	Categories  []string // that its badges may have, sorted; none for all
	Paired      time.Time
}

// Device is a paired booth phone or, with Gate, a reader at a gate.
type Device struct {
	ID        record.DeviceID
	Name      string
	Exhibitor record.ExhibitorID
	Gate      record.GateID
	KeyHash   [32]byte
	Paired    time.Time
}

// Code is a one-time pairing code, for a kiosk or, with Exhibitor or Gate, a
// device.
type Code struct {
	Text string // 12 characters of Crockford's base32
	Name string // what the operator calls the kiosk
	// Categories that the kiosk may sign, sorted; none for all.
	Categories []string
	Exhibitor  record.ExhibitorID
	Gate       record.GateID
	Expires    time.Time
	Used       bool
	UsedBy     record.NodeID // the kiosk that it made; a lost answer can be asked again
}

// Role is what a person may do; see rights.go.
type Role string

// The roles of people and programs. The list is append-only.
const (
	RoleOrganizer Role = "organizer"
	RoleExhibitor Role = "exhibitor" // a device at a booth
	RoleGate      Role = "gate"      // a reader at a gate
)

// User is a person or program that signs in.
type User struct {
	Name     string
	Role     Role
	Salt     []byte
	Password []byte // Argon2id, see password.go
	KeyHash  [32]byte
}

// Holder is who holds a bearer key: a user or a device, never both.
type Holder struct {
	User   string
	Device record.DeviceID
}

// Session is one sign-in of one person.
type Session struct {
	User    string
	Expires time.Time
}
