#include <math.h>
#include <string.h>

#include "CLuma.h"
#include "shared.h"

// The same bits on every machine: no clone may fuse what another rounds twice.
#pragma STDC FP_CONTRACT OFF

enum { LANES = 16, LINE = 64 };
// Lanczos weights are whole numbers in units of 2^-22, as in Pillow.
enum { PRECISION = 22 };
enum { LOBES = 3 };
enum { DHASH_WIDTH = 9, DHASH_HEIGHT = 8, PHASH_SIDE = 32, FREQUENCIES = 8, BITS = 64 };

typedef int32_t lanes __attribute__((vector_size(LANES * sizeof(int32_t)), aligned(4)));

#define INLINE static inline __attribute__((always_inline))

// What a side of `length` pixels is reduced to: `count` sums of `taps` pixels from `first` on.
typedef struct {
  uint32_t first[PHASH_SIDE];
  int32_t *weights;
  uint32_t count, taps;
} reduction;

typedef struct {
  reduction dhash_across, dhash_down, phash_across, phash_down;
  double cosines[FREQUENCIES][PHASH_SIDE / 2];
  size_t width, height;
  // Followed by the weights, and by:
  int32_t *row;       // a row of levels, with zeros to fill the last lanes
  int32_t *columns;   // the picture with its rows reduced, column after column
} hash_state;

static size_t round_up(size_t bytes) { return (bytes + LINE - 1) / LINE * LINE; }

static size_t lane_up(size_t count) { return (count + LANES - 1) / LANES * LANES; }

// The pixels within reach of a Lanczos window, at most.
static size_t tap_count(size_t length, size_t count) {
  double scale = (double)length / (double)count;
  size_t taps = (size_t)ceil(LOBES * (scale < 1 ? 1 : scale)) * 2 + 1;
  return lane_up(taps < length ? taps : length);
}

static size_t weights_size(size_t length, size_t count) {
  return round_up(tap_count(length, count) * count * sizeof(int32_t));
}

// A line of a picture, with room for the taps that reach beyond its end.
static size_t line_size(size_t length) {
  return round_up((lane_up(length) + tap_count(length, DHASH_HEIGHT)) * sizeof(int32_t));
}

size_t cluma_hash_size(size_t width, size_t height) {
  return round_up(sizeof(hash_state)) + weights_size(width, DHASH_WIDTH)
    + weights_size(height, DHASH_HEIGHT) + weights_size(width, PHASH_SIDE)
    + weights_size(height, PHASH_SIDE) + line_size(width) + line_size(height) * PHASH_SIDE;
}

static double sinc(double x) { return x == 0 ? 1 : sin(M_PI * x) / (M_PI * x); }

static double lanczos(double x) {
  return x >= -LOBES && x < LOBES ? sinc(x) * sinc(x / LOBES) : 0;
}

// Lays a Lanczos window over the middle of every part; returns where the next weights may lie.
static uint8_t *lay_windows(reduction *side, size_t length, size_t count, uint8_t *memory) {
  side->weights = (int32_t *)memory;
  side->count = (uint32_t)count;
  side->taps = (uint32_t)tap_count(length, count);
  double scale = (double)length / (double)count, stretch = scale < 1 ? 1 : scale;
  for (size_t i = 0; i < count; i++) {
    double middle = ((double)i + 0.5) * scale, reach = LOBES * stretch;
    double start = middle - reach + 0.5, end = middle + reach + 0.5;
    size_t first = start > 0 ? (size_t)start : 0;
    size_t last = end < (double)length ? (size_t)end : length;
    double sum = 0;
    for (size_t x = first; x < last; x++) sum += lanczos(((double)x - middle + 0.5) / stretch);
    int32_t *weights = side->weights + i * side->taps;
    side->first[i] = (uint32_t)first;
    for (size_t x = first; x < last; x++) {
      double weight = lanczos(((double)x - middle + 0.5) / stretch) / sum * (1 << PRECISION);
      weights[x - first] = (int32_t)(weight + (weight < 0 ? -0.5 : 0.5));
    }
  }
  return memory + weights_size(length, count);
}

void cluma_hash_start(void *memory, size_t width, size_t height) {
  hash_state *state = memory;
  memset(memory, 0, cluma_hash_size(width, height));
  state->width = width;
  state->height = height;
  uint8_t *rest = (uint8_t *)memory + round_up(sizeof *state);
  rest = lay_windows(&state->dhash_across, width, DHASH_WIDTH, rest);
  rest = lay_windows(&state->dhash_down, height, DHASH_HEIGHT, rest);
  rest = lay_windows(&state->phash_across, width, PHASH_SIDE, rest);
  rest = lay_windows(&state->phash_down, height, PHASH_SIDE, rest);
  state->row = (int32_t *)rest;
  state->columns = (int32_t *)(rest + line_size(width));
  for (size_t k = 0; k < FREQUENCIES; k++) {
    for (size_t i = 0; i < PHASH_SIDE / 2; i++) {
      state->cosines[k][i] = cos(M_PI * (double)(k * (2 * i + 1)) / (2 * PHASH_SIDE));
    }
  }
}

INLINE int32_t weighted_level(const int32_t *levels, const int32_t *weights, size_t taps) {
  lanes sums = {0};
  for (size_t tap = 0; tap < taps; tap += LANES) {
    sums += *(const lanes *)(levels + tap) * *(const lanes *)(weights + tap);
  }
  int32_t sum = 1 << (PRECISION - 1);
  for (size_t i = 0; i < LANES; i++) sum += sums[i];
  int32_t level = sum >> PRECISION;
  level = level < 0 ? 0 : level;
  return level > 255 ? 255 : level;
}

