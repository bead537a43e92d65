package showfile

import "hallpass/sync/record"

// The tagged twins of record.Show and its parts, field for field, so that the
// compiler refuses a part that only one of the two has.

type show struct {
	ID            record.ShowID `json:"id"`
	Edition       string        `json:"edition,omitempty"`
	Name          record.Text   `json:"name"`
	Accent        string        `json:"accent,omitempty"`
	Logo          []byte        `json:"logo,omitempty"`
	Languages     []string      `json:"languages"`
	Timezone      string        `json:"timezone"`
	FirstDay      string        `json:"first_day"`
	Days          int           `json:"days"`
	IdleSeconds   int           `json:"idle_seconds"`
	BadgeTemplate string        `json:"badge_template,omitempty"`
	Rehearsal     bool          `json:"rehearsal,omitempty"`
	Learn         bool          `json:"learn,omitempty"`
	Fields        []fieldRule   `json:"fields"`
	Categories    []category    `json:"categories"`
	Questions     []question    `json:"questions"`
	Consents      []consent     `json:"consents"`
	Exhibitors    []exhibitor   `json:"exhibitors"`
	Gates         []gate        `json:"gates"`
	Revised       stamp         `json:"revised,omitzero"`
}

type fieldRule struct {
	Name     record.FieldName `json:"name"`
	Required bool             `json:"required"`
}

type category struct {
	ID     record.CategoryID `json:"id"`
	Name   record.Text       `json:"name"`
	Colour string            `json:"colour"`
	Self   bool              `json:"self"`
}

type question struct {
	ID         record.QuestionID   `json:"id"`
	Text       record.Text         `json:"text"`
	Kind       record.QuestionKind `json:"kind"`
	Options    []option            `json:"options,omitempty"`
	Required   bool                `json:"required"`
	Categories []record.CategoryID `json:"categories,omitempty"`
}

type option struct {
	ID   string      `json:"id"`
	Text record.Text `json:"text"`
}

type consent struct {
	ID        record.ConsentID   `json:"id"`
	Version   uint32             `json:"version"`
	Text      record.Text        `json:"text"`
	Required  bool               `json:"required"`
	Discloses []record.FieldName `json:"discloses,omitempty"`
}

type exhibitor struct {
	ID    record.ExhibitorID `json:"id"`
	Name  record.Text        `json:"name"`
	Hall  string             `json:"hall"`
	Booth string             `json:"booth"`
}

type gate struct {
	ID        record.GateID `json:"id"`
	Name      record.Text   `json:"name"`
	Hall      string        `json:"hall"`
	Direction string        `json:"direction"`
}

type stamp struct {
	Wall    int64         `json:"wall"`
	Counter uint32        `json:"counter"`
	Node    record.NodeID `json:"node"`
}
