package ql

import "fmt"

// DPI is the resolution of the head, across and along.
const DPI = 300

// Media is what lies in the printer, in millimetres; Length 0 is an endless
// roll, and the zero Media is none.
type Media struct{ Width, Length int }

// String is "62x100", "62" for an endless roll, or empty for none.
func (m Media) String() string {
	switch {
	case m.Width == 0:
		return ""
	case m.Length == 0:
		return fmt.Sprint(m.Width)
	}
	return fmt.Sprintf("%dx%d", m.Width, m.Length)
}

// pins are the dots of the head that reach a roll (§2.3.2): how many, and how
// many stay unused to their right (§2.3.5).
type pins struct{ count, right int }

const headPins = 720

// edge is what cannot be printed along the feed, in dots: 3 mm before and
// behind, on endless rolls as margins that the printer feeds by itself.
const (
	edge   = 36
	margin = 35
)

var rolls = map[Media]pins{
	{12, 0}: {106, 29}, {29, 0}: {306, 6}, {38, 0}: {413, 12}, {50, 0}: {554, 12}, {54, 0}: {590, 0}, {62, 0}: {696, 12},
	{17, 54}: {165, 0}, {17, 87}: {165, 0}, {23, 23}: {202, 42}, {29, 42}: {306, 6}, {29, 90}: {306, 6},
	{39, 48}: {425, 6}, {39, 90}: {413, 12}, {52, 29}: {578, 0}, {60, 86}: {672, 18}, {62, 29}: {696, 12}, {62, 100}: {696, 12},
}

// Known tells whether this package knows where on the head the roll lies.
func (m Media) Known() bool { _, ok := rolls[m]; return ok }
