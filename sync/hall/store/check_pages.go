package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"

	bolt "go.etcd.io/bbolt"
)

// pageCheck goes through bbolt's own pages as a reader sees them: bbolt's check
// needs a transaction that writes, so that every commit would wait for it, and a
// map of all pages. This one needs two bits a page. What it compares is what one
// transaction sees, the list of its free pages included, which no later one
// writes over while it reads.
type pageCheck struct {
	pages
	ctx        context.Context
	high       uint64 // pages from here on are not in use
	used, free bits
	buffers    [][]byte // one a level
	tell       func(format string, args ...any)
	damaged    bool // what is told makes the file unsafe to read
}

func (p *pageCheck) report(format string, args ...any) {
	p.damaged = true
	p.tell("the file's pages are damaged: "+format, args...)
}

// bits is a set of pages.
type bits []uint64

func (b bits) has(id uint64) bool { return b[id/64]&(1<<(id%64)) != 0 }

func (b bits) add(id uint64) { b[id/64] |= 1 << (id % 64) }

// metaPage is what a meta page holds (go.etcd.io/bbolt/internal/common): from
// byte 16 on magic, version, size of a page and flags (4 bytes each), then root,
// sequence, free list, high-water mark, transaction and checksum (8 bytes each).
type metaPage struct{ root, free, high, tx uint64 }

const (
	freePage   = 0x10
	noFreeList = 1<<64 - 1
	firstPage  = 2 // after both meta pages
)

// errMoved means that the file is not the one that the transaction reads, or that
// two commits have passed since it began.
var errMoved = errors.New("the file has moved on")

// pages verifies the pages that the transaction sees, and reports whether they
// may be followed. Its meta page has to be read before the second commit after it
// began; else it is errMoved.
func (c *checker) pages(path string) (sound bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	p := &pageCheck{pages: pages{file, c.tx.DB().Info().PageSize}, ctx: c.ctx, tell: c.problem}
	meta, err := p.meta(c.tx)
	if err != nil {
		return false, err
	}
	p.high = meta.high
	p.used, p.free = make(bits, p.high/64+1), make(bits, p.high/64+1)
	if meta.free != noFreeList {
		if err := p.freed(meta.free); err != nil {
			return false, err
		}
	}
	if err := p.tree(meta.root, 0, nil, nil); err != nil {
		return false, err
	}
	if lost := p.lost(); lost > 0 && meta.free != noFreeList {
		p.tell("%d pages are neither free nor in use; hall compact gives them back", lost)
	}
	return !p.damaged, nil
}

// meta finds the transaction's meta page.
func (p *pageCheck) meta(tx *bolt.Tx) (m metaPage, err error) {
	page := make([]byte, 80)
	for id := range int64(firstPage) {
		if _, err := p.file.ReadAt(page, id*int64(p.size)); err != nil {
			return m, err
		}
		number := func(at int) uint64 { return binary.NativeEndian.Uint64(page[at:]) }
		m = metaPage{root: number(32), free: number(48), high: number(56), tx: number(64)}
		if m.tx == uint64(tx.ID()) && m.root == uint64(tx.Cursor().Bucket().Root()) {
			return m, nil
		}
	}
	return m, errMoved
}

// freed reads the list of free pages, whose own pages are in use: their number
// is the count of the page or, if that is 65,535, the first of the list.
func (p *pageCheck) freed(at uint64) error {
	page, ok := p.take(at, 0)
	if !ok {
		return nil
	}
	if flags := binary.NativeEndian.Uint16(page[8:]); flags != freePage {
		p.report("page %d is no list of free pages", at)
		return nil
	}
	list, count := page[pageHeader:], uint64(binary.NativeEndian.Uint16(page[10:]))
	if count == 0xFFFF {
		count, list = binary.NativeEndian.Uint64(list), list[8:]
	}
	if count > uint64(len(list)/8) {
		p.report("the list of free pages is longer than its pages")
		return nil
	}
	for i := range count {
		switch id := binary.NativeEndian.Uint64(list[8*i:]); {
		case id < firstPage || id >= p.high:
			p.report("page %d is free and beyond the file", id)
		case p.free.has(id):
			p.report("page %d is free twice", id)
		case p.used.has(id):
			p.report("page %d is free and in use", id)
		default:
			p.free.add(id)
		}
	}
	return p.ctx.Err()
}

