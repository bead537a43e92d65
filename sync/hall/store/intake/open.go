package intake

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"hallpass/sync/wal"
)

// Found is a frame that the data file does not hold.
type Found struct {
	Number  uint64
	Batches []Batch
}

var suffixes = [2]string{".wal-a", ".wal-b"}

// Open reads the log beside a data file, which says who it is and up to which
// frame it holds them, and returns the rest in order. The file need not be there.
func Open(path string, who wal.Identity, applied uint64, o Options) (*Log, []Found, error) {
	l := &Log{who: who, most: o.Most, at: o.At}
	if l.most == 0 {
		l.most = most
	}
	if l.at == nil {
		l.at = func(string) {}
	}
	l.Applied(applied)
	var all []wal.Frame
	for i, suffix := range suffixes {
		l.halves[i].path = path + suffix
		frames, behind, err := l.halves[i].read(who)
		if err != nil {
			return nil, nil, err
		}
		if magic.Stray(behind, who, applied) { // an older one is left from before the file began anew
			return nil, nil, fmt.Errorf("%s: %w, at byte %d", l.halves[i].path, ErrDamaged, l.halves[i].end)
		}
		all = append(all, frames...)
	}
	slices.SortFunc(all, func(a, b wal.Frame) int { return cmp.Compare(a.Number, b.Number) })
	last := applied
	var found []Found
	for _, f := range all {
		if f.Number <= applied {
			continue
		}
		if f.Number != last+1 {
			err := wal.ErrForeign
			if last > applied {
				err = ErrDamaged
			}
			return nil, nil, fmt.Errorf("%s: %w", path, err)
		}
		b, err := parse(f.Body)
		if err != nil {
			return nil, nil, fmt.Errorf("%s, frame %d: %w", path, f.Number, err)
		}
		found, last = append(found, Found{f.Number, b}), f.Number
	}
	l.now = 0
	if l.halves[1].last > l.halves[0].last {
		l.now = 1
	}
	return l, found, nil
}

// read returns the frames of a file that is there, and what is behind them.
func (h *half) read(who wal.Identity) (frames []wal.Frame, behind []byte, err error) {
	data, err := os.ReadFile(h.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	frames, end, err := magic.Frames(data, who)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", h.path, err)
	}
	if len(frames) > 0 {
		h.end, h.last = end, frames[len(frames)-1].Number
	}
	h.size = len(data)
	return frames, data[end:], nil
}
