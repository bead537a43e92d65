package rehearsal

import (
	"math/rand/v2"
	"sync"
)

// codes are the badges that people carry through the halls: the newest ten
// thousand.
type codes struct {
	mu    sync.Mutex // guards all below
	kept  []string
	count int
}

const mostCodes = 10_000

func (c *codes) add(code string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) < mostCodes {
		c.kept = append(c.kept, code)
	} else {
		c.kept[c.count%mostCodes] = code
	}
	c.count++
}

// pick returns any of them, and false if nobody has a badge yet.
func (c *codes) pick(chance *rand.Rand) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) == 0 {
		return "", false
	}
	return c.kept[chance.IntN(len(c.kept))], true
}
