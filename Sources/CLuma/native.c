#include "CLuma.h"

#include <string.h>

#include "shared.h"

// Pieces of a row of this many pixels keep their column sums on the stack.
enum { CHUNK = 2048 };
// So many sums run side by side, whatever the instruction set, so that floats always add up alike.
enum { LANES = 16 };
// Columns are read by cache lines, at another place in every so many rows.
enum { STRIP = 64, ZONE = 64 };
// Combing is judged in segments of this size, against a floor of so many levels a pixel.
enum { SEGMENT_WIDTH = 32, SEGMENT_ROWS = 2, FLOOR = 4 };
// Ratios of combing count in steps of a 64th, up to 16.
enum { RATIO_STEPS = 64, RATIO_BINS = 1024 };

// How many of `count` rows of `width` pixels make up at most `budget` pixels; at least one.
static inline size_t sample_count(size_t count, size_t width, size_t budget) {
  size_t rows = budget / width;
  return smaller(count, rows > 0 ? rows : 1);
}

// One of `count` places; the next i is a golden ratio further, so that few of them spread well.
static inline size_t golden_place(size_t i, size_t count) {
  return count * (i * 40503 % 65536) >> 16;
}

// The place of the i-th of `chosen` out of `count` rows: one in every equal share, at
// another part of each. Even steps would fall in step with the blocks of a codec.
static inline size_t sample_place(size_t i, size_t chosen, size_t count) {
  size_t start = i * count / chosen, end = (i + 1) * count / chosen;
  return start + golden_place(i, end - start);
}

// Adds up abs([1 -2 1] across of [1 -2 1] down) over the inner pixels of the middle row.
CLONED static uint64_t noise_of_row(
  const uint8_t *restrict above, const uint8_t *restrict row, const uint8_t *restrict below,
  size_t width
) {
  int16_t down[CHUNK + 2];
  uint64_t total = 0;
  for (size_t start = 0; start + 2 < width; start += CHUNK) {
    size_t count = smaller(CHUNK, width - 2 - start);
    for (size_t x = 0; x < count + 2; x++) {
      down[x] = (int16_t)(above[start + x] - 2 * row[start + x] + below[start + x]);
    }
    uint32_t sum = 0;
    for (size_t x = 0; x < count; x++) {
      int16_t value = (int16_t)(down[x] - 2 * down[x + 1] + down[x + 2]);
      sum += (uint16_t)(value < 0 ? -value : value);
    }
    total += sum;
  }
  return total;
}

cluma_noise cluma_measure_noise(
  const uint8_t *pixels, size_t stride, size_t width, size_t height
) {
  cluma_noise noise = {0, 0};
  if (width < 3 || height < 3) return noise;
  size_t rows = sample_count(height - 2, width, CLUMA_NATIVE_PIXELS);
  for (size_t i = 0; i < rows; i++) {
    const uint8_t *above = pixels + sample_place(i, rows, height - 2) * stride;
    noise.sum += noise_of_row(above, above + stride, above + 2 * stride, width);
  }
  noise.count = rows * (width - 2);
  return noise;
}

// The step from a pixel to the next, over the sum of the three steps before it and the three after.
static inline float relative_step(const uint8_t *at, ptrdiff_t next) {
  uint16_t step = distance(at[0], at[next]);
  uint16_t around = (uint16_t)(
    distance(at[next], at[2 * next]) + distance(at[2 * next], at[3 * next])
    + distance(at[3 * next], at[4 * next]) + distance(at[0], at[-next])
    + distance(at[-next], at[-2 * next]) + distance(at[-2 * next], at[-3 * next]));
  return (float)step / (float)(around > 1 ? around : 1);
}

CLONED static void add_steps_of_row(
  const uint8_t *restrict row, size_t width, float *restrict steps
) {
  for (size_t x = 3; x + 4 < width; x++) steps[x] += relative_step(row + x, 1);
}

// Adds up the steps from each of `rows` rows to the one below it, over `width` columns.
CLONED static void add_steps_down(
  const uint8_t *restrict row, size_t stride, size_t rows, size_t width, float *restrict steps
) {
  size_t whole = width / LANES * LANES;
  for (size_t y = 0; y < rows; y++, row += stride) {
    float lanes[LANES] = {0};
    for (size_t start = 0; start < whole; start += LANES) {
      for (size_t lane = 0; lane < LANES; lane++) {
        lanes[lane] += relative_step(row + start + lane, (ptrdiff_t)stride);
      }
    }
    for (size_t x = whole; x < width; x++) {
      lanes[x - whole] += relative_step(row + x, (ptrdiff_t)stride);
    }
    for (size_t lane = 0; lane < LANES; lane++) steps[y] += lanes[lane];
  }
}

