package ql_test

import (
	"bytes"
	"encoding/hex"
	"image"
	"image/color"
	"net"
	"strings"
	"testing"
	"time"

	"hallpass/badge/spool/ql"
)

func label(w, h int) *image.Paletted {
	return image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.White, color.Black})
}

// The example of §2.1 for a die-cut label, and the parameters of an endless roll.
func TestRaster_TheOrderOfCommands(t *testing.T) {
	for m, info := range map[ql.Media]string{
		{Width: 62, Length: 100}: "1b697a 8e 0b 3e 64 55040000 00 00", // 1109 rows
		{Width: 62}:              "1b697a 86 0a 3e 00 55040000 00 00",
	} {
		b, err := ql.Raster([]*image.Paletted{label(732, 1181)}, m)
		if err != nil {
			t.Fatal(err)
		}
		feed := map[bool]string{true: "0000", false: "2300"}[m.Length > 0] // 35 dots on endless rolls
		want, _ := hex.DecodeString(strings.ReplaceAll("1b40 1b696101 1b692100 "+info+" 1b694d40 1b694101 1b694b08 1b6964"+feed+" 4d02", " ", ""))
		if head := b[400:]; !bytes.HasPrefix(head, want) || !bytes.Equal(b[:400], make([]byte, 400)) {
			t.Errorf("%s: begins %x\nwant %x", m, head[:len(want)], want)
		}
		if rows := b[400+len(want):]; string(rows) != strings.Repeat("Z", 1109)+"\x1a" {
			t.Errorf("%s: %d bytes of white rows, want 1109 and the print command", m, len(rows))
		}
	}
}

// A dot's way to the head: the right end of the roll comes first, 12 pins in.
func TestRaster_RowsComeRightEndFirst(t *testing.T) {
	p := label(696, 200)
	for x := range 8 {
		p.SetColorIndex(695-x, 36, 1) // the eight rightmost of the first printed row
	}
	b, err := ql.Raster([]*image.Paletted{p}, ql.Media{Width: 62})
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(b, []byte("M\x02")) + 2
	if b[at] != 'g' || b[at+1] != 0 {
		t.Fatalf("no row at % x", b[at:at+8])
	}
	row := unpack(b[at+3 : at+3+int(b[at+2])])
	if want := append([]byte{0, 0x0f, 0xf0}, make([]byte, 87)...); !bytes.Equal(row, want) {
		t.Errorf("row = %x, want %x", row, want)
	}
}

// unpack reads PackBits as TIFF defines it.
func unpack(b []byte) (out []byte) {
	for len(b) > 1 {
		if n := int(int8(b[0])); n >= 0 {
			out, b = append(out, b[1:n+2]...), b[n+2:]
		} else {
			out, b = append(out, bytes.Repeat(b[1:2], 1-n)...), b[2:]
		}
	}
	return out
}

func TestRaster_TwoLabelsAndUnknownRolls(t *testing.T) {
	b, err := ql.Raster([]*image.Paletted{label(696, 100), label(696, 100)}, ql.Media{Width: 62})
	if err != nil || bytes.Count(b, []byte{0x0c}) != 1 || b[len(b)-1] != 0x1a {
		t.Errorf("two labels: %v, %d page ends", err, bytes.Count(b, []byte{0x0c}))
	}
	if _, err := ql.Raster([]*image.Paletted{label(1200, 100)}, ql.Media{Width: 102}); err == nil || !strings.Contains(err.Error(), "102") {
		t.Errorf("a roll of 102 mm: %v, want an error that names it", err)
	}
}

func block(change func(b []byte)) []byte {
	b := make([]byte, ql.BlockSize)
	copy(b, []byte{0x80, 0x20, 'B', '4', 'A', '0'})
	b[10], b[11], b[17] = 62, 0x0b, 100
	change(b)
	return b
}

