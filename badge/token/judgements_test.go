package token_test

import (
	"crypto/ed25519"
	"time"

	"hallpass/badge/token"
)

// judgementVectors are badges at the door: what a ring that knows the hall's
// public key and some of its statements says of each.
func judgementVectors(hall, otherHall, one, two ed25519.PrivateKey) (out []judgementForm) {
	first := must(certified(one, nodeOne, nil).Sign(hall))
	second := must(certified(two, nodeTwo, nil).Sign(hall))
	tradeOnly := must(certified(one, nodeOne, func(c *token.Certificate) { c.Categories = []string{"trade"}; c.Issued = opening }).Sign(hall))
	shorter := must(certified(one, nodeOne, func(c *token.Certificate) { c.Until = c.SignUntil; c.Issued = opening }).Sign(hall))
	lastYear := must(certified(one, nodeOne, func(c *token.Certificate) { c.Show = elseShow }).Sign(hall))
	foreign := must(certified(one, nodeOne, nil).Sign(otherHall))
	revoke := func(all bool, since time.Duration) string {
		return must(token.Revocation{Node: nodeOne, Show: theShow, At: opening.Add(5 * time.Hour), Since: opening.Add(since), All: all}.Sign(hall))
	}
	badge := func(key ed25519.PrivateKey, made time.Duration) string {
		return must(token.Sign(key, token.Claims{Badge: badgeAt(opening.Add(made), 1), Issue: 1, Category: "vip", FirstDay: opening, Days: 3}))
	}
	early, late := badge(one, time.Hour), badge(one, 4*time.Hour)
	forged := spliced(early, 23, 2)
	for _, c := range []struct {
		name       string
		statements []string
		refused    int
		token      string
		after      time.Duration
		reason     token.Reason
		doubtful   bool
	}{
		{"genuine", []string{first, second}, 0, early, 2 * time.Hour, token.Genuine, false},
		{"genuine, on the last second", []string{first}, 0, early, 14*24*time.Hour - time.Second, token.Genuine, false},
		{"forged", []string{first}, 0, forged, time.Hour, token.Forged, false},
		{"forged, of no key", nil, 0, forged, time.Hour, token.UnknownKey, false},
		{"no token", []string{first}, 0, "HTTPS://BADGES.EXAMPLE/7", time.Hour, token.Forged, false},
		{"by a kiosk nobody has heard of", []string{second}, 0, early, time.Hour, token.UnknownKey, false},
		{"certified by another hall", []string{foreign}, 1, early, time.Hour, token.UnknownKey, false},
		{"certified for another show", []string{lastYear}, 1, early, time.Hour, token.UnknownKey, false},
		{"before the certificate begins", []string{first}, 0, early, -26 * time.Hour, token.Early, false},
		{"after the certificate's end", []string{first}, 0, early, 14 * 24 * time.Hour, token.Expired, false},
		{"the key is to be replaced, its badges count", []string{first}, 0, early, 8 * 24 * time.Hour, token.Genuine, false},
		{"the later certificate is shorter", []string{first, shorter}, 0, early, 8 * 24 * time.Hour, token.Expired, false},
		{"a category that the key may not sign", []string{first, tradeOnly}, 0, early, time.Hour, token.NotAllowed, false},
		{"revoked, made before", []string{first, revoke(false, 2*time.Hour)}, 0, early, 6 * time.Hour, token.Genuine, true},
		{"revoked, made later", []string{first, revoke(false, 2*time.Hour)}, 0, late, 6 * time.Hour, token.Revoked, false},
		{"revoked, all of them", []string{first, revoke(true, 2*time.Hour)}, 0, early, 6 * time.Hour, token.Revoked, false},
		{"revoked twice, the stricter counts", []string{first, revoke(false, 2*time.Hour), revoke(false, time.Minute)}, 0, early, 6 * time.Hour, token.Revoked, false},
		{"another kiosk revoked", []string{first, second, revoke(true, 0)}, 0, badge(two, time.Hour), 6 * time.Hour, token.Genuine, false},
		{"not a statement", []string{first, early}, 1, early, time.Hour, token.Genuine, false},
	} {
		out = append(out, judgementForm{
			Name: c.name, Hall: hexOf(public(hall)), Show: theShow, Statements: append([]string{}, c.statements...), Refused: c.refused,
			Token: c.token, At: opening.Add(c.after).Unix(), Reason: string(c.reason), Doubtful: c.doubtful,
		})
	}
	return out
}
