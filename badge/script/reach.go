package script

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/font/opentype/tables"
)

// asked are features that a text gets only if it asks for them, and ours never
// do: small capitals, old figures and their like, and all that begin with ss
// and cv.
const asked = "aalt afrc c2pc c2sc case cpsp dlig dnom frac hist hlig jalt lnum numr onum ordn pcap pnum salt sinf smcp subs sups swsh titl tnum unic zero vert vrt2"

// Reachable returns the glyphs that Shape can make of the given ones, and these,
// in ascending order: what a font that is cut down must keep. It may return more
// than can be met, because it does not ask in which company a glyph changes.
func Reachable(sfnt []byte, glyphs []int) ([]int, error) {
	loader, err := opentype.NewLoader(bytes.NewReader(sfnt))
	if err != nil {
		return nil, fmt.Errorf("script: %w", err)
	}
	parsed, err := font.NewFont(loader)
	if err != nil {
		return nil, fmt.Errorf("script: %w", err)
	}
	reached := map[int]bool{}
	for _, g := range glyphs {
		reached[g] = true
	}
	lookups := used(parsed.GSUB)
	for before := 0; before < len(reached); {
		before = len(reached)
		for _, lookup := range lookups {
			for _, subtable := range lookup.Subtables {
				for _, g := range slices.Collect(maps.Keys(reached)) {
					for _, to := range becomes(subtable, tables.GlyphID(g)) {
						reached[int(to)] = true
					}
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(reached)), nil
}

// used are the lookups of features that apply by themselves, and those that
// belong to no feature: other lookups call them.
func used(gsub font.GSUB) (lookups []font.GSUBLookup) {
	inAsked, inOthers := map[uint16]bool{}, map[uint16]bool{}
	for _, feature := range gsub.Features {
		tag, into := feature.Tag.String(), inOthers
		if strings.Contains(asked, tag) || strings.HasPrefix(tag, "ss") || strings.HasPrefix(tag, "cv") {
			into = inAsked
		}
		for _, i := range feature.LookupListIndices {
			into[i] = true
		}
	}
	for i, lookup := range gsub.Lookups {
		if !inAsked[uint16(i)] || inOthers[uint16(i)] {
			lookups = append(lookups, lookup)
		}
	}
	return lookups
}

// becomes returns what one table of substitutions makes of a glyph.
func becomes(subtable tables.GSUBLookup, g tables.GlyphID) []tables.GlyphID {
	i, ok := subtable.Cov().Index(g)
	if !ok {
		return nil
	}
	switch s := subtable.(type) {
	case tables.SingleSubs:
		switch data := s.Data.(type) {
		case tables.SingleSubstData1:
			return []tables.GlyphID{tables.GlyphID(int(g) + int(data.DeltaGlyphID))}
		case tables.SingleSubstData2:
			return data.SubstituteGlyphIDs[i : i+1]
		}
	case tables.MultipleSubs:
		return s.Sequences[i].SubstituteGlyphIDs
	case tables.LigatureSubs:
		var out []tables.GlyphID
		for _, ligature := range s.LigatureSets[i].Ligatures {
			out = append(out, ligature.LigatureGlyph)
		}
		return out
	case tables.ReverseChainSingleSubs:
		return s.SubstituteGlyphIDs[i : i+1]
	}
	return nil
}
