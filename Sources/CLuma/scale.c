#include "CLuma.h"

#include <string.h>

#include "shared.h"

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

static inline __attribute__((always_inline)) void mean_of_columns(
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

// Where the pixels of one pixel of the result begin, and how much the first and the last weigh; the
// `whole` ones between weigh as much as the result is long.
typedef struct {
  size_t first, whole, left, right;
} share;

static share share_of(size_t i, size_t length, size_t out_length) {
  // In units of 1 / out_length of a pixel.
  size_t start = i * length, end = start + length;
  size_t first = start / out_length, left = (first + 1) * out_length - start;
  size_t rest = end - (first + 1) * out_length;
  return (share){first, rest / out_length, left, rest % out_length};
}

// So many rows of the result are made at once, one in each lane of a vector.
enum { LANES = 4 };
typedef double quad __attribute__((vector_size(LANES * sizeof(double)), aligned(sizeof(double))));
typedef int32_t quad_int __attribute__((vector_size(LANES * sizeof(int32_t))));

// The weights of the pixels of one pixel of the result: of its first, and of the two that follow
// those whole ones that every pixel of the result has.
typedef struct {
  size_t first;
  double left, next, last;
} taps;

static taps taps_of(size_t i, size_t length, size_t out_length) {
  share share = share_of(i, length, out_length);
  int has_more = share.whole > length / out_length - 1;
  return (taps){
    share.first, (double)share.left, (double)(has_more ? out_length : share.right),
    (double)(has_more ? share.right : 0)};
}

// Puts sums of columns side by side; doubles hold whole numbers of 53 bits.
CLONED static void interleave(
  const uint32_t *restrict columns, size_t width, double *restrict lanes
) {
  for (size_t x = 0; x < width; x++) {
    for (size_t lane = 0; lane < LANES; lane++) {
      lanes[x * LANES + lane] = (double)(int32_t)columns[lane * width + x];
    }
  }
}

static inline __attribute__((always_inline)) void weigh(
  const double *restrict lanes, const taps *restrict plan, size_t out_width, size_t whole,
  double weight, double total, uint8_t *restrict out
) {
  // In halves, and half a unit more: no tie is missed by the rounding of doubles.
  double scale = 0.5 / total, half = total + 0.5;
  for (size_t i = 0; i < out_width; i++) {
    const double *first = lanes + plan[i].first * LANES;
    const double *next = first + (whole + 1) * LANES;
    quad between = {0};
    for (size_t k = 1; k <= whole; k++) between += *(const quad *)(first + k * LANES);
    quad sum = plan[i].left * *(const quad *)first + weight * between
      + plan[i].next * *(const quad *)next + plan[i].last * *(const quad *)(next + LANES);
    quad_int levels = __builtin_convertvector((2 * sum + half) * scale, quad_int);
    for (size_t lane = 0; lane < LANES; lane++) {
      out[lane * out_width + i] = (uint8_t)levels[lane];
    }
  }
}

CLONED static void write_weighted_means(
  const double *restrict lanes, const taps *restrict plan, size_t out_width, size_t whole,
  double total, uint8_t *restrict out
) {
  // A constant unrolls the inner loop.
  switch (whole) {
    case 0: weigh(lanes, plan, out_width, 0, (double)out_width, total, out); break;
    case 1: weigh(lanes, plan, out_width, 1, (double)out_width, total, out); break;
    case 2: weigh(lanes, plan, out_width, 2, (double)out_width, total, out); break;
    default: weigh(lanes, plan, out_width, whole, (double)out_width, total, out); break;
  }
}

// Adds up the rows of one row of the result: the first and the last with their weights, those
// between with `out_height`.
CLONED static void add_rows(
  const uint8_t *restrict row, size_t stride, size_t width, share rows, uint32_t weight,
  uint32_t *restrict columns
) {
  uint32_t left = (uint32_t)rows.left, right = (uint32_t)rows.right;
  const uint8_t *restrict second = row + stride, *restrict third = second + stride,
                          *restrict fourth = third + stride;
  // Whole pictures are mostly brought down by less than four.
  if (rows.whole == 0 && right > 0) {
    for (size_t x = 0; x < width; x++) columns[x] = left * row[x] + right * second[x];
  } else if (rows.whole == 1 && right > 0) {
    for (size_t x = 0; x < width; x++) {
      columns[x] = left * row[x] + weight * second[x] + right * third[x];
    }
  } else if (rows.whole == 2 && right > 0) {
    for (size_t x = 0; x < width; x++) {
      columns[x] = left * row[x] + weight * (uint32_t)(second[x] + third[x]) + right * fourth[x];
    }
  } else {
    for (size_t x = 0; x < width; x++) columns[x] = left * row[x];
    for (size_t i = 1; i <= rows.whole; i++) {
      for (size_t x = 0; x < width; x++) columns[x] += weight * row[i * stride + x];
    }
    const uint8_t *restrict last = row + (rows.whole + 1) * stride;
    if (right > 0) {
      for (size_t x = 0; x < width; x++) columns[x] += right * last[x];
    }
  }
}

static size_t lanes_size(size_t width) { return (width + 2) * LANES; }

// Pixels that lie on the border of two of the result count in both with their share.
static void shrink_areas(
  const uint8_t *pixels, size_t stride, size_t width, size_t height, size_t out_width,
  size_t out_height, uint8_t *out, void *scratch
) {
  double *lanes = scratch;
  taps *plan = (taps *)(lanes + lanes_size(width));
  uint32_t *columns = (uint32_t *)(plan + out_width);
  uint8_t *rows = (uint8_t *)(columns + width * LANES);
  for (size_t i = 0; i < out_width; i++) plan[i] = taps_of(i, width, out_width);
  // What lies behind the last pixel weighs nothing, but is read.
  memset(lanes + width * LANES, 0, 2 * LANES * sizeof *lanes);
  double total = (double)width * (double)height;
  for (size_t y = 0; y < out_height; y += LANES) {
    for (size_t lane = 0; lane < LANES; lane++) {
      size_t row = smaller(y + lane, out_height - 1);
      share share = share_of(row, height, out_height);
      add_rows(
        pixels + share.first * stride, stride, width, share, (uint32_t)out_height,
        columns + lane * width);
    }
    interleave(columns, width, lanes);
    write_weighted_means(lanes, plan, out_width, width / out_width - 1, total, rows);
    memcpy(out + y * out_width, rows, smaller(LANES, out_height - y) * out_width);
  }
}

size_t cluma_shrink_scratch_size(size_t width) {
  return lanes_size(width) * sizeof(double)
    + width * (sizeof(taps) + LANES * (sizeof(uint32_t) + 1));
}

void cluma_shrink(
  const uint8_t *pixels, size_t stride, size_t width, size_t height, size_t out_width,
  size_t out_height, uint8_t *out, void *scratch
) {
  if (width == out_width && height == out_height) {
    for (size_t y = 0; y < height; y++) memcpy(out + y * width, pixels + y * stride, width);
    return;
  }
  // 16 bits hold the sum of 257 pixels, 32 bits that of 257 such sums.
  size_t across = width / out_width, down = height / out_height;
  if (across * out_width == width && down * out_height == height && across <= 257
    && down <= 257) {
    shrink_blocks(
      pixels, stride, width, out_width, out_height, (uint32_t)across, (uint32_t)down, out,
      scratch);
  } else {
    shrink_areas(
      pixels, stride, width, height, out_width, out_height, out, scratch);
  }
}
