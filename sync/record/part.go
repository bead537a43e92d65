package record

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"
)

// Part names one thing of a registration that has one value at a time: its
// category, a field or an answer. Consents are none: what a visitor agreed to
// is nobody else's to choose.
type Part string

// PartCategory is the category; the others carry their name or id.
const PartCategory Part = "category"

const (
	partField  = "field."
	partAnswer = "answer."
)

// PartOfField and PartOfAnswer name a field and an answer.
func PartOfField(name FieldName) Part { return Part(partField) + Part(name) }

// PartOfAnswer names the answer to a question.
func PartOfAnswer(id QuestionID) Part { return Part(partAnswer) + Part(id) }

// Field is the field's name, and false for what is no field.
func (p Part) Field() (FieldName, bool) {
	name, ok := strings.CutPrefix(string(p), partField)
	return FieldName(name), ok
}

// Answer is the question's id, and false for what is no answer.
func (p Part) Answer() (QuestionID, bool) {
	id, ok := strings.CutPrefix(string(p), partAnswer)
	return QuestionID(id), ok
}

// Version is one value that somebody gave to a part: Text, or Picks for a
// choice. At tells versions apart. Over is the At of the version that its
// writer saw and replaced, or, where there was none yet, when the registration
// was created; zero if it came with the registration, or is of a program that
// did not say: such a writer is taken to have seen all that was before.
type Version struct {
	Text     string
	Picks    []string
	At, Over Stamp
}

// Compare orders versions by time, the one that stands last.
func (v Version) Compare(w Version) int {
	return cmp.Or(v.At.Compare(w.At), slices.Compare(v.Picks, w.Picks), strings.Compare(v.Text, w.Text))
}

// Says reports whether both have the same value.
func (v Version) Says(w Version) bool { return v.Text == w.Text && slices.Equal(v.Picks, w.Picks) }

// Part is the version that stands, false if the part was never written.
func (r Registration) Part(p Part) (Version, bool) {
	if p == PartCategory {
		return versionOf(r.Category), !r.Category.At.IsZero()
	}
	if name, ok := p.Field(); ok {
		f, ok := r.Fields[name]
		return versionOf(f), ok
	}
	id, _ := p.Answer()
	a, ok := r.Answers[id]
	return Version{a.Text, a.Picks, a.At, a.Over}, ok
}

func versionOf[T ~string](r Register[T]) Version {
	return Version{Text: string(r.Value), At: r.At, Over: r.Over}
}

// Set returns the registration with a part as v says; r is left alone.
func (r Registration) Set(p Part, v Version) Registration {
	if p == PartCategory {
		r.Category = Register[CategoryID]{CategoryID(v.Text), v.At, v.Over}
	} else if name, ok := p.Field(); ok {
		r.Fields = with(r.Fields, name, Register[string]{v.Text, v.At, v.Over})
	} else if id, ok := p.Answer(); ok {
		r.Answers = with(r.Answers, id, Answer{v.Picks, v.Text, v.At, v.Over})
	}
	return r
}

func with[K comparable, V any](m map[K]V, key K, value V) map[K]V {
	out := make(map[K]V, len(m)+1)
	maps.Copy(out, m)
	out[key] = value
	return out
}

// Parts yields every part that was written, in no order.
func (r Registration) Parts() iter.Seq2[Part, Version] {
	return func(yield func(Part, Version) bool) {
		if v, ok := r.Part(PartCategory); ok && !yield(PartCategory, v) {
			return
		}
		for name, f := range r.Fields {
			if !yield(PartOfField(name), versionOf(f)) {
				return
			}
		}
		for id, a := range r.Answers {
			if !yield(PartOfAnswer(id), Version{a.Text, a.Picks, a.At, a.Over}) {
				return
			}
		}
	}
}

// Rewrite returns what now says, as written by whoever saw old: a part that says
// the same keeps its version, one that says something else notes what it
// replaced, and one that now leaves out stays as it was. The rest is now's.
func Rewrite(old, now Registration) Registration {
	out := now
	for p, said := range now.Parts() {
		stood, known := old.Part(p)
		switch {
		case known && stood.Says(said):
			said = stood
		case known:
			said.Over = stood.At
		default:
			said.Over = old.Created
		}
		out = out.Set(p, said)
	}
	for p, stood := range old.Parts() {
		if _, said := now.Part(p); !said {
			out = out.Set(p, stood)
		}
	}
	return out
}

// Latest is the latest stamp of any part and of the consents: what is to win
// over the registration as it stands comes after it.
func (r Registration) Latest() Stamp {
	last := r.Created
	for _, v := range r.Parts() {
		last = later(last, v.At)
	}
	for _, c := range r.Consents {
		last = later(last, c.At)
	}
	return last
}

// MostVersions is how many versions of one part count, the newest: more than a
// person will ever make, and a bound on what a faulty node can.
const MostVersions = 64

// Newest returns the versions that count, oldest first and each once.
func Newest(versions []Version) []Version {
	sorted := slices.SortedFunc(slices.Values(versions), Version.Compare)
	sorted = slices.CompactFunc(sorted, func(a, b Version) bool { return a.Compare(b) == 0 })
	return sorted[max(0, len(sorted)-MostVersions):]
}

// Heads returns the versions that nobody who saw them has replaced, oldest
// first: the last one stands, the others were written by people who had not seen
// it. also names, by the stamp of a version, what else its writer had seen. It
// depends on the set of versions alone, not on their order (P4).
func Heads(versions []Version, also map[Stamp][]Stamp) []Version {
	newest := Newest(versions)
	replaced, blind := map[Stamp]Stamp{}, Stamp{} // when, the latest
	for _, v := range newest {
		if v.Over.IsZero() {
			blind = later(blind, v.At)
		} else {
			replaced[v.Over] = later(replaced[v.Over], v.At)
		}
		for _, seen := range also[v.At] {
			replaced[seen] = later(replaced[seen], v.At)
		}
	}
	return slices.DeleteFunc(newest, func(v Version) bool {
		return v.At.Compare(blind) < 0 || v.At.Compare(replaced[v.At]) < 0
	})
}

// Differ reports whether the heads say different things: a conflict.
func Differ(heads []Version) bool {
	return slices.ContainsFunc(heads, func(v Version) bool { return !v.Says(heads[0]) })
}
