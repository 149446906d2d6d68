// What the kernels of this target share; not for others.
#ifndef CLUMA_SHARED_H
#define CLUMA_SHARED_H

// One body, compiled for several instruction sets; the loader picks the best the machine has. That
// takes glibc's loader; elsewhere, and on arm64, the baseline's own vectors do.
#if defined(__x86_64__) && defined(__clang__) && defined(__GLIBC__)
#if __has_attribute(target_clones)
#define CLONED __attribute__((target_clones("avx512bw", "avx2", "default")))
#endif
#endif
#ifndef CLONED
#define CLONED
#endif

#include <stddef.h>
#include <stdint.h>

static inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static inline uint8_t distance(uint8_t a, uint8_t b) {
  return (uint8_t)(a < b ? b - a : a - b);
}

#endif
