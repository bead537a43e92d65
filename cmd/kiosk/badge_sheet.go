package main

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"maps"
	"math"
	"slices"

	"hallpass/badge"
)

// Of a contact sheet.
const (
	maxPreview    = 60         // people
	maxSheetDots  = 60_000_000 // 240 MB while it is made
	sheetGapMM    = 4
	sheetColumns  = 4 // the preview's people stand in rows of four
	narrowColumns = 6 // of badges more than twice as high as wide
)

// grid is a contact sheet of equal tiles, in dots.
type grid struct {
	dpi           float64
	tile          image.Point
	columns, rows int
}

// gridOf fails before anything is drawn on a sheet that would fill the memory.
func gridOf(widthMM, heightMM float64, tiles, dpi int) (grid, error) {
	g := grid{dpi: float64(dpi)}
	g.tile = image.Pt(g.dots(widthMM), g.dots(heightMM))
	g.columns = sheetColumns
	if heightMM > 2*widthMM {
		g.columns = narrowColumns
	}
	g.columns = min(g.columns, tiles)
	g.rows = (tiles + g.columns - 1) / g.columns
	if size := g.size(); size.X > maxSheetDots/max(1, size.Y) {
		return grid{}, fmt.Errorf("the picture would have %d × %d dots; use fewer -dpi or fewer people", size.X, size.Y)
	}
	return g, nil
}

func (g grid) dots(mm float64) int { return int(math.Round(mm * g.dpi / 25.4)) }

func (g grid) size() image.Point {
	gap := g.dots(sheetGapMM)
	return image.Pt(g.columns*(g.tile.X+gap)+gap, g.rows*(g.tile.Y+gap)+gap)
}

// sheet lays the tiles out in rows on grey. slots are the holes of each side in
// millimetres; the grey shows through them.
func (g grid) sheet(tiles []image.Image, slots [][]badge.Box) *image.RGBA {
	sheet := image.NewRGBA(image.Rectangle{Max: g.size()})
	desk := image.NewUniform(color.RGBA{0xD5, 0xDA, 0xE1, 0xFF})
	draw.Draw(sheet, sheet.Rect, desk, image.Point{}, draw.Src)
	gap := g.dots(sheetGapMM)
	for i, tile := range tiles {
		at := image.Pt(gap+i%g.columns*(g.tile.X+gap), gap+i/g.columns*(g.tile.Y+gap))
		draw.Draw(sheet, image.Rectangle{at, at.Add(g.tile)}, tile, tile.Bounds().Min, draw.Src)
		for _, s := range slots[i%len(slots)] {
			hole := image.Rect(g.dots(s.X), g.dots(s.Y), g.dots(s.X+s.W), g.dots(s.Y+s.H))
			draw.DrawMask(sheet, hole.Add(at), desk, image.Point{}, slotMask(hole.Size()), image.Point{}, draw.Over)
		}
	}
	return sheet
}

// slotMask is a bar with round ends, smoothed over one dot.
func slotMask(size image.Point) *image.Alpha {
	mask := image.NewAlpha(image.Rectangle{Max: size})
	r := float64(min(size.X, size.Y)) / 2
	for y := range size.Y {
		for x := range size.X {
			cx, cy := float64(x)+0.5, float64(y)+0.5
			dx := max(r-cx, cx-(float64(size.X)-r), 0)
			dy := max(r-cy, cy-(float64(size.Y)-r), 0)
			mask.SetAlpha(x, y, color.Alpha{uint8(255 * min(1, max(0, r+0.5-math.Hypot(dx, dy))))})
		}
	}
	return mask
}

// paletted makes a sheet of flat colours a third as large: shades between two
// colours, which are edges of letters, are rounded to sixteen steps. A sheet
// with photographs stays as it is.
func paletted(sheet *image.RGBA) image.Image {
	type shade [3]uint8
	steps := func(c color.RGBA) shade { return shade{c.R >> 4, c.G >> 4, c.B >> 4} }
	seen := map[color.RGBA]int{}
	for y := range sheet.Rect.Dy() {
		for x := range sheet.Rect.Dx() {
			seen[sheet.RGBAAt(x, y)]++
		}
	}
	commonest := map[shade]color.RGBA{}
	for c, n := range seen {
		other, ok := commonest[steps(c)]
		if !ok || n > seen[other] || n == seen[other] && string([]byte{c.R, c.G, c.B}) < string([]byte{other.R, other.G, other.B}) {
			commonest[steps(c)] = c
		}
	}
	if len(commonest) > 256 {
		return sheet
	}
	var colours color.Palette
	index := map[shade]uint8{}
	for _, s := range slices.SortedFunc(maps.Keys(commonest), func(a, b shade) int { return slices.Compare(a[:], b[:]) }) {
		index[s] = uint8(len(colours))
		colours = append(colours, commonest[s])
	}
	out := image.NewPaletted(sheet.Rect, colours)
	for y := range sheet.Rect.Dy() {
		for x := range sheet.Rect.Dx() {
			out.SetColorIndex(x, y, index[steps(sheet.RGBAAt(x, y))])
		}
	}
	return out
}
