package badge

import "sync"

// lately keeps what was made lately, for any number of goroutines: two
// generations, the older of which goes when the younger is full.
type lately[K comparable, V interface{ size() int }] struct {
	mu         sync.Mutex // guards the rest
	young, old map[K]V
	size       int // of all in young
}

// of returns what was made for key before, or makes it. A generation is full
// with more than most; two callers who make the same at once both may.
func (l *lately[K, V]) of(key K, most int, create func() (V, error)) (V, error) {
	if v, ok := l.find(key, most); ok {
		return v, nil
	}
	v, err := create()
	if err == nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.keep(key, v, most)
	}
	return v, err
}

func (l *lately[K, V]) find(key K, most int) (v V, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v, ok = l.young[key]; ok {
		return v, true
	}
	if v, ok = l.old[key]; ok {
		l.keep(key, v, most)
	}
	return v, ok
}

// keep is called with mu held.
func (l *lately[K, V]) keep(key K, v V, most int) {
	if l.size > most || l.young == nil {
		l.old, l.young, l.size = l.young, map[K]V{}, 0
	}
	if _, there := l.young[key]; !there {
		l.size += v.size()
	}
	l.young[key] = v
}
