package main

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"hallpass/badge"
)

// standard is the template of a show that names none, or one that this
// program does not have: a visitor gets a badge either way.
const standard = "a6"

// layoutOf returns the renderer for the template that a show names, or always
// the fixed one, a name or a file, which is refused if it is not there.
func layoutOf(fixed string, log *slog.Logger) (func(template string) (*badge.Renderer, error), error) {
	all, err := newRenderers()
	if err != nil {
		return nil, err
	}
	if fixed != "" {
		if _, err := all.find(fixed); err != nil {
			return nil, fmt.Errorf("template: %w", err)
		}
		return func(string) (*badge.Renderer, error) { return all.find(fixed) }, nil
	}
	var warned sync.Once
	return func(name string) (*badge.Renderer, error) {
		if !slices.Contains(builtInTemplates(), name) {
			warned.Do(func() { log.Warn("badge template unknown, using another", "template", name, "used", standard) })
			name = standard
		}
		return all.find(name)
	}, nil
}
