package spool

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// sentJob is what is known of a job that a label printer got. The printer has
// no memory of jobs; it has a queue and, the better ones, an odometer.
type sentJob struct {
	Name    string    `json:"name"`
	At      time.Time `json:"at"`
	Printer string    `json:"printer,omitempty"` // which one had it, as it calls itself
	Meter   string    `json:"meter,omitempty"`   // what its odometer counts; "" without one
	Base    int64     `json:"base"`              // the odometer before
	Need    int64     `json:"need"`              // how far it must have come when all labels are out
	Taken   bool      `json:"taken,omitempty"`   // the printer surely has all of it
	Seen    bool      `json:"seen,omitempty"`    // it was at work or waiting when asked
	Doubt   bool      `json:"doubt,omitempty"`   // a fault, a gap: a label may have come out in part
	Revoked bool      `json:"revoked,omitempty"` // the printer was told to forget it
	State   JobState  `json:"state,omitempty"`   // how it ended, "" while it has not

	calm time.Time // since when nothing waits and nothing is wrong
}

// reading is a printer's word at one moment, of whichever make.
type reading struct {
	part    bool // it did not say all that it can say: only the faults count
	printer string
	busy    bool     // something is printed or waits
	faults  []string // keywords that keep it from printing
	meter   string
	count   int64
}

// judge brings the job up to what the printer said now and returns its state.
// A job is Completed only if all of it was taken, the odometer has moved far
// enough and nothing waits; Aborted only if the odometer did not move at all
// and nothing ever went wrong; settle is how long a printer may need between
// taking a label and counting it.
func (j *sentJob) judge(r reading, now time.Time, settle time.Duration) JobStatus {
	if j.State != "" {
		return JobStatus{State: j.State}
	}
	if r.part {
		j.Doubt, j.calm = true, time.Time{}
		return JobStatus{State: Stopped, Reasons: r.faults}
	}
	if r.printer != j.Printer || r.meter != j.Meter || r.count < j.Base {
		return j.end(Unknown) // another printer answers at that address, or it was reset
	}
	moved := r.count - j.Base
	switch {
	case r.busy:
		j.Seen, j.calm = true, time.Time{}
	case j.Meter != "" && j.Taken && moved >= j.Need:
		return j.end(Completed)
	}
	if len(r.faults) > 0 {
		j.Doubt, j.calm = true, time.Time{}
		return JobStatus{State: Stopped, Reasons: r.faults}
	}
	if r.busy {
		return JobStatus{State: Processing}
	}
	if j.Meter == "" && j.Taken && j.Seen && !j.Doubt && !j.Revoked {
		return j.end(Completed)
	}
	if j.calm.IsZero() {
		j.calm = now
	}
	if now.Sub(j.calm) < settle {
		return JobStatus{State: Processing}
	}
	switch {
	case j.Meter != "" && moved == 0 && j.Revoked:
		return j.end(Canceled)
	case j.Meter != "" && moved == 0 && !j.Doubt:
		return j.end(Aborted)
	}
	return j.end(Unknown)
}

func (j *sentJob) end(s JobState) JobStatus {
	j.State = s
	return JobStatus{State: s}
}

// sentJobs keeps the jobs of one printer, the newest keptJobs, in memory
// and, with a path, on disk: a kiosk that starts anew must know what the
// odometer said before.
type sentJobs struct {
	path string
	roll roll // guarded by the printer's turn

	mu   sync.Mutex
	jobs []*sentJob // oldest first; guarded by mu, each job by the printer's turn
}

// sentFile is how they lie on disk.
type sentFile struct {
	Version int        `json:"version"`
	Jobs    []*sentJob `json:"jobs"`
	Roll    roll       `json:"roll"`
}

const sentVersion = 1

// keepJobs opens the list of the printer at host. Of jobs that were not ended
// when the process did, it cannot be said that nothing went wrong since.
func keepJobs(dir, kind, host string) (*sentJobs, error) {
	s := &sentJobs{}
	if dir == "" {
		return s, nil
	}
	s.path = filepath.Join(dir, kind+"-"+url.QueryEscape(host)+".json")
	b, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	var f sentFile
	if err == nil {
		err = json.Unmarshal(b, &f)
	}
	switch {
	case err != nil || slices.Contains(f.Jobs, nil):
		return nil, fmt.Errorf("the jobs sent to %s cannot be read from %s (%v); look which badges are out, then delete the file", host, s.path, err)
	case f.Version > sentVersion:
		return nil, fmt.Errorf("%s is of version %d, written by a newer program; this one knows %d", s.path, f.Version, sentVersion)
	}
	s.jobs, s.roll = f.Jobs, f.Roll
	for _, j := range s.jobs {
		j.Doubt = j.Doubt || j.State == ""
	}
	return s, nil
}

// find returns the newest job of that name, or nil.
func (s *sentJobs) find(name string) *sentJob {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, j := range slices.Backward(s.jobs) {
		if j.Name == name {
			return j
		}
	}
	return nil
}

// last returns the newest job, or nil.
func (s *sentJobs) last() *sentJob {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.jobs) == 0 {
		return nil
	}
	return s.jobs[len(s.jobs)-1]
}

// add remembers a job, durably, before it is sent.
func (s *sentJobs) add(j *sentJob) error {
	s.mu.Lock()
	s.jobs = slices.DeleteFunc(s.jobs, func(o *sentJob) bool { return o.Name == j.Name })
	if s.jobs = append(s.jobs, j); len(s.jobs) > keptJobs {
		s.jobs = slices.Delete(s.jobs, 0, len(s.jobs)-keptJobs)
	}
	s.mu.Unlock()
	return s.save()
}

// open returns the jobs that have not ended.
func (s *sentJobs) open() []*sentJob {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.jobs), func(j *sentJob) bool { return j.State != "" })
}

// save writes the list whole or not at all.
func (s *sentJobs) save() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.path == "" {
		return nil
	}
	b, err := json.Marshal(sentFile{sentVersion, s.jobs, s.roll})
	if err != nil {
		return err
	}
	if err := writeDurably(s.path, b); err != nil {
		return fmt.Errorf("keep the jobs sent to a label printer: %w", err)
	}
	return nil
}

func writeDurably(path string, b []byte) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".*.part")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return errors.Join(os.Rename(f.Name(), path), syncDir(dir))
}
