package pagetest_test

import (
	"fmt"
	"os"
	"testing"

	"hallpass/cmd/internal/browser"
)

// chromium is what all tests open their pages in, one after the other.
var chromium browser.Chromium

func TestMain(m *testing.M) {
	code := m.Run()
	if err := chromium.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "pagetest:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// open gives the test a tab with a profile of its own.
func open(tb testing.TB, o browser.Options) *browser.Browser {
	tb.Helper()
	o.In = &chromium
	return browser.Start(tb, o)
}
