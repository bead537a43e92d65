package contact

// quick reads the numbers that nearly all visitors of a show in China have, at
// a hundredth of what the library takes: it gives what phone would, or false
// where it does not know. It knows mobile numbers of mainland China (11 digits
// from 1, +86), whose first three digits decide (GB/T, as libphonenumber's plan
// has them), written in digits with blanks or hyphens, and the prefix 100, which
// nobody has and made-up data use.
func quick(text, region string) (number string, mobile, known bool) {
	digits := make([]byte, 0, 16)
	plus := len(text) > 0 && text[0] == '+'
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			if len(digits) == 13 {
				return "", false, false
			}
			digits = append(digits, c)
		case (c == ' ' || c == '-') && i > 0 && i < len(text)-1 && text[i-1] >= '0' && text[i-1] <= '9':
		case c == '+' && i == 0:
		default:
			return "", false, false
		}
	}
	national := digits
	switch {
	case plus && len(digits) == 13 && string(digits[:2]) == "86":
		national = digits[2:]
	case plus || region != "CN" || len(digits) != 11:
		return "", false, false
	}
	if national[0] != '1' {
		return "", false, false
	}
	switch prefix := string(national[:3]); prefix[1] {
	case '3', '8':
		return "+86" + string(national), true, true
	case '5':
		mobile = prefix[2] != '4'
	case '7':
		mobile = prefix[2] != '4' && prefix[2] != '9'
	case '9':
		mobile = prefix[2] != '4'
	case '0':
		if prefix[2] == '0' {
			return string(digits), false, true
		}
	}
	return "+86" + string(national), true, mobile
}
