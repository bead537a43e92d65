package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
)

// compactName is what stands beside a file while it is compacted.
const compactName = ".compact"

// smallRest is how many pages may have changed since the last look for commits
// to wait while they are copied: some milliseconds.
const smallRest = 256

// rounds bounds how often Compact runs after commits before it has them wait:
// each round takes a tenth of the time of the one before.
const rounds = 8

// Compact implements hall.State: it writes the file anew without what nobody needs any more, such as the
// bytes of what was erased (P10), and goes on with the new one. Commits go on
// meanwhile and wait only for the last of them to be copied, reads never wait. It
// needs as much disk again as the data take, and fails with fault.Conflict while
// another Compact runs. A process that is killed at any moment has the old file
// or the new one, whole.
func (s *Store) Compact(ctx context.Context) (done hall.Compacted, err error) {
	if !s.compacting.TryLock() {
		return done, fault.New(fault.Conflict, "The file is being compacted already.")
	}
	defer s.compacting.Unlock()
	fresh, err := openFile(s.path+compactName, true)
	if err != nil {
		return done, fmt.Errorf("compact: %w", err)
	}
	old := s.file()
	done, err = s.compact(ctx, old, fresh)
	if err != nil && s.file() == old {
		return hall.Compacted{}, wrap("compact", errors.Join(err, fresh.Close(), os.Remove(s.path+compactName)))
	}
	err = errors.Join(err, old.Close()) // waits for who still reads
	if err == nil {
		err = s.scrub()
	}
	return done, wrap("compact", err)
}

func (s *Store) compact(ctx context.Context, old, fresh *bolt.DB) (done hall.Compacted, err error) {
	file, err := os.Open(s.path)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	c := &compaction{old: old, fresh: fresh, pages: pages{file, old.Info().PageSize}}
	defer func() { err = errors.Join(err, c.end()) }()
	for range rounds {
		changed, err := c.follow(ctx)
		if err != nil {
			return done, err
		}
		s.moment("copied")
		if changed <= smallRest {
			break
		}
	}
	if err := fresh.Sync(); err != nil {
		return done, err
	}
	return s.swap(ctx, c)
}

// swap copies what is left while commits wait, and puts the new file in place.
func (s *Store) swap(ctx context.Context, c *compaction) (done hall.Compacted, err error) {
	s.committing.Lock()
	defer s.committing.Unlock()
	if _, err := c.follow(ctx); err != nil {
		return done, err
	}
	if err := c.fresh.Sync(); err != nil { // once; nobody knows of the file yet
		return done, err
	}
	c.fresh.NoSync = false
	was, err := os.Stat(s.path)
	if err != nil {
		return done, err
	}
	is, err := os.Stat(s.path + compactName)
	if err != nil {
		return done, err
	}
	s.moment("before-rename")
	if err := os.Rename(s.path+compactName, s.path); err != nil {
		return done, err
	}
	s.moment("after-rename")
	s.opening.Lock()
	s.db = c.fresh
	s.opening.Unlock()
	return hall.Compacted{Before: was.Size(), After: is.Size()}, syncDir(filepath.Dir(s.path))
}

func (s *Store) moment(label string) {
	if s.reached != nil {
		s.reached(label)
	}
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// compaction copies one file to another and follows its changes. It reads in a
// transaction until it begins the next, so that no page that it has seen is
// written over in between.
type compaction struct {
	old, fresh *bolt.DB
	pages      pages
	seen       *bolt.Tx // nil before the first round
	copied     int      // leaves in this round
}

func (c *compaction) end() error {
	if c.seen == nil {
		return nil
	}
	return c.seen.Rollback()
}

// follow brings the copy to where the file is now, and tells how many of its
// pages had changed.
func (c *compaction) follow(ctx context.Context) (changed int, err error) {
	now, err := c.old.Begin(false)
	if err != nil {
		return 0, err
	}
	was := c.seen
	defer func() {
		c.seen = now
		if was != nil {
			err = errors.Join(err, was.Rollback())
		}
	}()
	c.copied = 0
	if was == nil {
		c.copied = smallRest + 1
	}
	to := &sink{db: c.fresh}
	err = now.ForEach(func(name []byte, b *bolt.Bucket) error {
		var before *bolt.Bucket
		if was != nil {
			before = was.Bucket(name)
		}
		return c.bucket(ctx, to, [][]byte{name}, before, b)
	})
	return c.copied, errors.Join(err, to.done(err == nil))
}

// bucket copies what is other than before, nil for everything.
func (c *compaction) bucket(ctx context.Context, to *sink, path [][]byte, before, now *bolt.Bucket) error {
	if before != nil && rootOf(now) != 0 && rootOf(before) == rootOf(now) {
		return nil // not one of its pages, nor of the buckets in it
	}
	if err := to.bucket(path, now.Sequence()); err != nil {
		return err
	}
	copyKeys := c.altered
	if rootOf(now) == 0 || before == nil || rootOf(before) == 0 {
		copyKeys = c.whole
	}
	if err := copyKeys(ctx, to, path, before, now); err != nil {
		return err
	}
	if before != nil {
		err := before.ForEachBucket(func(name []byte) error {
			if now.Bucket(name) == nil {
				return to.drop(path, name)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return now.ForEachBucket(func(name []byte) error {
		var inner *bolt.Bucket
		if before != nil {
			inner = before.Bucket(name)
		}
		return c.bucket(ctx, to, append(slices.Clone(path), slices.Clone(name)), inner, now.Bucket(name))
	})
}

// whole copies every key of a bucket that is small or new.
func (c *compaction) whole(ctx context.Context, to *sink, path [][]byte, before, now *bolt.Bucket) error {
	if before != nil {
		err := before.ForEach(func(key, value []byte) error {
			if value == nil || now.Get(key) != nil {
				return nil
			}
			return to.delete(path, key)
		})
		if err != nil {
			return err
		}
	}
	return now.ForEach(func(key, value []byte) error {
		if value == nil {
			return nil // a bucket
		}
		return errors.Join(ctx.Err(), to.put(path, key, value))
	})
}

// altered copies the keys of the leaves that are other than before.
func (c *compaction) altered(ctx context.Context, to *sink, path [][]byte, before, now *bolt.Bucket) error {
	gone, come, err := c.pages.changed(rootOf(before), rootOf(now))
	if err != nil {
		return err
	}
	c.copied += len(come)
	for leaf := range gone {
		err := c.pages.each(leaf, func(key, _ []byte) error {
			if now.Get(key) != nil {
				return nil
			}
			return to.delete(path, key)
		})
		if err != nil {
			return err
		}
	}
	for leaf := range come {
		err := c.pages.each(leaf, func(key, value []byte) error {
			return errors.Join(ctx.Err(), to.put(path, key, value))
		})
		if err != nil {
			return err
		}
	}
	return nil
}
