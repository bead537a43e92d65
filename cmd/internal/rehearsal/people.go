package rehearsal

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"hallpass/sync/record"
)

// again is how many of a hundred people register a second time, as people do
// who have forgotten that they did.
const again = 2

// crowd makes up people: the same ones for the same seed and kiosk. Nobody can
// be reached under what they leave: their phone numbers are of ranges that no
// operator assigns, their mail is under example (RFC 2606).
type crowd struct {
	*rand.Rand
	place, count int
	last         map[record.FieldName]string
}

func newCrowd(seed uint64, place int) *crowd {
	return &crowd{Rand: rand.New(rand.NewPCG(seed, uint64(place))), place: place}
}

// next returns what the next visitor types.
func (c *crowd) next() map[record.FieldName]string {
	if c.last != nil && c.IntN(100) < again {
		return c.last
	}
	c.count++
	p := pick(c, peoples)
	family, given, title := pick(c, p.families), pick(c, p.given), pick(c, p.titles)
	firm, trade := pick(c, firms), pick(c, trades)
	fields := map[record.FieldName]string{
		"name":    fmt.Sprintf(p.order, family.own, given.own),
		"company": strings.TrimSpace(firm.own + " " + trade.own), "company_en": firm.latin + " " + trade.latin,
		"title":  title.own,
		"email":  fmt.Sprintf("%s.%s.%x.%x@%s.example", plain(given.latin), plain(family.latin), c.place, c.count, plain(firm.latin)),
		"mobile": c.mobile(),
	}
	if family.own != family.latin {
		fields["name_en"], fields["title_en"] = given.latin+" "+family.latin, title.latin
	}
	c.last = fields
	return fields
}

// mobile is a number that belongs to nobody: eleven digits from 12, which no
// mobile operator of China has; 555-01xx of North America and 07700 900xxx of
// Britain, which are kept for made-up people.
func (c *crowd) mobile() string {
	switch n := c.place*1_000_000 + c.count; c.IntN(8) {
	case 0:
		return fmt.Sprintf("+1 %d%02d 555 01%02d", 2+c.IntN(8), c.IntN(100), c.IntN(100))
	case 1:
		return fmt.Sprintf("+44 7700 900%03d", c.IntN(1000))
	default:
		return fmt.Sprintf("12%d %04d %04d", n/100_000_000%10, n/10_000%10_000, n%10_000)
	}
}

func pick[T any](c *crowd, of []T) T { return of[c.IntN(len(of))] }

// plain is a name as it stands in an address of mail.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(text))
}

// register makes the form as the visitor has confirmed it.
func (c *crowd) register(show record.Show, node record.NodeID, id record.RegistrationID, at record.Stamp) record.Registration {
	r := record.Registration{
		ID: id, Show: show.ID, Node: node, Created: at, Source: record.SourceRehearsal,
		Category: record.Register[record.CategoryID]{Value: c.category(show), At: at},
		Fields:   map[record.FieldName]record.Register[string]{},
		Answers:  map[record.QuestionID]record.Answer{},
		Consents: map[record.ConsentID]record.Consent{},
	}
	asked := map[record.FieldName]bool{}
	for _, f := range show.Fields {
		asked[f.Name] = true
	}
	for name, value := range c.next() {
		if asked[name] {
			r.Fields[name] = record.Register[string]{Value: value, At: at}
		}
	}
	for _, q := range show.Questions {
		c.answer(&r, q, at)
	}
	for _, text := range show.Consents {
		given := text.Required || c.IntN(4) > 0
		r.Consents[text.ID] = record.Consent{Given: given, Version: text.Version, At: at}
	}
	return r
}

func (c *crowd) category(show record.Show) record.CategoryID {
	var own []record.CategoryID
	for _, category := range show.Categories {
		if category.Self {
			own = append(own, category.ID)
		}
	}
	if len(own) == 0 {
		return show.Categories[0].ID
	}
	return pick(c, own)
}

func (c *crowd) answer(r *record.Registration, q record.Question, at record.Stamp) {
	meant := len(q.Categories) == 0
	for _, category := range q.Categories {
		meant = meant || category == r.Category.Value
	}
	switch {
	case !meant:
	case q.Kind == record.QuestionText:
		r.Answers[q.ID] = record.Answer{Text: pick(c, firms).latin, At: at}
	default:
		r.Answers[q.ID] = record.Answer{Picks: []string{pick(c, q.Options).ID}, At: at}
	}
}
