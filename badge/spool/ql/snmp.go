package ql

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"time"
)

// Report is what a printer tells over SNMP.
type Report struct {
	Status Status
	Model  string // "Brother QL-820NWB"; empty if it does not say
	Serial string // empty if it does not say
	Count  int64  // labels it ever printed, −1 if it does not say
}

// objects are asked for in one question, each written as BER wants it.
var objects = [][]byte{
	{0x2b, 6, 1, 4, 1, 0x93, 0x03, 3, 3, 9, 1, 6, 1, 0}, // 1.3.6.1.4.1.2435.3.3.9.1.6.1.0: the status block, Brother's FAQ
	{0x2b, 6, 1, 2, 1, 25, 3, 2, 1, 3, 1},               // 1.3.6.1.2.1.25.3.2.1.3.1: hrDeviceDescr, RFC 2790
	{0x2b, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1},              // 1.3.6.1.2.1.43.5.1.1.17.1: prtGeneralSerialNumber, RFC 3805
	{0x2b, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1},           // 1.3.6.1.2.1.43.10.2.1.4.1.1: prtMarkerLifeCount, RFC 3805
}

// Tags of the messages of SNMPv2c (RFC 1901, RFC 3416), which ask for several
// objects at once and get those that there are.
const (
	tagInteger  = 0x02
	tagText     = 0x04
	tagNull     = 0x05
	tagObject   = 0x06
	tagList     = 0x30
	tagCounter  = 0x41
	tagGet      = 0xa0
	tagResponse = 0xa2

	v2c      = 1
	attempts = 3 // a datagram may be lost
)

var (
	errNoAnswer = errors.New("no SNMP answer")
	errNoBlock  = errors.New("the SNMP answer holds no status of a QL printer")
)

// Ask asks the printer at address (UDP) once, with two repeats within wait.
func Ask(ctx context.Context, address, community string, wait time.Duration) (Report, error) {
	conn, err := (&net.Dialer{Timeout: wait}).DialContext(ctx, "udp", address)
	if err != nil {
		return Report{}, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	id := binary.BigEndian.AppendUint32(nil, uint32(time.Now().UnixMicro())&0x3fffffff|0x40000000) // four bytes, above 0
	question := request(id, community)
	datagram := make([]byte, 2048)
	for range attempts {
		if _, err = conn.Write(question); err != nil {
			break
		}
		_ = conn.SetReadDeadline(time.Now().Add(wait / attempts))
		if err = ctx.Err(); err != nil {
			break
		}
		var n int
		if n, err = conn.Read(datagram); err == nil {
			return read(datagram[:n], id)
		}
		if late := (net.Error)(nil); !errors.As(err, &late) || !late.Timeout() {
			break
		}
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return Report{}, fmt.Errorf("%w from %s: %w", errNoAnswer, address, err)
}

func request(id []byte, community string) []byte {
	var asked []byte
	for _, o := range objects {
		asked = append(asked, value(tagList, value(tagObject, o), value(tagNull))...)
	}
	none := value(tagInteger, []byte{0})
	return value(tagList, value(tagInteger, []byte{v2c}), value(tagText, []byte(community)),
		value(tagGet, value(tagInteger, id), none, none, value(tagList, asked)))
}

// read takes an answer apart; what the printer does not have comes as
// noSuchObject and is left out.
func read(datagram, id []byte) (Report, error) {
	r := Report{Count: -1}
	message := inside(datagram, tagList)
	pdu := inside(skip(message, 2), tagResponse)
	got, rest := next(pdu, tagInteger)
	failed, _ := next(rest, tagInteger)
	if !bytes.Equal(trim(got), trim(id)) || len(trim(failed)) > 0 {
		return r, fmt.Errorf("%w: not the response asked for", errNoBlock)
	}
	found := false
	for list := inside(skip(pdu, 3), tagList); len(list) > 0; {
		var pair []byte
		if pair, list = next(list, tagList); pair == nil {
			break
		}
		name, rest := next(pair, tagObject)
		text, _ := next(rest, tagText)
		switch {
		case bytes.Equal(name, objects[0]):
			r.Status, _, found = Find(text)
		case bytes.Equal(name, objects[1]):
			r.Model = string(text)
		case bytes.Equal(name, objects[2]):
			r.Serial = string(text)
		case bytes.Equal(name, objects[3]):
			r.Count = number(next(rest, tagCounter))
		}
	}
	if !found {
		return r, errNoBlock
	}
	return r, nil
}
