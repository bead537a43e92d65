package ocr

import (
	"strings"
	"sync"
)

// cities are the Chinese provinces and cities in pinyin.
var cities = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	l := words()
	for name, wide := range places().wide {
		if wide < 3 {
			continue
		}
		var b strings.Builder
		for _, r := range strings.TrimSuffix(strings.TrimSuffix(name, "市"), "省") {
			if rs := l.readings[r]; len(rs) > 0 {
				b.WriteString(rs[0])
			}
		}
		if b.Len() > 4 {
			out[b.String()] = true
		}
	}
	return out
})
