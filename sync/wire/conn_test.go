package wire_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

func TestConn_BothDirectionsAtOnce(t *testing.T) {
	kiosk, hall := pair(t)
	const n = 500
	var g sync.WaitGroup
	for _, end := range []*wire.Conn{kiosk, hall} {
		g.Go(func() {
			for i := range n {
				if err := end.Send(soon(t), wire.Ack{Seq: uint64(i)}); err != nil {
					t.Errorf("Send %d = %v", i, err)
					return
				}
			}
		})
		g.Go(func() {
			for i := range n {
				if frame, err := end.Receive(soon(t)); err != nil || frame != (wire.Ack{Seq: uint64(i)}) {
					t.Errorf("Receive %d = %v, %v, want it in order", i, frame, err)
					return
				}
			}
		})
	}
	g.Wait()
}

// P9: a broken frame ends its own connection, says so, and nothing else.
func TestConn_BrokenFrame(t *testing.T) {
	tests := []struct {
		name  string
		kind  int
		data  []byte
		close int
	}{
		{"Garbage", websocket.BinaryMessage, []byte("GET / HTTP/1.1"), websocket.CloseInvalidFramePayloadData},
		{"Empty", websocket.BinaryMessage, nil, websocket.CloseInvalidFramePayloadData},
		{"TextMessage", websocket.TextMessage, []byte(`{"type":"ack"}`), websocket.CloseInvalidFramePayloadData},
		{"LargerThanAFrame", websocket.BinaryMessage, make([]byte, wire.MaxFrame+1), websocket.CloseMessageTooBig},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			conn, bare := raw(t)
			var g sync.WaitGroup
			g.Go(func() { _ = bare.WriteMessage(tt.kind, tt.data) }) // too large a one is not taken whole
			if frame, err := conn.Receive(soon(t)); fault.CodeOf(err) != fault.BadFrame {
				t.Errorf("Receive = %v, %v, want %v", frame, err, fault.BadFrame)
			}
			_ = bare.NetConn().SetWriteDeadline(time.Now())
			g.Wait()
			if _, _, err := bare.ReadMessage(); !websocket.IsCloseError(err, tt.close) {
				t.Errorf("the other side hears %v, want close code %d", err, tt.close)
			}
			if err := conn.Send(soon(t), wire.Ack{Seq: 1}); err == nil {
				t.Error("Send after a broken frame succeeds, want the connection closed")
			}
		})
	}
}

// One frame, encoded once, is heard by everybody as if it were sent to each.
func TestConn_SendsWhatIsPrepared(t *testing.T) {
	ready, err := wire.Prepare(wire.Bye{Code: "closed", Message: "The show is over."})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		kiosk, hall := pair(t)
		if err := hall.Send(soon(t), ready); err != nil {
			t.Fatal(err)
		}
		if got, err := kiosk.Receive(soon(t)); err != nil || got != (wire.Bye{Code: "closed", Message: "The show is over."}) {
			t.Errorf("Receive = %v, %v", got, err)
		}
	}
}

func TestConn_SendTooLargeLeavesTheConnectionInOrder(t *testing.T) {
	kiosk, hall := pair(t)
	half := make([]byte, wire.MaxPayload)
	large := wire.Batch{First: 1, Changes: []record.Change{{Seq: 1, Payload: half}, {Seq: 2, Payload: half}}}
	if err := kiosk.Send(soon(t), large); fault.CodeOf(err) != fault.TooLarge {
		t.Fatalf("Send = %v, want %v", err, fault.TooLarge)
	}
	fits := wire.BatchOf(large.Changes)
	if len(fits.Changes) != 1 {
		t.Fatalf("BatchOf takes %d changes of 3 MiB, want one", len(fits.Changes))
	}
	greet(t, kiosk, hall)
	sent := make(chan error, 1)
	go func() { sent <- kiosk.Send(soon(t), fits) }()
	frame, err := hall.Receive(soon(t))
	if err = errors.Join(err, <-sent); err != nil {
		t.Fatal(err)
	}
	if got := frame.(wire.Batch); len(got.Changes[0].Payload) != wire.MaxPayload {
		t.Errorf("received a payload of %d bytes, want the largest that Encode allows, %d", len(got.Changes[0].Payload), wire.MaxPayload)
	}
}

// greet has the kiosk say hello: frames may be large from then on.
func greet(t *testing.T, kiosk, hall *wire.Conn) {
	t.Helper()
	if err := kiosk.Send(soon(t), frames()["hello"]); err != nil {
		t.Fatal(err)
	}
	if _, err := hall.Receive(soon(t)); err != nil {
		t.Fatal(err)
	}
}

// A stranger can have the hall hold no more than a hello.
func TestAccept_FirstFrameIsSmall(t *testing.T) {
	kiosk, hall := pair(t)
	large := wire.Batch{First: 1, Changes: []record.Change{{Seq: 1, Payload: make([]byte, wire.MaxHello)}}}
	sent := make(chan error, 1)
	go func() { sent <- kiosk.Send(soon(t), large) }()
	if frame, err := hall.Receive(soon(t)); fault.CodeOf(err) != fault.BadFrame {
		t.Errorf("Receive = %T, %v, want %v", frame, err, fault.BadFrame)
	}
	<-sent // it may or may not have noticed
}

// A Bye that is too long would be a broken frame and say nothing.
func TestSend_CutsALongSentence(t *testing.T) {
	kiosk, hall := pair(t)
	if err := hall.Send(soon(t), wire.Bye{Code: "internal", Message: "a" + strings.Repeat("光", 100)}); err != nil {
		t.Fatal(err)
	}
	frame, err := kiosk.Receive(soon(t))
	if want := (wire.Bye{Code: "internal", Message: "a" + strings.Repeat("光", 84)}); err != nil || frame != want {
		t.Errorf("Receive = %v, %v, want 85 whole characters", frame, err)
	}
}

