// Package spool hands a badge to a printer and reads back what became of it. It
// owns the ways out: an IPP printer (RFC 8010, RFC 8011), a label printer that
// speaks ZPL II or Brother's raster, and a folder for rehearsals and for shows
// that print elsewhere.
//
// It keeps no queue and decides nothing: it does not retry, does not pick
// another printer, and never says "printed" on its own. A job's state is the
// printer's own word, so a badge counts as issued only when the printer said
// so (promise P6).
//
// Submit is idempotent by the job's name: before a job is sent the printer is
// asked whether it knows that name, and a printer that can makes the job first
// and takes its one document second, so that neither a lost answer nor a late
// one doubles a badge. This holds for as long as the printer remembers its
// jobs (CUPS: its history; ippeveprinter: 60 s after completion; a folder: as
// long as the file lies there or the process runs). A job whose Reasons hold
// "job-incoming" waits for its document: Submit it again, or Cancel it.
//
// What CUPS does behind its queue is its own: switched off while a badge is in
// the printer, it may give it to the printer again when it is back. Whoever can
// prints to the printer itself.
//
// A badge goes at its own size, and only onto media that have room for it,
// where the printer says what is loaded. Over ipps it goes only to the printer
// that was there first, or whose certificate the address names.
//
// Label printers know no jobs. What their odometer said is kept before a label
// is sent (in KeepIn's folder), and its end is judged by that: Completed, when
// all of it was surely taken, the odometer has moved far enough and nothing
// waits; Aborted, when the odometer did not move and nothing went wrong; else
// Unknown, which is never to be printed again under its name. Nothing is sent
// into a printer that has a fault or another label.
//
// Failures are the errors below, wrapped with what happened; tell them apart
// with errors.Is. No personal data is in them: a job is known by its name.
package spool

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"
)

// Errors of this package, by what the caller can do about them.
var (
	// ErrUnreachable: no answer, or it broke off. Ask again later; the job may
	// or may not have arrived.
	ErrUnreachable = errors.New("printer unreachable")
	// ErrNotSent comes from Submit beside another error: the job was surely not
	// handed over, so it may be sent again under its name.
	ErrNotSent = errors.New("job not sent")
	// ErrBusy: the printer takes no job now. Nothing was printed; ask again.
	ErrBusy = errors.New("printer busy")
	// ErrRefused: the printer will not take this job or does not speak our
	// protocol. Asking again changes nothing.
	ErrRefused = errors.New("printer refused")
	// ErrSpoolFull: the folder has no room. Nothing was left behind in it.
	ErrSpoolFull = errors.New("spool folder full")
)

// Job is one badge to print, in every form that a printer may want.
type Job struct {
	// Name is unique for this print, made of badge id and issue number: 1–100
	// letters, digits, '.', '_' or '-', not starting with '.'.
	Name string
	// PDF is for printers of pages; empty if there is none.
	PDF []byte
	// Label draws the badge for a label printer of dpi dots an inch: one
	// picture a side, white and black. Nil if there is none.
	Label func(dpi int) ([]*image.Paletted, error)
}

// JobState is where a job stands, in the words of RFC 8011 §5.3.7.
type JobState string

// The states. Pending, Processing and Stopped may still change; Unknown means
// that the printer knows no job of that name.
const (
	Pending    JobState = "pending"
	Processing JobState = "processing"
	Stopped    JobState = "stopped"
	Completed  JobState = "completed"
	Canceled   JobState = "canceled"
	Aborted    JobState = "aborted"
	Unknown    JobState = "unknown"
)

// JobStatus is the printer's word on one job. Reasons are IPP keywords
// without their severity suffix, sorted, for example "job-printing".
type JobStatus struct {
	State   JobState
	Reasons []string
}

// Printer is one printer. It is safe for concurrent use.
type Printer interface {
	// Submit gives the job to the printer and returns when it was taken. A job
	// that the printer already has is not sent again, except after it was
	// aborted or canceled.
	Submit(ctx context.Context, job Job) error
	// Job tells the state of the newest job of that name; State is Unknown,
	// without an error, if there is none.
	Job(ctx context.Context, name string) (JobStatus, error)
	// Cancel takes a job back, so that it does not come out later, and tells
	// its state afterwards: Completed if it was too late.
	Cancel(ctx context.Context, name string) (JobStatus, error)
	// Status asks the printer. With ErrUnreachable the Status is filled too.
	Status(ctx context.Context) (Status, error)
}

// checkName keeps job names usable as file names and IPP names alike.
func checkName(name string) error {
	bad := func(r rune) bool {
		return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-", r)
	}
	if name == "" || len(name) > 100 || name[0] == '.' || strings.ContainsFunc(name, bad) {
		return fmt.Errorf("%w: job name must be 1-100 letters, digits, '.', '_' or '-'", ErrRefused)
	}
	return nil
}

// checkPage says what keeps a printer of pages from taking the job.
func (j Job) checkPage() error {
	if err := checkName(j.Name); err != nil {
		return err
	}
	if len(j.PDF) == 0 {
		return fmt.Errorf("%w: job %s has no PDF, which this printer needs", ErrRefused, j.Name)
	}
	return nil
}
