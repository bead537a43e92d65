package apart

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"hallpass/ocr"
)

const (
	// grace is how long a picture may overrun its time before the child is
	// taken for stuck: native code cannot be interrupted.
	grace = time.Second
	// watchBusy is short because a picture that explodes takes 1 GB in a second.
	watchBusy = 50 * time.Millisecond
	watchIdle = time.Second
	// silence is how many pings, one a second, a child may leave unanswered.
	// An answer needs no native code; a busy machine delays it by tenths of a
	// second.
	silence = 4
)

// reply is how a call ended: an answer, or a child that ended under it.
type reply struct {
	card ocr.Card
	err  error
	lost bool
	// blamed is whether the child may have ended because of this picture.
	blamed bool
}

// call is a picture in the child's hands.
type call struct {
	until time.Time // the end of its time
	reply chan reply
	free  func() // gives its place back
}

// child is one process from its first frame to its end.
type child struct {
	*process
	engine string
	limit  int64 // resident bytes
	born   time.Time
	orders chan frame // to the writer; never full, since places are fewer
	wake   chan struct{}
	dead   chan struct{} // closed when all calls have their reply

	mu     sync.Mutex
	calls  map[uint64]*call
	next   uint64
	done   int    // cards answered
	pings  int    // since it was heard last
	reason string // why it was killed
	guilty uint64 // the overdue picture that it was killed for
	rss    int64
}

// begin starts a child and waits for its greeting.
func begin(ctx context.Context, o Options) (*child, error) {
	p, err := spawn(o.Command, o.Env)
	if err != nil {
		return nil, fmt.Errorf("start card reader: %w", err)
	}
	c := &child{
		process: p, limit: int64(o.MemoryMB) << 20, born: time.Now(),
		orders: make(chan frame, 4*o.Workers+8), wake: make(chan struct{}, 1), dead: make(chan struct{}), calls: map[uint64]*call{},
	}
	greeted := make(chan greeting, 1)
	var chat sync.WaitGroup
	chat.Go(func() { p.chatter(func(n int) { o.junk(n) }) })
	go func() {
		c.kill(c.listen(greeted), 0)
		<-p.ended
		_ = p.in.Close()
		_ = p.out.Close()
		chat.Wait() // the last descriptor of its standard error has closed
		_ = p.junk.Close()
		close(greeted)
		c.bury()
	}()
	late := time.AfterFunc(startLimit, func() { c.kill("it did not start in time", 0) })
	defer late.Stop()
	unwanted := context.AfterFunc(ctx, func() { c.kill("nobody waits for it", 0) })
	defer unwanted()
	g, ok := <-greeted
	switch {
	case !ok:
		<-c.dead
		return nil, fmt.Errorf("start card reader: %s", c.why())
	case g.Error != "":
		c.kill(g.Error, 0)
		<-c.dead
		return nil, fmt.Errorf("start card reader: %s", g.Error)
	}
	c.engine = g.Engine
	go c.write()
	go c.watch()
	return c, nil
}

// listen takes the child's frames until they end and says why they did.
func (c *child) listen(greeted chan<- greeting) string {
	r := bufio.NewReaderSize(c.out, 64<<10)
	for first := true; ; first = false {
		f, err := readFrame(r, maxView)
		if err == nil && first != (f.kind == hello) {
			err = errFrame
		}
		if errors.Is(err, errFrame) {
			return "it sent what is no answer"
		}
		if err != nil {
			return "" // it ended; its state says how
		}
		switch f.kind {
		case hello:
			var g greeting
			if json.Unmarshal(f.head, &g) != nil {
				return "it sent what is no answer"
			}
			greeted <- g
		case answer:
			card, told, broken := cardOf(f)
			if broken != nil {
				return "it sent what is no answer"
			}
			c.settle(f.id, reply{card: card, err: told})
		case pong:
		default:
			return "it sent what is no answer"
		}
		c.mu.Lock()
		c.pings = 0
		c.mu.Unlock()
	}
}

// settle gives a call its reply and its place back.
func (c *child) settle(id uint64, r reply) {
	c.mu.Lock()
	k, ok := c.calls[id]
	delete(c.calls, id)
	if ok && !r.lost {
		c.done++
	}
	c.mu.Unlock()
	if ok {
		k.reply <- r // holds one
		k.free()
	}
}

