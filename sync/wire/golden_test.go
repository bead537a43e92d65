package wire_test

import (
	"bytes"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"hallpass/sync/record"
	"hallpass/sync/wire"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares bytes with testdata/v1/NAME.hex; a later version of the
// protocol gets a folder of its own and v1 stays readable (P12).
func golden(t *testing.T, name string, got []byte) []byte {
	t.Helper()
	path := filepath.Join("testdata", "v1", name+".hex")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(lines(hex.EncodeToString(got))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return readHex(t, path)
}

// lines breaks hex at 64 bytes, so that a review shows what moved.
func lines(text string) string {
	var b strings.Builder
	for len(text) > 128 {
		b.WriteString(text[:128] + "\n")
		text = text[128:]
	}
	return b.String() + text + "\n"
}

func readHex(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), ""))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// P12: payloads stand in journals for years; v1 stays what it is.
func TestEncode_Golden(t *testing.T) {
	unknown := badge()
	unknown.State.Value, unknown.Reason.Value = record.BadgeUnknown, "blind"
	learning := show()
	learning.Learn = true
	corrected := registration().Set("field.name", record.Version{Text: "欧阳", At: late, Over: early}).
		Set("answer.interest", record.Version{Picks: []string{"lenses"}, At: late, Over: early})
	refused := passage()
	refused.Badge, refused.Issue, refused.Direction, refused.Reason = "", 0, record.DirectionOut, "badge.forged"
	erased := record.Registration{ID: "01REG", Show: "lumen-2027", Created: early, Erased: late}
	for name, fact := range map[string]record.Fact{
		"registration": registration(), "registration-erased": erased, "registration-awaited": awaited(),
		"void": void(), "erasure": erasure(), "erased": receipt(), "registered": registered(), "registered-packed": everybody(2),
		"registration-corrected": corrected,
		"decision-choose":        choice(), "decision-discard": discarded(), "decision-void": tookBack(),
		"badge": badge(), "badge-unknown": unknown, "lead": lead(), "show": show(), "show-learn": learning,
		"key": badgeKey(), "key-paired": pairedKey(), "revocation": revocation(), "passage": passage(), "passage-refused": refused,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := wire.Encode(fact)
			if err != nil {
				t.Fatal(err)
			}
			want := golden(t, name, got)
			if !bytes.Equal(got, want) {
				t.Errorf("Encode = %x, want %x; a new form is a new version", got, want)
			}
			back, err := wire.Decode(fact.Kind(), want)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(back, fact) {
				t.Errorf("Decode(golden) = %+v, want %+v", back, fact)
			}
		})
	}
}

