package web

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/url"

	"hallpass/kiosk"
	"hallpass/ocr/plane"
	"hallpass/sync/fault"
)

const (
	maxCard  = 20 << 20 // a 50-megapixel phone's JPEG has about 15 MB
	maxFrame = 2 << 20  // a preview has 40 kB
)

var errPicture = fault.New(fault.CardTooLarge, "This picture is too large. Please take a smaller one.")

type cardForm struct {
	Card   string               `json:"card"`
	MS     int64                `json:"ms"`
	Engine string               `json:"engine"`
	Quad   *[4][2]float64       `json:"quad"` // in the upright picture's pixels
	Size   [2]int               `json:"size"`
	Fields map[string]fieldForm `json:"fields"`
	Lines  []lineForm           `json:"lines"`
	// Pictures is how many pictures of the card were put together. Other says
	// that the picture shows another person's card than the one it was sent
	// with; then it stands alone.
	Pictures int  `json:"pictures"`
	Other    bool `json:"other,omitempty"`
	// Others is how many further cards the picture shows. Unfamiliar says that
	// the print is of a script that is not read here, or hardly legible.
	Others     int  `json:"others,omitempty"`
	Unfamiliar bool `json:"unfamiliar,omitempty"`
}

type fieldForm struct {
	Text       string            `json:"text"`
	Confidence float64           `json:"confidence"`
	Doubtful   bool              `json:"doubtful"`
	Box        [4]int            `json:"box"` // x, y, w, h in the view
	Crop       string            `json:"crop"`
	Picture    int               `json:"picture"` // of several, which it was read from
	More       []alternativeForm `json:"more,omitempty"`
}

type alternativeForm struct {
	Text       string  `json:"text"`
	Confidence float64 `json:"confidence"`
}

type lineForm struct {
	Text       string  `json:"text"`
	Confidence float64 `json:"confidence"`
	Box        [4]int  `json:"box"`
}

func (s *Server) readCard(w http.ResponseWriter, r *http.Request) error {
	picture, err := body(w, r, maxCard, errPicture)
	if err != nil {
		return err
	}
	var card kiosk.Card
	other := false
	if with := r.URL.Query().Get("with"); with != "" { // a further picture of that card
		card, other, err = s.Desk.ReadMore(r.Context(), with, picture)
	} else {
		card, err = s.Desk.ReadCard(r.Context(), picture)
	}
	if err != nil {
		return err
	}
	send(w, http.StatusOK, formOf(card, other))
	return nil
}

func formOf(card kiosk.Card, other bool) cardForm {
	form := cardForm{
		Card: card.ID, MS: card.Elapsed.Milliseconds(), Engine: card.Engine, Quad: corners(card.Quad),
		Size: [2]int{card.Width, card.Height}, Fields: map[string]fieldForm{}, Lines: []lineForm{},
		Pictures: card.Pictures, Other: other, Others: card.Others, Unfamiliar: card.Unfamiliar,
	}
	for name, f := range card.Fields {
		field := fieldForm{Text: f.Text, Confidence: f.Confidence, Doubtful: kiosk.Doubtful(f), Box: box(f.Box), Picture: card.From[name]}
		if !f.Box.Empty() {
			field.Crop = "/api/v1/cards/" + url.PathEscape(card.ID) + "/crops/" + url.PathEscape(name)
		}
		for _, m := range f.More {
			field.More = append(field.More, alternativeForm{m.Text, m.Confidence})
		}
		form.Fields[name] = field
	}
	for _, l := range card.Lines {
		form.Lines = append(form.Lines, lineForm{l.Text, l.Confidence, box(l.Box)})
	}
	return form
}

func corners(q *plane.Quad) *[4][2]float64 {
	if q == nil {
		return nil
	}
	var out [4][2]float64
	for i, p := range q {
		out[i] = [2]float64{p.X, p.Y}
	}
	return &out
}

func box(r image.Rectangle) [4]int { return [4]int{r.Min.X, r.Min.Y, r.Dx(), r.Dy()} }

func (s *Server) crop(w http.ResponseWriter, r *http.Request) error {
	picture, err := s.Desk.Crop(r.PathValue("card"), r.PathValue("field"))
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return err
	}
	sendPicture(w, "image/png", out.Bytes())
	return nil
}

func (s *Server) view(w http.ResponseWriter, r *http.Request) error {
	card, err := s.Desk.Card(r.PathValue("card"))
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, card.View, &jpeg.Options{Quality: 85}); err != nil {
		return err
	}
	sendPicture(w, "image/jpeg", out.Bytes())
	return nil
}

func sendPicture(w http.ResponseWriter, kind string, data []byte) {
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(data)
}

func (s *Server) forgetCard(w http.ResponseWriter, r *http.Request) error {
	s.Desk.ForgetCard(r.PathValue("card"))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

type outlineForm struct {
	Found  bool           `json:"found"`
	Quad   *[4][2]float64 `json:"quad"` // in the frame's pixels
	Advice string         `json:"advice"`
}

func (s *Server) outline(w http.ResponseWriter, r *http.Request) error {
	frame, err := body(w, r, maxFrame, errPicture)
	if err != nil {
		return err
	}
	report, err := s.Desk.Outline(r.Context(), frame)
	if err != nil {
		return err
	}
	form := outlineForm{Found: report.Found, Advice: report.Advice}
	if report.Found {
		form.Quad = corners(&report.Quad)
	}
	send(w, http.StatusOK, form)
	return nil
}
