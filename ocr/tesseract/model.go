//go:build cgo

package tesseract

import (
	"image"
	"sync"

	"github.com/otiai10/gosseract/v2"
)

// model reads a picture of one line with one language's data.
type model interface {
	read(line *image.Gray) ([]gosseract.BoundingBox, error)
}

// own is a worker's own client: no other goroutine touches it.
type own struct{ client *gosseract.Client }

func (o own) read(line *image.Gray) ([]gosseract.BoundingBox, error) { return read(o.client, line) }

// shared is a model that all workers ask in turn; one goroutine owns its
// client. A loaded Chinese model takes 45 to 50 MB, and most cards of a show
// are in the other script.
type shared struct {
	asks chan ask
	done sync.WaitGroup
	end  sync.Once
}

type ask struct {
	line  *image.Gray
	reply chan<- answer // holds one
}

type answer struct {
	words []gosseract.BoundingBox
	err   error
}

// newShared returns once the model is loaded.
func newShared(lang string) (*shared, error) {
	s := &shared{asks: make(chan ask)}
	ready := make(chan error, 1)
	s.done.Go(func() { s.serve(lang, ready) })
	if err := <-ready; err != nil {
		return nil, err
	}
	return s, nil
}

func (s *shared) serve(lang string, ready chan<- error) {
	client, err := newClient(lang)
	ready <- err
	if err != nil {
		return
	}
	defer client.Close()
	for a := range s.asks {
		words, err := read(client, a.line)
		a.reply <- answer{words, err}
	}
}

func (s *shared) read(line *image.Gray) ([]gosseract.BoundingBox, error) {
	reply := make(chan answer, 1)
	s.asks <- ask{line, reply}
	a := <-reply
	return a.words, a.err
}

// close frees the model, once. Nobody may ask any more.
func (s *shared) close() {
	s.end.Do(func() { close(s.asks) })
	s.done.Wait()
}