// Reduces the picture to `count` columns and rows of levels, rows first and rounded in between.
CLONED static void reduce(
  const hash_state *restrict state, const uint8_t *restrict pixels, size_t stride,
  const reduction *restrict across, const reduction *restrict down, int32_t *restrict levels
) {
  size_t line = line_size(state->height) / sizeof(int32_t);
  int32_t *row = state->row, *columns = state->columns;
  for (size_t y = 0; y < state->height; y++) {
    for (size_t x = 0; x < state->width; x++) row[x] = pixels[y * stride + x];
    for (size_t i = 0; i < across->count; i++) {
      columns[i * line + y] = weighted_level(
        row + across->first[i], across->weights + i * across->taps, across->taps);
    }
  }
  for (size_t j = 0; j < down->count; j++) {
    for (size_t i = 0; i < across->count; i++) {
      levels[j * across->count + i] = weighted_level(
        columns + i * line + down->first[j], down->weights + j * down->taps, down->taps);
    }
  }
}

// The lowest frequencies of 32 numbers. Folding keeps what cancels out an exact 0.
INLINE void lowest_frequencies(
  const double cosines[FREQUENCIES][PHASH_SIDE / 2], const double *values, size_t step,
  double *result, size_t result_step
) {
  double sums[PHASH_SIDE];
  for (size_t i = 0; i < PHASH_SIDE; i++) sums[i] = values[i * step];
  // A cosine of an odd multiple of `odd` is opposite in the two halves, of an even one equal.
  size_t half = PHASH_SIDE / 2;
  for (size_t odd = 1; odd < FREQUENCIES; odd *= 2, half /= 2) {
    double differences[PHASH_SIDE / 2];
    for (size_t i = 0; i < half; i++) {
      differences[i] = sums[i] - sums[2 * half - 1 - i];
      sums[i] += sums[2 * half - 1 - i];
    }
    for (size_t k = odd; k < FREQUENCIES; k += 2 * odd) {
      double sum = 0;
      for (size_t i = 0; i < half; i++) sum += differences[i] * cosines[k][i];
      result[k * result_step] = sum;
    }
  }
  double sum = 0;
  for (size_t i = 0; i < 2 * half; i++) sum += sums[i];
  result[0] = sum;
}

CLONED static void transform(
  const double cosines[FREQUENCIES][PHASH_SIDE / 2], const int32_t *restrict levels,
  double *restrict result
) {
  double picture[PHASH_SIDE * PHASH_SIDE], down[FREQUENCIES * PHASH_SIDE];
  for (size_t i = 0; i < PHASH_SIDE * PHASH_SIDE; i++) picture[i] = levels[i];
  for (size_t x = 0; x < PHASH_SIDE; x++) {
    lowest_frequencies(cosines, picture + x, PHASH_SIDE, down + x, PHASH_SIDE);
  }
  for (size_t k = 0; k < FREQUENCIES; k++) {
    lowest_frequencies(cosines, down + k * PHASH_SIDE, 1, result + k * FREQUENCIES, 1);
  }
}

static double median(const double *values) {
  double sorted[BITS];
  for (size_t i = 0; i < BITS; i++) {
    size_t place = i;
    for (; place > 0 && sorted[place - 1] > values[i]; place--) sorted[place] = sorted[place - 1];
    sorted[place] = values[i];
  }
  return (sorted[BITS / 2 - 1] + sorted[BITS / 2]) / 2;
}

void cluma_hash(
  void *memory, const uint8_t *pixels, size_t stride, uint64_t *dhash, uint64_t *phash
) {
  hash_state *state = memory;
  int32_t levels[PHASH_SIDE * PHASH_SIDE];
  reduce(state, pixels, stride, &state->dhash_across, &state->dhash_down, levels);
  *dhash = 0;
  for (size_t y = 0; y < DHASH_HEIGHT; y++) {
    const int32_t *row = levels + y * DHASH_WIDTH;
    for (size_t x = 0; x + 1 < DHASH_WIDTH; x++) *dhash = *dhash << 1 | (row[x + 1] > row[x]);
  }
  reduce(state, pixels, stride, &state->phash_across, &state->phash_down, levels);
  double frequencies[BITS];
  transform(state->cosines, levels, frequencies);
  double middle = median(frequencies);
  *phash = 0;
  for (size_t i = 0; i < BITS; i++) *phash = *phash << 1 | (frequencies[i] > middle);
}

CLONED void cluma_halve(
  const uint8_t *restrict pixels, size_t stride, size_t width, size_t height,
  uint8_t *restrict half
) {
  size_t half_width = (width + 1) / 2, half_height = (height + 1) / 2, pairs = width / 2;
  for (size_t y = 0; y < half_height; y++) {
    const uint8_t *top = pixels + 2 * y * stride;
    const uint8_t *bottom = 2 * y + 1 < height ? top + stride : top;
    uint8_t *row = half + y * half_width;
    for (size_t x = 0; x < pairs; x++) {
      row[x] = (uint8_t)(
        (top[2 * x] + top[2 * x + 1] + bottom[2 * x] + bottom[2 * x + 1] + 2) >> 2);
    }
    if (pairs < half_width) row[pairs] = (uint8_t)((top[2 * pairs] + bottom[2 * pairs] + 1) >> 1);
  }
}
