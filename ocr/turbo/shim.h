// What is called of libjpeg-turbo; the names and numbers are those of its public
// header, turbojpeg.h, and do not change within libturbojpeg.so.0.
#ifndef HALLPASS_TURBO_SHIM
#define HALLPASS_TURBO_SHIM

typedef struct {
	void *(*start)(void);
	int (*header)(void *, const unsigned char *data, unsigned long n, int *w, int *h, int *halving, int *colours);
	int (*planes)(void *, const unsigned char *data, unsigned long n, unsigned char **to, int w, int *strides, int h, int flags);
	int (*stop)(void *);
} calls;

enum { WHOLE = 0, HALF_WIDE = 1, HALF_BOTH = 2 }; // TJSAMP_444, _422, _420

// Each returns 0, or a negative number.
int turbo_open(const char *name, calls *);
int turbo_size(const calls *, const unsigned char *data, unsigned long n, int *w, int *h, int *halving);
int turbo_decode(const calls *, const unsigned char *data, unsigned long n, int w, int h,
           unsigned char *y, int ystride, unsigned char *cb, unsigned char *cr, int cstride);

#endif
