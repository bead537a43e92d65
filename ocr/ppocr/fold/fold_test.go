package fold_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"hallpass/ocr/ppocr/fold"
)

// message writes fields: strings and messages as bytes, ints as varints,
// float32 as four bytes.
func message(fields ...any) []byte {
	var b []byte
	for i := 0; i < len(fields); i += 2 {
		n := protowire.Number(fields[i].(int))
		switch v := fields[i+1].(type) {
		case string:
			b = protowire.AppendBytes(protowire.AppendTag(b, n, protowire.BytesType), []byte(v))
		case []byte:
			b = protowire.AppendBytes(protowire.AppendTag(b, n, protowire.BytesType), v)
		case int:
			b = protowire.AppendVarint(protowire.AppendTag(b, n, protowire.VarintType), uint64(v))
		case float32:
			b = protowire.AppendFixed32(protowire.AppendTag(b, n, protowire.Fixed32Type), math.Float32bits(v))
		}
	}
	return b
}

func operation(op, out string, in ...string) []byte {
	var fields []any
	for _, s := range in {
		fields = append(fields, 1, s)
	}
	return message(append(fields, 2, out, 3, op+" "+out, 4, op)...)
}

func constant(name string, dims []int, values ...float32) []byte {
	var fields []any
	for _, d := range dims {
		fields = append(fields, 1, d)
	}
	var raw []byte
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	tensor := message(append(fields, 2, 1, 9, raw)...)
	return message(2, name, 4, "Constant", 5, message(1, "value", 5, tensor, 20, 4))
}

func conv(out, in, weights, bias string, pad int) []byte {
	pads := message(1, "pads", 8, pad, 8, pad, 8, pad, 8, pad, 20, 7)
	return append(operation("Conv", out, in, weights, bias), message(5, pads)...)
}

// layer is a convolution of one plane and what its training left behind it.
func layer(name, in string, pad int) [][]byte {
	return [][]byte{
		constant(name+"w", []int{1, 1, 1, 1}, 2), constant(name+"b", []int{1}, 3),
		constant(name+"3", []int{1}, 3), constant(name+"0", nil, 0), constant(name+"6", nil, 6),
		constant(name+"s", []int{1}, 5), constant(name+"t", []int{1}, 7),
		constant(name+"u", []int{1}, 11), constant(name+"v", []int{1}, 13),
		conv(name+"y", in, name+"w", name+"b", pad),
		operation("Mul", name+"sy", name+"s", name+"y"), operation("Add", name+"z", name+"sy", name+"t"),
		operation("Add", name+"z3", name+"z", name+"3"), operation("Clip", name+"c", name+"z3", name+"0", name+"6"),
		operation("Mul", name+"zc", name+"z", name+"c"), operation("Div", name+"h", name+"zc", name+"6"),
		operation("Mul", name+"uh", name+"u", name+"h"), operation("Add", name+"o", name+"uh", name+"v"),
	}
}

func model(nodes ...[]byte) []byte {
	var fields []any
	for _, n := range nodes {
		fields = append(fields, 1, n)
	}
	return message(1, 7, 7, message(append(fields, 2, "net")...), 14, message(1, "character", 2, "甲\n乙"))
}

// step is one operation of a folded model, with its constants' numbers.
type step struct {
	op, out string
	in      []string
}

func steps(t *testing.T, model []byte) (out []step, numbers map[string]float32) {
	t.Helper()
	numbers = map[string]float32{}
	each(model, 7, func(graph []byte) {
		each(graph, 1, func(node []byte) {
			s := step{}
			each(node, 1, func(b []byte) { s.in = append(s.in, string(b)) })
			each(node, 2, func(b []byte) { s.out = string(b) })
			each(node, 4, func(b []byte) { s.op = string(b) })
			if s.op != "Constant" {
				out = append(out, s)
				return
			}
			each(node, 5, func(attribute []byte) {
				each(attribute, 5, func(tensor []byte) {
					each(tensor, 9, func(raw []byte) {
						numbers[s.out] = math.Float32frombits(binary.LittleEndian.Uint32(raw))
					})
				})
			})
		})
	})
	return out, numbers
}

