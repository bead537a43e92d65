package labelsim

import (
	"bytes"
	"net"
)

// What a QL tells over SNMP, by object.
var (
	oidStatus = []byte{0x2b, 6, 1, 4, 1, 0x93, 0x03, 3, 3, 9, 1, 6, 1, 0} // 1.3.6.1.4.1.2435.3.3.9.1.6.1.0, Brother's FAQ
	oidModel  = []byte{0x2b, 6, 1, 2, 1, 25, 3, 2, 1, 3, 1}               // hrDeviceDescr.1, RFC 2790
	oidCount  = []byte{0x2b, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1}           // prtMarkerLifeCount.1.1, RFC 3805
	oidSerial = []byte{0x2b, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1}              // prtGeneralSerialNumber.1, RFC 3805
)

// listenSNMP answers GET requests beside the printing port. The caller holds mu.
func (p *Printer) listenSNMP() error {
	at := "127.0.0.1:0"
	if p.snmp != nil {
		at = p.snmp.LocalAddr().String()
	}
	conn, err := net.ListenPacket("udp", at)
	if err != nil {
		return err
	}
	p.snmp = conn
	p.ended.Go(func() {
		for datagram := make([]byte, 1500); ; {
			n, from, err := conn.ReadFrom(datagram)
			if err != nil {
				return
			}
			if b := p.get(datagram[:n]); b != nil {
				_, _ = conn.WriteTo(b, from)
			}
		}
	})
	return nil
}

// get answers a request of SNMPv1 or v2c (RFC 1157, RFC 3416): the same message
// with values in it.
func (p *Printer) get(request []byte) []byte {
	message, _ := open(request, 0x30)
	version, rest := open(message, 2)
	community, rest := open(rest, 4)
	pdu, _ := open(rest, 0xa0)
	id, rest := open(pdu, 2)
	_, rest = open(rest, 2)
	_, rest = open(rest, 2)
	list, _ := open(rest, 0x30)
	if list == nil || string(community) != "public" {
		return nil
	}
	var values []byte
	for len(list) > 0 {
		var pair []byte
		if pair, list = open(list, 0x30); pair == nil {
			return nil
		}
		oid, _ := open(pair, 6)
		values = append(values, pack(0x30, append(pack(6, oid), p.object(oid)...))...)
	}
	body := append(pack(2, id), 2, 1, 0, 2, 1, 0)
	body = append(body, pack(0x30, values)...)
	return pack(0x30, append(append(pack(2, version), pack(4, community)...), pack(0xa2, body)...))
}

// object returns one value; noSuchObject (0x80) for what it does not have.
func (p *Printer) object(oid []byte) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case bytes.Equal(oid, oidStatus):
		return pack(4, p.block(0))
	case bytes.Equal(oid, oidModel):
		return pack(4, []byte("Brother QL-820NWB"))
	case bytes.Equal(oid, oidSerial):
		return pack(4, []byte("SIM000002"))
	case bytes.Equal(oid, oidCount) && p.c.Answers == Everything:
		return pack(0x41, []byte{byte(p.count >> 16), byte(p.count >> 8), byte(p.count)})
	}
	return []byte{0x80, 0}
}

// open takes one value of a tag off the front of b; nil if there is none.
func open(b []byte, tag byte) (value, rest []byte) {
	if len(b) < 2 || b[0] != tag {
		return nil, nil
	}
	n, head := int(b[1]), 2
	if n > 0x80 {
		head += n - 0x80
		if n > 0x82 || head > len(b) {
			return nil, nil
		}
		n = 0
		for _, d := range b[2:head] {
			n = n<<8 | int(d)
		}
	}
	if len(b) < head+n {
		return nil, nil
	}
	return b[head : head+n : head+n], b[head+n:]
}

func pack(tag byte, value []byte) []byte {
	switch n := len(value); {
	case n < 0x80:
		return append([]byte{tag, byte(n)}, value...)
	default:
		return append([]byte{tag, 0x82, byte(n >> 8), byte(n)}, value...)
	}
}
