package token_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"flag"
	"math/big"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"hallpass/badge/token"
)

var update = flag.Bool("update", false, "rewrite the test vectors")

const vectorFile = "testdata/vectors.json"

// The forms of the vectors; README.md beside them says what each means.
type (
	vectors struct {
		Halls        []keyForm         `json:"halls"`
		Keys         []keyForm         `json:"keys"`
		ShortCodes   []shortForm       `json:"short_codes"`
		Tokens       []tokenForm       `json:"tokens"`
		Certificates []certificateForm `json:"certificates"`
		Revocations  []revocationForm  `json:"revocations"`
		Judgements   []judgementForm   `json:"judgements"`
	}
	keyForm struct {
		Name   string `json:"name"`
		Seed   string `json:"seed"`
		Public string `json:"public"`
		ID     string `json:"id"`
	}
	shortForm struct {
		Typed string `json:"typed"`
		Badge string `json:"badge,omitempty"`
		Code  string `json:"code"` // empty: no short code
	}
	claimsForm struct {
		Badge    string `json:"badge"`
		Issue    uint16 `json:"issue"`
		FirstDay string `json:"first_day"`
		Days     uint8  `json:"days"`
		Flags    uint8  `json:"flags"`
		Category string `json:"category"`
	}
	tokenForm struct {
		Name   string      `json:"name"`
		Key    string      `json:"key"` // public
		Text   string      `json:"text"`
		Claims *claimsForm `json:"claims"` // null: refused
	}
	certificateForm struct {
		Name string    `json:"name"`
		Hall string    `json:"hall"` // public key
		Text string    `json:"text"`
		Says *saysForm `json:"says"` // null: refused
	}
	saysForm struct {
		Key        string   `json:"key"`
		Node       string   `json:"node"`
		Show       string   `json:"show"`
		Issued     int64    `json:"issued"`
		From       int64    `json:"from"`
		SignUntil  int64    `json:"sign_until"`
		Until      int64    `json:"until"`
		Categories []string `json:"categories"`
	}
	revocationForm struct {
		Name string       `json:"name"`
		Hall string       `json:"hall"`
		Text string       `json:"text"`
		Says *revokesForm `json:"says"` // null: refused
	}
	revokesForm struct {
		Node  string `json:"node"`
		Show  string `json:"show"`
		At    int64  `json:"at"`
		Since int64  `json:"since"`
		All   bool   `json:"all"`
	}
	judgementForm struct {
		Name       string   `json:"name"`
		Hall       string   `json:"hall"`
		Show       string   `json:"show"`
		Statements []string `json:"statements"`
		Refused    int      `json:"refused"` // how many of the statements are not this hall's for this show
		Token      string   `json:"token"`
		At         int64    `json:"at"`
		Reason     string   `json:"reason"` // empty: genuine
		Doubtful   bool     `json:"doubtful"`
	}
)

