//go:build linux

package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hallpass/cmd/internal/process"
	"hallpass/sync/link"
	"hallpass/sync/record"
)

var (
	comebackKiosks = flag.Int("kiosks", 200, "kiosks of BenchmarkComeback")
	comebackPhones = flag.Int("phones", 6000, "phones of BenchmarkComeback")
)

// quiet is the store of a kiosk with nothing to tell: what its link costs is
// the link's own.
type quiet struct {
	epoch record.Epoch
	read  record.Cursor
}

func (q *quiet) Last(context.Context) (record.Cursor, error) {
	return record.Cursor{Epoch: q.epoch}, nil
}
func (q *quiet) Sent(context.Context) (uint64, error) { return 0, nil }
func (q *quiet) Changes(context.Context, uint64, int) ([]record.Change, error) {
	return nil, nil
}
func (q *quiet) Acked(context.Context, uint64) error         { return nil }
func (q *quiet) Rewind(context.Context, uint64) error        { return nil }
func (q *quiet) Read(context.Context) (record.Cursor, error) { return q.read, nil }
func (q *quiet) Apply(_ context.Context, epoch record.Epoch, changes []record.Change) error {
	q.read = record.Cursor{Epoch: epoch, Seq: changes[len(changes)-1].Seq}
	return nil
}

// phone is a booth's connection that is kept open between two scans.
type phone struct {
	address, key string
	trust        *tls.Config
	conn         *tls.Conn
}

// ask connects if need be and lists the booth's leads.
func (p *phone) ask(ctx context.Context) error {
	if p.conn == nil {
		conn, err := (&tls.Dialer{Config: p.trust}).DialContext(ctx, "tcp", p.address)
		if err != nil {
			return err
		}
		p.conn = conn.(*tls.Conn)
	}
	_, err := fmt.Fprintf(p.conn, "GET /api/v1/leads?limit=1 HTTP/1.1\r\nHost: hall\r\nAuthorization: Bearer %s\r\n\r\n", p.key)
	if err != nil {
		return errors.Join(err, p.hangUp())
	}
	response, err := http.ReadResponse(bufio.NewReader(p.conn), nil)
	if err != nil {
		return errors.Join(err, p.hangUp())
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the hall answers %s", response.Status)
	}
	return response.Body.Close()
}

func (p *phone) hangUp() error {
	conn := p.conn
	p.conn = nil
	return conn.Close()
}

// all has every phone ask, each within the given time at random, and again
// until it is answered.
func all(ctx context.Context, b *testing.B, phones []*phone, within time.Duration) {
	b.Helper()
	var g sync.WaitGroup
	for _, p := range phones {
		g.Go(func() {
			for wait := within; ctx.Err() == nil; wait = time.Second {
				<-time.After(rand.N(wait + 1))
				if p.ask(ctx) == nil {
					return
				}
			}
			b.Error("a phone was not answered in time")
		})
	}
	g.Wait()
}

// BenchmarkComeback kills a hall, a process of its own, with 200 kiosks and
// 6,000 phones on it over TLS, and starts it again: until all kiosks' links are
// up, and until all phones were answered, from the moment when the hall says
// that it is ready. A phone asks again within four seconds, as a kiosk does.
// Before, it tells what a phone's open connection costs the hall.
func BenchmarkComeback(b *testing.B) {
	data, address := filepath.Join(b.TempDir(), "hall"), process.FreeAddress(b)
	h := spawn(b, "-data", data, "-listen", address, "-log-level", "error")
	ctx, stop := context.WithTimeout(b.Context(), 20*time.Minute)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	var links []*link.Link
	var pinned *tls.Config
	for i := range *comebackKiosks {
		g := invite(b, data, h.URL(), fmt.Sprintf("Entrance %d", i+1))
		pinned = link.PinnedTLS(g.paired.Fingerprint)
		store := &quiet{epoch: g.Epoch}
		l := &link.Link{URL: g.paired.URL, TLS: pinned, Node: g.Node, Key: g.Key, Show: g.paired.Show, Outbox: store, Inbox: store}
		links = append(links, l)
		running.Go(func() { _ = l.Run(ctx) }) // ends with the benchmark
	}
	up := func() {
		for _, l := range links {
			for !l.Status().Up && ctx.Err() == nil {
				<-time.After(time.Millisecond)
			}
		}
	}
	up()
	phones := boothPhones(b, data, address, pinned)
	before := process.Resident(b, h.PID())
	all(ctx, b, phones, 4*time.Second)
	each := float64(process.Resident(b, h.PID())-before) / float64(len(phones))
	h.Kill()
	for _, l := range links { // all have noticed
		for l.Status().Up && ctx.Err() == nil {
			<-time.After(time.Millisecond)
		}
	}
	for _, p := range phones {
		_ = p.hangUp()
	}
	spawn(b, "-data", data, "-listen", address, "-log-level", "error")
	ready := time.Now()
	var kiosks, answered time.Duration
	var g sync.WaitGroup
	g.Go(func() { up(); kiosks = time.Since(ready) })
	g.Go(func() { all(ctx, b, phones, 4*time.Second); answered = time.Since(ready) })
	g.Wait()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(kiosks.Seconds(), "kiosks-s")
	b.ReportMetric(answered.Seconds(), "phones-s")
	b.ReportMetric(each, "kB/phone")
}

// boothPhones share one key: what a connection costs does not depend on it.
func boothPhones(b *testing.B, data, address string, trust *tls.Config) []*phone {
	b.Helper()
	_, list, _ := call(b, "exhibitor", "-data", data)
	id, _, _ := strings.Cut(list, " ")
	in := must[code](b, "pair", "-data", data, "-exhibitor", id)
	client := http.Client{Transport: &http.Transport{TLSClientConfig: trust}}
	defer client.CloseIdleConnections()
	response, err := client.Post("https://"+address+"/api/v1/pair/device", "application/json", strings.NewReader(fmt.Sprintf(`{"code":%q,"name":"phone"}`, in.Code)))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var paired struct{ Key string }
	if err := json.NewDecoder(response.Body).Decode(&paired); err != nil || paired.Key == "" {
		b.Fatalf("pair the phones: %s, %v", response.Status, err)
	}
	phones := make([]*phone, *comebackPhones)
	for i := range phones {
		phones[i] = &phone{address: address, key: paired.Key, trust: trust}
	}
	return phones
}
