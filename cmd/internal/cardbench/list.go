package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// mistakes lists the first n fields of each engine and folder that are wrong.
func (b *bench) mistakes(n int) string {
	var out strings.Builder
	for _, s := range b.scores {
		fmt.Fprintf(&out, "\nWrong, %s on %s (%d in all):\n\n", s.engine, s.name(), len(s.report.Errors))
		for i, m := range s.report.Errors {
			if i == n {
				break
			}
			var got []string
			for _, v := range m.Values {
				got = append(got, fmt.Sprintf("%q %.2f", v.Text, v.Confidence))
			}
			fmt.Fprintf(&out, "- %s/%s %s: printed %q, read %s %s\n", m.Tier, m.Card, m.Field, m.Truth, strings.Join(got, ", "), m.Failed)
		}
	}
	return out.String()
}

// worst lists the n cards of each engine and folder that lose most values, to
// be looked at one by one.
func (b *bench) worst(n int) string {
	type card struct {
		name string
		lost int
		what []string
	}
	var out strings.Builder
	for _, s := range b.scores {
		byName := map[string]*card{}
		for _, m := range s.report.Errors {
			name := m.Tier + "/" + m.Card
			if byName[name] == nil {
				byName[name] = &card{name: name}
			}
			c := byName[name]
			c.lost += m.Count.Printed + m.Count.Read - 2*m.Count.Right
			c.what = append(c.what, m.Field)
		}
		all := slices.SortedFunc(maps.Values(byName), func(a, b *card) int {
			return cmp.Or(cmp.Compare(b.lost, a.lost), strings.Compare(a.name, b.name))
		})
		fmt.Fprintf(&out, "\nWorst cards, %s on %s (values missing and too much):\n\n", s.engine, s.name())
		for _, c := range all[:min(n, len(all))] {
			fmt.Fprintf(&out, "- %s: %d, in %s\n", c.name, c.lost, strings.Join(c.what, ", "))
		}
	}
	return out.String()
}
