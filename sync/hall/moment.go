package hall

import (
	"context"
	"sync"
)

type momentKey struct{}

// Together returns a context whose reads of a State wait for the Log once: all
// of them see at least what was kept before the first of them, and what the
// caller itself has recorded of the hall's own since. It is for a question that
// takes several reads to answer, while facts arrive faster than one after the
// other can wait for; not for a context that lives on after the answer.
func Together(ctx context.Context) context.Context {
	return context.WithValue(ctx, momentKey{}, new(sync.Once))
}

// Await is for a State: it has settle called before a read, unless a read with
// the same Together has waited already.
func Await(ctx context.Context, settle func()) {
	if once, ok := ctx.Value(momentKey{}).(*sync.Once); ok {
		once.Do(settle)
		return
	}
	settle()
}