func TestFind_StatusBlocks(t *testing.T) {
	well := ql.Status{Model: "QL-820NWB", Media: ql.Media{Width: 62, Length: 100}}
	with := func(change func(*ql.Status)) ql.Status { s := well; change(&s); return s }
	for name, c := range map[string]struct {
		change func(b []byte)
		want   ql.Status
	}{
		"Well":      {func([]byte) {}, well},
		"Endless":   {func(b []byte) { b[11], b[17] = 0x0a, 0 }, with(func(s *ql.Status) { s.Media.Length = 0 })},
		"NoRoll":    {func(b []byte) { b[8], b[11] = 1, 0 }, with(func(s *ql.Status) { s.NoMedia, s.Media = true, ql.Media{} })},
		"Printing":  {func(b []byte) { b[18], b[19] = 6, 1 }, with(func(s *ql.Status) { s.Moment, s.Printing = ql.Phase, true })},
		"Completed": {func(b []byte) { b[18] = 1 }, with(func(s *ql.Status) { s.Moment = ql.Completed })},
		"Cutter":    {func(b []byte) { b[8], b[18] = 4, 2 }, with(func(s *ql.Status) { s.CutterJam, s.Moment = true, ql.Failed })},
		"Cover":     {func(b []byte) { b[9] = 0x10 }, with(func(s *ql.Status) { s.CoverOpen = true })},
		"WrongRoll": {func(b []byte) { b[9] = 0x01 }, with(func(s *ql.Status) { s.WrongMedia = true })},
		"Cooling":   {func(b []byte) { b[18], b[22] = 5, 3 }, with(func(s *ql.Status) { s.Moment, s.Cooling = ql.Notice, true })},
		"Cooled":    {func(b []byte) { b[18], b[22] = 5, 4 }, with(func(s *ql.Status) { s.Moment = ql.Notice })},
		"NewModel":  {func(b []byte) { b[4] = 'Z' }, with(func(s *ql.Status) { s.Model = "QL 'Z'" })},
	} {
		got, rest, ok := ql.Find(append([]byte("noise"), append(block(c.change), 7)...))
		if !ok || got != c.want || len(rest) != 1 {
			t.Errorf("%s: Find = %+v, %v, %v; want %+v", name, got, rest, ok, c.want)
		}
	}
	for _, b := range [][]byte{nil, {0x80}, block(func([]byte) {})[:31], bytes.Repeat([]byte{0x80, 0x20}, 40)} {
		if s, _, ok := ql.Find(b); ok {
			t.Errorf("Find(%x) = %+v, want none", b, s)
		}
	}
}

// agent answers every SNMP question with the same bytes.
func agent(t *testing.T, answer func(question []byte) []byte) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for b := make([]byte, 1500); ; {
			n, from, err := conn.ReadFrom(b)
			if err != nil {
				return
			}
			_, _ = conn.WriteTo(answer(b[:n]), from)
		}
	}()
	t.Cleanup(func() { _ = conn.Close(); <-done })
	return conn.LocalAddr().String()
}

func TestAsk_P9_StrangeAgents(t *testing.T) {
	for name, answer := range map[string]func([]byte) []byte{
		"Echo":     func(q []byte) []byte { return q },
		"Nonsense": func([]byte) []byte { return []byte("GET / HTTP/1.1\r\n\r\n") },
		"CutShort": func(q []byte) []byte { return q[:len(q)/2] },
		"Endless":  func([]byte) []byte { return append([]byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff}, make([]byte, 900)...) },
		"Deep":     func([]byte) []byte { return bytes.Repeat([]byte{0x30, 0x80}, 500) },
	} {
		if r, err := ql.Ask(t.Context(), agent(t, answer), "public", 30*time.Second); err == nil {
			t.Errorf("%s: Ask = %+v, want an error", name, r)
		}
	}
	if _, err := ql.Ask(t.Context(), agent(t, func([]byte) []byte { return nil }), "public", 30*time.Second); err == nil {
		t.Error("an empty answer was taken for one")
	}
}

// One label of 62 × 100 mm.
func BenchmarkRaster(b *testing.B) {
	p := label(732, 1181)
	for i := range p.Pix {
		if i/11%5 == 0 && i/732%40 < 30 {
			p.Pix[i] = 1
		}
	}
	var size int
	for b.Loop() {
		data, err := ql.Raster([]*image.Paletted{p}, ql.Media{Width: 62, Length: 100})
		if err != nil {
			b.Fatal(err)
		}
		size = len(data)
	}
	b.ReportMetric(float64(size)/1000, "kB/label")
}