// The largest ratio, over grids of 3...24, of the mean step on the grid to the mean step off it. A
// grid line may be one pixel off. The sums outside 3...<count - 4 are 0.
static double strongest_grid(const float *steps, size_t count) {
  if (count < 8) return 0;
  double strongest = 0, total = 0;
  for (size_t i = 3; i + 4 < count; i++) total += steps[i];
  for (size_t period = 3; period <= 24; period++) {
    double on = 0, under = 0;
    size_t lines = 0;
    for (size_t i = period > 3 ? period - 1 : 5; i + 4 < count; i += period) {
      float most = steps[i] > steps[i + 1] ? steps[i] : steps[i + 1];
      on += most > steps[i - 1] ? most : steps[i - 1];
      under += steps[i];
      lines++;
    }
    size_t others = count - 7 - lines;
    if (lines == 0 || others == 0) continue;
    double off = total - under;
    double ratio = on / (double)lines / (off / (double)others);
    if (off > 0 && ratio > strongest) strongest = ratio;
  }
  return strongest;
}

double cluma_measure_blockiness(
  const uint8_t *pixels, size_t stride, size_t width, size_t height, float *scratch
) {
  double strongest = 0;
  if (width >= 8 && height >= 2) {
    memset(scratch, 0, width * sizeof *scratch);
    size_t rows = sample_count(height - 1, width, CLUMA_NATIVE_PIXELS);
    for (size_t i = 0; i < rows; i++) {
      size_t y = 1 + sample_place(i, rows, height - 1);
      add_steps_of_row(pixels + y * stride, width, scratch);
    }
    strongest = strongest_grid(scratch, width);
  }
  if (height >= 8 && width >= 2) {
    memset(scratch, 0, height * sizeof *scratch);
    const uint8_t *top = pixels + 3 * stride;
    size_t columns = sample_count(width - 1, height, CLUMA_NATIVE_PIXELS);
    if (columns == width - 1) {
      add_steps_down(top + 1, stride, height - 7, columns, scratch + 3);
    } else {
      size_t strip = smaller(STRIP, width), places = width / strip;
      // As many strips side by side as come closest to the budget.
      size_t strips = smaller(places, (columns + strip / 2) / strip);
      strips = strips > 0 ? strips : 1;
      for (size_t y = 0, i = 0; y < height - 7; y += ZONE, i++) {
        size_t rows = smaller(ZONE, height - 7 - y);
        for (size_t k = 0; k < strips; k++) {
          size_t start = k * places / strips, end = (k + 1) * places / strips;
          size_t x = strip * (start + golden_place(i, end - start));
          add_steps_down(top + y * stride + x, stride, rows, strip, scratch + 3 + y);
        }
      }
    }
    double down = strongest_grid(scratch, height);
    strongest = down > strongest ? down : strongest;
  }
  return strongest;
}

// Counts the ratio of combing of every segment of a row of segments.
CLONED static void count_ratios(
  const uint8_t *restrict row, ptrdiff_t stride, size_t segments, uint32_t *restrict ratios
) {
  for (size_t segment = 0; segment < segments; segment++) {
    uint16_t between = 0, within = 0;
    for (ptrdiff_t y = 0; y < SEGMENT_ROWS; y++) {
      const uint8_t *at = row + segment * SEGMENT_WIDTH + y * stride;
      for (size_t x = 0; x < SEGMENT_WIDTH; x++) {
        int16_t twice = (int16_t)(2 * at[x]);
        int16_t other = (int16_t)(twice - at[(ptrdiff_t)x - stride] - at[(ptrdiff_t)x + stride]);
        int16_t same =
          (int16_t)(twice - at[(ptrdiff_t)x - 2 * stride] - at[(ptrdiff_t)x + 2 * stride]);
        between = (uint16_t)(between + (other < 0 ? -other : other));
        within = (uint16_t)(within + (same < 0 ? -same : same));
      }
    }
    uint32_t ratio =
      (uint32_t)between * RATIO_STEPS / (within + FLOOR * SEGMENT_WIDTH * SEGMENT_ROWS);
    ratios[smaller(ratio, RATIO_BINS - 1)]++;
  }
}

double cluma_measure_combing(
  const uint8_t *pixels, size_t stride, size_t width, size_t height
) {
  if (width < SEGMENT_WIDTH || height < SEGMENT_ROWS + 4) return -1;
  uint32_t ratios[RATIO_BINS] = {0};
  size_t segments = width / SEGMENT_WIDTH, bands = (height - 4) / SEGMENT_ROWS;
  size_t chosen = sample_count(bands, SEGMENT_ROWS * width, CLUMA_NATIVE_PIXELS);
  for (size_t i = 0; i < chosen; i++) {
    size_t y = 2 + SEGMENT_ROWS * sample_place(i, chosen, bands);
    count_ratios(pixels + y * stride, (ptrdiff_t)stride, segments, ratios);
  }
  size_t left = segments * chosen / 100;
  left = left > 0 ? left : 1;
  size_t bin = RATIO_BINS - 1;
  while (left > ratios[bin]) left -= ratios[bin--];
  return (double)bin / (double)RATIO_STEPS;
}
