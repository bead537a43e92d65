//go:build cgo

package ppocr

import (
	"fmt"
	"os"
	"sync"

	ort "github.com/yalue/onnxruntime_go"

	"hallpass/ocr/ppocr/fold"
)

// library is onnxruntime in this process: its Go wrapper knows one library
// and one environment a process. Once loaded it stays; unloading a library
// with threads of its own ends in a crash.
var library struct {
	mu   sync.Mutex // guards all below
	path string
}

// load makes the library ready and returns its version. A second engine
// shares what the first one loaded.
func load(path string) (version string, err error) {
	library.mu.Lock()
	defer library.mu.Unlock()
	if library.path == "" {
		ort.SetSharedLibraryPath(path)
		if err := ort.InitializeEnvironment(ort.WithLogLevelError()); err != nil {
			return "", fmt.Errorf("load %s: %w", path, err)
		}
		if err := shareMemory(); err != nil {
			return "", fmt.Errorf("load %s: %w", path, err)
		}
		library.path = path
	}
	return ort.GetVersion(), nil
}

// shareMemory gives all networks one store of memory, which grows by what is
// asked for. Left alone each has its own, which doubles.
func shareMemory() error {
	where, err := ort.GetMemoryInfo()
	if err != nil {
		return err
	}
	const asRequested = 1 // kSameAsRequested
	how, err := ort.NewArenaCfg(0, asRequested, -1, -1)
	if err != nil {
		return err
	}
	defer how.Destroy()
	return ort.CreateAndRegisterAllocator(where, how)
}

// network is one loaded model with one input and one output. Any number of
// goroutines may run it at once, each on its own thread.
type network struct {
	session *ort.DynamicAdvancedSession
}

// newNetwork loads a model; so many threads work on one picture.
func newNetwork(path string, threads int) (*network, error) {
	model, err := os.ReadFile(path)
	if err == nil {
		model, err = fold.Network(model)
	}
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", path, err)
	}
	n, err := openNetwork(model, threads)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", path, err)
	}
	return n, nil
}

func openNetwork(model []byte, threads int) (*network, error) {
	in, out, err := ort.GetInputOutputInfoWithONNXData(model)
	if err != nil {
		return nil, err
	}
	if len(in) != 1 || len(out) != 1 {
		return nil, fmt.Errorf("it has %d inputs and %d outputs, not one each", len(in), len(out))
	}
	o, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	defer o.Destroy()
	for _, set := range []error{
		o.SetIntraOpNumThreads(threads),
		o.SetInterOpNumThreads(1),
		o.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"),
		o.SetMemPattern(false),                                     // each line has another width
		o.AddSessionConfigEntry("session.use_env_allocators", "1"), // see shareMemory
	} {
		if set != nil {
			return nil, set
		}
	}
	s, err := ort.NewDynamicAdvancedSessionWithONNXData(model, []string{in[0].Name}, []string{out[0].Name}, o)
	if err != nil {
		return nil, err
	}
	return &network{s}, nil
}

// note returns a text that the model's makers put into its file.
func (n *network) note(key string) (string, error) {
	m, err := n.session.GetModelMetadata()
	if err != nil {
		return "", err
	}
	defer m.Destroy()
	text, _, err := m.LookupCustomMetadataMap(key)
	return text, err
}

// run sends one picture of three planes through the network; out must be as
// long as its answer, whose shape the caller knows.
func (n *network) run(w, h int, in []float32, shape ort.Shape, out []float32) error {
	x, err := ort.NewTensor(ort.NewShape(1, 3, int64(h), int64(w)), in)
	if err != nil {
		return err
	}
	defer x.Destroy()
	y, err := ort.NewTensor(shape, out)
	if err != nil {
		return err
	}
	defer y.Destroy()
	return n.session.Run([]ort.Value{x}, []ort.Value{y})
}

func (n *network) close() error {
	if n == nil {
		return nil
	}
	return n.session.Destroy()
}
