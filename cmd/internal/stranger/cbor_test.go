package stranger_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// fields is a CBOR map; encoded its keys stand in the order of their bytes.
type fields map[any]any

// encode writes a value in core deterministic encoding (RFC 8949, section 4.2):
// numbers that are not negative, texts, byte strings, true, arrays and maps.
func encode(v any) []byte {
	switch v := v.(type) {
	case int:
		return head(0, uint64(v))
	case uint64:
		return head(0, v)
	case []byte:
		return append(head(2, uint64(len(v))), v...)
	case string:
		return append(head(3, uint64(len(v))), v...)
	case bool:
		return []byte{0xf5} // only what is true is written
	case []any:
		out := head(4, uint64(len(v)))
		for _, x := range v {
			out = append(out, encode(x)...)
		}
		return out
	case fields:
		return encodeFields(v)
	}
	panic(fmt.Sprintf("encode: %T", v))
}

func encodeFields(m fields) []byte {
	var pairs [][2][]byte
	for k, x := range m {
		pairs = append(pairs, [2][]byte{encode(k), encode(x)})
	}
	slices.SortFunc(pairs, func(a, b [2][]byte) int { return bytes.Compare(a[0], b[0]) })
	out := head(5, uint64(len(pairs)))
	for _, p := range pairs {
		out = append(append(out, p[0]...), p[1]...)
	}
	return out
}

func head(major byte, n uint64) []byte {
	major <<= 5
	switch {
	case n < 24:
		return []byte{major | byte(n)}
	case n < 1<<8:
		return []byte{major | 24, byte(n)}
	case n < 1<<16:
		return binary.BigEndian.AppendUint16([]byte{major | 25}, uint16(n))
	case n < 1<<32:
		return binary.BigEndian.AppendUint32([]byte{major | 26}, uint32(n))
	}
	return binary.BigEndian.AppendUint64([]byte{major | 27}, n)
}

var errShort = errors.New("cbor: it ends too soon")

// decode reads one value: uint64, string, []byte, bool, []any or fields.
func decode(b []byte) (v any, rest []byte, err error) {
	if len(b) == 0 {
		return nil, nil, errShort
	}
	major, n := b[0]>>5, uint64(b[0]&31)
	if b[0] == 0xf4 || b[0] == 0xf5 {
		return b[0] == 0xf5, b[1:], nil
	}
	b = b[1:]
	if n >= 24 {
		size := 1 << (n - 24)
		if n > 27 || len(b) < size {
			return nil, nil, errShort
		}
		n = 0
		for _, x := range b[:size] {
			n = n<<8 | uint64(x)
		}
		b = b[size:]
	}
	return content(major, n, b)
}

func content(major byte, n uint64, b []byte) (any, []byte, error) {
	switch {
	case major == 0:
		return n, b, nil
	case major > 5 || major == 1 || n > uint64(len(b)):
		return nil, nil, fmt.Errorf("cbor: type %d of %d", major, n)
	case major == 2:
		return b[:n:n], b[n:], nil
	case major == 3:
		return string(b[:n]), b[n:], nil
	}
	list, m := []any{}, fields{}
	for range n {
		var k, v any
		var err error
		if major == 5 {
			if k, b, err = decode(b); err != nil {
				return nil, nil, err
			}
		}
		if v, b, err = decode(b); err != nil {
			return nil, nil, err
		}
		if list = append(list, v); major == 5 {
			m[k] = v
		}
	}
	if major == 5 {
		return m, b, nil
	}
	return list, b, nil
}

func TestCBOR_RoundTrip(t *testing.T) {
	for _, v := range []any{
		uint64(0), uint64(23), uint64(24), uint64(255), uint64(256), uint64(65535), uint64(65536), uint64(1) << 40, "", "观众", true,
		[]any{uint64(1), "a", []any{}}, fields{uint64(1): "x", "fax": []byte{1}, "name": fields{uint64(300): true}},
	} {
		data := encode(v)
		got, rest, err := decode(data)
		if err != nil || len(rest) != 0 || !bytes.Equal(encode(got), data) {
			t.Errorf("%v is read as %v, %v", v, got, err)
		}
	}
}
