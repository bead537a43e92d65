package badge

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// condition says when an item is on a badge: when each of its members holds.
type condition struct {
	Has         wordList `json:"has"`          // all of these texts and pictures are there
	Lacks       wordList `json:"lacks"`        // none of them is
	Category    wordList `json:"category"`     // the badge's is one of these ids
	NotCategory wordList `json:"not_category"` // it is none of them
	Flag        wordList `json:"flag"`         // the person has one of these flags
	NotFlag     wordList `json:"not_flag"`     // the person has none of them
}

// wordList is one word or a list of them.
type wordList []string

// UnmarshalJSON takes "one" and ["one", "two"].
func (w *wordList) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil && len(data) > 0 && data[0] == '"' {
		*w = wordList{one}
		return nil
	}
	var list []*string
	if err := json.Unmarshal(data, &list); err != nil || len(list) == 0 || slices.Contains(list, nil) {
		return fmt.Errorf("if: %.40s: use a word or a list of words", data)
	}
	for _, word := range list {
		*w = append(*w, *word)
	}
	return nil
}

// UnmarshalJSON refuses other keys.
func (c *condition) UnmarshalJSON(data []byte) error {
	type plain condition
	var p plain
	if err := decodeObject(data, &p, "has", "lacks", "category", "not_category", "flag", "not_flag"); err != nil {
		return fmt.Errorf("if: %w", err)
	}
	for _, list := range []wordList{p.Category, p.NotCategory} { // ids, whatever their case
		for i := range list {
			list[i] = strings.ToLower(list[i])
		}
	}
	*c = condition(p)
	return nil
}

const maxWords, maxWord = 40, 64 // of a condition; characters

func (c *condition) check() error {
	if c == nil {
		return nil
	}
	for _, list := range []wordList{c.Has, c.Lacks, c.Category, c.NotCategory, c.Flag, c.NotFlag} {
		if len(list) > maxWords {
			return fmt.Errorf("if: %d words; the limit is %d", len(list), maxWords)
		}
		for _, word := range list {
			if word == "" || len(word) > maxWord || containsControl(word) {
				return fmt.Errorf("if: %.64q: use a word of 1 to %d letters", word, maxWord)
			}
		}
	}
	for _, word := range slices.Concat(c.Has, c.Lacks) {
		if !slices.Contains(sources[:], word) && word != "logo" && word != "portrait" {
			return fmt.Errorf(`if: %q: use one of %q, "logo" or "portrait"`, word, sources)
		}
	}
	return nil
}

// holds decides for one page, given what is there of texts and pictures.
func (c *condition) holds(person Person, there func(what string) bool) bool {
	if c == nil {
		return true
	}
	has := func(flag string) bool { return slices.Contains(person.Flags, flag) }
	is := func(category string) bool { return category == strings.ToLower(person.Category) }
	return !slices.ContainsFunc(c.Has, func(w string) bool { return !there(w) }) &&
		!slices.ContainsFunc(c.Lacks, there) &&
		(len(c.Category) == 0 || slices.ContainsFunc(c.Category, is)) && !slices.ContainsFunc(c.NotCategory, is) &&
		(len(c.Flag) == 0 || slices.ContainsFunc(c.Flag, has)) && !slices.ContainsFunc(c.NotFlag, has)
}

// never tells that two conditions cannot hold on the same badge, so that what
// they stand for may share a place.
func never(a, b *condition) bool {
	all := func(list, in wordList) bool {
		return len(list) > 0 && !slices.ContainsFunc(list, func(w string) bool { return !slices.Contains(in, w) })
	}
	any := func(list, in wordList) bool {
		return slices.ContainsFunc(list, func(w string) bool { return slices.Contains(in, w) })
	}
	return len(a.Category) > 0 && len(b.Category) > 0 && !any(a.Category, b.Category) ||
		all(a.Category, b.NotCategory) || all(b.Category, a.NotCategory) ||
		all(a.Flag, b.NotFlag) || all(b.Flag, a.NotFlag) ||
		any(a.Has, b.Lacks) || any(b.Has, a.Lacks)
}
