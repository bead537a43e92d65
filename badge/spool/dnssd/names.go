package dnssd

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// parse takes apart a full name as the library writes it: dots and odd bytes
// of the first label are escaped.
func parse(full string) (entry, bool) {
	for i := 0; i < len(full); i++ {
		switch full[i] {
		case '\\':
			i++
		case '.':
			kind, local := strings.CutSuffix(strings.ToLower(full[i+1:]), ".local.")
			instance := unescape(full[:i])
			ok := local && i > 0 && strings.Count(kind, ".") == 1 && strings.HasPrefix(kind, "_") && utf8.ValidString(instance)
			return entry{instance, kind}, ok
		}
	}
	return entry{}, false
}

// plain is a host's name without its last dot.
func plain(host string) string { return strings.TrimSuffix(unescape(host), ".") }

// unescape undoes \. and \DDD (RFC 1035 §5.1).
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		if n, ok := octet(s[i+1:]); ok {
			b.WriteByte(n)
			i += 3
		} else {
			b.WriteByte(s[i+1])
			i++
		}
	}
	return b.String()
}

func octet(s string) (byte, bool) {
	if len(s) < 3 {
		return 0, false
	}
	n := 0
	for _, c := range []byte(s[:3]) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return byte(n), n < 256
}

// escape writes a label so that none of its bytes means anything.
func escape(label string) string {
	var b strings.Builder
	for _, c := range []byte(label) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, `\%03d`, c)
		}
	}
	return b.String()
}