// take reads a page and notes that it is in use, with those that continue it;
// false if it cannot be what it is taken for.
func (p *pageCheck) take(id uint64, level int) (page []byte, ok bool) {
	if id < firstPage || id >= p.high {
		p.report("page %d is beyond the file", id)
		return nil, false
	}
	for len(p.buffers) <= level {
		p.buffers = append(p.buffers, make([]byte, p.size))
	}
	page, err := p.readInto(p.buffers[level], id)
	if err != nil {
		p.report("%v", err)
		return nil, false
	}
	for i := range uint64(len(page) / p.size) {
		switch at := id + i; {
		case at >= p.high:
			p.report("page %d is beyond the file", at)
			return nil, false
		case p.used.has(at):
			p.report("page %d is used twice", at)
			return nil, false
		case p.free.has(at):
			p.report("page %d is free and in use", at)
		default:
			p.used.add(at)
		}
	}
	return page, true
}

// mostLevels is more than any tree of pages has.
const mostLevels = 64

// tree verifies a page and those below it: its keys are in order, from least
// on, and before most; nil for no such bound.
func (p *pageCheck) tree(id uint64, level int, least, most []byte) error {
	if level > mostLevels {
		p.report("page %d is below itself", id)
		return nil
	}
	page, ok := p.take(id, level)
	if !ok {
		return p.ctx.Err()
	}
	flags := binary.NativeEndian.Uint16(page[8:])
	if flags != branchPage && flags != leafPage {
		p.report("page %d is of kind %#x", id, flags)
		return nil
	}
	elements := page[pageHeader:]
	count := int(binary.NativeEndian.Uint16(page[10:]))
	if count*pageElement > len(elements) {
		p.report("page %d has no room for its %d keys", id, count)
		return nil
	}
	var before []byte
	for i := range count {
		e := element{elements[i*pageElement:], flags == leafPage}
		key, ok := e.key()
		if !ok {
			p.report("page %d, key %d is beyond the page", id, i)
			return nil
		}
		if i > 0 && bytes.Compare(before, key) >= 0 || least != nil && bytes.Compare(key, least) < 0 || most != nil && bytes.Compare(key, most) >= 0 {
			p.report("page %d, key %d is out of order", id, i)
		}
		before = key
		if err := p.below(e, key, elements[(i+1)*pageElement:], i+1 < count, level, most); err != nil {
			return err
		}
	}
	return p.ctx.Err()
}

// below goes on with the child of a branch, or with the bucket that a leaf holds.
func (p *pageCheck) below(e element, key, rest []byte, more bool, level int, most []byte) error {
	if e.leaf {
		if value := e.value(); e.bucket() && len(value) >= 8 {
			if root := binary.NativeEndian.Uint64(value); root != 0 { // else it is in the value
				return p.tree(root, level+1, nil, nil)
			}
		}
		return nil
	}
	if more {
		if next, ok := (element{rest, false}).key(); ok {
			most = next
		}
	}
	return p.tree(e.child(), level+1, key, most)
}

// lost counts the pages that nobody knows of.
func (p *pageCheck) lost() (count int) {
	for id := uint64(firstPage); id < p.high; id++ {
		if !p.used.has(id) && !p.free.has(id) {
			count++
		}
	}
	return count
}

// element is a page's bytes from one of its elements on, see pages.
type element struct {
	from []byte
	leaf bool
}

func (e element) number(at int) uint64 { return uint64(binary.NativeEndian.Uint32(e.from[at:])) }

func (e element) child() uint64 { return binary.NativeEndian.Uint64(e.from[8:]) }

func (e element) bucket() bool { return e.number(0)&bucketLeaf != 0 }

// key returns false if key or value do not lie in the page.
func (e element) key() ([]byte, bool) {
	at, size, value := e.number(0), e.number(4), uint64(0)
	if e.leaf {
		at, size, value = e.number(4), e.number(8), e.number(12)
	}
	if at+size+value > uint64(len(e.from)) {
		return nil, false
	}
	return e.from[at : at+size], true
}

func (e element) value() []byte {
	at := e.number(4) + e.number(8)
	return e.from[at : at+e.number(12)]
}
