// Times the inner loops by the megapixel, beside the speed at which memory can be read.
//
// `tools/bench kernels` compiles and runs this. Pictures lie in more memory than the caches hold, as
// decoded frames may; working pictures stay in the cache, as in a scan.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "CLuma.h"

enum { WIDTH = 1920, HEIGHT = 1080, SMALL_WIDTH = 480, SMALL_HEIGHT = 270, PICTURES = 64 };

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static volatile uint64_t sink;

static void read_memory(const uint8_t *pixels, size_t count) {
  const uint64_t *words = (const uint64_t *)pixels;
  uint64_t sum = 0;
  for (size_t i = 0; i < count / 8; i++) sum += words[i];
  sink += sum;
}

static void report(const char *name, double time, int runs, double pixels) {
  double each = time / runs;
  printf("%-38s%10.1f%14.1f%10.1f\n", name, each * 1e6, each * 1e6 / (pixels / 1e6),
         pixels / each / 1e9);
}

#define TIME(name, runs, pixels, body)                \
  do {                                                \
    for (int i = 0; i < (runs) / 8; i++) { body; }    \
    double start = seconds();                         \
    for (int i = 0; i < (runs); i++) { body; }        \
    report(name, seconds() - start, runs, pixels);    \
  } while (0)

int main(void) {
  const size_t count = (size_t)WIDTH * HEIGHT, small = (size_t)SMALL_WIDTH * SMALL_HEIGHT;
  uint8_t *pictures[PICTURES];
  uint32_t state = 1;
  for (int k = 0; k < PICTURES; k++) {
    pictures[k] = malloc(count);
    for (size_t i = 0; i < count; i++) {
      state = state * 1664525 + 1013904223;
      pictures[k][i] = (uint8_t)((i % WIDTH) / 8 + (i / WIDTH) / 5 + (state >> 29) + (uint32_t)k);
    }
  }
  uint8_t *working = malloc(small), *before = malloc(small);
  size_t scratch_size = cluma_scratch_size(WIDTH) + cluma_shrink_scratch_size(WIDTH);
  void *scratch = malloc(scratch_size);
  uint32_t counts[256];
  cluma_edges edges;
  cluma_change change;
  cluma_shrink(pictures[0], WIDTH, WIDTH, HEIGHT, SMALL_WIDTH, SMALL_HEIGHT, before, scratch);

  printf("%-38s%10s%14s%10s\n", "one picture of 1920x1080", "us", "us a megapixel", "GB/s");
  TIME("reading memory", 256, (double)count, read_memory(pictures[i % PICTURES], count));
  TIME("reading the cache", 2000, (double)small, read_memory(working, small));
  TIME("cluma_shrink to 480x270", 256, (double)count,
       cluma_shrink(pictures[i % PICTURES], WIDTH, WIDTH, HEIGHT, SMALL_WIDTH, SMALL_HEIGHT,
                    working, scratch));
  TIME("cluma_shrink 1280x720 to 480x270", 256, 1280.0 * 720,
       cluma_shrink(pictures[i % PICTURES], WIDTH, 1280, 720, SMALL_WIDTH, SMALL_HEIGHT, working,
                    scratch));
  TIME("cluma_histogram, 480x270", 2000, (double)small,
       cluma_histogram(working, SMALL_WIDTH, SMALL_WIDTH, SMALL_HEIGHT, counts));
  TIME("cluma_measure_edges, 480x270", 2000, (double)small,
       cluma_measure_edges(working, SMALL_WIDTH, SMALL_WIDTH, SMALL_HEIGHT, 16, 235, scratch,
                           &edges));
  TIME("cluma_measure_change, 480x270", 2000, (double)small,
       cluma_measure_change(working, before, SMALL_WIDTH, SMALL_HEIGHT, 16, 235, 2, scratch,
                            &change));
  sink += counts[7] + edges.gradient_squares + change.absolute;
  return 0;
}
