// Hot loops over 8-bit planes; each has a Swift twin that the tests compare it with.
//
// A plane is `height` rows of `width` pixels, both at least 1, that lie `stride` bytes apart; where
// no stride is given, the rows follow without gaps. `scratch` is memory of the caller, of the size
// that a function beside it gives. Whole numbers are exact.
#ifndef CLUMA_H
#define CLUMA_H

#include <stddef.h>
#include <stdint.h>

// MARK: Scaling

// The bytes of scratch memory that `cluma_shrink` needs for rows of `width` pixels.
size_t cluma_shrink_scratch_size(size_t width);

// Averages a plane down to `out_width` by `out_height`, which are not larger, by area: a pixel on
// the border of two of the result counts in both with its share. Halves are rounded up.
// `out_width` and `out_height` are at most 4096, `width` and `height` at most 65535.
void cluma_shrink(
  const uint8_t *pixels, size_t stride, size_t width, size_t height, size_t out_width,
  size_t out_height, uint8_t *out, void *scratch);

// MARK: Brightness

// Counts the pixels of every level; `counts` has 256 places.
void cluma_histogram(
  const uint8_t *pixels, size_t stride, size_t width, size_t height, uint32_t *counts);

// The bytes of scratch memory that the next two functions need for rows of `width` pixels.
size_t cluma_scratch_size(size_t width);

// Sums over levels clamped to low...high. Neighbours outside the plane mirror without repeating the
// edge (OpenCV's BORDER_REFLECT_101).
typedef struct {
  int64_t laplacian;           // 4-neighbour Laplacian
  uint64_t laplacian_squares;
  uint64_t gradient_squares;   // Gx^2 + Gy^2 of the 3x3 Sobel operator
  // The same without the first and last row and column:
  uint64_t inner_squares;
  uint64_t inner_magnitude;    // sixteenths of sqrt(Gx^2 + Gy^2), each rounded
} cluma_edges;

void cluma_measure_edges(
  const uint8_t *pixels, size_t stride, size_t width, size_t height, uint8_t low, uint8_t high,
  void *scratch, cluma_edges *edges);

// How one plane differs from another of its size.
typedef struct {
  uint64_t absolute;           // of levels as they are
  int64_t sum;                 // of levels clamped to low...high
  uint64_t squares;            // the same, squared
  double largest_block;        // largest mean absolute difference of a block
} cluma_change;

// Blocks are `block` (at most 64) pixels a side from the top left; the last block of a row or column
// takes a remainder of less than half a block, a larger remainder is a block of its own.
void cluma_measure_change(
  const uint8_t *pixels, const uint8_t *other, size_t width, size_t height, uint8_t low,
  uint8_t high, size_t block, void *scratch, cluma_change *change);

#endif
