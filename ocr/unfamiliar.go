package ocr

const (
	// fewKana is how many Japanese syllables a Chinese card may show, as in a
	// brand or の.
	fewKana = 3
	// legible is the mean confidence of a character below which the engine
	// makes little of the print: a script that it was never taught, or a photo
	// that is as bad. The worst known photo comes to 0.89 with PP-OCR; seven of
	// 48 hard ones stay below with Tesseract alone, which reads them so badly.
	legible = 0.62
	// judged is how many characters it takes to say so.
	judged = 12
	// unfamiliarMost bounds what is shown as sure of such a card.
	unfamiliarMost = 0.6
)

// unfamiliar says that a card holds Japanese syllables, or print that the
// engine makes little of.
func unfamiliar(lines []Line) bool {
	kana, letters, sure := 0, 0, 0.0
	for _, l := range lines {
		c, n, d := hans(l.Text)
		letters += c + n + d
		sure += float64(c+n+d) * l.Confidence
		for _, r := range l.Text {
			if r >= 0x3041 && r <= 0x30fa && r != 'の' {
				kana++
			}
		}
	}
	return kana >= fewKana || letters >= judged && sure/float64(letters) < legible
}

// pattern are fields of Latin letters and digits, which look the same in every
// country.
var pattern = map[string]bool{
	"mobile": true, "phone": true, "fax": true, "email": true, "website": true, "wechat": true, "qq": true, "postcode": true,
}

// doubtWords leaves no word field of an unfamiliar card above the bar.
func doubtWords(fields map[string]Field) {
	for name, f := range fields {
		if pattern[name] {
			continue
		}
		f.Confidence = min(f.Confidence, unfamiliarMost)
		for i := range f.More {
			f.More[i].Confidence = min(f.More[i].Confidence, unfamiliarMost)
		}
		f.Why = append(f.Why, "Japanese, or print that is hardly legible: please check")
		fields[name] = f
	}
}