func seeded(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

func public(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }

func hexOf(b []byte) string { return hex.EncodeToString(b) }

// P5: what the specification promises stands in a file that other programs
// check themselves against; it only grows.
func TestVectors_AreWhatThisProgramWrites_P5(t *testing.T) {
	made := makeVectors(t)
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(made); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(vectorFile, text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(vectorFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, text.Bytes()) {
		t.Error("testdata/vectors.json is not what this program writes; a changed vector is a new version")
	}
	var read vectors
	if err := json.Unmarshal(kept, &read); err != nil {
		t.Fatal(err)
	}
	checkStatements(t, read)
	checkTokens(t, read)
	checkJudgements(t, read)
}

func checkTokens(t *testing.T, v vectors) {
	for _, c := range v.Tokens {
		key := unhex(t, c.Key)
		claims, err := token.Open(c.Text, keyring{token.KeyIDOf(key): key})
		if c.Claims == nil {
			if err == nil {
				t.Errorf("token %q is accepted as %#v", c.Name, claims)
			}
			continue
		}
		if got := claimsFrom(claims); err != nil || got != *c.Claims {
			t.Errorf("token %q = %+v, %v, want %+v", c.Name, got, err, *c.Claims)
		}
	}
	for _, c := range v.ShortCodes {
		got, err := token.ParseShortCode(c.Typed)
		if got != c.Code || (err == nil) != (c.Code != "") {
			t.Errorf("short code %q = %q, %v, want %q", c.Typed, got, err, c.Code)
		}
		if c.Badge != "" && token.ShortCode([16]byte(unhex(t, c.Badge))) != c.Code {
			t.Errorf("short code of %s is not %s", c.Badge, c.Code)
		}
	}
}

func checkStatements(t *testing.T, v vectors) {
	for _, c := range v.Certificates {
		got, err := token.OpenCertificate(unhex(t, c.Hall), c.Text)
		if (err == nil) != (c.Says != nil) {
			t.Errorf("certificate %q: %v", c.Name, err)
		} else if err == nil && !equalJSON(t, saysFrom(got), *c.Says) {
			t.Errorf("certificate %q says %+v, want %+v", c.Name, saysFrom(got), *c.Says)
		}
	}
	for _, c := range v.Revocations {
		got, err := token.OpenRevocation(unhex(t, c.Hall), c.Text)
		if (err == nil) != (c.Says != nil) {
			t.Errorf("revocation %q: %v", c.Name, err)
		} else if err == nil && revokesFrom(got) != *c.Says {
			t.Errorf("revocation %q says %+v, want %+v", c.Name, revokesFrom(got), *c.Says)
		}
	}
}

// P4: whatever order the statements come in, and however often.
func checkJudgements(t *testing.T, v vectors) {
	for _, c := range v.Judgements {
		backwards := slices.Clone(c.Statements)
		slices.Reverse(backwards)
		for _, order := range [][]string{c.Statements, backwards, append(backwards, c.Statements...)} {
			ring, refused := token.NewRing(c.Show, unhex(t, c.Hall)), 0
			for _, s := range order {
				if ring.Add(s) != nil {
					refused++
				}
			}
			if refused != c.Refused*len(order)/max(1, len(c.Statements)) {
				t.Errorf("%s: %d of %d statements refused, want %d of %d", c.Name, refused, len(order), c.Refused, len(c.Statements))
			}
			at := time.Unix(c.At, 0)
			got := ring.Judge(c.Token, at)
			if string(got.Reason) != c.Reason || got.Doubtful != c.Doubtful {
				t.Errorf("%s: %q, doubtful %v, want %q, %v", c.Name, got.Reason, got.Doubtful, c.Reason, c.Doubtful)
			}
			if _, err := ring.Open(c.Token, at); (err == nil) != (c.Reason == "") {
				t.Errorf("%s: Open = %v", c.Name, err)
			}
		}
	}
}

// A verifier that shares no code with this program, written from the
// specification alone, agrees on every vector.
func TestVectors_IndependentVerifierAgrees_P5(t *testing.T) {
	out, err := exec.Command("python3", "testdata/verify.py", vectorFile).CombinedOutput()
	if err != nil {
		t.Fatalf("python3 testdata/verify.py: %v\n%s", err, out)
	}
	if !strings.Contains(string(out), "all agree") {
		t.Errorf("the verifier says %q", out)
	}
	// One that agrees with everything would prove nothing.
	data, err := os.ReadFile(vectorFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"issue": 2`, `"issue": 3`}, {`"reason": "expired"`, `"reason": ""`},
		{`"sign_until": `, `"sign_until": 1`}, {`"all": true`, `"all": false`}, {`"code": "TQW8B16TQP"`, `"code": "TQW8B16TQ0"`},
	} {
		spoilt := strings.Replace(string(data), change[0], change[1], 1)
		if spoilt == string(data) {
			t.Errorf("no vector has %s", change[0])
			continue
		}
		c := exec.Command("python3", "testdata/verify.py", "-")
		c.Stdin = strings.NewReader(spoilt)
		if out, err := c.CombinedOutput(); err == nil {
			t.Errorf("with %s for %s the verifier still says %s", change[1], change[0], out)
		}
	}
}

func claimsFrom(c token.Claims) claimsForm {
	return claimsForm{hexOf(c.Badge[:]), c.Issue, c.FirstDay.Format(time.DateOnly), c.Days, c.Flags, c.Category}
}

func saysFrom(c token.Certificate) saysForm {
	return saysForm{
		hexOf(c.Key), hexOf(c.Node[:]), c.Show, c.Issued.Unix(), c.From.Unix(), c.SignUntil.Unix(), c.Until.Unix(),
		append([]string{}, c.Categories...),
	}
}

func revokesFrom(v token.Revocation) revokesForm {
	return revokesForm{hexOf(v.Node[:]), v.Show, v.At.Unix(), v.Since.Unix(), v.All}
}

func equalJSON(t *testing.T, a, b any) bool {
	x, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(x, y)
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// groupOrder is L of RFC 8032: a signature's S may not reach it.
var groupOrder, _ = new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
