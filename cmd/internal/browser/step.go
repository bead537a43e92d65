package browser

import (
	"context"
	"fmt"
	"os"

	"github.com/chromedp/chromedp"
)

// Open goes to the address and waits for the page to load.
func (b *Browser) Open(url string) {
	b.tb.Helper()
	b.Run("open "+url, chromedp.Navigate(url))
}

// Click waits until the first element that fits the CSS selector is on the
// screen and can be used, and clicks it.
func (b *Browser) Click(selector string) {
	b.tb.Helper()
	b.Run("click "+selector,
		chromedp.WaitVisible(chromedp.CSS(selector)),
		chromedp.WaitEnabled(chromedp.CSS(selector)),
		chromedp.Click(chromedp.CSS(selector)))
}

// Type waits for the field and types the text in place of what it holds.
func (b *Browser) Type(selector, text string) {
	b.tb.Helper()
	field := chromedp.CSS(selector)
	b.Run("find "+selector, chromedp.WaitVisible(field), chromedp.WaitEnabled(field))
	Value[bool](b, fmt.Sprintf(`(document.querySelector(%q).value = "") === ""`, selector))
	b.Run("type into "+selector, chromedp.SendKeys(field, text))
}

// See waits until the element is on the screen.
func (b *Browser) See(selector string) {
	b.tb.Helper()
	b.Run("see "+selector, chromedp.WaitVisible(chromedp.CSS(selector)))
}

// Until waits until the JavaScript expression is true; it is asked at every
// frame of the page.
func (b *Browser) Until(expression string) {
	b.tb.Helper()
	b.Run("until "+expression, chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingTimeout(b.patience)))
}

// Value returns what the JavaScript expression gives; a promise is awaited.
func Value[T any](b *Browser, expression string) T {
	b.tb.Helper()
	var value T
	b.Run("evaluate "+expression, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) (err error) {
		value, err = chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
		return err
	}))
	return value
}

// Text returns what the element says, as it is laid out on the screen.
func (b *Browser) Text(selector string) string {
	b.tb.Helper()
	b.See(selector)
	return Value[string](b, fmt.Sprintf("document.querySelector(%q).innerText", selector))
}

// Screenshot writes the screen as a PNG file.
func (b *Browser) Screenshot(file string) {
	b.tb.Helper()
	var png []byte
	b.Run("screenshot", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) (err error) {
		png, err = chromedp.Run(ctx, chromedp.CaptureScreenshot())
		return err
	}))
	if err := os.WriteFile(file, png, 0o644); err != nil {
		b.tb.Fatal(err)
	}
}
