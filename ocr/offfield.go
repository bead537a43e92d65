package ocr

import (
	"regexp"
	"strings"
)

var (
	// boothStamp is where a firm stands at a fair: "HALL 4", "Stand C27".
	boothStamp = regexp.MustCompile(`(?i)^(visit us( at| in)?:?[ ,]*)?((hall|halle|booth|stand|pavilion|aisle)( no\.?)?[ :]*[a-z]{0,2}[ -]?\d{1,4}[a-z]?\d{0,3}[ ,·/|-]*)+$`)
	// register is the number of a licence, a charity or a firm, with its word.
	register = regexp.MustCompile(`(?i)\b(licen[cs]e|lic|reg(istration|istered)?( charity| company)?|charity|company|nmls|dre|cslb|uen|abn|acn|gstin?|fssai|cin|iec|vat|vat reg|tax|member|permit)\b\.? ?(id|no|nr|number|num|code)?\b[.:]? ?#? ?[a-z]{0,4}[ox\d][\dox./-]{3,}|\b(licen[cs]e|charity|reg\w*) (no|number|#)`)
	// standard is a certified one, as engines read it.
	standard = regexp.MustCompile(`^[(（ ]*[1Il|]?[S5s][O0o][ /-]?(iec )?(9001|14001|45001|13485|27001|22000|50001|22716|17025|16949|22301|3834)\b|^(?i:din|en|bs|astm|ansi|jis)[ -]?(?i:en |iso )?[A-Z]?\d{3,6}([-:]\d+)?$`)
	// social is an account with a service that is named by its first letters.
	social = regexp.MustCompile(`(?i)^(ig|fb|tw|yt|tt|be|in|li|x|insta|instagram|facebook|linkedin|behance|tiktok|twitter|youtube|pinterest|vimeo|threads|medium|github|telegram|tg|signal|line|follow us( on)?|find us( on)?)(\s*[:.|-]\s*@|\s+@|\s*[:.|-]?\s*/)\s?[a-z0-9_./@-]+$`)
	// body is a line that says whose member or ward a firm is.
	body = regexp.MustCompile(`(?i)^(an? |proud |proudly )*(member|members|accredited|authori[sz]ed|regulated|certified|approved|licensed|endorsed|founding member|corporate member)( and regulated)? (of|by|to|with|under) (the )?`)
)

// dropAside leaves out what cards print that no field wants: where a firm stands
// at the fair, numbers of registers, accounts with social services, and whose
// member it is. A member of a board or committee is a title.
func (p *piece) dropAside() {
	if p.field != "" || p.label || p.text == "" || chinesePrint(p.text) {
		return
	}
	why := ""
	switch s := strings.TrimSpace(p.text); {
	case standard.MatchString(s):
		why = "a mark of certification"
	case boothStamp.MatchString(s):
		why = "a stand at a fair"
	case register.MatchString(s) && placeLike(s) < 0.75:
		why = "the number of a register"
	case social.MatchString(s):
		why = "an account with a social service"
	case body.MatchString(s) && !strings.Contains(strings.ToLower(s), "board") && !strings.Contains(strings.ToLower(s), "committee"):
		why = "whose member the firm is"
	default:
		return
	}
	p.field, p.why = "none", append(p.why, why)
}
