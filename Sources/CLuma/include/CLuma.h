// Hot loops over one 8-bit luma plane; each has a Swift twin that the tests compare it with.
#ifndef CLUMA_H
#define CLUMA_H

#include <stddef.h>
#include <stdint.h>

// What one walk over the rows of a plane adds up. The whole numbers are exact.
typedef struct {
  // Over levels clamped to low...high:
  uint64_t sum;
  uint64_t sum_of_squares;
  int64_t laplacian;           // 4-neighbour Laplacian
  uint64_t laplacian_squares;
  uint64_t gradient_squares;   // Gx^2 + Gy^2 of the 3x3 Sobel operator
  // Over levels as decoded:
  uint64_t black;              // pixels at or below `black_level`
  uint64_t absolute_difference;
  double largest_block;        // largest mean absolute difference of a block
  double largest_block_to_reference;
} cluma_sums;

// The bytes of scratch memory that `cluma_measure` needs for rows of `width` pixels.
size_t cluma_scratch_size(size_t width);

// Walks over `height` rows of `width` pixels that lie `stride` bytes apart, both at least 1.
//
// Neighbours outside the plane mirror without repeating the edge (OpenCV's BORDER_REFLECT_101).
// `previous` and `reference` are planes of the same size without gaps between rows, or NULL; the
// differences to a missing one are 0. `copy` receives the plane, without gaps, or is NULL.
//
// Blocks are 8x8 pixels from the top left; the last block of a row or column takes a remainder of
// fewer than 4 pixels, a larger remainder is a block of its own.
void cluma_measure(
  const uint8_t *pixels, size_t stride, size_t width, size_t height, uint8_t low, uint8_t high,
  uint8_t black_level, const uint8_t *previous, const uint8_t *reference, uint8_t *copy,
  void *scratch, cluma_sums *sums);

// Where pictures without gaps between rows change; all are `width` by `height`, both at least 1.
//
// The result is a table of sums (an integral image) of `width + 1` columns and `height + 1` rows:
// entry (x, y) is the sum over the columns below x of the rows below y, modulo 2^32, so that the sum
// over a box is right wherever it is below 2^32.

// Sums of min(|middle - before|, |after - middle|): what is here now, and neither before nor after.
void cluma_two_sided_sums(
  const uint8_t *before, const uint8_t *middle, const uint8_t *after, size_t width, size_t height,
  uint32_t *sums);

// Sums of max(|a - b| - floor, 0).
void cluma_change_sums(
  const uint8_t *a, const uint8_t *b, size_t width, size_t height, uint8_t floor, uint32_t *sums);

// The lower median of |a - b| over every fourth row.
uint8_t cluma_median_change(const uint8_t *a, const uint8_t *b, size_t width, size_t height);

#endif
