package ocr

// reason says in words why open print was taken for a class.
func (p *piece) reason(c class) string {
	switch c {
	case asName:
		if chineseName(p.text) > 0.8 {
			return "a family name of the list begins it"
		}
		return "looks like a name, by its words and size"
	case asTitle:
		return "a word of the list of titles"
	case asDepartment:
		return "a word of the list of departments"
	case asCompany:
		if companyLike(p.text) > 0.8 {
			return "the ending of an organization's name"
		}
		return "no ending of an organization's name"
	case asAddress:
		if p.label {
			return ""
		}
		return "places, streets and house numbers"
	}
	return ""
}
