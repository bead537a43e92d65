package outfile

import (
	"fmt"
	"io"
	"os"

	"hallpass/sync/carry"
)

// WriteJournal has fill write a file of journals, as package carry defines it, and
// returns what its head says once the whole file has been read again and
// verified. Otherwise it does what Write does.
func WriteJournal(path string, fill func(io.Writer) error) (head carry.Head, err error) {
	err = Write(path, fill, func(f *os.File) error {
		info, err := f.Stat()
		if err != nil {
			return err
		}
		file, err := carry.Open(f, info.Size())
		if err != nil {
			return fmt.Errorf("read it again: %w", err)
		}
		head = file.Head
		return nil
	})
	return head, err
}
