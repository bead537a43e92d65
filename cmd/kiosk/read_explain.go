package main

import (
	"fmt"
	"image"
	"io"
	"strings"

	"hallpass/ocr"
)

// explain says of one picture what each field is, how sure that is, why, and
// from which line it came; then which lines came to nothing.
func explain(w io.Writer, one reading) error {
	var out strings.Builder
	heading(&out, one)
	if one.Error == "" {
		explainCard(&out, one.card)
	}
	out.WriteByte('\n')
	_, err := io.WriteString(w, out.String())
	return err
}

func explainCard(out *strings.Builder, card ocr.Card) {
	if card.View != nil {
		fmt.Fprintf(out, "  The flat view is %d × %d pixels; places are x,y and width × height in it.\n", card.View.Rect.Dx(), card.View.Rect.Dy())
	}
	if card.Turn > 0 {
		fmt.Fprintf(out, "  The print lay %d° off and was turned upright.\n", 90*card.Turn)
	}
	if card.Code != nil {
		fmt.Fprintf(out, "  A QR code at %s says %q.\n", place(card.Code.Box), shortened(card.Code.Text))
	}
	o := originsOf(card)
	for _, name := range fieldNames {
		if f, ok := card.Fields[name]; ok {
			explainField(out, name, f, o.fields[name], card.Lines)
		}
	}
	if len(card.Fields) == 0 {
		out.WriteString("\n  No line fits a field.\n")
	}
	if len(o.unused) > 0 {
		out.WriteString("\nLines not used\n")
	}
	for _, u := range o.unused {
		fmt.Fprintf(out, "  %s\n      %s\n", quoted(u.index, card.Lines[u.index]), u.why)
	}
}

func explainField(out *strings.Builder, name string, f ocr.Field, lines []int, all []ocr.Line) {
	fmt.Fprintf(out, "\n%s\n  %s\n", name, f.Text)
	fmt.Fprintf(out, "  %s (%.2f)", inWords(f.Confidence), f.Confidence)
	if !f.Box.Empty() {
		fmt.Fprintf(out, ", at %s", place(f.Box))
	}
	out.WriteByte('\n')
	for _, why := range f.Why {
		fmt.Fprintf(out, "  because: %s\n", why)
	}
	for _, m := range f.More {
		fmt.Fprintf(out, "  also: %s, %s (%.2f)\n", m.Text, inWords(m.Confidence), m.Confidence)
	}
	for _, i := range lines {
		fmt.Fprintf(out, "  from %s\n", quoted(i, all[i]))
		if s := all[i].Second; s.Text != "" {
			agrees := "the second engine agrees"
			if s.Text != all[i].Text {
				agrees = fmt.Sprintf("the second engine read %q", s.Text)
			}
			fmt.Fprintf(out, "       %s (%.2f)\n", agrees, s.Confidence)
		}
	}
}

// quoted is a line with its number, from 1, its confidence and place.
func quoted(i int, l ocr.Line) string {
	set := ""
	if l.Upright {
		set = ", set from top to bottom"
	}
	return fmt.Sprintf("line %d %q (%.2f) at %s%s", i+1, l.Text, l.Confidence, place(l.Box), set)
}

// shortened keeps a listing readable: a code holds up to 4296 characters.
func shortened(s string) string {
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return s
}

func place(r image.Rectangle) string {
	return fmt.Sprintf("%d,%d %d × %d", r.Min.X, r.Min.Y, r.Dx(), r.Dy())
}
