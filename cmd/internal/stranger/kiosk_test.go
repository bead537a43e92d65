package stranger_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// The frames of section 5.
const (
	hello = iota + 1
	welcome
	batch
	ack
	status
	bye
)

// kiosk is one that was written from package sync's text alone: it has a key,
// what pairing gave it, and a journal in memory.
type kiosk struct {
	t           *testing.T
	hall        string // host:port
	key         ed25519.PrivateKey
	pinned      [32]byte
	node, show  string
	hallKey     ed25519.PublicKey
	epoch       string
	journal     []fields // changes
	chain       [32]byte // of the last one
	conn        *websocket.Conn
	heardEpoch  string // how far the hall's journal was read
	heard       uint64
	hallsChain  [32]byte
	heardOfKind map[string]int
}

func newKiosk(t *testing.T, hall, epoch string) *kiosk {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &kiosk{t: t, hall: hall, key: key, epoch: epoch, heardOfKind: map[string]int{}}
}

// trust takes the certificate of the first connection, and later no other.
func (k *kiosk) trust() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13, InsecureSkipVerify: true,
		VerifyPeerCertificate: func(chain [][]byte, _ [][]*x509.Certificate) error {
			seen := sha256.Sum256(chain[0])
			if k.pinned == [32]byte{} {
				k.pinned = seen
			}
			if seen != k.pinned {
				k.t.Error("the hall shows another certificate")
			}
			return nil
		},
	}
}

func mac(code string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, []byte(code))
	_, _ = h.Write(slices.Concat(parts...))
	return h.Sum(nil)
}

