package hall

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// CodeLife is how long a pairing code may be used.
const CodeLife = 15 * time.Minute

// Invitation is a fresh pairing code and how to use it.
type Invitation struct {
	Code    string // XXXX-XXXX-XXXX
	URL     string // of the hall, or of the booth page with the code
	Expires time.Time
}

// InviteKiosk makes a code for a new kiosk, which will carry that name and may
// print badges of those categories, of all if none is given. It answers
// fault.Invalid for a category that the show does not have.
func (h *Hall) InviteKiosk(ctx context.Context, name string, categories ...record.CategoryID) (Invitation, error) {
	if name = strings.TrimSpace(name); name == "" || utf8.RuneCountInString(name) > maxName {
		return Invitation{}, errName
	}
	show := h.Show()
	code := Code{Name: name}
	for _, id := range categories {
		if !slices.ContainsFunc(show.Categories, func(c record.Category) bool { return c.ID == id }) {
			return Invitation{}, invalid("categories", fmt.Sprintf("The show has no category %q.", id))
		}
		code.Categories = append(code.Categories, string(id))
	}
	slices.Sort(code.Categories)
	code.Categories = slices.Compact(code.Categories)
	return h.invite(ctx, code)
}

// InviteDevice makes a code for a phone of an exhibitor; fault.NotFound if the
// show has no such exhibitor.
func (h *Hall) InviteDevice(ctx context.Context, id record.ExhibitorID) (Invitation, error) {
	if _, ok := h.exhibitor(id); !ok {
		return Invitation{}, fault.New(fault.NotFound, fmt.Sprintf("The show has no exhibitor %q; see hall exhibitor.", id)).WithField("exhibitor")
	}
	return h.invite(ctx, Code{Exhibitor: id})
}

const maxName = 64 // characters of a kiosk's or a phone's name

var errName = fault.New(fault.Invalid, "A name has 1 to 64 characters.").WithField("name")

func (h *Hall) invite(ctx context.Context, c Code) (Invitation, error) {
	code := wire.NewPairingCode()
	c.Text, c.Expires = string(code), h.now().Add(CodeLife).Truncate(time.Second)
	if err := h.store.PutCode(ctx, c); err != nil {
		return Invitation{}, fmt.Errorf("invite: %w", err)
	}
	in := Invitation{Code: code.String(), URL: h.url, Expires: c.Expires}
	if c.Exhibitor != "" {
		// After the "#", so that the code is in no server's log (P8).
		in.URL += "/booth#pair=" + in.Code
	}
	return in, nil
}

func (h *Hall) exhibitor(id record.ExhibitorID) (record.Exhibitor, bool) {
	show := h.Show()
	i := slices.IndexFunc(show.Exhibitors, func(e record.Exhibitor) bool { return e.ID == id })
	if i < 0 {
		return record.Exhibitor{}, false
	}
	return show.Exhibitors[i], true
}

var errCode = fault.New(fault.PairingCode, "The pairing code is wrong, used or expired. Ask for a new one.").WithField("code")

// Caller is who asks from outside, before anything is proven.
type Caller struct {
	Address string // for the rate limit
	TLS     bool   // it has seen our certificate
}

// PairKiosk makes a node of whoever proves an open code and sees this hall's
// certificate. The same kiosk may ask again with the code until it expires and
// gets the same node, because the first answer may have been lost. It answers
// fault.PairingCode, and fault.TooMany after ten wrong tries in a minute.
func (h *Hall) PairKiosk(ctx context.Context, from Caller, r wire.PairRequest) (wire.PairAnswer, error) {
	if utf8.RuneCountInString(r.Name) > maxName {
		return wire.PairAnswer{}, errName
	}
	var print [32]byte // zeroes on plain HTTP
	if from.TLS {
		print = h.print
	}
	code, err := h.guess(from, func() (Code, error) {
		return h.proven(ctx, func(c Code) bool { return c.kiosk() && r.Proven(wire.PairingCode(c.Text), print) })
	})
	if err != nil {
		return wire.PairAnswer{}, err
	}
	node, err := h.redeem(ctx, code, r)
	if err != nil {
		return wire.PairAnswer{}, err
	}
	answer := wire.PairAnswer{Node: node.ID, Hall: h.self.Hall, Show: h.showID(), HallKey: wire.Base64(h.public), Certificate: node.Certificate}
	answer.Seal(wire.PairingCode(code.Text), print, r.Nonce)
	return answer, nil
}

