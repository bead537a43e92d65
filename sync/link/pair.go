package link

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

const (
	pairWait  = 15 * time.Second
	maxAnswer = 64 << 10
)

// Paired is what a kiosk keeps of its pairing.
type Paired struct {
	URL         string            // the hall's, as Link takes it
	Fingerprint [32]byte          // for PinnedTLS; zero on plain http
	Node        record.NodeID     // the kiosk's new id
	Hall        record.NodeID     // the hall's
	Show        record.ShowID     // the hall's
	HallKey     ed25519.PublicKey // the hall's
	Certificate []byte            // the hall's word on Node and its key, see wire.OpenCertificate
}

// Pair proves the code to the hall and has the hall prove it back. Name is how
// people call the kiosk; key is the kiosk's identity. It answers
// fault.PairingCode if the code is wrong, used or too old, or if somebody with
// another certificate stands between kiosk and hall; fault.TooMany after too
// many wrong codes; fault.Unavailable if the hall cannot be reached. The code
// itself is never sent.
func Pair(ctx context.Context, hallURL, code, name string, key ed25519.PrivateKey) (Paired, error) {
	secret, err := wire.ParsePairingCode(code)
	if err != nil {
		return Paired{}, err
	}
	hall, err := parseHall(hallURL)
	if err != nil {
		return Paired{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, pairWait)
	defer cancel()
	fingerprint, err := look(ctx, hall)
	if err != nil {
		return Paired{}, unreachable(err)
	}
	public := key.Public().(ed25519.PublicKey)
	request := wire.PairRequest{Name: name, PublicKey: wire.Base64(public), Nonce: make([]byte, wire.PairNonceLength)}
	rand.Read(request.Nonce) // never fails
	request.Seal(secret, fingerprint)
	answer, err := post(ctx, hall, fingerprint, request)
	if err != nil {
		return Paired{}, err
	}
	if err := prove(answer, secret, fingerprint, request); err != nil {
		return Paired{}, err
	}
	return Paired{
		URL: hall.String(), Fingerprint: fingerprint, Node: answer.Node, Hall: answer.Hall, Show: answer.Show,
		HallKey: ed25519.PublicKey(answer.HallKey), Certificate: answer.Certificate,
	}, nil
}

// prove refuses an answer that is not of the hall that made the code.
func prove(answer wire.PairAnswer, secret wire.PairingCode, fingerprint [32]byte, request wire.PairRequest) error {
	if !answer.Proven(secret, fingerprint, request.Nonce) {
		return fault.New(fault.PairingCode, "The hall could not prove that it made this code. Check the address; somebody may be in between.")
	}
	certificate, err := wire.OpenCertificate(ed25519.PublicKey(answer.HallKey), answer.Certificate)
	if err != nil {
		return fault.Wrap(fault.PairingCode, "The hall's certificate for this kiosk cannot be used.", err)
	}
	if certificate.Node != answer.Node || !certificate.PublicKey.Equal(ed25519.PublicKey(request.PublicKey)) {
		return fault.New(fault.PairingCode, "The hall's certificate is for another kiosk.")
	}
	return nil
}

func post(ctx context.Context, hall *url.URL, fingerprint [32]byte, request wire.PairRequest) (wire.PairAnswer, error) {
	var answer wire.PairAnswer
	body, err := json.Marshal(request)
	if err != nil {
		return answer, fmt.Errorf("pair: %w", err)
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodPost, hall.JoinPath("api", "v1", "pair", "kiosk").String(), bytes.NewReader(body))
	if err != nil {
		return answer, fmt.Errorf("pair: %w", err)
	}
	ask.Header.Set("Content-Type", "application/json")
	transport := &http.Transport{TLSClientConfig: PinnedTLS(fingerprint), DisableKeepAlives: true}
	client := http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(ask)
	if err != nil {
		return answer, unreachable(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return answer, unreachable(err)
	}
	if response.StatusCode != http.StatusOK {
		return answer, refusal(response.Status, data)
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return answer, fault.Wrap(fault.BadProtocol, "The hall's answer cannot be read. Is the address a hall's?", err)
	}
	return answer, nil
}

// unreachable keeps a fault that says more.
func unreachable(err error) error {
	if f := (fault.Error{}); errors.As(err, &f) {
		return err
	}
	return fault.Wrap(fault.Unavailable, "The hall cannot be reached. Check the address and the network.", err)
}

// refusal reads the fault that an HTTP answer carries, if it does.
func refusal(status string, data []byte) error {
	var body struct{ Code, Message, Field string }
	if json.Unmarshal(data, &body) == nil && body.Code != "" {
		return fault.New(fault.Code(body.Code), body.Message).WithField(body.Field)
	}
	return fault.New(fault.BadProtocol, fmt.Sprintf("The address answers %q. Is it a hall's?", status))
}
