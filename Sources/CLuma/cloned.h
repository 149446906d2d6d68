// What the kernels of this target share; not for others.
#ifndef CLUMA_CLONED_H
#define CLUMA_CLONED_H

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

#endif
