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
// Sides are at most 2^21 pixels, more than FFmpeg decodes: sums of columns fit 31 bits, sums of
// areas the 53 bits of a double.
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

// Blocks are `block` (at most 64) pixels a side from the top left; the last block of a row or
// column takes a remainder of less than half a block, a larger one is a block of its own.
void cluma_measure_change(
  const uint8_t *pixels, const uint8_t *other, size_t width, size_t height, uint8_t low,
  uint8_t high, size_t block, void *scratch, cluma_change *change);

// MARK: Native pixels

// What sees native pixels looks at a sample of them. A picture of at most so many pixels is seen
// whole; of a larger one as many rows, spread over it, as make up that number, and at least one.
#ifndef CLUMA_NATIVE_PIXELS
#define CLUMA_NATIVE_PIXELS 65536
#endif

// The sum of the absolute values of Immerkaer's mask over `count` pixels off the border.
typedef struct {
  uint64_t sum;
  uint64_t count;
} cluma_noise;

// Adds up [1 -2 1; -2 4 -2; 1 -2 1]; the count is 0 in a picture without inner pixels.
cluma_noise cluma_measure_noise(
  const uint8_t *pixels, size_t stride, size_t width, size_t height);

// How much stronger the steps between pixels are on a grid than off it, as ffmpeg's blockdetect
// sees it: the largest ratio over grids of 3...24 pixels, across and down; 0 where there is none.
//
// Down, a larger picture is seen in strips of 64 columns, as many as come closest to the budget, at
// other places in every 64 rows.
// `scratch` has room for `width` and for `height` numbers.
double cluma_measure_blockiness(
  const uint8_t *pixels, size_t stride, size_t width, size_t height, float *scratch);

// How much rows differ from their neighbours, next to how much they differ from the next rows of
// their own field; 0...16, rounded down to a 64th, or -1 in a picture smaller than 32x6.
//
// In each segment of 32x2 pixels b: sum |2b - a - c| with a and c a row away, over the same with a
// and c two rows away, plus 4 levels a pixel. Of all segments, that of rank n / 100, at least 1.
double cluma_measure_combing(
  const uint8_t *pixels, size_t stride, size_t width, size_t height);

// MARK: Colour

// Sums over the offsets of U and V from 128.
typedef struct {
  int64_t u;
  int64_t v;
  int64_t u_u;
  int64_t v_v;
  int64_t u_v;
  int64_t saturation;  // sqrt(u^2 + v^2), each pixel rounded down
} cluma_chroma;

// Adds up two planes of one size.
void cluma_measure_chroma(
  const uint8_t *u, size_t stride_u, const uint8_t *v, size_t stride_v, size_t width,
  size_t height, cluma_chroma *sums);

// MARK: Motion

// How far the picture as a whole moved from the frame before to this frame.
typedef struct {
  double dx, dy;    // shares of the shorter side; dx > 0: to the right, dy > 0: down
  double response;  // 0: no agreement ... 1: the same picture, moved
} cluma_shift;

// The bytes of memory that the shift of pictures of `width` x `height` pixels needs.
size_t cluma_shift_size(size_t width, size_t height);

// Prepares `memory`, aligned to 64 bytes, for the first frame. It must not move afterwards.
void cluma_shift_start(void *memory, size_t width, size_t height);

// Takes in the next frame and compares it with the one before; returns 0 if there was none.
//
// Phase correlation over the shift picture: the area average of the frame over 128x64 equal cells
// (64x128 if it is higher than wide), mean taken away, times OpenCV's Hann window. The normalised
// cross-power spectrum is weighted by a Gaussian that smooths by a standard deviation of 0.7 cells,
// so that the peak is a Gaussian too, and its top is found between the cells. The response is its
// height as a share of the height that two equal pictures give. A flat frame has response 0 and shift 0.
int cluma_shift_next(void *memory, const uint8_t *pixels, size_t stride, cluma_shift *result);

// MARK: Hashes

// Averages 2x2 pixels, rounded half up, into ceil(width / 2) x ceil(height / 2) pixels without gaps
// between rows; the last pixel of an odd side stands for two.
void cluma_halve(
  const uint8_t *pixels, size_t stride, size_t width, size_t height, uint8_t *half);

// The bytes of memory that the hashes of pictures of `width` x `height` pixels need.
size_t cluma_hash_size(size_t width, size_t height);

// Prepares `memory`, aligned to 8 bytes, for pictures of a size. It must not move afterwards.
void cluma_hash_start(void *memory, size_t width, size_t height);

// The hashes that the Python package imagehash calls dhash and phash, first bit highest.
//
// Both reduce the picture by a Lanczos window of three lobes, rows first, in 8 bits, as Pillow
// does.
// dhash: 9x8 levels, a bit is set where the next level of the row is larger. phash: 32x32 levels,
// their 8x8 lowest frequencies of the type-2 cosine transform, a bit is set where one is larger
// than the median.
void cluma_hash(
  void *memory, const uint8_t *pixels, size_t stride, uint64_t *dhash, uint64_t *phash);

// MARK: Places of change

// Where pictures without gaps between rows change; all are `width` by `height`, both at least 1.
//
// The result is a table of sums (an integral image) of `width + 1` columns and `height + 1` rows:
// entry (x, y) is the sum over the columns below x of the rows below y, modulo 2^32, so that the
// sum over a box is right wherever it is below 2^32.

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