func TestBatchOf(t *testing.T) {
	small := make([]record.Change, 5000)
	for i := range small {
		small[i] = record.Change{Seq: uint64(i + 8), Payload: make([]byte, 1000)}
	}
	batch := wire.BatchOf(small)
	if n := len(batch.Changes); batch.First != 8 || n < 700 || n > 1000 {
		t.Errorf("BatchOf(5000 of 1 kB) begins with %d and takes %d, want 8 and about 1 MiB", batch.First, n)
	}
	if got := wire.BatchOf(small[:3]); len(got.Changes) != 3 {
		t.Errorf("BatchOf(3) takes %d, want all", len(got.Changes))
	}
}

func TestClose_EndsBothSides(t *testing.T) {
	kiosk, hall := pair(t)
	waiting := make(chan error, 1)
	go func() {
		_, err := kiosk.Receive(soon(t))
		waiting <- err
	}()
	heard := make(chan error, 1)
	go func() {
		_, err := hall.Receive(soon(t))
		heard <- err
	}()
	if err := errors.Join(kiosk.Close(1001, "bye"), kiosk.Close(1000, "")); err != nil {
		t.Errorf("Close twice = %v, want nil", err)
	}
	if err := <-heard; !errors.Is(err, wire.ErrClosed) {
		t.Errorf("the other side's Receive = %v, want ErrClosed", err)
	}
	if err := <-waiting; err == nil {
		t.Error("a Receive under way outlives Close")
	}
	if err := kiosk.Send(soon(t), wire.Ack{}); err == nil {
		t.Error("Send after Close succeeds")
	}
	if _, err := kiosk.Receive(soon(t)); err == nil {
		t.Error("Receive after Close succeeds")
	}
}

// A refusal must arrive although the refused side is still sending.
func TestClose_LastFrameArrives(t *testing.T) {
	kiosk, hall := pair(t)
	full := wire.Batch{First: 1, Changes: []record.Change{{Seq: 1, Payload: make([]byte, 100_000)}}}
	if err := kiosk.Send(soon(t), full); err != nil {
		t.Fatal(err)
	}
	bye := wire.Bye{Code: string(fault.NodeRevoked), Message: "This kiosk was taken out of service."}
	if err := errors.Join(hall.Send(soon(t), bye), hall.Close(1008, "node.revoked")); err != nil {
		t.Fatal(err)
	}
	if frame, err := kiosk.Receive(soon(t)); err != nil || frame != bye {
		t.Errorf("Receive = %v, %v, want the Bye", frame, err)
	}
	if _, err := kiosk.Receive(soon(t)); err == nil || errors.Is(err, wire.ErrClosed) {
		t.Errorf("Receive = %v, want an error that is not a close in good order", err)
	}
}

func TestReceive_EndsWithItsContext(t *testing.T) {
	kiosk, _ := pair(t)
	ctx, cancel := context.WithCancel(soon(t))
	done := make(chan error, 1)
	go func() {
		_, err := kiosk.Receive(ctx)
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Receive = %v, want its context's error", err)
	}
}

// A hall that does not read must not hold a kiosk's shutdown.
func TestSend_EndsWithItsContext(t *testing.T) {
	conn, _ := raw(t) // reads nothing
	ctx, cancel := context.WithTimeout(soon(t), 100*time.Millisecond)
	defer cancel()
	full := wire.Batch{First: 1, Changes: []record.Change{{Seq: 1, Payload: make([]byte, wire.MaxPayload)}}}
	var err error
	for err == nil {
		err = conn.Send(ctx, full)
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Send = %v, want its context's error", err)
	}
}

func TestDial_RefusedByTheHall(t *testing.T) {
	tests := []struct {
		name, body string
		status     int
		want       fault.Code
	}{
		{"WithAFault", `{"code":"node.revoked","message":"Out of service."}`, 403, fault.NodeRevoked},
		{"NoHall", "<h1>It works!</h1>", 200, fault.Internal},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			})
			_, _, err := wire.Dial(soon(t), url, nil)
			if got := fault.CodeOf(err); err == nil || got != tt.want {
				t.Errorf("Dial = %v, want %v", err, tt.want)
			}
		})
	}
}

// A page of another site must not open a link with its visitor's cookies.
func TestAccept_Origin(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if conn, err := wire.Accept(w, r, http.Header{wire.NonceHeader: {"x"}}); err == nil {
			_ = conn.Close(1000, "")
		}
	})
	tests := []struct {
		name, origin string
		want         int
	}{
		{"None", "", http.StatusSwitchingProtocols},
		{"Same", strings.Replace(url, "ws", "http", 1), http.StatusSwitchingProtocols},
		{"Other", "https://elsewhere.example", http.StatusForbidden},
		{"Null", "null", http.StatusForbidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			header := http.Header{}
			if tt.origin != "" {
				header.Set("Origin", tt.origin)
			}
			ws, response, err := websocket.DefaultDialer.DialContext(soon(t), url, header)
			if err == nil {
				defer ws.Close()
			}
			if response == nil || response.StatusCode != tt.want {
				t.Fatalf("Accept with Origin %q answers %v, %v, want %d", tt.origin, response, err, tt.want)
			}
			if err == nil && response.Header.Get(wire.NonceHeader) != "x" {
				t.Error("the answer lacks the header that Accept was given")
			}
		})
	}
}
