#include "CLuma.h"

#include <string.h>

#include "shared.h"

// 32-bit lanes hold this many squares of a gradient (at most 2 * 1020^2) without overflow.
enum { CHUNK = 2048 };
// Rows of scratch memory start a multiple of a cache line apart.
enum { LINE = 64 };

static size_t row_size(size_t width) {
  return (width + 2 + LINE - 1) / LINE * LINE;
}

// Three clamped rows of bytes, and two rows of 16-bit numbers.
size_t cluma_scratch_size(size_t width) { return (3 + 2 * 2) * row_size(width); }

static inline uint8_t clamp(uint8_t level, uint8_t low, uint8_t high) {
  level = level < low ? low : level;
  return level > high ? high : level;
}

void cluma_histogram(
  const uint8_t *pixels, size_t stride, size_t width, size_t height, uint32_t *counts
) {
  // Neighbours are often alike: four tables keep one count from waiting for the last.
  uint32_t parts[4][256] = {{0}};
  for (size_t y = 0; y < height; y++) {
    const uint8_t *row = pixels + y * stride;
    size_t x = 0;
    for (; x + 8 <= width; x += 8) {
      uint64_t eight;
      memcpy(&eight, row + x, 8);
      for (int i = 0; i < 8; i++) parts[i % 4][(eight >> (8 * i)) & 255]++;
    }
    for (; x < width; x++) parts[0][row[x]]++;
  }
  for (int i = 0; i < 256; i++) {
    counts[i] = parts[0][i] + parts[1][i] + parts[2][i] + parts[3][i];
  }
}

// Writes the clamped levels of a row, with a mirrored pixel on either side.
CLONED static void clamp_row(
  const uint8_t *restrict row, size_t width, uint8_t low, uint8_t high, uint8_t *restrict clamped
) {
  for (size_t x = 0; x < width; x++) clamped[x + 1] = clamp(row[x], low, high);
  clamped[0] = clamped[width > 1 ? 2 : 1];
  clamped[width + 1] = clamped[width > 1 ? width - 1 : 1];
}

// The sum of gradient magnitudes in sixteenths of a level. Whole numbers make the sum the same in
// whatever order lanes are added.
CLONED static uint64_t magnitudes(const uint32_t *restrict squares, size_t count) {
  uint32_t sum = 0;
  for (size_t i = 0; i < count; i++) {
    sum += (uint32_t)(__builtin_elementwise_sqrt((float)(int32_t)squares[i]) * 16.0f + 0.5f);
  }
  return sum;
}

// Adds the Laplacian and the Sobel gradient of a row; rows have a mirrored pixel on either side.
CLONED static void add_edges(
  const uint8_t *restrict above, const uint8_t *restrict row, const uint8_t *restrict below,
  size_t width, int inner, int16_t *restrict smooth, int16_t *restrict slope,
  cluma_edges *restrict edges
) {
  for (size_t x = 0; x < width + 2; x++) {
    smooth[x] = (int16_t)(above[x] + 2 * row[x] + below[x]);
    slope[x] = (int16_t)(below[x] - above[x]);
  }
  uint32_t squares[CHUNK];
  for (size_t start = 0; start < width; start += CHUNK) {
    size_t end = smaller(width, start + CHUNK);
    int32_t laplacian = 0;
    uint32_t laplacian_squares = 0, gradient_squares = 0;
    for (size_t x = start; x < end; x++) {
      // The column sum holds the middle pixel twice, so six of it are left to take away.
      int16_t edge = (int16_t)(smooth[x + 1] + row[x] + row[x + 2] - 6 * row[x + 1]);
      int16_t across = (int16_t)(smooth[x + 2] - smooth[x]);
      int16_t down = (int16_t)(slope[x] + 2 * slope[x + 1] + slope[x + 2]);
      uint32_t square = (uint32_t)((int32_t)across * across + (int32_t)down * down);
      laplacian += edge;
      laplacian_squares += (uint32_t)((int32_t)edge * edge);
      gradient_squares += square;
      squares[x - start] = square;
    }
    edges->laplacian += laplacian;
    edges->laplacian_squares += laplacian_squares;
    edges->gradient_squares += gradient_squares;
    if (!inner) continue;
    size_t first = start == 0 ? 1 : start, last = smaller(end, width - 1);
    if (first >= last) continue;
    uint64_t left_out = 0;
    if (start == 0) left_out += squares[0];
    if (end == width) left_out += squares[end - 1 - start];
    edges->inner_squares += gradient_squares - left_out;
    edges->inner_magnitude += magnitudes(squares + (first - start), last - first);
  }
}

