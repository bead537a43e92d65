package echo_test

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"

	"hallpass/sync/wire"
	"hallpass/sync/wire/echo"
)

// What is sent to and fro is what package wire would send, and all of it comes
// back.
func TestPump_SendsEveryMessageOfEveryList(t *testing.T) {
	frames := []wire.Frame{wire.Ack{Seq: 7}, wire.Status{LastSeq: 3, Version: strings.Repeat("v", 200)}}
	messages, err := echo.Bytes(t.Context(), frames)
	if err != nil {
		t.Fatal(err)
	}
	if len(messages) != 2 || len(messages[1]) < 200 || bytes.Equal(messages[0], messages[1]) {
		t.Fatalf("%d messages %x, want one for each frame", len(messages), messages)
	}
	server := httptest.NewServer(echo.Handler())
	defer server.Close()
	url := "ws" + strings.TrimPrefix(server.URL, "http")
	took, err := echo.Pump(t.Context(), url, nil, [][][]byte{messages, nil, messages[1:]})
	if err != nil || took <= 0 {
		t.Errorf("took %v, %v; want some time and no error", took, err)
	}
	server.Close()
	if _, err := echo.Pump(t.Context(), url, nil, [][][]byte{messages}); err == nil {
		t.Error("an echo that is gone answers")
	}
}

// A frame that is too large is an error, not a wait.
func TestBytes_RefusesWhatWireRefuses(t *testing.T) {
	if _, err := echo.Bytes(t.Context(), []wire.Frame{wire.Bye{Proof: strings.Repeat("x", wire.MaxFrame)}}); err == nil {
		t.Error("a frame beyond the limit was sent")
	}
}