func frames() map[string]wire.Frame {
	change := record.Change{
		Node: "01KIOSK", Epoch: "01EPOCH", Seq: 7, Stamp: late, Kind: record.KindLead,
		Payload: []byte{0xa1, 0x01, 0x02}, Salt: bytes.Repeat([]byte{5}, 16),
		Digest: [32]byte{1, 2, 3}, Chain: [32]byte{4, 5, 6},
	}
	erased := change
	erased.Seq, erased.Payload, erased.Salt = 8, nil, nil
	return map[string]wire.Frame{
		"hello": wire.Hello{
			Protocol: wire.Protocol, Node: "01KIOSK", Epoch: "01EPOCH", Show: "lumen-2027", Version: "1.2.3",
			Last: record.Cursor{Epoch: "01EPOCH", Seq: 1000}, Read: record.Cursor{Epoch: "01HALLEPOCH", Seq: 17},
			Proof: bytes.Repeat([]byte{9}, 64), Now: 1_800_000_000_000,
		},
		"welcome": wire.Welcome{
			Protocol: wire.Protocol, Node: "01HALL", Epoch: "01HALLEPOCH", Show: "lumen-2027",
			Last: record.Cursor{Epoch: "01HALLEPOCH", Seq: 18}, Read: record.Cursor{Epoch: "01EPOCH", Seq: 990},
			Now: 1_800_000_000_001,
		},
		"batch": wire.Batch{First: 7, Changes: []record.Change{change, erased}},
		"ack":   wire.Ack{Seq: 8},
		"status": wire.Status{
			LastSeq: 8, AckedSeq: 7, Unsent: 1, Printer: "stopped", Reasons: []string{"media-empty", "cover-open"},
			Version: "1.2.3", DiskFreeMB: 20_000, Now: 1_800_000_000_002,
		},
		"status-aside": wire.Status{LastSeq: 8, AckedSeq: 8, Printer: "idle", Now: 1_800_000_000_002, Aside: 3},
		"status-tally": wire.Status{
			LastSeq: 8, AckedSeq: 8, Printer: "idle", Now: 1_800_000_000_002,
			Tally: record.Tally{
				Fields: map[record.FieldName]record.FieldTally{
					"name": {Sure: record.Outcomes{Accepted: 300, Corrected: 2}, Doubtful: record.Outcomes{Accepted: 40, Corrected: 9, Emptied: 1}},
					"fax":  {Typed: 5},
				},
				Confusions: map[record.Confusion]uint64{{Read: '己', Meant: '已'}: 4, {Read: 'l', Meant: '1'}: 3},
			},
		},
		"bye": wire.Bye{Code: "node.revoked", Message: "This kiosk was taken out of service."},
		"bye-revoked": wire.Bye{
			Code: "node.revoked", Message: "This kiosk was taken out of service.", Proof: strings.Repeat("HPR$%*+-./:", 18),
		},
	}
}

// The golden frames are checked as they cross a real websocket, both ways.
func TestConn_GoldenFrames(t *testing.T) {
	for name, frame := range frames() {
		t.Run(name, func(t *testing.T) {
			got := sentBytes(t, frame)
			want := golden(t, "frame-"+name, got)
			if !bytes.Equal(got, want) {
				t.Errorf("sent %x, want %x; a new form is a new protocol number", got, want)
			}
			if back, err := receiveBytes(t, want); err != nil || !reflect.DeepEqual(back, frame) {
				t.Errorf("Receive(golden) = %+v, %v, want %+v", back, err, frame)
			}
		})
	}
}

func show() record.Show {
	return record.Show{
		ID: "lumen-2027", Edition: "12", Name: record.Text{"en": "Lumen", "zh-CN": "光电展"}, Accent: "#0055AA",
		Languages: []string{"zh-CN", "en"}, Timezone: "Asia/Shanghai", Days: 3,
		FirstDay: time.Date(2027, 4, 21, 0, 0, 0, 0, time.UTC), Idle: 45 * time.Second, BadgeTemplate: "a6",
		Fields: []record.FieldRule{{Name: "name", Required: true}, {Name: "company"}},
		Categories: []record.Category{
			{ID: "trade", Name: record.Text{"en": "Trade visitor"}, Colour: "#00AA55", Self: true},
		},
		Questions: []record.Question{{
			ID: "interest", Text: record.Text{"en": "What brings you here?"}, Kind: record.QuestionMulti,
			Options:    []record.Option{{ID: "lasers", Text: record.Text{"en": "Lasers"}}, {ID: "lenses", Text: record.Text{"en": "Lenses"}}},
			Categories: []record.CategoryID{"trade"},
		}},
		Consents: []record.ConsentText{{
			ID: "contact", Version: 2, Text: record.Text{"en": "Exhibitors may contact me."}, Discloses: []record.FieldName{"name"},
		}},
		Exhibitors: []record.Exhibitor{{ID: "nordlicht", Name: record.Text{"en": "Nordlicht Optik"}, Hall: "2", Booth: "2B17"}},
		Gates:      []record.Gate{{ID: "north", Name: record.Text{"en": "North"}, Hall: "1", Direction: "both"}},
		Revised:    late,
	}
}
