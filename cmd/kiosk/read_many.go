package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"hallpass/cmd/internal/readout"
	"hallpass/ocr"
)

const (
	// longestRead is how long one picture may take on a busy machine. A
	// visitor's own limit is shorter; a command line has no queue behind it.
	longestRead = time.Minute
	// maxCardFile is what the kiosk's own interface accepts too.
	maxCardFile = 20 << 20
)

// reading is one picture's result; card has no View when it failed.
type reading struct {
	readout.Result
	card ocr.Card
	data []byte // the picture's bytes
}

// readMany reads the files with so many workers and hands the readings on in
// the order of the files. No more than workers + 2 are in memory. It ends
// early, and waits for its workers, when ctx ends or show fails.
func readMany(ctx context.Context, reader *ocr.Reader, files []string, workers int, show func(reading) error) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()
	slots := make(chan struct{}, workers)
	queue := make(chan chan reading, workers)
	group.Go(func() {
		defer close(queue)
		for _, file := range files {
			done := make(chan reading, 1)
			select {
			case queue <- done:
			case <-ctx.Done():
				return
			}
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return
			}
			group.Go(func() {
				done <- readOne(ctx, reader, file)
				<-slots
			})
		}
	})
	for done := range queue {
		select {
		case one := <-done:
			if err := show(one); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return ctx.Err()
}

func readOne(ctx context.Context, reader *ocr.Reader, file string) reading {
	ctx, cancel := context.WithTimeout(ctx, longestRead)
	defer cancel()
	failed := func(err error) reading {
		return reading{Result: readout.Failed(file, reader.Engine.Name(), err)}
	}
	data, err := loadCard(file)
	if err != nil {
		return failed(err)
	}
	start := time.Now()
	card, err := reader.Read(ctx, data)
	took := time.Since(start)
	if err != nil {
		one := failed(err)
		one.MS, one.data = float64(took.Milliseconds()), data
		return one
	}
	return reading{readout.Of(file, card, took), card, data}
}

// loadCard reads a file that is small enough to be a photo.
func loadCard(file string) (data []byte, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err = io.ReadAll(io.LimitReader(f, maxCardFile+1))
	if err == nil && len(data) > maxCardFile {
		err = fmt.Errorf("%w: more than %d MB", ocr.ErrTooLarge, maxCardFile>>20)
	}
	return data, err
}
