package fold

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// Field numbers of onnx.proto (https://github.com/onnx/onnx, Apache-2.0), as
// far as they are touched here. All other fields are kept as they are.
const (
	modelGraph = 7
	graphNode  = 1

	nodeInput, nodeOutput, nodeOp, nodeAttribute = 1, 2, 4, 5

	attributeName, attributeFloat, attributeTensor, attributeInts, attributeType = 1, 2, 5, 8, 20

	tensorDims, tensorType, tensorFloats, tensorRaw = 1, 2, 4, 9

	typeFloat, typeTensor = 1, 4 // of an attribute
	elementFloat          = 1    // of a tensor
)

var errMalformed = errors.New("not a network in ONNX format")

// field is one field of a protocol buffer message. Only number, type and the
// one that goes with the type are set.
type field struct {
	number protowire.Number
	kind   protowire.Type
	bytes  []byte
	value  uint64 // varint, fixed32
}

// parse cuts a message into its fields. Nothing is copied.
func parse(message []byte) ([]field, error) {
	var out []field
	for len(message) > 0 {
		f := field{}
		var n int
		if f.number, f.kind, n = protowire.ConsumeTag(message); n < 0 {
			return nil, errMalformed
		}
		message = message[n:]
		switch f.kind {
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(message)
		case protowire.VarintType:
			f.value, n = protowire.ConsumeVarint(message)
		case protowire.Fixed32Type:
			var v uint32
			v, n = protowire.ConsumeFixed32(message)
			f.value = uint64(v)
		default:
			return nil, errMalformed
		}
		if n < 0 {
			return nil, errMalformed
		}
		message = message[n:]
		out = append(out, f)
	}
	return out, nil
}

// join is parse undone.
func join(fields []field) []byte {
	var b []byte
	for _, f := range fields {
		b = protowire.AppendTag(b, f.number, f.kind)
		switch f.kind {
		case protowire.BytesType:
			b = protowire.AppendBytes(b, f.bytes)
		case protowire.VarintType:
			b = protowire.AppendVarint(b, f.value)
		default:
			b = protowire.AppendFixed32(b, uint32(f.value))
		}
	}
	return b
}

func text(number protowire.Number, s string) field { return bin(number, []byte(s)) }

func bin(number protowire.Number, b []byte) field {
	return field{number: number, kind: protowire.BytesType, bytes: b}
}

func varint(number protowire.Number, v uint64) field {
	return field{number: number, kind: protowire.VarintType, value: v}
}

// node is one operation of a graph: what it is called, and the names of the
// values that go in and come out.
type node struct {
	op      string
	in, out []string
	rest    []field // name and attributes
}

func newNode(op string, in []string, out string, attributes ...[]field) *node {
	n := &node{op: op, in: in, out: []string{out}}
	for _, a := range attributes {
		n.rest = append(n.rest, bin(nodeAttribute, join(a)))
	}
	return n
}

func number(name string, v float32) []field {
	bits := field{number: attributeFloat, kind: protowire.Fixed32Type, value: uint64(math.Float32bits(v))}
	return []field{text(attributeName, name), bits, varint(attributeType, typeFloat)}
}

