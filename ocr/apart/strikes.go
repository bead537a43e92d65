package apart

import (
	"crypto/sha256"
	"slices"
	"sync"
)

// maxStruck is how many pictures are remembered, by their hash; a visitor has
// one or two, and a kiosk one visitor.
const maxStruck = 32

// strikes counts the children that ended under a picture. The zero value has
// none.
type strikes struct {
	mu   sync.Mutex
	list []strike // oldest first; guarded by mu
}

type strike struct {
	picture [sha256.Size]byte
	n       int
}

// out says whether two children ended under the picture. A hash takes 10 ms
// for a large photo, so none is made while nothing is remembered.
func (s *strikes) out(picture []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) == 0 {
		return false
	}
	i := s.find(sha256.Sum256(picture))
	return i >= 0 && s.list[i].n >= 2
}

func (s *strikes) add(picture []byte) {
	hash := sha256.Sum256(picture)
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.find(hash); i >= 0 {
		s.list[i].n++
		return
	}
	if len(s.list) == maxStruck {
		s.list = slices.Delete(s.list, 0, 1)
	}
	s.list = append(s.list, strike{hash, 1})
}

// clear forgets a picture that was read after all.
func (s *strikes) clear(picture []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) == 0 {
		return
	}
	if i := s.find(sha256.Sum256(picture)); i >= 0 {
		s.list = slices.Delete(s.list, i, i+1)
	}
}

// find returns -1 for a picture without a strike; the caller holds mu.
func (s *strikes) find(hash [sha256.Size]byte) int {
	return slices.IndexFunc(s.list, func(k strike) bool { return k.picture == hash })
}
