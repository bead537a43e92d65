package ocr_test

import (
	"testing"

	"hallpass/ocr"
)

// The language of a card gives its words their accents back, never surely; a card
// of another language keeps its own.
func TestExtract_AccentsOfALanguage(t *testing.T) {
	for _, c := range []struct {
		situation string
		lines     []string
		want      map[string]string
	}{
		{"SpanishByTheDomain", []string{"#Maria Nunez", "Ceramicas Rio Verde, S.L.", "maria@rioverde.es"}, map[string]string{"name": "María Núñez", "company": "Cerámicas Río Verde, S.L."}},
		{"PortugueseByTheCode", []string{"Rua da Fabrica 118, 4810-000 Guimaraes", "+351 253 000 418"}, map[string]string{"address": "Rua da Fábrica 118, 4810-000 Guimarães"}},
		{"CapitalsByTheCountry", []string{"#JURGEN MULLER", "Am Deich 2, 20539 Hamburg, Germany"}, map[string]string{"name": "JÜRGEN MÜLLER"}},
		{"DanishIsNotSwedish", []string{"#Bjorn Jorgensen", "bjorn@havn.dk"}, map[string]string{"name": "Bjørn Jørgensen"}},
		{"EnglishKeepsItsWords", []string{"#Maria Nunez", "Ceramicas Rio Verde, LLC", "maria@rioverde.com"}, map[string]string{"name": "Maria Nunez", "company": "Ceramicas Rio Verde, LLC"}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			got := ocr.Extract(set(c.lines...))
			tells(t, got, c.want)
			for field, text := range c.want {
				if f := got[field]; c.situation != "EnglishKeepsItsWords" && f.Confidence >= ocr.Bar {
					t.Errorf("%s = %q at %.2f, want below %.2f", field, text, f.Confidence, ocr.Bar)
				}
			}
		})
	}
}

// What engines make of a standard's letters, of a plus and of a ligature.
func TestExtract_SignsMisread(t *testing.T) {
	tells(t, ocr.Extract(set("#Ada Castell", "150 9001", "1SO 14001", "EN14399")), map[string]string{"phone": "", "fax": "", "mobile": ""})
	tells(t, ocr.Extract(set("M: +65 9000 6994", "T: 465 6000 6995")), map[string]string{"phone": "+65 6000 6995"})
	tells(t, ocr.Extract(set("Offce 1204, Manara Tower, P.O. Box 41720, Dubai, UAE")), map[string]string{"address": "Office 1204, Manara Tower, P.O. Box 41720, Dubai, UAE"})
	tells(t, ocr.Extract(set("#Ada Castell", "Sales Director", "Business Unit II")), map[string]string{"title": "Sales Director", "department": "Business Unit II"})
	tells(t, ocr.Extract(set("#Yvonne Castell", "ywonne@hongtai.com")), map[string]string{"email": "yvonne@hongtai.com"})
}
