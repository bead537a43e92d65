// What is called of libheif; the names and numbers are those of its public
// header, heif.h, and do not change within libheif.so.1.
#ifndef HALLPASS_HEIF_SHIM
#define HALLPASS_HEIF_SHIM

#include <stddef.h>
#include <stdint.h>

typedef struct {
	int code, subcode;
	const char *message;
} failure;

// The first fields of heif_decoding_options, up to its version 2.
typedef struct {
	uint8_t version, ignore_transformations;
	void *progress[3], *progress_data;
	uint8_t convert_hdr_to_8bit;
} options;

typedef struct {
	void *(*context_alloc)(void);
	void (*context_free)(void *context);
	failure (*context_read)(void *context, const void *data, size_t size, const void *reserved);
	failure (*primary)(void *context, void **handle);
	int (*handle_width)(const void *handle);
	int (*handle_height)(const void *handle);
	void (*handle_release)(const void *handle);
	options *(*options_alloc)(void);
	void (*options_free)(options *);
	failure (*decode)(const void *handle, void **image, int colorspace, int chroma, const options *);
	int (*width)(const void *image, int channel);
	int (*height)(const void *image, int channel);
	const uint8_t *(*plane)(const void *image, int channel, int *stride);
	void (*image_release)(const void *image);
} calls;

// A decoded picture: Y, Cb and Cr, the latter two halved both ways.
typedef struct {
	void *image;
	int w, h;
	const uint8_t *plane[3];
	int stride[3];
} photo;

// Each returns 0, or a code of libheif's, or a negative number.
int open_library(const char *name, calls *);
int size(const calls *, const void *data, size_t n, int *w, int *h);
int decode(const calls *, const void *data, size_t n, photo *);
void release(const calls *, photo *);

#endif
