package contact_test

import (
	"encoding/hex"
	"slices"
	"testing"

	"hallpass/sync/record"
	"hallpass/sync/record/contact"
)

func fields(kv ...string) func(record.FieldName) string {
	return func(name record.FieldName) string {
		if i := slices.Index(kv, string(name)); i >= 0 && i%2 == 0 {
			return kv[i+1]
		}
		return ""
	}
}

// One person, however they type.
func TestOf(t *testing.T) {
	for _, c := range []struct {
		name, region string
		fields       []string
		want         []string
	}{
		{"International", "ZZ", []string{"mobile", "+86 138 0000 0000"}, []string{"tel:+8613800000000"}},
		{"ByTheRegion", "CN", []string{"mobile", "138-0000-0000"}, []string{"tel:+8613800000000"}},
		{"WideDigits", "CN", []string{"mobile", "１３８００００００００"}, []string{"tel:+8613800000000"}},
		{"NoSuchPlan", "ZZ", []string{"mobile", "(055) 123-4567"}, []string{"tel:0551234567"}},
		{"AnExtension", "CN", []string{"mobile", "4711"}, nil},
		{"LandLine", "DE", []string{"phone", "030 901820"}, nil},
		{"MobileAsPhone", "CN", []string{"phone", "13800000000"}, []string{"tel:+8613800000000"}},
		{"Mail", "CN", []string{"email", " Ada.Lovelace@Example.ORG "}, []string{"mailto:ada.lovelace@example.org"}},
		{"NoMail", "CN", []string{"email", "ada at example"}, nil},
		{"Both", "CN", []string{"mobile", "13800000000", "email", "ada@example.org"}, []string{"tel:+8613800000000", "mailto:ada@example.org"}},
		{"Nothing", "CN", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := contact.Of(fields(c.fields...), c.region); !slices.Equal(got, c.want) {
				t.Errorf("Of(%q) = %q, want %q", c.fields, got, c.want)
			}
		})
	}
}

// The specification of package sync gives this pair for whoever writes another
// kiosk.
func TestHash_AsSpecified(t *testing.T) {
	key := []byte("0123456789abcdef0123456789abcdef")
	got := contact.Hash(key, "mailto:ada@example.org")
	if want := "9442144dd64735d89b323a0daa623d5f"; hex.EncodeToString(got[:]) != want {
		t.Errorf("Hash = %x, want %s", got, want)
	}
	if other := contact.Hash(append(key[:31:31], 'x'), "mailto:ada@example.org"); other == got {
		t.Error("another key gives the same hash")
	}
}

func TestRegion(t *testing.T) {
	for zone, want := range map[string]string{"Asia/Shanghai": "CN", "Europe/Berlin": "DE", "America/Chicago": "US", "UTC": "ZZ", "": "ZZ"} {
		if got := contact.Region(zone); got != want {
			t.Errorf("Region(%q) = %q, want %q", zone, got, want)
		}
	}
}
