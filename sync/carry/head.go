package carry

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

const (
	family  = "hallpass journal " // of all versions
	maxLost = 100                 // ranges that are named; a disk as bad as that is none
)

// version is what a file of it may hold.
type version struct {
	magic    string
	maxHead  int // bytes
	maxParts int
	nodes    bool // parts may be other nodes'
}

var (
	kiosks = version{magic: "hallpass journal 1\n", maxHead: 64 << 10, maxParts: 16}
	halls  = version{magic: "hallpass journal 2\n", maxHead: 2 << 20, maxParts: 4096, nodes: true}
)

// Head is what a carried journal says of itself.
type Head struct {
	Node        record.NodeID
	Show        record.ShowID
	Hall        record.NodeID     // that it is paired with; empty if none
	Key         ed25519.PublicKey // the node's
	Certificate []byte            // the hall's word on the key; nil if never paired
	Name        string            // of the kiosk, for people
	Version     string            // of the program, for people
	Written     time.Time
	Acked       uint64        // how far the hall had the first part's journal
	Desk        record.NodeID // of a hall's file: whose journal holds what booths and gates did; else empty
	Parts       []Part
	Lost        []Lost
}

// Part is a run of changes of one epoch, First to Last; none if Last is
// First - 1. Before is the chain of the change before First, End that of Last.
type Part struct {
	Node        record.NodeID // whose; the head's if empty
	Epoch       record.Epoch
	First, Last uint64
	Before, End [32]byte
}

// Count is how many changes the part has.
func (p Part) Count() uint64 { return p.Last + 1 - p.First }

// Lost is a range of changes that the file lacks because they are damaged.
type Lost struct {
	First, Last uint64
	Why         string // for the operator; no contents
}

// Changes is how many changes the file has.
func (h Head) Changes() (n uint64) {
	for _, p := range h.Parts {
		n += p.Count()
	}
	return n
}

// Certified checks that a hall has vouched for node, key and show when it paired
// the kiosk. It answers fault.AuthDenied if not.
func (h Head) Certified(hall ed25519.PublicKey) error {
	denied := fault.New(fault.AuthDenied, "The file is not from a kiosk of this hall.").WithField("file")
	if h.Certificate == nil {
		return denied
	}
	c, err := wire.OpenCertificate(hall, h.Certificate)
	if err != nil {
		return fault.Wrap(denied.Code, denied.Message, err).WithField("file")
	}
	if c.Node != h.Node || c.Show != h.Show || !c.PublicKey.Equal(h.Key) {
		return denied
	}
	return nil
}

type headForm struct {
	Node        record.NodeID `json:"node"`
	Show        record.ShowID `json:"show"`
	Hall        record.NodeID `json:"hall,omitempty"`
	Key         []byte        `json:"key"`
	Certificate []byte        `json:"certificate,omitempty"`
	Name        string        `json:"name,omitempty"`
	Version     string        `json:"version,omitempty"`
	Written     time.Time     `json:"written"`
	Changes     uint64        `json:"changes"`
	Acked       uint64        `json:"acked"`
	Parts       []partForm    `json:"parts"`
	Lost        []lostForm    `json:"lost,omitempty"`
	Desk        record.NodeID `json:"desk,omitempty"`
}

type partForm struct {
	Node   record.NodeID `json:"node,omitempty"`
	Epoch  record.Epoch  `json:"epoch"`
	First  uint64        `json:"first"`
	Last   uint64        `json:"last"`
	Before []byte        `json:"before"`
	End    []byte        `json:"end"`
}

type lostForm struct {
	First uint64 `json:"first"`
	Last  uint64 `json:"last"`
	Why   string `json:"why,omitempty"`
}

// line is the head as it stands in the file.
func (h Head) line() ([]byte, error) {
	form := headForm{
		Node: h.Node, Show: h.Show, Hall: h.Hall, Key: h.Key, Certificate: h.Certificate, Name: h.Name,
		Version: h.Version, Written: h.Written.UTC(), Changes: h.Changes(), Acked: h.Acked, Parts: []partForm{}, Desk: h.Desk,
	}
	for _, p := range h.Parts {
		if p.Node == h.Node {
			p.Node = ""
		}
		form.Parts = append(form.Parts, partForm{p.Node, p.Epoch, p.First, p.Last, p.Before[:], p.End[:]})
	}
	for _, l := range h.Lost[:min(len(h.Lost), maxLost)] {
		form.Lost = append(form.Lost, lostForm(l))
	}
	line, err := json.Marshal(form)
	if err != nil {
		return nil, fmt.Errorf("write head: %w", err)
	}
	if v := h.version(); len(line) >= v.maxHead || len(h.Parts) > v.maxParts {
		return nil, fmt.Errorf("write head: %d bytes and %d parts are too many", len(line), len(h.Parts))
	}
	return append(line, '\n'), nil
}

// version is the least that can hold it.
func (h Head) version() version {
	if h.Desk != "" {
		return halls
	}
	return kiosks
}

// parseHead reads a line without its end.
func parseHead(line []byte, v version) (Head, error) {
	var form headForm
	d := json.NewDecoder(bytes.NewReader(line))
	if err := d.Decode(&form); err != nil {
		return Head{}, err
	}
	h := Head{
		Node: form.Node, Show: form.Show, Hall: form.Hall, Key: form.Key, Certificate: form.Certificate, Name: form.Name,
		Version: form.Version, Written: form.Written, Acked: form.Acked, Desk: form.Desk,
	}
	if len(h.Key) != ed25519.PublicKeySize || len(form.Parts) > v.maxParts || len(form.Lost) > maxLost || v.nodes != sized(string(form.Desk)) {
		return h, fmt.Errorf("a key of %d bytes, %d parts, %d ranges lost", len(h.Key), len(form.Parts), len(form.Lost))
	}
	for _, p := range form.Parts {
		if len(p.Before) != 32 || len(p.End) != 32 || p.First == 0 || p.Last+1 < p.First || p.Last > maxSeq || !sized(string(p.Epoch)) ||
			p.Node != "" && !(v.nodes && sized(string(p.Node))) {
			return h, fmt.Errorf("part of changes %d to %d cannot be", p.First, p.Last)
		}
		h.Parts = append(h.Parts, Part{p.Node, p.Epoch, p.First, p.Last, [32]byte(p.Before), [32]byte(p.End)})
	}
	for _, l := range form.Lost {
		h.Lost = append(h.Lost, Lost(l))
	}
	if !sized(string(h.Node)) || len(h.Show) > maxText || len(h.Name) > maxText || len(h.Version) > maxText {
		return h, fmt.Errorf("an id or a name is empty or too long")
	}
	if h.Changes() != form.Changes {
		return h, fmt.Errorf("%d changes in parts, %d in all", h.Changes(), form.Changes)
	}
	return h, nil
}

const (
	maxText = 255     // bytes, as in package wire
	maxSeq  = 1 << 48 // so that no sum of parts wraps around
)

func sized(id string) bool { return len(id) >= 1 && len(id) <= maxText }
