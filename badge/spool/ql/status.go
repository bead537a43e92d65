package ql

import (
	"bytes"
	"fmt"
)

// AskStatus is "ESC i S" behind what ends anything begun before. It is not to
// be sent while a label is printed.
var AskStatus = append(make([]byte, 400), 0x1b, '@', 0x1b, 'i', 'S')

// BlockSize is the length of a status block.
const BlockSize = 32

// Moment is when a block was sent.
type Moment byte

// The status types of §4, table (5).
const (
	Answer    Moment = 0
	Completed Moment = 1
	Failed    Moment = 2
	SwitchOff Moment = 4
	Notice    Moment = 5
	Phase     Moment = 6
)

// Status is one status block. The bits are those of tables (1) and (2).
type Status struct {
	NoMedia, EndOfMedia, CutterJam, InUse, OffByError, Fan           bool
	WrongMedia, BufferFull, Communication, CoverOpen, NoFeed, System bool
	Cooling                                                          bool // it waits until the head is cool
	Printing                                                         bool // else it receives
	Moment                                                           Moment
	Media                                                            Media
	Model                                                            string // "QL-820NWB", or the code of one that is not known here
}

// models by the code in the block, §4 "ESC i S" of each series' manual.
var models = map[byte]string{'5': "QL-700", '6': "QL-710W", '7': "QL-720NW", '8': "QL-800", '9': "QL-810W", 'A': "QL-820NWB"}

// Find returns the first status block in what was heard and what is behind it;
// false if there is none.
func Find(heard []byte) (Status, []byte, bool) {
	i := bytes.Index(heard, []byte{0x80, BlockSize, 'B'})
	if i < 0 || len(heard) < i+BlockSize {
		return Status{}, nil, false
	}
	return parse(heard[i : i+BlockSize]), heard[i+BlockSize:], true
}

func parse(b []byte) Status {
	one, two := b[8], b[9]
	s := Status{
		NoMedia: one&0x01 != 0, EndOfMedia: one&0x02 != 0, CutterJam: one&0x04 != 0,
		InUse: one&0x10 != 0, OffByError: one&0x20 != 0, Fan: one&0x80 != 0,
		WrongMedia: two&0x01 != 0, BufferFull: two&0x02 != 0, Communication: two&0x04 != 0,
		CoverOpen: two&0x10 != 0, NoFeed: two&0x40 != 0, System: two&0x80 != 0,
		Moment: Moment(b[18]), Printing: b[19] == 1, Model: models[b[4]],
	}
	if s.Model == "" {
		s.Model = fmt.Sprintf("QL %q", b[4])
	}
	const coolingStarted = 3
	s.Cooling = s.Moment == Notice && b[22] == coolingStarted
	const endless, dieCut = 0x0a, 0x0b
	switch b[11] {
	case endless:
		s.Media = Media{int(b[10]), 0}
	case dieCut:
		s.Media = Media{int(b[10]), int(b[17])}
	}
	return s
}