void cluma_measure_edges(
  const uint8_t *pixels, size_t stride, size_t width, size_t height, uint8_t low, uint8_t high,
  void *scratch, cluma_edges *edges
) {
  size_t size = row_size(width);
  uint8_t *clamped[3];
  for (size_t i = 0; i < 3; i++) clamped[i] = (uint8_t *)scratch + i * size;
  int16_t *smooth = (int16_t *)((uint8_t *)scratch + 3 * size);
  int16_t *slope = smooth + size;
  memset(edges, 0, sizeof *edges);

  clamp_row(pixels, width, low, high, clamped[0]);
  for (size_t y = 0; y < height; y++) {
    if (y + 1 < height) {
      clamp_row(pixels + (y + 1) * stride, width, low, high, clamped[(y + 1) % 3]);
    }
    size_t above = y > 0 ? y - 1 : (height > 1 ? 1 : 0);
    size_t below = y + 1 < height ? y + 1 : (height > 1 ? height - 2 : 0);
    add_edges(
      clamped[above % 3], clamped[y % 3], clamped[below % 3], width,
      y > 0 && y + 1 < height && width > 2, smooth, slope, edges);
  }
}

// Adds the differences of a row; `columns` adds up the absolute ones for the blocks.
CLONED static void add_change(
  const uint8_t *restrict row, const uint8_t *restrict other, size_t width, uint8_t low,
  uint8_t high, uint16_t *restrict columns, cluma_change *restrict change
) {
  for (size_t start = 0; start < width; start += CHUNK) {
    size_t end = smaller(width, start + CHUNK);
    int32_t sum = 0;
    uint32_t squares = 0;
    for (size_t x = start; x < end; x++) {
      int16_t step = (int16_t)(clamp(row[x], low, high) - clamp(other[x], low, high));
      sum += step;
      squares += (uint32_t)((int32_t)step * step);
    }
    change->sum += sum;
    change->squares += squares;
  }
  for (size_t x = 0; x < width; x++) {
    columns[x] = (uint16_t)(columns[x] + distance(row[x], other[x]));
  }
}

// Blocks from the start; a rest of less than half a block belongs to the last of them.
static inline size_t block_count(size_t length, size_t block) {
  size_t count = (length + block / 2) / block;
  return count > 0 ? count : 1;
}

// Returns the absolute difference of whole blocks and raises `most` to that of the largest.
static inline uint64_t add_blocks(
  const uint16_t *restrict columns, size_t count, size_t block, uint32_t *restrict most
) {
  uint64_t total = 0;
  uint32_t largest = *most;
  for (size_t i = 0; i < count; i++) {
    uint32_t difference = 0;
    for (size_t x = 0; x < block; x++) difference += columns[i * block + x];
    total += difference;
    largest = difference > largest ? difference : largest;
  }
  *most = largest;
  return total;
}

// Closes a row of blocks.
CLONED static void close_blocks(
  uint16_t *restrict columns, size_t width, size_t rows, size_t block,
  cluma_change *restrict change
) {
  size_t whole = block_count(width, block) - 1;
  uint32_t most = 0, last = 0;
  uint64_t total;
  // With the size as a constant, the inner loop becomes vector instructions.
  switch (block) {
    case 1: total = add_blocks(columns, whole, 1, &most); break;
    case 2: total = add_blocks(columns, whole, 2, &most); break;
    case 4: total = add_blocks(columns, whole, 4, &most); break;
    case 8: total = add_blocks(columns, whole, 8, &most); break;
    default: total = add_blocks(columns, whole, block, &most); break;
  }
  for (size_t x = whole * block; x < width; x++) last += columns[x];
  change->absolute += total + last;
  double mean = (double)most / (double)(block * rows);
  double last_mean = (double)last / (double)((width - whole * block) * rows);
  mean = mean > last_mean ? mean : last_mean;
  change->largest_block = change->largest_block > mean ? change->largest_block : mean;
  memset(columns, 0, width * sizeof *columns);
}

void cluma_measure_change(
  const uint8_t *pixels, const uint8_t *other, size_t width, size_t height, uint8_t low,
  uint8_t high, size_t block, void *scratch, cluma_change *change
) {
  uint16_t *columns = scratch;
  memset(columns, 0, width * sizeof *columns);
  memset(change, 0, sizeof *change);
  size_t last_block = block_count(height, block) - 1, start = 0;
  for (size_t y = 0; y < height; y++) {
    add_change(pixels + y * width, other + y * width, width, low, high, columns, change);
    size_t rows = y + 1 - start;
    if (y + 1 == height || (rows == block && start / block < last_block)) {
      close_blocks(columns, width, rows, block, change);
      start = y + 1;
    }
  }
}
