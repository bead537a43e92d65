package ocr_test

import (
	"image"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"hallpass/ocr"
)

// P9: whatever an engine makes of a picture is an answer.
func TestExtract_LinesThatSayNothing(t *testing.T) {
	for _, c := range []struct {
		situation string
		lines     []ocr.Line
	}{
		{"NoLines", nil},
		{"EmptyLine", []ocr.Line{{}}},
		{"Blanks", set("   ", "\t\t", "\u3000\u3000")},
		{"ControlCharacters", set("\x00\x01\x02", "\x1b[31m", "\x7f")},
		{"BrokenUTF8", set("\xff\xfe\xfd", "\xe4\xb8")},
		{"OnlySigns", set("|||", "///", "···", "----", "::::", "（）", "()")},
		{"OnlySeparators", set(": : :", "| / |", ". . .")},
	} {
		t.Run(c.situation, func(t *testing.T) {
			if got := ocr.Extract(c.lines); len(got) != 0 {
				t.Errorf("Extract = %v, want nothing", got)
			}
		})
	}
}

// What surrounds a value does not cost the value.
func TestExtract_ValuesAmongRubbish(t *testing.T) {
	for _, c := range []struct{ situation, line, field, text string }{
		{"ControlCharacterInside", "手机：163\x00 1234\x07 5678", "mobile", "163 1234 5678"},
		{"BrokenByteInside", "E: ada@har\xffbor.example", "email", "ada@harbor.example"},
		{"TabBetween", "Tel:\t+852\t2345\t6789", "phone", "+852 2345 6789"},
		{"NewlineInside", "Tel:\n+852 2345 6789", "phone", "+852 2345 6789"},
		{"WideBlanks", "手机：\u3000163\u30001234\u30005678", "mobile", "163 1234 5678"},
		{"NoBreakSpace", "手机：163\u00a01234\u00a05678", "mobile", "163 1234 5678"},
		{"FrameAround", "| Tel: +852 2345 6789 |", "phone", "+852 2345 6789"},
	} {
		t.Run(c.situation, func(t *testing.T) {
			if name, f := only(t, c.line); name != c.field || f.Text != c.text {
				t.Errorf("Extract(%q) = %s %q, want %s %q", c.line, name, f.Text, c.field, c.text)
			}
		})
	}
}

// Confidences outside 0–1 and boxes that are none come from no engine of
// ours; they must not come out again.
func TestExtract_ImpossibleConfidencesAndBoxes(t *testing.T) {
	for _, conf := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -3, 42} {
		for _, box := range []image.Rectangle{{}, image.Rect(10, 10, 10, 10), {Min: image.Pt(50, 50), Max: image.Pt(10, 10)}, image.Rect(-1<<40, -1<<40, 1<<40, 1<<40)} {
			lines := set("#周启明 总经理", "手机：163 1234 5678", "地址：江苏省南京市玄武区长江路18号", "青石大厦6层602室")
			for i := range lines {
				lines[i].Confidence, lines[i].Box = conf, box
			}
			for name, f := range ocr.Extract(lines) {
				if !(f.Confidence >= 0 && f.Confidence <= 1) {
					t.Errorf("confidence %v and box %v: %s = %+v", conf, box, name, f)
				}
			}
		}
	}
}

// More lines than any card has, and lines longer than any card is wide, are
// read as far as a card could reach: the work is bounded, whatever comes in.
func TestExtract_BoundedWork(t *testing.T) {
	many := func(s string) []ocr.Line {
		lines := set("手机：163 1234 5678", "E: ada@harbor.example")
		for i := range 10_000 {
			lines = append(lines, ocr.Line{Text: s, Confidence: 0.9, Box: image.Rect(40, 200+50*i, 400, 230+50*i)})
		}
		return lines
	}
	long := func(s string) []ocr.Line {
		return append(set("手机：163 1234 5678", "E: ada@harbor.example"), set(strings.Repeat(s, 1<<20/len(s)))...)
	}
	for _, c := range []struct {
		situation string
		lines     []ocr.Line
	}{
		{"TenThousandNames", many("Ada Castell")},
		{"TenThousandAddressLines", many("南京市玄武区长江路18号")},
		{"TenThousandPhones", many("Tel: +852 2345 6789")},
		{"TenThousandUnknown", many("lorem ipsum")},
		{"MegabyteOfOneLetter", long("a")},
		{"MegabyteOfBlanks", long(" ")},
		{"MegabyteOfWords", long("lorem ipsum ")},
		{"MegabyteOfDigits", long("163 1234 5678 ")},
		{"MegabyteOfChinese", long("市场部 经理 ")},
		{"MegabyteOfLabels", long("Tel: Fax: 手机：")},
		{"MegabyteOfSeparators", long("| / ")},
		{"MegabyteOfAts", long("a@")},
	} {
		t.Run(c.situation, func(t *testing.T) {
			got := ocr.Extract(c.lines)
			if got["mobile"].Text != "163 1234 5678" || got["email"].Text != "ada@harbor.example" {
				t.Errorf("mobile %q, email %q; want what stands on the first lines", got["mobile"].Text, got["email"].Text)
			}
			for name, f := range got {
				if n := utf8.RuneCountInString(f.Text); n > 2000 {
					t.Errorf("%s is %d characters long", name, n)
				}
			}
		})
	}
}
