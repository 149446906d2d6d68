#include "CLuma.h"

#include <string.h>

#include "cloned.h"

size_t cluma_shrink_scratch_size(size_t width) { return width * sizeof(uint32_t); }

CLONED static void add_row(const uint8_t *restrict row, size_t width, uint16_t *restrict columns) {
  for (size_t x = 0; x < width; x++) columns[x] = (uint16_t)(columns[x] + row[x]);
}

CLONED static void add_four_rows(
  const uint8_t *restrict row, size_t stride, size_t width, uint16_t *restrict columns
) {
  const uint8_t *restrict second = row + stride, *restrict third = second + stride,
                          *restrict fourth = third + stride;
  for (size_t x = 0; x < width; x++) {
    columns[x] = (uint16_t)(row[x] + second[x] + third[x] + fourth[x]);
  }
}

CLONED static void add_weighted_row(
  const uint8_t *restrict row, size_t width, uint32_t weight, uint32_t *restrict columns
) {
  for (size_t x = 0; x < width; x++) columns[x] += weight * row[x];
}

static inline void mean_of_columns(
  const uint16_t *restrict columns, size_t out_width, uint32_t across, uint32_t pixels,
  uint8_t *restrict out
) {
  for (size_t x = 0; x < out_width; x++) {
    uint32_t sum = pixels / 2;
    for (uint32_t i = 0; i < across; i++) sum += columns[x * across + i];
    out[x] = (uint8_t)(sum / pixels);
  }
}

// Blocks of `across` by `down` pixels become one pixel each.
CLONED static void write_means(
  const uint16_t *restrict columns, size_t out_width, uint32_t across, uint32_t down,
  uint8_t *restrict out
) {
  // Constants turn the division into a shift and the inner loop into vector instructions.
  if (across == 4 && down == 4) {
    mean_of_columns(columns, out_width, 4, 16, out);
  } else if (across == 2 && down == 2) {
    mean_of_columns(columns, out_width, 2, 4, out);
  } else if (across == 3 && down == 3) {
    mean_of_columns(columns, out_width, 3, 9, out);
  } else if (across == 8 && down == 8) {
    mean_of_columns(columns, out_width, 8, 64, out);
  } else {
    mean_of_columns(columns, out_width, across, across * down, out);
  }
}

static void shrink_blocks(
  const uint8_t *pixels, size_t stride, size_t width, size_t out_width, size_t out_height,
  uint32_t across, uint32_t down, uint8_t *out, uint16_t *columns
) {
  for (size_t y = 0; y < out_height; y++) {
    const uint8_t *row = pixels + y * down * stride;
    if (down == 4) {
      add_four_rows(row, stride, width, columns);
    } else {
      memset(columns, 0, width * sizeof *columns);
      for (uint32_t i = 0; i < down; i++) add_row(row + i * stride, width, columns);
    }
    write_means(columns, out_width, across, down, out + y * out_width);
  }
}

// A row of column sums, each pixel weighing `out_width` in all, becomes a row of means. `total` is
// what the weights of one pixel of the result add up to.
static void write_weighted_means(
  const uint32_t *columns, size_t width, size_t out_width, double total, uint8_t *out
) {
  size_t x = 0;
  // How much of pixel x is still to be given out.
  uint64_t left = out_width;
  for (size_t i = 0; i < out_width; i++) {
    uint64_t wanted = width, sum = left * columns[x];
    wanted -= left;
    x++;
    uint64_t whole = 0;
    for (; wanted >= out_width; wanted -= out_width) whole += columns[x++];
    sum += whole * out_width;
    left = out_width;
    if (wanted > 0) {
      sum += wanted * columns[x];
      left -= wanted;
    }
    out[i] = (uint8_t)((double)sum / total + 0.5);
  }
}

// Pixels that lie on the border of two of the result count in both with their share.
static void shrink_areas(
  const uint8_t *pixels, size_t stride, size_t width, size_t height, size_t out_width,
  size_t out_height, uint8_t *out, uint32_t *columns
) {
  double total = (double)width * (double)height;
  // In units of 1 / out_height of a row, so that every share is a whole number.
  size_t y = 0, left = out_height;
  for (size_t i = 0; i < out_height; i++) {
    memset(columns, 0, width * sizeof *columns);
    size_t wanted = height;
    while (wanted > 0) {
      size_t part = left < wanted ? left : wanted;
      add_weighted_row(pixels + y * stride, width, (uint32_t)part, columns);
      wanted -= part;
      left -= part;
      if (left == 0) {
        left = out_height;
        y++;
      }
    }
    write_weighted_means(columns, width, out_width, total, out + i * out_width);
  }
}

void cluma_shrink(
  const uint8_t *pixels, size_t stride, size_t width, size_t height, size_t out_width,
  size_t out_height, uint8_t *out, void *scratch
) {
  if (width == out_width && height == out_height) {
    for (size_t y = 0; y < height; y++) memcpy(out + y * width, pixels + y * stride, width);
    return;
  }
  // 16 bits hold the sum of 257 pixels.
  size_t across = width / out_width, down = height / out_height;
  if (across * out_width == width && down * out_height == height && down <= 257) {
    shrink_blocks(
      pixels, stride, width, out_width, out_height, (uint32_t)across, (uint32_t)down, out,
      scratch);
  } else {
    shrink_areas(
      pixels, stride, width, height, out_width, out_height, out, scratch);
  }
}
