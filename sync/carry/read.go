package carry

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"

	"hallpass/sync/fault"
	"hallpass/sync/journal"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// MaxFile bounds a file, in bytes: some thousand times the journal of a kiosk
// that registered 5,000 people. It bounds what a hall copies to its own disk.
const MaxFile = 4 << 30

// The sentences for files that cannot be taken.
var (
	errForeign = refusal("The file is not a journal that a kiosk exported.")
	errCut     = refusal("The file is cut short. Copy it again, or export it again.")
	errAltered = refusal("The file was altered or damaged on its way: its signature does not fit. Copy it again, or export it again.")
	errNewer   = refusal("The file was written by a later program. Install the same version on the hall.")
	errWrong   = refusal("The file contradicts itself. Export it again.")
	errHuge    = fault.New(fault.TooLarge, "The file is larger than 4 GiB; no journal is.").WithField("file")
)

func refusal(sentence string) fault.Error {
	return fault.New(fault.Invalid, sentence).WithField("file")
}

func because(f fault.Error, err error) error {
	return fault.Wrap(f.Code, f.Message, err).WithField(f.Field)
}

// File is a carried journal that was found whole.
type File struct {
	Head Head

	from io.ReaderAt
	body int64 // where the blocks begin
	size int64
}

// Open reads a file of that size and verifies all of it; see the package for
// what is refused. Whose key signed it is for the caller to know.
func Open(from io.ReaderAt, size int64) (*File, error) {
	if size > MaxFile {
		return nil, errHuge
	}
	f := &File{from: from, size: size}
	sum := sha256.New()
	r := bufio.NewReaderSize(io.NewSectionReader(from, 0, size), 1<<16)
	if err := f.head(r, sum); err != nil {
		return nil, err
	}
	if err := f.walk(r, sum, func(wire.Batch) error { return nil }); err != nil {
		return nil, err
	}
	said := statement(sum)
	signature := make([]byte, ed25519.SignatureSize)
	if _, err := io.ReadFull(r, signature); err != nil {
		return nil, short(err)
	}
	if _, err := r.ReadByte(); !errors.Is(err, io.EOF) {
		return nil, because(errAltered, errors.Join(errors.New("something follows its end"), err))
	}
	if !ed25519.Verify(f.Head.Key, said, signature) {
		return nil, errAltered
	}
	return f, nil
}

// Each hands over the batches in order and ends with the first error of use.
// The changes are of the parts' nodes, f.Head.Node if a part names none, and
// epochs.
func (f *File) Each(use func(wire.Batch) error) error {
	r := bufio.NewReaderSize(io.NewSectionReader(f.from, f.body, f.size-f.body), 1<<16)
	return f.walk(r, sha256.New(), use)
}

// head reads up to the blocks.
func (f *File) head(r *bufio.Reader, sum hash.Hash) error {
	first, err := upTo(r, '\n', 32)
	v := kiosks
	switch {
	case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull):
		return err
	case string(first) == kiosks.magic:
	case string(first) == halls.magic:
		v = halls
	case err == nil && bytes.HasPrefix(first, []byte(family)):
		return errNewer
	case errors.Is(err, io.EOF) && bytes.HasPrefix([]byte(kiosks.magic), first) && len(first) > 0:
		return errCut
	default:
		return errForeign
	}
	line, err := upTo(r, '\n', v.maxHead)
	if errors.Is(err, bufio.ErrBufferFull) {
		return because(errAltered, errors.New("its head is too long"))
	}
	if err != nil {
		return short(err)
	}
	if f.Head, err = parseHead(line[:len(line)-1], v); err != nil {
		return because(errAltered, err)
	}
	sum.Write(first)
	sum.Write(line)
	f.body = int64(len(first) + len(line))
	return nil
}

// upTo reads to the end of a line of at most limit bytes.
func upTo(r *bufio.Reader, end byte, limit int) (line []byte, err error) {
	for len(line) < limit {
		b, err := r.ReadByte()
		if err != nil {
			return line, err
		}
		if line = append(line, b); b == end {
			return line, nil
		}
	}
	return line, bufio.ErrBufferFull
}

// walk reads the blocks and holds them against the head.
func (f *File) walk(r io.Reader, sum hash.Hash, use func(wire.Batch) error) error {
	blocks := blocks{from: r, sum: sum}
	for _, part := range f.Head.Parts {
		thread := part.thread(f.Head.Node)
		for after := part.First - 1; after < part.Last; {
			batch, err := blocks.next()
			if err != nil {
				return err
			}
			for _, c := range batch.Changes {
				if err := thread.Next(c); err != nil {
					return because(errAltered, err)
				}
			}
			if after, _ = thread.End(); after > part.Last {
				return because(errWrong, fmt.Errorf("a part ends with %d, not %d", after, part.Last))
			}
			if err := use(batch); err != nil {
				return err
			}
		}
		if _, end := thread.End(); end != part.End {
			return because(errAltered, fmt.Errorf("the chain at %d is another", part.Last))
		}
	}
	size, err := blocks.size()
	if err == nil && size != 0 {
		err = because(errWrong, errors.New("there are more changes than it says"))
	}
	return err
}

// thread stands before the part's first change; node is the head's.
func (p Part) thread(node record.NodeID) *journal.Thread {
	if p.Node != "" {
		node = p.Node
	}
	if p.First == 1 {
		return journal.NewThread(node, p.Epoch)
	}
	return journal.ThreadAfter(node, p.Epoch, p.First-1, p.Before)
}

// blocks reads one frame after the other.
type blocks struct {
	from io.Reader
	sum  hash.Hash
}

func (b blocks) next() (wire.Batch, error) {
	size, err := b.size()
	if err != nil {
		return wire.Batch{}, err
	}
	if size == 0 {
		return wire.Batch{}, because(errWrong, errors.New("there are fewer changes than it says"))
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(b.from, data); err != nil {
		return wire.Batch{}, short(err)
	}
	b.sum.Write(data)
	batch, err := wire.ParseBatch(data)
	if err != nil {
		return wire.Batch{}, because(errAltered, err)
	}
	return batch, nil
}

func (b blocks) size() (uint32, error) {
	var length [4]byte
	if _, err := io.ReadFull(b.from, length[:]); err != nil {
		return 0, short(err)
	}
	b.sum.Write(length[:])
	size := binary.BigEndian.Uint32(length[:])
	if size > wire.MaxFrame {
		return 0, because(errAltered, fmt.Errorf("a block of %d bytes", size))
	}
	return size, nil
}

// short tells the end of the file from a disk that cannot be read.
func short(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errCut
	}
	return fmt.Errorf("read journal file: %w", err)
}
