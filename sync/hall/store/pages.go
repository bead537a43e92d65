package store

import (
	"encoding/binary"
	"fmt"
	"os"

	bolt "go.etcd.io/bbolt"
)

// bbolt never writes over a page that a transaction may read: what a bucket was
// and what it is share every page that was not touched in between. pages reads
// the tree of a bucket from the file itself, to find the others.
//
// A page (go.etcd.io/bbolt/internal/common, version 2 of the file, the byte
// order of the machine) is a header of id (8 bytes), flags (2), count (2) and
// overflow, the number of pages that continue it (4); then count elements of 16
// bytes: of a branch the place of the key counted from the element (4), its
// length (4) and the child's id (8); of a leaf flags (4), place (4), length of
// the key (4) and of the value (4).
type pages struct {
	file *os.File
	size int // of a page
}

const (
	pageHeader  = 16
	pageElement = 16
	branchPage  = 0x01
	leafPage    = 0x02
	bucketLeaf  = 0x01 // the value is a bucket
)

func (p pages) read(id uint64) ([]byte, error) { return p.readInto(make([]byte, p.size), id) }

// readInto uses the buffer, of one page, for a page that no other continues.
func (p pages) readInto(page []byte, id uint64) ([]byte, error) {
	if _, err := p.file.ReadAt(page, int64(id)*int64(p.size)); err != nil {
		return nil, fmt.Errorf("read page %d: %w", id, err)
	}
	if got := binary.NativeEndian.Uint64(page); got != id {
		return nil, fmt.Errorf("page %d calls itself %d", id, got)
	}
	if more := binary.NativeEndian.Uint32(page[12:]); more > 0 {
		rest := make([]byte, int(more)*p.size)
		if _, err := p.file.ReadAt(rest, int64(id+1)*int64(p.size)); err != nil {
			return nil, fmt.Errorf("read page %d: %w", id, err)
		}
		page = append(page, rest...)
	}
	return page, nil
}

// leaves adds the ids of the leaves under a page. Only branches are read.
func (p pages) leaves(root uint64, into map[uint64]bool) error {
	page, err := p.read(root)
	if err != nil {
		return err
	}
	if flags := binary.NativeEndian.Uint16(page[8:]); flags != branchPage {
		into[root] = true
		return nil
	}
	below := -1 // levels; the first child tells
	for i := range int(binary.NativeEndian.Uint16(page[10:])) {
		child := binary.NativeEndian.Uint64(page[pageHeader+i*pageElement+8:])
		if below < 0 {
			first, err := p.read(child)
			if err != nil {
				return err
			}
			below = int(binary.NativeEndian.Uint16(first[8:])) & branchPage
		}
		if below == 0 {
			into[child] = true
		} else if err := p.leaves(child, into); err != nil {
			return err
		}
	}
	return nil
}

// each calls see with the keys of a leaf that are no buckets.
func (p pages) each(leaf uint64, see func(key, value []byte) error) error {
	page, err := p.read(leaf)
	if err != nil {
		return err
	}
	if flags := binary.NativeEndian.Uint16(page[8:]); flags != leafPage {
		return fmt.Errorf("page %d is no leaf", leaf)
	}
	for i := range int(binary.NativeEndian.Uint16(page[10:])) {
		at := pageHeader + i*pageElement
		element := page[at:]
		flags, place := binary.NativeEndian.Uint32(element), int(binary.NativeEndian.Uint32(element[4:]))
		key, value := int(binary.NativeEndian.Uint32(element[8:])), int(binary.NativeEndian.Uint32(element[12:]))
		if at+place+key+value > len(page) {
			return fmt.Errorf("page %d is damaged", leaf)
		}
		if flags&bucketLeaf != 0 {
			continue
		}
		if err := see(element[place:place+key], element[place+key:place+key+value]); err != nil {
			return err
		}
	}
	return nil
}

// changed tells which leaves only the older and only the newer of two trees
// has; 0 is a tree that is not there.
func (p pages) changed(older, newer uint64) (gone, come map[uint64]bool, err error) {
	gone, come = map[uint64]bool{}, map[uint64]bool{}
	if older == newer {
		return nil, nil, nil
	}
	for root, into := range map[uint64]map[uint64]bool{older: gone, newer: come} {
		if root == 0 {
			continue
		}
		if err := p.leaves(root, into); err != nil {
			return nil, nil, err
		}
	}
	for id := range come {
		if gone[id] {
			delete(gone, id)
			delete(come, id)
		}
	}
	return gone, come, nil
}

// rootOf is the page of a bucket's root, 0 if there is no such bucket or it is
// kept within its parent's page.
func rootOf(b *bolt.Bucket) uint64 {
	if b == nil {
		return 0
	}
	return uint64(b.Root())
}
