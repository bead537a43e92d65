package ocr

import (
	"image"
	"slices"

	"hallpass/ocr/qr"
)

// FieldsOf is what a code says, keyed as Extract's fields; empty when it says
// nothing about a person.
func FieldsOf(c qr.Code) map[string]Field { return mergeCode(nil, c) }

// telling is the code that says most; nil without codes.
func telling(codes []qr.Code) (best *qr.Code) {
	most := -1
	for i, c := range codes {
		if n := len(FieldsOf(c)); n > most {
			best, most = &codes[i], n
		}
	}
	return best
}

// outside drops the lines that an engine has read into the squares of codes.
func outside(codes []qr.Code, lines []Line) []Line {
	return slices.DeleteFunc(lines, func(l Line) bool {
		return slices.ContainsFunc(codes, func(c qr.Code) bool { return middle(l.Box).In(c.Box.Inset(c.Box.Dx() / 10)) })
	})
}

func middle(r image.Rectangle) image.Point { return r.Min.Add(r.Max).Div(2) }

// saidBy is what a code says; whether a number is a mobile one that the code
// does not call so, its numbering plan tells.
func saidBy(c qr.Code) []qr.Said {
	all := c.Says()
	for i, s := range all {
		if s.Field != "tel" {
			continue
		}
		all[i].Field = "phone"
		if kind, fits := plan(s.Text); fits && kind == "mobile" {
			all[i].Field = "mobile"
		}
	}
	return all
}
