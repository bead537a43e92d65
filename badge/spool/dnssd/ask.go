package dnssd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// question is one name and the kind of record wanted of it.
type question struct {
	name string
	kind uint16
}

// atOnce is how many questions are asked in a turn. Each goes alone: an answer
// to us holds 512 bytes at most, and avahi leaves out what is beyond.
const atOnce = 50

var (
	group4 = &net.UDPAddr{IP: net.IPv4(224, 0, 0, 251), Port: 5353}
	group6 = net.ParseIP("ff02::fb")
)

// line is a socket that asks on one interface. It has a port of its own, so
// that answers come to it alone (RFC 6762 §6.7).
type line struct {
	*net.UDPConn
	zone string
	to   *net.UDPAddr
}

// lines opens one for each interface and family that works.
func lines() ([]line, error) {
	interfaces, err := net.Interfaces()
	var out []line
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 || i.Flags&(net.FlagMulticast|net.FlagLoopback) == 0 {
			continue
		}
		for _, open := range []func(net.Interface) (line, error){line4, line6} {
			l, e := open(i)
			if err = errors.Join(err, e); e == nil {
				out = append(out, l)
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no interface to ask on: %w", err)
	}
	return out, nil
}

func line4(i net.Interface) (line, error) {
	c, err := net.ListenUDP("udp4", nil)
	if err != nil {
		return line{}, err
	}
	if err := ipv4.NewPacketConn(c).SetMulticastInterface(&i); err != nil {
		return line{}, errors.Join(err, c.Close())
	}
	return line{c, i.Name, group4}, nil
}

func line6(i net.Interface) (line, error) {
	c, err := net.ListenUDP("udp6", nil)
	if err != nil {
		return line{}, err
	}
	if err := ipv6.NewPacketConn(c).SetMulticastInterface(&i); err != nil {
		return line{}, errors.Join(err, c.Close())
	}
	return line{c, i.Name, &net.UDPAddr{IP: group6, Port: 5353, Zone: i.Name}}, nil
}

// ask sends what is open until ctx ends or enough is known. Pauses double
// from 50 ms: a name is known by its second round, a lost packet costs little,
// and a hall of kiosks does not fill the air.
func ask(ctx context.Context, a *answers, open func() []question, enough func() bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	all, err := lines()
	if err != nil {
		return err
	}
	news := make(chan struct{}, 1)
	var readers sync.WaitGroup
	for _, l := range all {
		readers.Go(func() { l.listen(a, news) })
	}
	defer readers.Wait()
	defer func() {
		for _, l := range all {
			_ = l.Close()
		}
	}()
	const shortest, longest = 50 * time.Millisecond, 2 * time.Second
	for pause := shortest; ; pause = min(2*pause, longest) {
		questions := open()
		if len(questions) > atOnce {
			questions, pause = questions[:atOnce], shortest
		}
		send(all, questions)
		timer := time.NewTimer(pause)
		for waiting := true; waiting; {
			select {
			case <-news:
			case <-timer.C:
				waiting = false
			case <-ctx.Done():
				timer.Stop()
				return nil
			}
			if enough() {
				timer.Stop()
				return nil
			}
		}
	}
}

// send asks on every interface. An interface that takes nothing is passed
// over: it may have no route now and one at the next turn.
func send(all []line, open []question) {
	for _, q := range open {
		const unicast = 1 << 15 // RFC 6762 §5.4
		m := dns.Msg{MsgHdr: dns.MsgHdr{Id: dns.Id()}, Question: []dns.Question{
			{Name: q.name, Qtype: q.kind, Qclass: dns.ClassINET | unicast}}}
		packet, err := m.Pack()
		if err != nil {
			continue // a host that calls itself something impossible
		}
		for _, l := range all {
			_ = l.SetWriteDeadline(time.Now().Add(time.Second))
			_, _ = l.WriteToUDP(packet, l.to)
		}
	}
}

// listen reads until the socket is closed.
func (l line) listen(a *answers, news chan<- struct{}) {
	packet := make([]byte, 9000) // RFC 6762 §17
	for {
		n, _, err := l.ReadFromUDP(packet)
		if err != nil {
			return
		}
		a.read(packet[:n], l.zone)
		select {
		case news <- struct{}{}:
		default:
		}
	}
}
