package labelsim

// block is the 32-byte status of §4 "ESC i S"; the type is 0 for an answer, 1
// printing completed, 2 error, 6 phase change. The caller holds mu.
func (p *Printer) block(kind byte) []byte {
	b := make([]byte, 32)
	copy(b, []byte{0x80, 0x20, 'B', '4', 'A', '0'})
	first := map[string]byte{"media-empty": 0x01, "media-jam": 0x04, "fan": 0x80}
	second := map[string]byte{"media-needed": 0x01, "spool-area-full": 0x02, "cover-open": 0x10, "other": 0x80}
	for _, f := range p.reasons() {
		b[8] |= first[f]
		b[9] |= second[f]
		if f == "fuser-over-temp" {
			kind, b[22] = 5, 0x03 // notification: cooling (started)
		}
	}
	b[10], b[11], b[17] = byte(p.c.Width), 0x0b, byte(p.c.Length)
	if p.c.Endless {
		b[11], b[17] = 0x0a, 0
	}
	for _, f := range p.faults {
		if f == "media-empty" {
			b[10], b[11], b[17] = 0, 0, 0 // nothing lies in
		}
	}
	b[14], b[15], b[18], b[19] = 0x3f, 0x40, kind, p.phase
	if kind == 0 && b[8]|b[9] != 0 {
		b[18] = 2
	}
	return b
}

// tell writes a status to whoever printed, as automatic status notification
// does. The caller holds mu.
func (p *Printer) tell(kind byte) {
	if p.ql && p.c.Answers == OnTheLine && p.conn != nil {
		_, _ = p.conn.Write(p.block(kind))
	}
}