func each(message []byte, number protowire.Number, do func([]byte)) {
	for len(message) > 0 {
		n, kind, size := protowire.ConsumeTag(message)
		message = message[size:]
		if b, size := protowire.ConsumeBytes(message); kind == protowire.BytesType && n == number {
			do(b)
			message = message[size:]
			continue
		}
		message = message[protowire.ConsumeFieldValue(n, kind, message):]
	}
}

func names(steps []step) string {
	var ops []string
	for _, s := range steps {
		ops = append(ops, s.op)
	}
	return strings.Join(ops, " ")
}

func TestNetwork_FoldsIntoConvolutions(t *testing.T) {
	nodes := append(layer("a", "x", 1), layer("b", "ao", 0)...)
	folded, err := fold.Network(model(append(nodes, operation("Relu", "end", "bo"))...))
	if err != nil {
		t.Fatal(err)
	}
	got, numbers := steps(t, folded)
	if want := "Conv HardSigmoid Mul Conv HardSigmoid Mul BatchNormalization Relu"; names(got) != want {
		t.Fatalf("%s, want %s", names(got), want)
	}
	// a: 5·(2x+3)+7. b: 5·(2·(11h+13)+3)+7.
	first, second := got[0], got[3]
	if w, b := numbers[first.in[1]], numbers[first.in[2]]; w != 10 || b != 22 {
		t.Errorf("first layer is %g·x+%g, want 10·x+22", w, b)
	}
	if w, b := numbers[second.in[1]], numbers[second.in[2]]; w != 110 || b != 152 {
		t.Errorf("second layer is %g·x+%g, want 110·x+152", w, b)
	}
	if last := got[6]; numbers[last.in[1]] != 11 || numbers[last.in[2]] != 13 || last.out != "bo" {
		t.Errorf("last step is %+v", last)
	}
	if !bytes.Contains(folded, []byte("甲\n乙")) {
		t.Error("the model's notes are lost")
	}
}

// At the picture's rim a padded convolution sees zeros to which no d was added.
func TestNetwork_RimStays(t *testing.T) {
	nodes := append(layer("a", "x", 0), layer("b", "ao", 1)...)
	folded, err := fold.Network(model(nodes...))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := steps(t, folded)
	if want := "Conv HardSigmoid Mul BatchNormalization Conv HardSigmoid Mul BatchNormalization"; names(got) != want {
		t.Errorf("%s, want %s", names(got), want)
	}
}

// What only looks alike is left alone.
func TestNetwork_LeavesOthers(t *testing.T) {
	nodes := layer("a", "x", 0)
	nodes[2] = constant("a3", []int{1}, 2) // min(max(z+2,0),6)
	nodes = append(nodes, operation("Relu", "end", "ay"))
	folded, err := fold.Network(model(nodes...))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := steps(t, folded)
	if want := "Conv Mul Add Add Clip Mul Div Mul Add Relu"; names(got) != want {
		t.Errorf("%s, want %s", names(got), want)
	}
}

func TestNetwork_Malformed(t *testing.T) {
	for _, b := range []string{"", "not a model", "\x3a\x05ab", "\x3a\x02\x0a\x00"} {
		if _, err := fold.Network([]byte(b)); err == nil {
			t.Errorf("%q was taken for a network", b)
		}
	}
}

func FuzzNetwork(f *testing.F) {
	f.Add(model(append(layer("a", "x", 1), layer("b", "ao", 0)...)...))
	f.Add(model(constant("k", []int{1}, 2), operation("Mul", "p", "q", "k"), operation("Add", "q", "p", "k"))) // in a circle
	f.Fuzz(func(t *testing.T, b []byte) {
		if folded, err := fold.Network(b); err == nil {
			if _, err := fold.Network(folded); err != nil {
				t.Error("a folded network cannot be read:", err)
			}
		}
	})
}
