package hall

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
	"unicode/utf8"

	"hallpass/sync/fault"
)

// SessionLife is how long a sign-in lasts: a day at the show.
const SessionLife = 12 * time.Hour

// Credentials are shown once, when a user is made; the store has hashes only.
type Credentials struct {
	Name     string
	Role     Role
	Password string
	Key      string // for programs: Authorization: Bearer KEY
}

// AddUser makes a user, or gives one that exists a new password and key. It
// answers fault.Invalid for an empty or long name and for a role without rights.
func (h *Hall) AddUser(ctx context.Context, name string, role Role) (Credentials, error) {
	if name = strings.TrimSpace(name); name == "" || utf8.RuneCountInString(name) > 64 {
		return Credentials{}, fault.New(fault.Invalid, "A name has 1 to 64 characters.").WithField("name")
	}
	if role != RoleOrganizer {
		return Credentials{}, fault.New(fault.Invalid, fmt.Sprintf("The role %q is unknown; try %q.", role, RoleOrganizer)).WithField("role")
	}
	key, keyHash := secret()
	made := Credentials{Name: name, Role: role, Password: newPassword(), Key: key}
	user := User{Name: name, Role: role, Salt: make([]byte, saltLength), KeyHash: keyHash}
	rand.Read(user.Salt) // never fails
	var err error
	if user.Password, err = h.hashing.hash(ctx, made.Password, user.Salt); err != nil {
		return Credentials{}, fmt.Errorf("add user: %w", err)
	}
	if err := h.store.PutUser(ctx, user); err != nil {
		return Credentials{}, fmt.Errorf("add user: %w", err)
	}
	h.log.Info("user added", "role", role)
	return made, nil
}

// legible leaves out what is misread: 0 and o, 1, l and i.
const legible = "abcdefghjkmnpqrstuvwxyz23456789"

// newPassword is four groups of four that can be read over a telephone: 79 bits.
func newPassword() string {
	var text strings.Builder
	for i := range 16 {
		if i > 0 && i%4 == 0 {
			text.WriteByte('-')
		}
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(legible))))
		if err != nil { // crypto/rand never fails
			panic(err)
		}
		text.WriteByte(legible[n.Int64()])
	}
	return text.String()
}

// SignIn answers the secret of a new session. It answers fault.AuthDenied for a wrong name or password, without
// saying which, and fault.TooMany after ten wrong ones in a minute.
func (h *Hall) SignIn(ctx context.Context, from Caller, name, password string) (session string, p Principal, err error) {
	pass, err := h.limits.signin.begin(from.Address)
	if err != nil {
		return "", p, err
	}
	user, ok, err := h.known(ctx, name, password)
	if err == nil && !ok {
		h.log.Info("sign-in refused", "address", from.Address)
		return "", p, fault.New(fault.AuthDenied, "The name or the password is wrong.")
	}
	pass()
	if err != nil {
		return "", p, fmt.Errorf("sign in: %w", err)
	}
	text, hash := secret()
	if err := h.store.PutSession(ctx, hash, Session{User: user.Name, Expires: h.now().Add(SessionLife)}); err != nil {
		return "", p, fmt.Errorf("sign in: %w", err)
	}
	return text, Principal{Name: user.Name, Role: user.Role}, nil
}

// known takes as long for a user that does not exist.
func (h *Hall) known(ctx context.Context, name, password string) (User, bool, error) {
	user, err := h.store.User(ctx, name)
	if err != nil && !errors.Is(err, ErrNone) {
		return User{}, false, err
	}
	ok, err := h.hashing.matches(ctx, user, password)
	return user, ok, err
}

// SignOut ends a session; one that is over already is no fault.
func (h *Hall) SignOut(ctx context.Context, session string) error {
	return h.store.DeleteSession(ctx, sha256.Sum256([]byte(session)))
}

var errSignIn = fault.New(fault.AuthRequired, "Sign in first.")

// BySession answers who signed in, or fault.AuthRequired.
func (h *Hall) BySession(ctx context.Context, session string) (Principal, error) {
	found, err := h.store.Session(ctx, sha256.Sum256([]byte(session)))
	if errors.Is(err, ErrNone) || err == nil && !h.now().Before(found.Expires) {
		return Principal{}, errSignIn
	}
	if err != nil {
		return Principal{}, fmt.Errorf("session: %w", err)
	}
	return h.user(ctx, found.User)
}

// ByKey answers whose bearer key it is, or fault.AuthRequired.
func (h *Hall) ByKey(ctx context.Context, key string) (Principal, error) {
	holder, err := h.store.Holder(ctx, sha256.Sum256([]byte(key)))
	if errors.Is(err, ErrNone) {
		return Principal{}, fault.New(fault.AuthRequired, "The key is not valid here. Pair the device again.")
	}
	if err != nil {
		return Principal{}, fmt.Errorf("key: %w", err)
	}
	if holder.User != "" {
		return h.user(ctx, holder.User)
	}
	device, err := h.store.Device(ctx, holder.Device)
	if err != nil {
		return Principal{}, fmt.Errorf("key: %w", err)
	}
	role := RoleExhibitor
	if device.Gate != "" {
		role = RoleGate
	}
	return Principal{Name: device.Name, Role: role, Exhibitor: device.Exhibitor, Gate: device.Gate, Device: device.ID}, nil
}

func (h *Hall) user(ctx context.Context, name string) (Principal, error) {
	user, err := h.store.User(ctx, name)
	if errors.Is(err, ErrNone) {
		return Principal{}, errSignIn
	}
	if err != nil {
		return Principal{}, fmt.Errorf("user: %w", err)
	}
	return Principal{Name: user.Name, Role: user.Role}, nil
}
