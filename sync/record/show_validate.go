package record

import (
	"bytes"
	"fmt"
	"regexp"
	"time"
)

var (
	shortID = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,31}$`)
	colour  = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)
)

// maxCategoryID keeps the token within its size (package token).
const maxCategoryID = 12

// maxLogo keeps a show small: every kiosk fetches it at each change.
const maxLogo = 256 << 10

// picture looks at a file's first bytes only; what draws it refuses the rest.
func picture(file []byte) bool {
	return bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")) || bytes.HasPrefix(file, []byte("\xff\xd8\xff"))
}

// Validate says what is wrong with a show in words for whoever wrote its file.
func (s Show) Validate() error {
	if err := s.validateFrame(); err != nil {
		return err
	}
	if err := s.validateCategories(); err != nil {
		return err
	}
	if err := s.validateQuestions(); err != nil {
		return err
	}
	return s.validateOthers()
}

func (s Show) validateFrame() error {
	switch {
	case !shortID.MatchString(string(s.ID)):
		return refused("id", fmt.Sprintf("The show's id %q is not a short lower-case name; try %q.", s.ID, "lumen-2027"))
	case len(s.Name) == 0:
		return refused("name", "The show has no name.")
	case len(s.Languages) == 0:
		return refused("languages", `The show has no language; try ["zh-CN", "en"].`)
	case s.Accent != "" && !colour.MatchString(s.Accent):
		return refused("accent", fmt.Sprintf("The accent %q is not #RRGGBB.", s.Accent))
	case len(s.Logo) > maxLogo:
		return refused("logo", "The logo has more than 256 KiB; a badge needs 480 pixels of it.")
	case len(s.Logo) > 0 && !picture(s.Logo):
		return refused("logo", "The logo is no PNG or JPEG file in Base64.")
	case s.Days < 1 || s.Days > 31:
		return refused("days", fmt.Sprintf("The show lasts %d days; 1 to 31 are possible.", s.Days))
	case s.FirstDay.IsZero():
		return refused("first_day", "The show has no first day.")
	case s.FirstDay.Year() < 2020 || s.FirstDay.Year() > 2198:
		return refused("first_day", fmt.Sprintf("The first day %s is not between 2020 and 2198, which is what a badge's code can say.", s.FirstDay.Format(time.DateOnly)))
	case s.Idle < 0 || s.Idle > time.Hour:
		return refused("idle_seconds", "The idle time is at most an hour.")
	}
	if _, err := time.LoadLocation(s.Timezone); err != nil {
		return refused("timezone", fmt.Sprintf("The time zone %q is unknown; try %q.", s.Timezone, "Asia/Shanghai"))
	}
	return nil
}

func (s Show) validateCategories() error {
	if len(s.Categories) == 0 {
		return refused("categories", "The show has no category of visitors.")
	}
	seen := map[CategoryID]bool{}
	for i, c := range s.Categories {
		field := fmt.Sprintf("categories[%d]", i)
		switch {
		case !shortID.MatchString(string(c.ID)) || len(c.ID) > maxCategoryID || seen[c.ID]:
			return refused(field, fmt.Sprintf("The category id %q is not a short name of its own (12 characters at most).", c.ID))
		case len(c.Name) == 0 || !colour.MatchString(c.Colour):
			return refused(field, fmt.Sprintf("The category %q needs a name and a colour #RRGGBB.", c.ID))
		}
		seen[c.ID] = true
	}
	return nil
}

func (s Show) validateQuestions() error {
	seen := map[QuestionID]bool{}
	for i, q := range s.Questions {
		field := fmt.Sprintf("questions[%d]", i)
		choice := q.Kind == QuestionSingle || q.Kind == QuestionMulti
		switch {
		case !shortID.MatchString(string(q.ID)) || seen[q.ID]:
			return refused(field, fmt.Sprintf("The question id %q is not a short name of its own.", q.ID))
		case !choice && q.Kind != QuestionText:
			return refused(field, fmt.Sprintf("The question kind %q is none of single, multi, text.", q.Kind))
		case len(q.Text) == 0 || choice && len(q.Options) < 2:
			return refused(field, fmt.Sprintf("The question %q needs a text and, if a choice, two options.", q.ID))
		case !distinct(q.Options):
			return refused(field, fmt.Sprintf("The options of question %q need ids of their own.", q.ID))
		}
		seen[q.ID] = true
	}
	return nil
}

// distinct reports whether each answer can be told from the others.
func distinct(options []Option) bool {
	seen := map[string]bool{"": true}
	for _, o := range options {
		if seen[o.ID] {
			return false
		}
		seen[o.ID] = true
	}
	return true
}

func (s Show) validateOthers() error {
	consents := map[ConsentID]bool{}
	for i, c := range s.Consents {
		if !shortID.MatchString(string(c.ID)) || consents[c.ID] || c.Version == 0 || len(c.Text) == 0 {
			return refused(fmt.Sprintf("consents[%d]", i), fmt.Sprintf("The consent %q needs an id of its own, a version from 1 and a text.", c.ID))
		}
		consents[c.ID] = true
	}
	exhibitors := map[ExhibitorID]bool{}
	for i, e := range s.Exhibitors {
		if !shortID.MatchString(string(e.ID)) || exhibitors[e.ID] || len(e.Name) == 0 {
			return refused(fmt.Sprintf("exhibitors[%d]", i), fmt.Sprintf("The exhibitor %q needs an id of its own and a name.", e.ID))
		}
		exhibitors[e.ID] = true
	}
	return nil
}
