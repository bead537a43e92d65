package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"hallpass/cmd/internal/readout"
)

// outcome is what one run of "kiosk read" gave.
type outcome struct {
	results []readout.Result
	came    []time.Time // when each result came
	cpu     time.Duration
	rssMB   int // at most
	// residentMB is what the process held as each result came.
	residentMB []int
}

// read runs the kiosk's own command over the files and waits for it. Its
// pictures may fail; a run without results is an error with what it said.
func read(ctx context.Context, kiosk, engine string, workers int, files []string) (out outcome, err error) {
	cmd := exec.CommandContext(ctx, kiosk, append([]string{"read", "-json", "-engine", engine, "-workers", strconv.Itoa(workers)}, files...)...)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return out, err
	}
	if err := cmd.Start(); err != nil {
		return out, fmt.Errorf("start the reader: %w; make build, or name it with -kiosk", err)
	}
	readErr := out.take(pipe, cmd.Process.Pid)
	err = cmd.Wait()
	var ended *exec.ExitError
	if errors.As(err, &ended) && len(out.results) == len(files) {
		err = nil // some pictures failed; each says so in its line
	}
	if err = errors.Join(readErr, err); err != nil {
		return out, fmt.Errorf("%s: %w: %s", engine, err, strings.TrimSpace(complaints.String()))
	}
	out.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		out.rssMB = int(usage.Maxrss / 1000) // Linux counts in kilobytes
	}
	return out, nil
}

func (o *outcome) take(r io.Reader, pid int) error {
	lines := json.NewDecoder(bufio.NewReaderSize(r, 1<<20))
	for {
		var one readout.Result
		if err := lines.Decode(&one); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			_, _ = io.Copy(io.Discard, r) // or the child would wait for us
			return fmt.Errorf("not a result: %w", err)
		}
		o.results = append(o.results, one)
		o.came = append(o.came, time.Now())
		o.residentMB = append(o.residentMB, resident(pid))
	}
}

// rate is how many cards a second came once every worker had warmed up.
func (o *outcome) rate(workers int) float64 {
	n := len(o.came)
	if n <= workers {
		return 0
	}
	return float64(n-workers) / o.came[n-1].Sub(o.came[workers-1]).Seconds()
}

// program times the tesseract program over the files, with OMP_THREAD_LIMIT as
// it comes or set.
func program(ctx context.Context, name, limit string, files []string) (time.Duration, error) {
	env := os.Environ()
	for i, v := range env {
		if strings.HasPrefix(v, "OMP_THREAD_LIMIT=") {
			env[i] = "HALLPASS=" // as it comes: not set
		}
	}
	if limit != "" {
		env = append(env, "OMP_THREAD_LIMIT="+limit)
	}
	start := time.Now()
	for _, file := range files {
		cmd := exec.CommandContext(ctx, name, file, "-", "-l", "chi_sim+eng")
		cmd.Env = env
		if out, err := cmd.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("%s %s: %w: %s", name, file, err, out)
		}
	}
	return time.Since(start), nil
}