// pair is section 3.
func (k *kiosk) pair(code, name string) {
	k.t.Helper()
	code = strings.ReplaceAll(code, "-", "")
	web := &http.Client{Transport: &http.Transport{TLSClientConfig: k.trust()}, Timeout: time.Minute}
	if resp, err := web.Get("https://" + k.hall + "/"); err == nil { // to see the certificate
		_ = resp.Body.Close()
	}
	public, nonce := k.key.Public().(ed25519.PublicKey), make([]byte, 16)
	_, _ = rand.Read(nonce)
	b64 := base64.RawURLEncoding.EncodeToString
	body, _ := json.Marshal(map[string]string{
		"name": name, "public_key": b64(public), "nonce": b64(nonce),
		"proof": b64(mac(code, []byte("hallpass pair kiosk v1"), k.pinned[:], public, nonce, []byte(name))),
	})
	resp, err := web.Post("https://"+k.hall+"/api/v1/pair/kiosk", "application/json", bytes.NewReader(body))
	if err != nil {
		k.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, _ := io.ReadAll(resp.Body)
	var got struct {
		Node, Show, Certificate, Proof string
		HallKey                        string `json:"hall_key"`
	}
	if err := json.Unmarshal(text, &got); err != nil || resp.StatusCode != http.StatusOK {
		k.t.Fatalf("pairing: %s: %s", resp.Status, text)
	}
	raw := func(s string) []byte { b, _ := base64.RawURLEncoding.DecodeString(s); return b }
	k.node, k.show, k.hallKey = got.Node, got.Show, raw(got.HallKey)
	certificate := raw(got.Certificate)
	want := mac(code, []byte("hallpass pair hall v1"), k.pinned[:], []byte(k.node), k.hallKey, nonce, certificate)
	if !hmac.Equal(want, raw(got.Proof)) {
		k.t.Fatal("the hall does not know the code")
	}
	k.certified(certificate)
	k.chain = start(k.node, k.epoch)
}

func (k *kiosk) certified(certificate []byte) {
	k.t.Helper()
	v, _, err := decode(certificate)
	parts, ok := v.([]any)
	if err != nil || !ok || len(parts) != 2 {
		k.t.Fatal("no certificate", err)
	}
	statement := parts[0].([]byte)
	if !ed25519.Verify(k.hallKey, append([]byte("hallpass certificate v1\x00"), statement...), parts[1].([]byte)) {
		k.t.Fatal("the certificate is not the hall's")
	}
	v, _, err = decode(statement)
	if s, ok := v.(fields); err != nil || !ok || s[uint64(1)] != k.node || !bytes.Equal(s[uint64(2)].([]byte), k.key.Public().(ed25519.PublicKey)) {
		k.t.Fatal("the certificate is another's")
	}
}

// start and next are the chain of section 2.
func start(node, epoch string) [32]byte {
	return sha256.Sum256([]byte("hallpass journal v1" + node + epoch))
}

func next(chain [32]byte, digest []byte) [32]byte {
	return sha256.Sum256(slices.Concat(chain[:], digest))
}

func digest(salt []byte, node, epoch string, number uint64, stamp []any, kind string, payload []byte) []byte {
	text := func(s string) []byte {
		return append(binary.BigEndian.AppendUint16(nil, uint16(len(s))), s...)
	}
	header := slices.Concat(text(node), text(epoch), binary.BigEndian.AppendUint64(nil, number),
		binary.BigEndian.AppendUint64(nil, stamp[0].(uint64)), binary.BigEndian.AppendUint32(nil, uint32(stamp[1].(uint64))),
		text(stamp[2].(string)), text(kind))
	sum := sha256.Sum256(slices.Concat(salt, header, payload))
	return sum[:]
}

// record adds a fact to the journal.
func (k *kiosk) record(stamp []any, kind string, fact fields) {
	salt, number, payload := make([]byte, 16), uint64(len(k.journal)+1), encode(fact)
	_, _ = rand.Read(salt)
	d := digest(salt, k.node, k.epoch, number, stamp, kind, payload)
	k.chain = next(k.chain, d)
	k.journal = append(k.journal, fields{
		1: k.node, 2: k.epoch, 3: number, 4: stamp, 5: kind, 6: payload, 7: salt, 8: d, 9: bytes.Clone(k.chain[:]),
	})
}

// connect is section 4; it returns the nonce that the Hello must prove.
func (k *kiosk) connect() []byte {
	k.t.Helper()
	d := websocket.Dialer{TLSClientConfig: k.trust(), HandshakeTimeout: time.Minute}
	conn, resp, err := d.DialContext(k.t.Context(), "wss://"+k.hall+"/api/v1/link", nil)
	if err != nil {
		k.t.Fatal(err)
	}
	k.t.Cleanup(func() { _ = conn.Close() })
	k.conn = conn
	nonce, err := base64.RawURLEncoding.DecodeString(resp.Header.Get("Hallpass-Nonce"))
	if err != nil || len(nonce) != 32 {
		k.t.Fatalf("nonce %q", resp.Header.Get("Hallpass-Nonce"))
	}
	return nonce
}

func (k *kiosk) send(kind int, body fields) {
	k.t.Helper()
	if err := k.conn.WriteMessage(websocket.BinaryMessage, encode([]any{kind, body})); err != nil {
		k.t.Fatal(err)
	}
}

func (k *kiosk) hello(protocol int) {
	k.t.Helper()
	signed := slices.Concat([]byte("hallpass link v1\x00"), k.connect(), []byte(k.node))
	k.send(hello, fields{
		1: protocol, 2: k.node, 3: k.epoch, 4: k.show, 5: "stranger 1", 6: []any{k.epoch, len(k.journal)},
		7: []any{k.heardEpoch, k.heard}, 8: ed25519.Sign(k.key, signed), 9: int(time.Now().UnixMilli()),
	})
}

// hear returns the next frame of one kind and deals with the hall's batches on
// the way.
func (k *kiosk) hear(kind int) fields {
	k.t.Helper()
	for {
		_ = k.conn.SetReadDeadline(time.Now().Add(time.Minute))
		_, data, err := k.conn.ReadMessage()
		if err != nil {
			k.t.Fatalf("waiting for frame %d: %v", kind, err)
		}
		v, rest, err := decode(data)
		frame, ok := v.([]any)
		if err != nil || len(rest) != 0 || !ok || len(frame) != 2 {
			k.t.Fatalf("frame %x: %v", data, err)
		}
		got, body := int(frame[0].(uint64)), frame[1].(fields)
		if got == batch {
			k.read(body)
		}
		if got == kind {
			return body
		}
		if got != batch {
			k.t.Fatalf("frame %d %v, want %d", got, body, kind)
		}
	}
}

// read takes the hall's changes and holds them to their chain.
func (k *kiosk) read(body fields) {
	k.t.Helper()
	for _, v := range body[uint64(2)].([]any) {
		c := v.(fields)
		number, epoch, kind := c[uint64(3)].(uint64), c[uint64(2)].(string), c[uint64(5)].(string)
		if epoch != k.heardEpoch {
			k.heardEpoch, k.heard, k.hallsChain = epoch, 0, start(c[uint64(1)].(string), epoch)
		}
		if number <= k.heard {
			continue
		}
		d := digest(c[uint64(7)].([]byte), c[uint64(1)].(string), epoch, number, c[uint64(4)].([]any), kind, c[uint64(6)].([]byte))
		k.hallsChain = next(k.hallsChain, d)
		if number != k.heard+1 || !bytes.Equal(d, c[uint64(8)].([]byte)) || !bytes.Equal(k.hallsChain[:], c[uint64(9)].([]byte)) {
			k.t.Fatalf("the hall's change %d does not follow %d", number, k.heard)
		}
		k.heard = number
		k.heardOfKind[kind]++
	}
	k.send(ack, fields{1: k.heard})
}

// deliver sends changes first to last and waits for their Ack.
func (k *kiosk) deliver(first, last int) {
	k.t.Helper()
	changes := []any{}
	for _, c := range k.journal[first-1 : last] {
		changes = append(changes, c)
	}
	k.send(batch, fields{1: first, 2: changes})
	for k.hear(ack)[uint64(1)].(uint64) < uint64(last) {
	}
}
