package main

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/width"

	"hallpass/ocr"
)

// sheet is the plain listing of one picture, for a person.
func sheet(w io.Writer, one reading) error {
	var out strings.Builder
	heading(&out, one)
	wide := 0
	for _, name := range fieldNames {
		wide = max(wide, columns(one.card.Fields[name].Text))
	}
	for _, name := range fieldNames {
		f, ok := one.card.Fields[name]
		if !ok {
			continue
		}
		row(&out, name, f.Text, wide, f.Confidence)
		for _, m := range f.More {
			row(&out, "  also", m.Text, wide, m.Confidence)
		}
	}
	out.WriteByte('\n')
	_, err := io.WriteString(w, out.String())
	return err
}

func heading(out *strings.Builder, one reading) {
	fmt.Fprintf(out, "%s\n", one.File)
	if one.Error != "" {
		fmt.Fprintf(out, "  cannot be read: %s\n", one.Error)
		return
	}
	found := "no outline found, the whole picture read"
	if one.card.Quad != nil {
		found = "outline found"
	}
	fmt.Fprintf(out, "  %s, %.0f ms, %s\n", one.Engine, one.MS, found)
	switch {
	case one.card.Others == 1:
		out.WriteString("  The picture shows one more card; the larger one in the middle was read.\n")
	case one.card.Others > 1:
		fmt.Fprintf(out, "  The picture shows %d more cards; the largest in the middle was read.\n", one.card.Others)
	}
	if one.card.Unfamiliar {
		out.WriteString("  This print is Japanese, or hardly legible: names, titles and addresses need checking.\n")
	}
}

func row(out *strings.Builder, name, text string, wide int, confidence float64) {
	pad := strings.Repeat(" ", max(0, wide-columns(text)))
	fmt.Fprintf(out, "  %-11s %s%s  %s\n", name, text, pad, inWords(confidence))
}

// inWords is a confidence as the kiosk's screen treats it.
func inWords(confidence float64) string {
	switch {
	case confidence >= ocr.Bar:
		return "sure"
	case confidence >= leastLegible:
		return "please check"
	}
	return "a guess, please check"
}

// columns is how wide a terminal shows a text: Chinese takes two a character.
func columns(s string) (n int) {
	for _, r := range s {
		n++
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}
