#include "CLuma.h"

#include <string.h>

#include "cloned.h"

// 32-bit lanes hold this many squares of a gradient (at most 2 * 1020^2) without overflow.
enum { CHUNK = 2048 };
enum { BLOCK = 8, SMALLEST_BLOCK = 4 };
// Rows of scratch memory start a multiple of a cache line apart.
enum { LINE = 64 };

static size_t row_size(size_t width) {
  return (width + 2 + LINE - 1) / LINE * LINE;
}

// Three clamped rows of bytes, and four rows of 16-bit numbers.
size_t cluma_scratch_size(size_t width) { return (3 + 4 * 2) * row_size(width); }

static inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static inline size_t block_count(size_t length) {
  size_t count = (length + BLOCK - SMALLEST_BLOCK) / BLOCK;
  return count > 0 ? count : 1;
}

// Adds up a row and writes its clamped levels with a mirrored pixel on either side.
CLONED static void load_row(
  const uint8_t *restrict row, size_t width, uint8_t low, uint8_t high, uint8_t black_level,
  uint8_t *restrict clamped, cluma_sums *restrict sums
) {
  for (size_t start = 0; start < width; start += CHUNK) {
    size_t end = smaller(width, start + CHUNK);
    uint32_t sum = 0, squares = 0, black = 0;
    for (size_t x = start; x < end; x++) {
      uint8_t level = row[x];
      black += level <= black_level;
      level = level < low ? low : level;
      level = level > high ? high : level;
      clamped[x + 1] = level;
      sum += level;
      squares += (uint32_t)level * level;
    }
    sums->sum += sum;
    sums->sum_of_squares += squares;
    sums->black += black;
  }
  clamped[0] = clamped[width > 1 ? 2 : 1];
  clamped[width + 1] = clamped[width > 1 ? width - 1 : 1];
}

// Adds the Laplacian and the Sobel gradient of a row; the rows have a mirrored pixel on either side.
CLONED static void add_edges(
  const uint8_t *restrict above, const uint8_t *restrict row, const uint8_t *restrict below,
  size_t width, int16_t *restrict smooth, int16_t *restrict slope, cluma_sums *restrict sums
) {
  for (size_t x = 0; x < width + 2; x++) {
    smooth[x] = (int16_t)(above[x] + 2 * row[x] + below[x]);
    slope[x] = (int16_t)(below[x] - above[x]);
  }
  for (size_t start = 0; start < width; start += CHUNK) {
    size_t end = smaller(width, start + CHUNK);
    int32_t laplacian = 0;
    uint32_t laplacian_squares = 0, gradient_squares = 0;
    for (size_t x = start; x < end; x++) {
      // The column sum holds the middle pixel twice, so six of it are left to take away.
      int16_t edge = (int16_t)(smooth[x + 1] + row[x] + row[x + 2] - 6 * row[x + 1]);
      int16_t across = (int16_t)(smooth[x + 2] - smooth[x]);
      int16_t down = (int16_t)(slope[x] + 2 * slope[x + 1] + slope[x + 2]);
      laplacian += edge;
      laplacian_squares += (uint32_t)((int32_t)edge * edge);
      gradient_squares += (uint32_t)((int32_t)across * across + (int32_t)down * down);
    }
    sums->laplacian += laplacian;
    sums->laplacian_squares += laplacian_squares;
    sums->gradient_squares += gradient_squares;
  }
}

CLONED static void add_difference(
  const uint8_t *restrict row, const uint8_t *restrict other, size_t width,
  uint16_t *restrict columns
) {
  for (size_t x = 0; x < width; x++) {
    uint8_t low = row[x] < other[x] ? row[x] : other[x];
    uint8_t high = row[x] < other[x] ? other[x] : row[x];
    columns[x] = (uint16_t)(columns[x] + (uint8_t)(high - low));
  }
}

// Closes a row of blocks: returns its absolute difference and keeps the largest mean of a block.
CLONED static uint64_t close_blocks(
  uint16_t *restrict columns, size_t width, size_t rows, double *restrict largest
) {
  size_t whole = block_count(width) - 1;
  uint64_t total = 0;
  uint32_t most = 0;
  for (size_t block = 0; block < whole; block++) {
    const uint16_t *part = columns + block * BLOCK;
    uint32_t difference = 0;
    for (size_t x = 0; x < BLOCK; x++) difference += part[x];
    total += difference;
    most = difference > most ? difference : most;
  }
  uint32_t last = 0;
  for (size_t x = whole * BLOCK; x < width; x++) last += columns[x];
  total += last;
  double mean = (double)most / (double)(BLOCK * rows);
  double last_mean = (double)last / (double)((width - whole * BLOCK) * rows);
  mean = mean > last_mean ? mean : last_mean;
  *largest = *largest > mean ? *largest : mean;
  memset(columns, 0, width * sizeof *columns);
  return total;
}

void cluma_measure(
  const uint8_t *pixels, size_t stride, size_t width, size_t height, uint8_t low, uint8_t high,
  uint8_t black_level, const uint8_t *previous, const uint8_t *reference, uint8_t *copy,
  void *scratch, cluma_sums *sums
) {
  size_t size = row_size(width);
  uint8_t *clamped[3];
  for (size_t i = 0; i < 3; i++) clamped[i] = (uint8_t *)scratch + i * size;
  int16_t *smooth = (int16_t *)((uint8_t *)scratch + 3 * size);
  int16_t *slope = smooth + size;
  uint16_t *columns = (uint16_t *)(slope + size);
  uint16_t *reference_columns = columns + size;
  memset(columns, 0, 2 * size * sizeof *columns);
  memset(sums, 0, sizeof *sums);

  size_t last_block = block_count(height) - 1, block_start = 0;
  load_row(pixels, width, low, high, black_level, clamped[0], sums);
  for (size_t y = 0; y < height; y++) {
    const uint8_t *row = pixels + y * stride;
    if (y + 1 < height) {
      load_row(row + stride, width, low, high, black_level, clamped[(y + 1) % 3], sums);
    }
    size_t above = y > 0 ? y - 1 : (height > 1 ? 1 : 0);
    size_t below = y + 1 < height ? y + 1 : (height > 1 ? height - 2 : 0);
    add_edges(
      clamped[above % 3], clamped[y % 3], clamped[below % 3], width, smooth, slope, sums);

    if (previous) add_difference(row, previous + y * width, width, columns);
    if (reference) add_difference(row, reference + y * width, width, reference_columns);
    if (copy) memcpy(copy + y * width, row, width);

    size_t rows = y + 1 - block_start;
    int closes = y + 1 == height || (rows == BLOCK && block_start / BLOCK < last_block);
    if (!closes) continue;
    if (previous) {
      sums->absolute_difference += close_blocks(columns, width, rows, &sums->largest_block);
    }
    if (reference) {
      close_blocks(reference_columns, width, rows, &sums->largest_block_to_reference);
    }
    block_start = y + 1;
  }
}
