package apart

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
)

// process is a running program with the parent's ends of its pipes.
type process struct {
	cmd   *exec.Cmd
	in    *os.File      // requests
	out   *os.File      // answers
	junk  *os.File      // what native libraries print
	ended chan struct{} // closed when it is gone and cmd.ProcessState is set
}

// spawn starts the program. Its own thread waits for it, because Linux ends the
// child with the thread that started it, and Go ends idle threads as it likes.
func spawn(command, env []string) (*process, error) {
	var files []*os.File
	pipe := func() (r, w *os.File, err error) {
		if r, w, err = os.Pipe(); err == nil {
			files = append(files, r, w)
		}
		return r, w, err
	}
	closeAll := func() {
		for _, f := range files {
			_ = f.Close()
		}
	}
	inR, inW, err1 := pipe()
	outR, outW, err2 := pipe()
	junkR, junkW, err3 := pipe()
	if err := errors.Join(err1, err2, err3); err != nil {
		closeAll()
		return nil, fmt.Errorf("make pipes: %w", err)
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env, cmd.SysProcAttr = env, attributes()
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = inR, junkW, junkW, []*os.File{outW}
	p := &process{cmd: cmd, in: inW, out: outR, junk: junkR, ended: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // for good: a sealed thread ends with its goroutine
		seal()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // what it ended with is in ProcessState
			close(p.ended)
		}
	}()
	if err := <-started; err != nil {
		closeAll()
		return nil, err
	}
	for _, f := range []*os.File{inR, outW, junkW} {
		_ = f.Close() // the child has its own
	}
	expendable(cmd.Process.Pid)
	return p, nil
}

// chatter counts what the child prints, line by line, until it ends.
func (p *process) chatter(line func(bytes int)) {
	r := bufio.NewReaderSize(p.junk, 4<<10)
	for n := 0; ; {
		part, err := r.ReadSlice('\n')
		n += len(part)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if n > 0 {
			line(n)
			n = 0
		}
		if err != nil {
			return
		}
	}
}
