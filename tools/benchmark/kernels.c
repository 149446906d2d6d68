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
enum { HALF_WIDTH = SMALL_WIDTH / 2, HALF_HEIGHT = SMALL_HEIGHT / 2 };

static size_t rounded(size_t size) { return (size + 63) / 64 * 64; }

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
  void *scratch = malloc(cluma_scratch_size(WIDTH) + cluma_shrink_scratch_size(WIDTH));
  void *shift_memory = aligned_alloc(64, rounded(cluma_shift_size(SMALL_WIDTH, SMALL_HEIGHT)));
  void *hash_memory = aligned_alloc(64, rounded(cluma_hash_size(HALF_WIDTH, HALF_HEIGHT)));
  uint8_t *half = malloc((size_t)HALF_WIDTH * HALF_HEIGHT);
  uint64_t dhash = 0, phash = 0;
  double blocks = 0, combs = 0;
  cluma_noise noise;
  cluma_chroma chroma;
  cluma_shift shift;
  uint32_t counts[256];
  cluma_edges edges;
  cluma_change change;
  cluma_shift_start(shift_memory, SMALL_WIDTH, SMALL_HEIGHT);
  cluma_hash_start(hash_memory, HALF_WIDTH, HALF_HEIGHT);
  cluma_shrink(pictures[0], WIDTH, WIDTH, HEIGHT, SMALL_WIDTH, SMALL_HEIGHT, before, scratch);

  printf("%-38s%10s%14s%10s\n", "one picture of 1920x1080", "us", "us/megapixel", "GB/s");
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
  TIME("cluma_shift_next, 480x270", 1000, (double)small,
       cluma_shift_next(shift_memory, i % 2 ? working : before, SMALL_WIDTH, &shift));
  TIME("cluma_halve and cluma_hash, 480x270", 1000, (double)small, {
    cluma_halve(working, SMALL_WIDTH, SMALL_WIDTH, SMALL_HEIGHT, half);
    cluma_hash(hash_memory, half, HALF_WIDTH, &dhash, &phash);
  });
  TIME("cluma_measure_chroma, 240x135", 2000, (double)small / 4,
       cluma_measure_chroma(working, HALF_WIDTH, before, HALF_WIDTH, HALF_WIDTH, HALF_HEIGHT,
                            &chroma));
  TIME("cluma_measure_noise, a sample", 1000, (double)CLUMA_NATIVE_PIXELS,
       noise = cluma_measure_noise(pictures[i % PICTURES], WIDTH, WIDTH, HEIGHT));
  TIME("cluma_measure_blockiness, a sample", 1000, (double)CLUMA_NATIVE_PIXELS,
       blocks += cluma_measure_blockiness(pictures[i % PICTURES], WIDTH, WIDTH, HEIGHT, scratch));
  TIME("cluma_measure_combing, a sample", 1000, (double)CLUMA_NATIVE_PIXELS,
       combs += cluma_measure_combing(pictures[i % PICTURES], WIDTH, WIDTH, HEIGHT));
  sink += counts[7] + edges.gradient_squares + change.absolute + dhash + phash + noise.sum;
  sink += (uint64_t)(chroma.saturation + blocks + combs + shift.response);
  return 0;
}
