package token_test

import (
	"errors"
	"strings"
	"testing"

	"hallpass/badge/token"
)

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// badgeNumber makes the n-th of a row of badge ids.
func badgeNumber(n int) (id [16]byte) {
	id[0], id[7], id[15] = byte(n>>16), byte(n>>8), byte(n)
	return id
}

func TestShortCode_CatchesEveryWrongCharacter(t *testing.T) {
	for n := range 200 {
		code := token.ShortCode(badgeNumber(n))
		for i := range code {
			for _, c := range crockford {
				wrong := code[:i] + string(c) + code[i+1:]
				if got, err := token.ParseShortCode(wrong); wrong != code && !errors.Is(err, token.ErrShortCode) {
					t.Fatalf("ParseShortCode(%q) = %q, %v, want ErrShortCode: it is %q mistyped", wrong, got, err, code)
				}
			}
		}
	}
}

func TestShortCode_CatchesEverySwap(t *testing.T) {
	for n := range 1000 {
		code := token.ShortCode(badgeNumber(n))
		for i := range code {
			for j := i + 1; j < len(code); j++ {
				swapped := []byte(code)
				swapped[i], swapped[j] = swapped[j], swapped[i]
				if _, err := token.ParseShortCode(string(swapped)); string(swapped) != code && err == nil {
					t.Fatalf("ParseShortCode accepts %q, which is %q with two characters swapped", swapped, code)
				}
			}
		}
	}
}

func TestShortCode_UsesAllCharactersAndDiffers(t *testing.T) {
	seen := map[string]bool{}
	used := map[rune]bool{}
	for n := range 5000 {
		code := token.ShortCode(badgeNumber(n))
		if len(code) != 10 || seen[code] {
			t.Fatalf("badge %d has the code %q, seen before: %v", n, code, seen[code])
		}
		seen[code] = true
		for _, c := range code {
			used[c] = true
		}
	}
	if len(used) != 32 {
		t.Errorf("%d characters in use, want 32", len(used))
	}
}

func TestParseShortCode_ForgivesHowPeopleType(t *testing.T) {
	code := ""
	for n := 0; !strings.Contains(code, "0") || !strings.Contains(code, "1"); n++ {
		code = token.ShortCode(badgeNumber(n))
	}
	for _, typed := range []string{
		code,
		token.FormatShort(code),
		strings.ToLower(token.FormatShort(code)),
		" " + code[:3] + " " + code[3:] + "\r\n",
		strings.NewReplacer("0", "O", "1", "I").Replace(code),
		strings.NewReplacer("0", "o", "1", "l").Replace(code),
		code[:5] + "—" + code[5:],
		code[:5] + "\u3000" + code[5:],
		fullWidth(code),
	} {
		if got, err := token.ParseShortCode(typed); err != nil || got != code {
			t.Errorf("ParseShortCode(%q) = %q, %v, want %q", typed, got, err, code)
		}
	}
}

func fullWidth(s string) string {
	return strings.Map(func(r rune) rune { return r - '!' + 0xFF01 }, s)
}

func TestParseShortCode_RefusesTheRest(t *testing.T) {
	code := token.ShortCode(badgeNumber(1))
	for _, s := range []string{
		"", "-", code[:9], code + "0", code[:9] + "U", code[:9] + "二", "0000000001",
		strings.Repeat(" ", 100) + code, code[:5] + "\x00" + code[5:], "\xff" + code, vector,
	} {
		if got, err := token.ParseShortCode(s); !errors.Is(err, token.ErrShortCode) {
			t.Errorf("ParseShortCode(%q) = %q, %v, want ErrShortCode", s, got, err)
		}
	}
	if got := token.FormatShort("ABC"); got != "ABC" {
		t.Errorf("FormatShort(ABC) = %q", got)
	}
}

func FuzzParseShortCode(f *testing.F) {
	f.Add("7KQ4M-2XPTC")
	f.Add(token.ShortCode(badgeNumber(3)))
	f.Fuzz(func(t *testing.T, s string) {
		code, err := token.ParseShortCode(s)
		if err != nil {
			return
		}
		again, err := token.ParseShortCode(strings.ToLower(token.FormatShort(code)))
		if err != nil || again != code {
			t.Fatalf("ParseShortCode(%q) = %q, which reads as %q, %v", s, code, again, err)
		}
	})
}
