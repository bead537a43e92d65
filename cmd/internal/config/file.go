package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

const maxFile = 1 << 20 // a settings file has some kB

// fromFile returns what a YAML file gives.
func fromFile(path string, fields fields) ([]assignment, error) {
	b, err := readFile(path)
	if err != nil {
		return nil, fmt.Errorf("config: %w; write the file or leave out -config", err)
	}
	name := filepath.Base(path)
	d := yaml.NewDecoder(bytes.NewReader(b))
	var doc yaml.Node
	switch err := d.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, nil // empty, or comments only
	case err != nil:
		return nil, fmt.Errorf("config %s: %w", name, err)
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("config %s: holds more than one document; keep one", name)
	}
	return fromMapping(doc.Content[0], name, fields)
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(b) > maxFile {
		err = fmt.Errorf("%s is over %d bytes", filepath.Base(path), maxFile)
	}
	return b, err
}

func fromMapping(m *yaml.Node, name string, fields fields) (given []assignment, err error) {
	if m.Kind == yaml.ScalarNode && m.Tag == "!!null" {
		return nil, nil
	}
	if m.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("config %s:%d: is no list of KEY: VALUE lines", name, m.Line)
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(m.Content); i += 2 {
		key, value := m.Content[i], m.Content[i+1]
		where := fmt.Sprintf("%s:%d", name, key.Line)
		f := fields.find(key.Value)
		if f == nil {
			return nil, fmt.Errorf("config %s: unknown key %q%s; -h lists the keys", where, key.Value,
				fields.nearest(key.Value, func(k string) string { return k }))
		}
		if first := seen[key.Value]; first != 0 {
			return nil, fmt.Errorf("config %s: %s is given again, first in line %d; keep one", where, key.Value, first)
		}
		seen[key.Value] = key.Line
		text, err := textOf(value, f.value.Kind() == reflect.Slice)
		if err != nil {
			return nil, fmt.Errorf("config %s: %s %w", where, key.Value, err)
		}
		given = append(given, assignment{key.Value, text, where})
	}
	return given, nil
}

// textOf returns a plain value as written, and a list with each item on a line.
func textOf(n *yaml.Node, list bool) (string, error) {
	switch {
	case n.Kind == yaml.AliasNode:
		return textOf(n.Alias, list)
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		return "", errors.New(`has no value; write one, "" for none`)
	case n.Kind == yaml.ScalarNode:
		return n.Value, nil
	case n.Kind == yaml.SequenceNode && list:
		var items []string
		for _, item := range n.Content {
			if item.Kind != yaml.ScalarNode || item.Tag == "!!null" || strings.Contains(item.Value, "\n") {
				return "", errors.New("has a list item that is no plain value in one line")
			}
			items = append(items, item.Value+"\n")
		}
		return strings.Join(items, ""), nil
	}
	return "", errors.New("has more than one value; write it in one line, KEY: VALUE")
}
