//go:build cgo && linux

#include "shim.h"

#include <dlfcn.h>

int open_library(const char *name, calls *c) {
	void *lib = dlopen(name, RTLD_NOW | RTLD_LOCAL);
	if (!lib) return -1;
	struct {
		void *to;
		const char *name;
	} wanted[] = {
		{&c->context_alloc, "heif_context_alloc"},
		{&c->context_free, "heif_context_free"},
		{&c->context_read, "heif_context_read_from_memory_without_copy"},
		{&c->primary, "heif_context_get_primary_image_handle"},
		{&c->handle_width, "heif_image_handle_get_width"},
		{&c->handle_height, "heif_image_handle_get_height"},
		{&c->handle_release, "heif_image_handle_release"},
		{&c->options_alloc, "heif_decoding_options_alloc"},
		{&c->options_free, "heif_decoding_options_free"},
		{&c->decode, "heif_decode_image"},
		{&c->width, "heif_image_get_width"},
		{&c->height, "heif_image_get_height"},
		{&c->plane, "heif_image_get_plane_readonly"},
		{&c->image_release, "heif_image_release"},
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

// opened reads the file's boxes; both results are to be freed, also after an
// error.
static int opened(const calls *c, const void *data, size_t n, void **context, void **handle) {
	*handle = NULL;
	if (!(*context = c->context_alloc())) return -3;
	failure f = c->context_read(*context, data, n, NULL);
	if (f.code) return f.code;
	return c->primary(*context, handle).code;
}

static void closed(const calls *c, void *context, void *handle) {
	if (handle) c->handle_release(handle);
	if (context) c->context_free(context);
}

int size(const calls *c, const void *data, size_t n, int *w, int *h) {
	void *context, *handle;
	int code = opened(c, data, n, &context, &handle);
	if (!code) {
		*w = c->handle_width(handle);
		*h = c->handle_height(handle);
	}
	closed(c, context, handle);
	return code;
}

enum { YCBCR = 0, HALVED = 1 }; // heif_colorspace_YCbCr, heif_chroma_420

// planes checks that the picture is what was asked for.
static int planes(const calls *c, photo *p) {
	p->w = c->width(p->image, 0);
	p->h = c->height(p->image, 0);
	for (int i = 0; i < 3; i++) {
		int w = i ? (p->w + 1) / 2 : p->w, h = i ? (p->h + 1) / 2 : p->h;
		if (w < 1 || h < 1 || c->width(p->image, i) != w || c->height(p->image, i) != h) return -4;
		p->plane[i] = c->plane(p->image, i, &p->stride[i]);
		if (!p->plane[i] || p->stride[i] < w) return -5;
	}
	return 0;
}

int decode(const calls *c, const void *data, size_t n, photo *p) {
	void *context, *handle;
	int code = opened(c, data, n, &context, &handle);
	if (!code) {
		options *o = c->options_alloc();
		if (o) o->convert_hdr_to_8bit = 1;
		code = c->decode(handle, &p->image, YCBCR, HALVED, o).code;
		if (o) c->options_free(o);
		if (code) p->image = NULL;
	}
	closed(c, context, handle);
	return code ? code : planes(c, p);
}

void release(const calls *c, photo *p) {
	if (p->image) c->image_release(p->image);
	p->image = NULL;
}
