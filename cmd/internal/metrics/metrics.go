// Package metrics shows a program's numbers to Prometheus as text. It is the
// one home of the Prometheus client: the parts of the program know nothing of
// it and expose plain numbers, which the command collects at each scrape.
//
// Names begin with "hallpass_" and follow Prometheus' rules: a counter ends in
// "_total", units are seconds and bytes. Labels take few values and never a
// name, a phone or anything else of a person (promise P8).
package metrics

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Sample is one number at the moment of a scrape. Samples of one name have the
// same Help, Counter and label names.
type Sample struct {
	Name    string // for example "hallpass_registrations_total"
	Help    string // one sentence
	Counter bool   // only ever rises while the program runs; otherwise a gauge
	Value   float64
	Labels  map[string]string
}

// Handler serves the samples, and those of the Go runtime and the process, in
// Prometheus' text format. It calls collect at each scrape, from several
// goroutines if asked so. A sample that breaks the rules is left out and turns
// up as promhttp_metric_handler_errors_total; the others are served.
func Handler(collect func() []Sample) http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(samples(collect), collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{
		ErrorHandling:       promhttp.ContinueOnError,
		Registry:            r,
		MaxRequestsInFlight: 4,
	})
}

// samples is an unchecked collector: what it gives is not known beforehand.
type samples func() []Sample

func (samples) Describe(chan<- *prometheus.Desc) {}

func (s samples) Collect(out chan<- prometheus.Metric) {
	for _, v := range s() {
		kind := prometheus.GaugeValue
		if v.Counter {
			kind = prometheus.CounterValue
		}
		desc := prometheus.NewDesc(v.Name, v.Help, nil, v.Labels)
		m, err := prometheus.NewConstMetric(desc, kind, v.Value)
		if err != nil {
			m = prometheus.NewInvalidMetric(desc, err)
		}
		out <- m
	}
}
