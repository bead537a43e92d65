//go:build cgo && linux

#include "shim.h"

#include <dlfcn.h>
#include <stddef.h>

int turbo_open(const char *name, calls *c) {
	void *lib = dlopen(name, RTLD_NOW | RTLD_LOCAL);
	if (!lib) return -1;
	struct {
		void *to;
		const char *name;
	} wanted[] = {
		{&c->start, "tjInitDecompress"},
		{&c->header, "tjDecompressHeader3"},
		{&c->planes, "tjDecompressToYUVPlanes"},
		{&c->stop, "tjDestroy"},
	};
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		void *f = dlsym(lib, wanted[i].name);
		if (!f) {
			dlclose(lib);
			return -2;
		}
		*(void **)wanted[i].to = f;
	}
	return 0;
}

enum { YCBCR = 1 };                             // TJCS_YCbCr
enum { STRICT = 8192, EXACT = 4096, FEW = 32768 }; // TJFLAG_STOPONWARNING, _ACCURATEDCT, _LIMITSCANS

int turbo_size(const calls *c, const unsigned char *data, unsigned long n, int *w, int *h, int *halving) {
	int colours = -1;
	void *t = c->start();
	if (!t) return -3;
	int code = c->header(t, data, n, w, h, halving, &colours);
	c->stop(t);
	if (code) return -4;
	return colours == YCBCR && *halving >= WHOLE && *halving <= HALF_BOTH ? 0 : -5;
}

int turbo_decode(const calls *c, const unsigned char *data, unsigned long n, int w, int h,
           unsigned char *y, int ystride, unsigned char *cb, unsigned char *cr, int cstride) {
	unsigned char *to[3] = {y, cb, cr};
	int strides[3] = {ystride, cstride, cstride};
	void *t = c->start();
	if (!t) return -3;
	int code = c->planes(t, data, n, to, w, strides, h, STRICT | EXACT | FEW);
	c->stop(t);
	return code ? -4 : 0;
}
