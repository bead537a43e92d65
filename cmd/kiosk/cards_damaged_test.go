//go:build cgo && !race

package main

import (
	"bytes"
	"encoding/binary"
	"flag"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
)

// The full number is 10,000: make fuzz-ocr.
var fuzzed = flag.Int("fuzzed", 150, "how many damaged pictures TestCards_Damaged reads")

// P9: damaged pictures of cards, each alike in every run: an error with a
// sentence or an honest result, never a crash, in 3 s and 500 MB (realReader
// has a process over that ended).
func TestCards_Damaged(t *testing.T) {
	r := realReader(t)
	var whole [][]byte
	for _, name := range []string{"english.jpg", "progressive.jpg", "cmyk.jpg", "plain.webp"} {
		whole = append(whole, samplePicture(t, name))
	}
	for _, name := range []string{"card-deep16.png", "card-palette.png", "card-interlaced.png"} {
		data, err := os.ReadFile("testdata/odd/" + name)
		if err != nil {
			t.Fatal(err)
		}
		whole = append(whole, data)
	}
	var mu sync.Mutex
	outcomes := map[string]int{}
	next := make(chan int)
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for i := range next {
				at := rand.New(rand.NewPCG(7, uint64(i)))
				card, err := answered(t, r, "picture", damaged(at, whole))
				outcome := "read"
				switch {
				case err != nil:
					outcome, _, _ = strings.Cut(err.Error(), ":")
				case len(card.Fields) == 0:
					outcome = "read, empty"
				}
				mu.Lock()
				outcomes[outcome]++
				mu.Unlock()
			}
		})
	}
	for i := range *fuzzed {
		next <- i
		if i%500 == 499 {
			t.Logf("%d so far, %+v", i+1, r.Stats())
		}
	}
	close(next)
	readers.Wait()
	s := r.Stats()
	t.Logf("%v, %d MB at the end, %d restarts", outcomes, s.Resident>>20, s.Restarts)
}

// damaged is one of the pictures with one to three faults.
func damaged(at *rand.Rand, whole [][]byte) []byte {
	data := bytes.Clone(whole[at.IntN(len(whole))])
	for range 1 + at.IntN(3) {
		if len(data) < 64 {
			return data
		}
		i := at.IntN(len(data))
		if at.IntN(2) == 0 {
			i = at.IntN(min(len(data), 700)) // headers are worth more than pixels
		}
		switch at.IntN(10) {
		default: // a bit turned over, which half of the pictures survive
			data[i] ^= 1 << at.IntN(8)
		case 1: // bytes overwritten
			for j := i; j < min(len(data), i+1+at.IntN(16)); j++ {
				data[j] = byte(at.Uint32())
			}
		case 2: // cut off
			data = data[:i]
		case 3: // a piece twice
			piece := bytes.Clone(data[i:min(len(data), i+1+at.IntN(2000))])
			data = append(data[:i], append(piece, data[i:]...)...)
		case 4: // a piece lost
			data = append(data[:i], data[min(len(data), i+1+at.IntN(2000)):]...)
		case 5: // the rest of another picture
			other := whole[at.IntN(len(whole))]
			data = append(data[:i], other[min(i, len(other)):]...)
		case 6: // other dimensions
			resize(at, data)
		}
	}
	if at.IntN(2) == 0 {
		vouch(data)
	}
	return data
}

// vouch makes a PNG's checksums right, so that its damage is looked at (PNG §5.3).
func vouch(data []byte) {
	const first, around = 8, 12 // the signature; length, type and checksum of a chunk
	if !bytes.HasPrefix(data, []byte("\x89PNG")) {
		return
	}
	for i := first; i+around <= len(data); {
		n := int(binary.BigEndian.Uint32(data[i:]))
		if n > len(data)-i-around {
			return
		}
		binary.BigEndian.PutUint32(data[i+8+n:], crc32.ChecksumIEEE(data[i+4:i+8+n]))
		i += around + n
	}
}

// resize makes a PNG or JPEG claim other dimensions (PNG §11.2.2, T.81 B.2.2).
func resize(at *rand.Rand, data []byte) {
	w, h := at.Uint32N(1<<at.Uint32N(17)), at.Uint32N(1<<at.Uint32N(17))
	if bytes.HasPrefix(data, []byte("\x89PNG")) && len(data) > 33 {
		binary.BigEndian.PutUint32(data[16:], w)
		binary.BigEndian.PutUint32(data[20:], h)
		binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
		return
	}
	for _, marker := range [][]byte{{0xff, 0xc0, 0, 17, 8}, {0xff, 0xc2, 0, 17, 8}, {0xff, 0xc0, 0, 20, 8}} {
		if i := bytes.Index(data, marker); i >= 0 && i+9 < len(data) {
			binary.BigEndian.PutUint16(data[i+5:], uint16(h)) //nolint:gosec // any will do
			binary.BigEndian.PutUint16(data[i+7:], uint16(w)) //nolint:gosec // any will do
		}
	}
}
