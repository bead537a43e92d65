//go:build !race

package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hallpass/badge/token"
)

const threePeople = `{"id":"p-1","name":"张𬭎","name_latin":"Zhang Hong","company":"海川智能装备有限公司","title":"采购总监","category":"trade","country":"CN"}

{"id":2,"name":"Maria Keller","company":"Norrsken Stage Light AB","category":"buyer","table":"B7"}
{"name":"田𪚥一","category":"媒体"}
`

// written is one -json line.
type written struct {
	ID        string   `json:"id"`
	Token     string   `json:"token"`
	ShortCode string   `json:"short_code"`
	Missing   []string `json:"missing"`
	Error     string   `json:"error"`
}

func badgeLines(t *testing.T, stderr string) (lines []written) {
	t.Helper()
	for _, text := range strings.Split(strings.TrimSpace(stderr), "\n") {
		var line written
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("stderr line %q: %v", text, err)
		}
		lines = append(lines, line)
	}
	return lines
}

// keyFile writes a signing key as openssl does and returns its path.
func keyFile(t *testing.T) (string, ed25519.PublicKey) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return textFile(t, "kiosk.key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))), public
}

func textFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func callBadge(stdin string, args ...string) (stdout, stderr string, err error) {
	var out, errs bytes.Buffer
	err = runBadge(context.Background(), args, strings.NewReader(stdin), &out, &errs)
	return out.String(), errs.String(), err
}

type oneKey struct{ key ed25519.PublicKey }

func (k oneKey) PublicKey(token.KeyID) (ed25519.PublicKey, bool) { return k.key, true }

func TestBadge_PrintsAPageForEachPerson(t *testing.T) {
	key, public := keyFile(t)
	pdf := filepath.Join(t.TempDir(), "badges.pdf")
	_, stderr, err := callBadge("", "-template", "label-90x100", "-key", key, "-o", pdf, "-json", textFile(t, "people.ndjson", "\uFEFF"+threePeople))
	if err != nil {
		t.Fatal(err)
	}
	lines := badgeLines(t, stderr)
	if len(lines) != 3 || lines[0].ID != "p-1" || lines[1].ID != "2" || lines[2].ID != "" {
		t.Fatalf("lines %+v", lines)
	}
	for i, category := range []string{"trade", "buyer", "media"} {
		claims, err := token.Open(lines[i].Token, oneKey{public})
		want := time.Date(2027, 4, 21, 0, 0, 0, 0, time.UTC) // the sample show's first day
		if err != nil || claims.Category != category || claims.Issue != 1 || claims.Days != 4 || !claims.FirstDay.Equal(want) {
			t.Errorf("token %d: %+v, %v", i, claims, err)
		}
		if lines[i].ShortCode != token.ShortCode(claims.Badge) || lines[i].Missing == nil {
			t.Errorf("line %d: %+v", i, lines[i])
		}
	}
	prefix := filepath.Join(t.TempDir(), "page")
	if out, err := exec.Command("pdftoppm", "-r", "120", "-gray", "-png", pdf, prefix).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v\n%s", err, out)
	}
	for i, line := range lines {
		read, err := exec.Command("zbarimg", "-q", "--raw", prefix+"-"+string(rune('1'+i))+".png").Output()
		if err != nil || strings.TrimSuffix(string(read), "\n") != line.Token {
			t.Errorf("page %d: zbarimg reads %q, %v", i+1, read, err)
		}
	}
}

func TestBadge_WritesToStandardOutput(t *testing.T) {
	key, _ := keyFile(t)
	first, stderr, err := callBadge(threePeople, "-key", key, "-")
	if err != nil || !strings.HasPrefix(first, "%PDF-") {
		t.Fatalf("%.20q, %v", first, err)
	}
	if strings.Contains(stderr, "Maria") {
		t.Errorf("a name is on stderr: %s", stderr)
	}
	if again, _, err := callBadge(threePeople, "-key", key); err != nil || again != first {
		t.Errorf("the same people give another PDF, %v", err)
	}
}