// guess returns the open code that find answers with. Whoever names none, which
// is ErrNone, has one try less.
func (h *Hall) guess(from Caller, find func() (Code, error)) (Code, error) {
	pass, err := h.limits.pairing.begin(from.Address)
	if err != nil {
		return Code{}, err
	}
	code, err := find()
	if errors.Is(err, ErrNone) || err == nil && !h.now().Before(code.Expires) {
		h.log.Info("pairing refused", "address", from.Address)
		return Code{}, errCode
	}
	pass()
	if err != nil {
		return Code{}, fmt.Errorf("pair: %w", err)
	}
	return code, nil
}

// proven looks through all open codes: a kiosk does not say its own, it proves
// that it knows it.
func (h *Hall) proven(ctx context.Context, fits func(Code) bool) (Code, error) {
	codes, err := h.store.Codes(ctx, h.now())
	if err != nil {
		return Code{}, err
	}
	if i := slices.IndexFunc(codes, fits); i >= 0 {
		return codes[i], nil
	}
	return Code{}, ErrNone
}

// redeem makes the node, or finds the one that this kiosk's first try made.
func (h *Hall) redeem(ctx context.Context, c Code, r wire.PairRequest) (Node, error) {
	if h.keys.spent(r.PublicKey) {
		return Node{}, fault.New(fault.NodeRevoked, "This kiosk was taken out of service; give it a new data folder.")
	}
	if c.Used {
		if node, ok := h.keys.node(c.UsedBy); ok && node.Key.Equal(ed25519.PublicKey(r.PublicKey)) {
			return node, nil
		}
		return Node{}, errCode
	}
	now := h.now()
	node := Node{ID: record.NewID[record.NodeID](now), Name: c.Name, Key: ed25519.PublicKey(r.PublicKey), Categories: c.Categories, Paired: now}
	if node.Name == "" {
		node.Name = r.Name
	}
	node.Certificate = wire.Certificate{Node: node.ID, PublicKey: node.Key, Show: h.showID(), Issued: now.UnixMilli()}.Sign(h.key)
	key, certified := h.certified(h.pairedKey(node), node)
	if !certified {
		return Node{}, errors.New("pair kiosk: its key cannot be certified")
	}
	if err := h.store.RedeemKiosk(ctx, c.Text, node, Own{Fact: key, Stamp: key.Certificate.At, Announce: true}); err != nil {
		return Node{}, codeError(err)
	}
	h.keys.add(node)
	h.fleet.know(node)
	h.live.touch()
	h.log.Info("kiosk paired", "node", node.ID)
	return node, nil
}

// kiosk reports whether the code pairs a kiosk.
func (c Code) kiosk() bool { return c.Exhibitor == "" && c.Gate == "" }

func codeError(err error) error {
	if errors.Is(err, ErrUsed) || errors.Is(err, ErrNone) {
		return errCode
	}
	return fmt.Errorf("pair: %w", err)
}

// PairDevice gives a booth's phone or a gate's reader its key; only its hash is stored. It answers
// faults as PairKiosk does.
func (h *Hall) PairDevice(ctx context.Context, from Caller, text, name string) (Device, string, error) {
	if utf8.RuneCountInString(name) > maxName {
		return Device{}, "", errName
	}
	code, err := wire.ParsePairingCode(text)
	if err != nil {
		return Device{}, "", err // no code at all, so no guess
	}
	found, err := h.guess(from, func() (Code, error) {
		c, err := h.store.Code(ctx, string(code))
		if err == nil && (c.kiosk() || c.Used) {
			return Code{}, ErrNone
		}
		return c, err
	})
	if err != nil {
		return Device{}, "", err
	}
	key, hash := secret()
	now := h.now()
	device := Device{ID: record.NewID[record.DeviceID](now), Name: strings.TrimSpace(name), Exhibitor: found.Exhibitor, Gate: found.Gate, KeyHash: hash, Paired: now}
	if err := h.store.RedeemDevice(ctx, found.Text, device); err != nil {
		return Device{}, "", codeError(err)
	}
	h.log.Info("device paired", "device", device.ID, "exhibitor", device.Exhibitor, "gate", device.Gate)
	return device, key, nil
}
