package pagetest_test

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"maps"
	"net/http"
	"os"

	"hallpass/sync/fault"
)

// postOutlines finds the card of testdata/card.jpg where it is.
func (k *kiosk) postOutlines(w http.ResponseWriter, r *http.Request) {
	frame, err := jpeg.DecodeConfig(r.Body)
	if err != nil {
		reply(w, http.StatusUnsupportedMediaType, map[string]any{"code": fault.CardNotPicture})
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.seen {
		reply(w, http.StatusOK, map[string]any{"found": false, "quad": nil, "advice": "no_card"})
		return
	}
	x, y := float64(frame.Width), float64(frame.Height)
	quad := [][]float64{{.1357 * x, .1548 * y}, {.9446 * x, .2624 * y}, {.8906 * x, .8918 * y}, {.1 * x, .7997 * y}}
	reply(w, http.StatusOK, map[string]any{"found": true, "quad": quad, "advice": k.advice})
}

func (k *kiosk) postCards(w http.ResponseWriter, r *http.Request) {
	picture, err := io.ReadAll(r.Body)
	if _, _, err2 := image.DecodeConfig(bytes.NewReader(picture)); err != nil || err2 != nil {
		reply(w, http.StatusUnsupportedMediaType, map[string]any{"code": fault.CardNotPicture})
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	id := fmt.Sprintf("c%d", len(k.cards)+1)
	with, pictures := r.URL.Query().Get("with"), 1
	switch {
	case with != "" && !k.cards[with]:
		reply(w, http.StatusNotFound, map[string]any{"code": fault.NotFound})
		return
	case with != "" && !k.stranger:
		k.cards[with] = false // it is part of the new one
		pictures = 2
	}
	k.cards[id] = true
	fields := map[string]any{}
	for name, f := range k.printed(pictures) {
		fields[name] = map[string]any{
			"text": f.text, "confidence": f.confidence, "doubtful": f.confidence < 0.9, "box": f.box,
			"crop": "/api/v1/cards/" + id + "/crops/" + name, "more": f.more, "picture": f.picture,
		}
	}
	reply(w, http.StatusOK, map[string]any{"card": id, "ms": 900, "engine": "tesseract", "fields": fields, "pictures": pictures, "other": with != "" && pictures == 1,
		"others": map[bool]int{true: 1}[k.strange], "unfamiliar": k.strange})
}

// printed is what so many pictures of a card say: the other side settles one
// doubt and adds two fields. A stranger's card has another name.
func (k *kiosk) printed(pictures int) map[string]cardField {
	all := maps.Clone(cardFields)
	switch {
	case k.stranger:
		all["name"] = cardField{"林晓", 0.98, cardFields["name"].box, nil, 0}
	case pictures > 1:
		all["email"] = cardField{"helen.pan@dingrui.net", 0.97, cardFields["email"].box, nil, 1}
		all["wechat"] = cardField{"helenpan", 0.95, cardFields["email"].box, nil, 1}
	}
	return all
}

type cardField struct {
	text       string
	confidence float64
	box        [4]int
	more       []map[string]any
	picture    int // 1: on the other side
}

// cardFields is what a reader makes of testdata/card-flat.jpg, boxes x, y,
// width, height. Two fields are doubtful.
var cardFields = map[string]cardField{
	"company":    {"厦门鼎睿智能科技集团有限公司", 0.98, [4]int{416, 39, 434, 42}, nil, 0},
	"company_en": {"Dingrui Intelligent Technology Co., Ltd.", 0.97, [4]int{457, 79, 393, 30}, nil, 0},
	"name":       {"潘俊杰", 0.98, [4]int{50, 148, 126, 57}, nil, 0},
	"name_en":    {"Helen Pan", 0.97, [4]int{50, 201, 124, 35}, nil, 0},
	"title":      {"运营总盐", 0.55, [4]int{50, 234, 100, 34}, []map[string]any{{"text": "运营总监", "confidence": 0.5}}, 0},
	"title_en":   {"Operations Director", 0.96, [4]int{50, 268, 231, 34}, nil, 0},
	"mobile":     {"+86 161 9225 9772", 0.95, [4]int{147, 325, 205, 33}, nil, 0},
	"phone":      {"0592 4420 479", 0.95, [4]int{133, 357, 163, 33}, nil, 0},
	"email":      {"helen_pan@dingrui.net", 0.71, [4]int{146, 389, 247, 32}, []map[string]any{{"text": "helen.pan@dingrui.net", "confidence": 0.4}}, 0},
	"address":    {"福建省厦门市思明区文澜街363号蓝湾国际4层", 0.93, [4]int{145, 420, 477, 33}, nil, 0},
	"fax":        {"0592 0000 000", 0.99, [4]int{600, 500, 10, 10}, nil, 0}, // this show does not ask for it
}

func (k *kiosk) getCrop(w http.ResponseWriter, r *http.Request) {
	data, err := os.ReadFile("testdata/card-flat.jpg")
	if err != nil {
		k.tb.Error(err)
	}
	flat, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		k.tb.Error(err)
		return
	}
	b := cardFields[r.PathValue("field")].box
	box := image.Rect(b[0], b[1], b[0]+b[2], b[1]+b[3]).Inset(-8)
	crop := image.NewRGBA(image.Rect(0, 0, box.Dx(), box.Dy()))
	draw.Draw(crop, crop.Bounds(), flat, box.Min, draw.Src)
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "no-store")
	_ = png.Encode(w, crop)
}

func (k *kiosk) deleteCard(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.cards[r.PathValue("id")] = false
	w.WriteHeader(http.StatusNoContent)
}

// inMemory counts the cards that nobody deleted.
func (k *kiosk) inMemory() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := 0
	for _, there := range k.cards {
		if there {
			n++
		}
	}
	return n
}