func TestBadge_UsesTheDataFoldersKey(t *testing.T) {
	key, public := keyFile(t)
	_, stderr, err := callBadge(threePeople, "-data", filepath.Dir(key), "-json", "-o", filepath.Join(t.TempDir(), "x.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := token.Open(badgeLines(t, stderr)[0].Token, oneKey{public}); err != nil {
		t.Error(err)
	}
}

func TestBadge_SaysWhenTheKeyIsThrownAway(t *testing.T) {
	_, stderr, err := callBadge(threePeople)
	if err != nil || !strings.Contains(stderr, "throwaway key") {
		t.Errorf("stderr %q, %v", stderr, err)
	}
	_, stderr, err = callBadge(threePeople, "-json")
	if err != nil || len(badgeLines(t, stderr)) != 3 || !strings.Contains(stderr, `"throwaway_key":true`) {
		t.Errorf("stderr %q, %v", stderr, err)
	}
}

// P9: one bad line is reported, the rest is printed, the status says so.
func TestBadge_PrintsTheRestBesideBadLines_P9(t *testing.T) {
	list := "{broken\n" + `{"id":"a","name":7}` + "\n" + `{"id":"b","name":"Ann","category":"Käufer"}` + "\n" + `{"id":"c","name":"李"}` + "\n[]\n"
	pdf, stderr, err := callBadge(list, "-json")
	if err == nil || !strings.Contains(err.Error(), "4 of 5 lines") || !strings.HasPrefix(pdf, "%PDF-") {
		t.Errorf("%.10q, %v", pdf, err)
	}
	lines := badgeLines(t, stderr)
	for i, want := range []string{"line 1", `line 2: "name"`, `line 3: category "Käufer"`, "", "line 5"} {
		if got := lines[i].Error; !strings.Contains(got, want) || (want == "") != (got == "") || (got == "") != (lines[i].Token != "") {
			t.Errorf("line %d: %+v, want %q", i+1, lines[i], want)
		}
	}
	if ids := []string{lines[1].ID, lines[2].ID, lines[3].ID}; !slices.Equal(ids, []string{"a", "b", "c"}) {
		t.Errorf("ids %q", ids)
	}
}

func TestBadge_RefusesWithASentence_P9(t *testing.T) {
	key, _ := keyFile(t)
	empty := t.TempDir()
	for _, c := range []struct {
		name, stdin string
		args        []string
		want        string
	}{
		{"nobody", " \n\n", nil, "holds nobody"},
		{"unknown template", threePeople, []string{"-template", "poster"}, "a6, card, fanfold, label-62x100, label-90x100"},
		{"bad template file", threePeople, []string{"-template", textFile(t, "t.json", `{"name":"t"}`)}, "side 0 mm"},
		{"unknown flag", threePeople, []string{"-templat", "a6"}, "templat"},
		{"two lists", threePeople, []string{"a", "b"}, "2 lists"},
		{"absent list", "", []string{filepath.Join(empty, "none")}, "open the list of people"},
		{"no key in the folder", threePeople, []string{"-data", empty}, "start the kiosk with -data"},
		{"two keys", threePeople, []string{"-data", empty, "-key", key}, "give one"},
		{"no PEM", threePeople, []string{"-key", textFile(t, "k", "secret")}, "openssl genpkey"},
		{"another key", threePeople, []string{"-key", textFile(t, "k", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")}, "no Ed25519"},
		{"bad show", threePeople, []string{"-show", textFile(t, "s", "{}")}, ""},
		{"endless line", strings.Repeat("x", 1<<20), nil, "longer than 64 kB"},
		{"no such folder", threePeople, []string{"-o", filepath.Join(empty, "no", "x.pdf")}, "write the PDF"},
	} {
		out, _, err := callBadge(c.stdin, c.args...)
		if err == nil || !strings.Contains(err.Error(), c.want) || out != "" {
			t.Errorf("%s: err = %v, want one with %q; %d bytes of output", c.name, err, c.want, len(out))
		}
	}
}

func TestBadge_Help(t *testing.T) {
	out, stderr, err := callBadge("", "-h")
	if err != nil || stderr != "" || !strings.Contains(out, "example:") || !strings.Contains(out, "-template") {
		t.Errorf("out %q, stderr %q, %v", out, stderr, err)
	}
}

func TestBadge_StopsWhenToldTo(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := runBadge(ctx, nil, strings.NewReader(threePeople), &bytes.Buffer{}, &bytes.Buffer{}); err == nil {
		t.Error("a cancelled call printed")
	}
}