// bury tells every call that the child has gone.
func (c *child) bury() {
	c.mu.Lock()
	var ids []uint64
	for id := range c.calls {
		ids = append(ids, id)
	}
	guilty := c.guilty
	c.mu.Unlock()
	for _, id := range ids {
		c.settle(id, reply{lost: true, blamed: guilty == 0 || guilty == id})
	}
	close(c.dead)
}

// ask hands over a picture. The reply comes in any case; until then the place
// that free gives back is taken. It returns false if the child has gone.
func (c *child) ask(picture []byte, left time.Duration, free func()) (id uint64, replies <-chan reply, ok bool) {
	k := &call{until: time.Now().Add(left), reply: make(chan reply, 1), free: free}
	c.mu.Lock()
	c.next++
	id = c.next
	select {
	case <-c.ended:
	default:
		select {
		case c.orders <- orderOf(id, picture, left):
			c.calls[id], ok = k, true
		default: // the writer is stuck, and the child about to be killed
		}
	}
	c.mu.Unlock()
	if !ok {
		return 0, nil, false
	}
	select {
	case c.wake <- struct{}{}:
	default:
	}
	return id, k.reply, true
}

// giveUp asks the child to stop reading a picture that nobody waits for.
func (c *child) giveUp(id uint64) {
	select {
	case c.orders <- frame{kind: cancel, id: id}:
	default: // it will be read to its end
	}
}

// write sends orders until the child is dead; a write to a stopped child ends
// when it is killed.
func (c *child) write() {
	for {
		select {
		case f := <-c.orders:
			if f.write(c.in) != nil {
				return // listen sees the end
			}
		case <-c.dead:
			return
		}
	}
}

// kill ends the process; the first reason counts.
func (c *child) kill(reason string, guilty uint64) {
	c.mu.Lock()
	if c.reason == "" {
		c.reason, c.guilty = reason, guilty
	}
	c.mu.Unlock()
	_ = c.cmd.Process.Kill()
}

// retire lets the child end by itself once its calls are answered. Nothing
// more may be asked of it.
func (c *child) retire() {
	for c.busy() > 0 {
		select {
		case <-time.After(watchBusy):
		case <-c.dead:
			return
		}
	}
	c.mu.Lock()
	c.reason = retired
	c.mu.Unlock()
	_ = c.in.Close()
	select {
	case <-time.After(grace):
		c.kill(retired, 0)
		<-c.dead
	case <-c.dead:
	}
}

const retired = "it made room for the next"

func (c *child) busy() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.calls)
}

func (c *child) memory() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rss
}

func (c *child) answered() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.done
}

// forgive starts the count of cards again.
func (c *child) forgive() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done = 0
}

// why says how a child ended; call it when it is dead.
func (c *child) why() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reason != "" {
		return c.reason
	}
	return c.cmd.ProcessState.String()
}

// watch kills a child that is stuck, silent or too large.
func (c *child) watch() {
	tick := time.NewTimer(watchIdle)
	defer tick.Stop()
	for pinged := time.Now(); ; {
		pause := watchIdle
		if c.busy() > 0 {
			pause = watchBusy
		}
		tick.Reset(pause)
		select {
		case <-c.dead:
			return
		case <-c.wake:
		case <-tick.C:
		}
		if c.check(time.Now()); time.Since(pinged) >= watchIdle {
			pinged = time.Now()
			c.ping()
		}
	}
}

func (c *child) ping() {
	c.mu.Lock()
	c.pings++
	c.mu.Unlock()
	select {
	case c.orders <- frame{kind: ping}:
	default: // the writer is stuck, which the silence will show
	}
}

func (c *child) check(now time.Time) {
	rss := resident(c.cmd.Process.Pid)
	c.mu.Lock()
	c.rss = rss
	reason, guilty := "", uint64(0)
	switch {
	case c.limit > 0 && rss > c.limit:
		reason = "it took too much memory"
	case c.pings > silence:
		reason = "it fell silent"
	}
	for id, k := range c.calls {
		if now.Sub(k.until) > grace {
			reason, guilty = "a picture took too long", id
		}
	}
	c.mu.Unlock()
	if reason != "" {
		c.kill(reason, guilty)
	}
}