// constant is a node whose output is a tensor of numbers.
func constant(name string, dims []int, values []float32) *node {
	t := []field{varint(tensorType, elementFloat)}
	for _, d := range dims {
		t = append(t, varint(tensorDims, uint64(d)))
	}
	raw := make([]byte, 0, 4*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	t = append(t, bin(tensorRaw, raw))
	return newNode("Constant", nil, name, []field{
		text(attributeName, "value"), bin(attributeTensor, join(t)), varint(attributeType, typeTensor),
	})
}

func readNode(message []byte) (*node, error) {
	fields, err := parse(message)
	n := &node{}
	for _, f := range fields {
		switch f.number {
		case nodeInput:
			n.in = append(n.in, string(f.bytes))
		case nodeOutput:
			n.out = append(n.out, string(f.bytes))
		case nodeOp:
			n.op = string(f.bytes)
		default:
			n.rest = append(n.rest, f)
		}
	}
	if err == nil && len(n.out) == 0 {
		err = errMalformed
	}
	return n, err
}

func (n *node) message() []byte {
	var fields []field
	for _, s := range n.in {
		fields = append(fields, text(nodeInput, s))
	}
	for _, s := range n.out {
		fields = append(fields, text(nodeOutput, s))
	}
	return join(append(append(fields, text(nodeOp, n.op)), n.rest...))
}

// attribute are the fields of one attribute; nil when the node has none of
// that name, or a malformed one.
func (n *node) attribute(name string) []field {
	for _, f := range n.rest {
		if f.number != nodeAttribute {
			continue
		}
		a, err := parse(f.bytes)
		if err == nil && slices.ContainsFunc(a, func(f field) bool {
			return f.number == attributeName && string(f.bytes) == name
		}) {
			return a
		}
	}
	return nil
}

// ints are the whole numbers of an attribute, as "pads" has them.
func (n *node) ints(name string) (out []int) {
	for _, f := range n.attribute(name) {
		if f.number == attributeInts {
			out = append(out, unpack(f)...)
		}
	}
	return out
}

// unpack reads a repeated varint, packed or not.
func unpack(f field) []int {
	if f.kind == protowire.VarintType {
		return []int{int(f.value)}
	}
	var out []int
	for b := f.bytes; len(b) > 0; {
		v, n := protowire.ConsumeVarint(b)
		if n < 0 {
			return nil
		}
		out, b = append(out, int(v)), b[n:]
	}
	return out
}

// tensor is the constant that the node gives; ok is false if it gives none, or
// one of other than 32-bit numbers.
func (n *node) tensor() (dims []int, values []float32, ok bool) {
	if n.op != "Constant" {
		return nil, nil, false
	}
	for _, a := range n.attribute("value") {
		if a.number != attributeTensor {
			continue
		}
		fields, err := parse(a.bytes)
		if err != nil {
			return nil, nil, false
		}
		return floats(fields)
	}
	return nil, nil, false
}

func floats(tensor []field) (dims []int, values []float32, ok bool) {
	size := 1
	var raw []byte
	for _, f := range tensor {
		switch f.number {
		case tensorDims:
			dims = append(dims, unpack(f)...)
		case tensorType:
			ok = f.value == elementFloat
		case tensorRaw, tensorFloats: // packed floats are laid out as raw ones are
			raw = f.bytes
		}
	}
	for _, d := range dims {
		size *= d
	}
	if !ok || len(raw) != 4*size {
		return nil, nil, false
	}
	for ; len(raw) > 0; raw = raw[4:] {
		values = append(values, math.Float32frombits(binary.LittleEndian.Uint32(raw)))
	}
	return dims, values, true
}

// graph is a network as its operations, in an order in which they can run.
type graph struct {
	model, fields []field // with the nodes left out of fields
	nodes         []*node
}

func readGraph(model []byte) (*graph, error) {
	g := &graph{}
	var err error
	if g.model, err = parse(model); err != nil {
		return nil, err
	}
	at := slices.IndexFunc(g.model, func(f field) bool { return f.number == modelGraph })
	if at < 0 {
		return nil, errMalformed
	}
	fields, err := parse(g.model[at].bytes)
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		if f.number != graphNode {
			g.fields = append(g.fields, f)
			continue
		}
		n, err := readNode(f.bytes)
		if err != nil {
			return nil, fmt.Errorf("operation %d: %w", len(g.nodes), err)
		}
		g.nodes = append(g.nodes, n)
	}
	return g, nil
}

func (g *graph) encode() []byte {
	var fields []field
	for _, n := range g.nodes {
		fields = append(fields, bin(graphNode, n.message()))
	}
	body := join(append(fields, g.fields...))
	model := slices.Clone(g.model)
	for i := range model {
		if model[i].number == modelGraph {
			model[i].bytes = body
		}
	}
	return join(model)
}
