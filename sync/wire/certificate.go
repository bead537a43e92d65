package wire

import (
	"crypto/ed25519"
	"fmt"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Certificate is the hall's word on who a node is.
type Certificate struct {
	Node      record.NodeID
	PublicKey ed25519.PublicKey
	Show      record.ShowID
	Issued    int64 // milliseconds since 1970
}

type certificateForm struct {
	Node      record.NodeID `cbor:"1,keyasint"`
	PublicKey []byte        `cbor:"2,keyasint"`
	Show      record.ShowID `cbor:"3,keyasint"`
	Issued    int64         `cbor:"4,keyasint"`
}

type signedForm struct {
	_         struct{} `cbor:",toarray"`
	Statement []byte
	Signature []byte
}

const certificateLabel = "hallpass certificate v1\x00"

// Sign returns the array [statement, signature]: the statement as a CBOR map
// and the Ed25519 signature over a label and it.
func (c Certificate) Sign(hall ed25519.PrivateKey) []byte {
	statement := must(encoder.Marshal(certificateForm{c.Node, c.PublicKey, c.Show, c.Issued}))
	signature := ed25519.Sign(hall, append([]byte(certificateLabel), statement...))
	return must(encoder.Marshal(signedForm{Statement: statement, Signature: signature}))
}

// OpenCertificate answers an error for anything that this hall has not signed.
func OpenCertificate(hall ed25519.PublicKey, data []byte) (Certificate, error) {
	var signed signedForm
	var form certificateForm
	if err := decoder.Unmarshal(data, &signed); err != nil {
		return Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	if len(hall) != ed25519.PublicKeySize || !ed25519.Verify(hall, append([]byte(certificateLabel), signed.Statement...), signed.Signature) {
		return Certificate{}, fault.New(fault.AuthDenied, "The certificate is not this hall's.")
	}
	if err := decoder.Unmarshal(signed.Statement, &form); err != nil {
		return Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	return Certificate{form.Node, form.PublicKey, form.Show, form.Issued}, nil
}
