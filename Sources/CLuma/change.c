#include "CLuma.h"

#include <string.h>

#include "shared.h"

// Levels are computed in pieces of a row that stay in the nearest cache.
enum { PIECE = 512 };
enum { ROW_STEP = 4 };

CLONED static void two_sided(
  const uint8_t *restrict before, const uint8_t *restrict middle, const uint8_t *restrict after,
  size_t count, uint8_t *restrict levels
) {
  for (size_t x = 0; x < count; x++) {
    uint8_t back = distance(middle[x], before[x]), forth = distance(middle[x], after[x]);
    levels[x] = back < forth ? back : forth;
  }
}

CLONED static void change_above(
  const uint8_t *restrict a, const uint8_t *restrict b, uint8_t floor, size_t count,
  uint8_t *restrict levels
) {
  for (size_t x = 0; x < count; x++) {
    uint8_t level = distance(a[x], b[x]);
    levels[x] = (uint8_t)(level > floor ? level - floor : 0);
  }
}

// Continues a row of the table of sums; `sum` is the sum of the row so far.
static uint32_t add_piece(
  const uint8_t *restrict levels, size_t count, uint32_t sum, const uint32_t *restrict above,
  uint32_t *restrict row
) {
  for (size_t x = 0; x < count; x++) {
    sum += levels[x];
    row[x] = above[x] + sum;
  }
  return sum;
}

void cluma_two_sided_sums(
  const uint8_t *before, const uint8_t *middle, const uint8_t *after, size_t width, size_t height,
  uint32_t *sums
) {
  uint8_t levels[PIECE];
  memset(sums, 0, (width + 1) * sizeof *sums);
  for (size_t y = 0; y < height; y++) {
    uint32_t *above = sums + y * (width + 1), *row = above + width + 1, sum = 0;
    row[0] = 0;
    for (size_t x = 0; x < width; x += PIECE) {
      size_t place = y * width + x, count = smaller(PIECE, width - x);
      two_sided(before + place, middle + place, after + place, count, levels);
      sum = add_piece(levels, count, sum, above + x + 1, row + x + 1);
    }
  }
}

void cluma_change_sums(
  const uint8_t *a, const uint8_t *b, size_t width, size_t height, uint8_t floor, uint32_t *sums
) {
  uint8_t levels[PIECE];
  memset(sums, 0, (width + 1) * sizeof *sums);
  for (size_t y = 0; y < height; y++) {
    uint32_t *above = sums + y * (width + 1), *row = above + width + 1, sum = 0;
    row[0] = 0;
    for (size_t x = 0; x < width; x += PIECE) {
      size_t place = y * width + x, count = smaller(PIECE, width - x);
      change_above(a + place, b + place, floor, count, levels);
      sum = add_piece(levels, count, sum, above + x + 1, row + x + 1);
    }
  }
}

uint8_t cluma_median_change(const uint8_t *a, const uint8_t *b, size_t width, size_t height) {
  uint8_t levels[PIECE];
  // Neighbours often share a level; two tables keep one count from waiting for the other.
  size_t counts[2][256] = {{0}}, total = 0;
  for (size_t y = 0; y < height; y += ROW_STEP) {
    for (size_t x = 0; x < width; x += PIECE) {
      size_t place = y * width + x, count = smaller(PIECE, width - x);
      change_above(a + place, b + place, 0, count, levels);
      for (size_t i = 0; i < count; i++) counts[i & 1][levels[i]]++;
      total += count;
    }
  }
  size_t below = 0;
  for (int level = 0; level < 256; level++) {
    below += counts[0][level] + counts[1][level];
    if (2 * below >= total) return (uint8_t)level;
  }
  return 255;
}
