#include <math.h>
#include <string.h>

#include "CLuma.h"
#include "shared.h"

// The same bits on every machine: no clone may fuse what another rounds twice.
#pragma STDC FP_CONTRACT OFF

// The shift picture: LONG cells along the longer side, SHORT along the other.
enum { LONG = 128, SHORT = 64 };
// The transform of real numbers is symmetric: half of it is kept, 0 and SHORT / 2 share a place.
enum { HALF = SHORT / 2 };
enum { LANES = 16 };
enum { COLUMN_BLOCKS = SHORT / LANES, ROW_BLOCKS = HALF / LANES };
// The parts of the memory start a multiple of a cache line apart.
enum { LINE = 64 };

// Bins whose product is below this are rounding: the 8 bits of a level alone give about 10. The
// product is four times that of the transforms, whose halving is left out.
static const float ROUNDING = 1e-2F;
// A picture with a smaller standard deviation (levels) is flat.
static const double FLAT = 1e-3;
// The standard deviation, in cells, of the Gaussian that the peak is smoothed to.
static const double SMOOTHING = 0.7;

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t lane_flags __attribute__((vector_size(LANES * sizeof(float))));
typedef uint8_t lane_bytes __attribute__((vector_size(LANES), aligned(1)));

#define INLINE static inline __attribute__((always_inline))

// Where the cells of one side lie among the pixels: a cell takes `taps` pixels from `first` on.
typedef struct {
  uint32_t first[LONG];
  float *weights;
  uint32_t taps;
} cells;

typedef struct {
  lanes re[LONG * ROW_BLOCKS], im[LONG * ROW_BLOCKS];
} spectrum;

typedef struct {
  spectrum spectra[2];
  // The picture, and later the surface that has the peak: SHORT rows of LONG cells.
  lanes picture[SHORT * LONG / LANES];
  lanes re[LONG], im[LONG], other_re[LONG], other_im[LONG];
  lanes window_long[LONG / LANES], weight_short[ROW_BLOCKS];
  float window_short[SHORT], weight_long[LONG];
  float turn_re[LONG], turn_im[LONG];
  // The transform between its two directions, places along LONG first: [LONG][HALF].
  lanes turned_re[LONG * ROW_BLOCKS], turned_im[LONG * ROW_BLOCKS];
  double whole_weight;
  size_t width, height;
  uint32_t current;
  int has_previous, previous_is_flat;
  cells across, down;
  // Followed by the weights of both sides and by one row of `width` numbers.
  float *row;
} shift_state;

static size_t tap_count(size_t length, size_t count) { return length / count + 2; }

static size_t round_up(size_t bytes) { return (bytes + LINE - 1) / LINE * LINE; }

static int is_portrait(size_t width, size_t height) { return height > width; }

static size_t weights_size(size_t length, size_t count) {
  return round_up(tap_count(length, count) * count * sizeof(float));
}

size_t cluma_shift_size(size_t width, size_t height) {
  int portrait = is_portrait(width, height);
  return round_up(sizeof(shift_state)) + weights_size(width, portrait ? SHORT : LONG)
    + weights_size(height, portrait ? LONG : SHORT)
    + round_up((width + LANES) * sizeof(float));
}

// Cell `i` of `count` covers i * length / count ..< (i + 1) * length / count; whole numbers say how
// much of a pixel that is without rounding.
static void lay_cells(cells *side, size_t length, size_t count, float *weights) {
  side->weights = weights;
  side->taps = (uint32_t)tap_count(length, count);
  if (side->taps > length) side->taps = (uint32_t)length;
  for (size_t i = 0; i < count; i++) {
    size_t start = i * length, end = start + length;
    size_t first = start / count;
    if (first + side->taps > length) first = length - side->taps;
    side->first[i] = (uint32_t)first;
    for (size_t tap = 0; tap < side->taps; tap++) {
      size_t left = (first + tap) * count, right = left + count;
      size_t from = left > start ? left : start, to = right < end ? right : end;
      weights[i * side->taps + tap] = to > from ? (float)((double)(to - from) / (double)length) : 0;
    }
  }
}

static double hann(size_t i, size_t count) {
  return 0.5 * (1 - cos(2 * M_PI * (double)i / (double)(count - 1)));
}

static double gauss(size_t i, size_t count) {
  double frequency = (double)(i <= count / 2 ? i : count - i) / (double)count;
  double exponent = M_PI * SMOOTHING * frequency;
  return exp(-2 * exponent * exponent);
}

void cluma_shift_start(void *memory, size_t width, size_t height) {
  shift_state *state = memory;
  memset(state, 0, sizeof *state);
  state->width = width;
  state->height = height;
  int portrait = is_portrait(width, height);
  size_t columns = portrait ? SHORT : LONG, rows = portrait ? LONG : SHORT;
  uint8_t *rest = (uint8_t *)memory + round_up(sizeof *state);
  lay_cells(&state->across, width, columns, (float *)rest);
  rest += weights_size(width, columns);
  lay_cells(&state->down, height, rows, (float *)rest);
  rest += weights_size(height, rows);
  state->row = (float *)rest;

  float *window_long = (float *)state->window_long, *weight_short = (float *)state->weight_short;
  double sum_long = 0, sum_short = 0;
  for (size_t i = 0; i < LONG; i++) {
    window_long[i] = (float)sqrt(hann(i, LONG));
    state->weight_long[i] = (float)gauss(i, LONG);
    sum_long += gauss(i, LONG);
    state->turn_re[i] = (float)cos(2 * M_PI * (double)i / LONG);
    state->turn_im[i] = (float)-sin(2 * M_PI * (double)i / LONG);
  }
  for (size_t i = 0; i < SHORT; i++) {
    state->window_short[i] = (float)sqrt(hann(i, SHORT));
    sum_short += gauss(i, SHORT);
  }
  for (size_t i = 0; i < HALF; i++) weight_short[i] = (float)gauss(i, SHORT);
  state->whole_weight = sum_long * sum_short;
}

// Averages the pixels of every cell.
CLONED static void fill_picture(
  shift_state *restrict state, const uint8_t *restrict pixels, size_t stride
) {
  float *restrict picture = (float *)state->picture, *restrict row = state->row;
  size_t width = state->width, rows = is_portrait(width, state->height) ? LONG : SHORT;
  size_t columns = rows == LONG ? SHORT : LONG;
  // A portrait lies on its side.
  size_t column_step = rows == LONG ? LONG : 1, row_step = rows == LONG ? 1 : LONG;
  const cells *down = &state->down, *across = &state->across;
  for (size_t y = 0; y < rows; y++) {
    const uint8_t *top = pixels + down->first[y] * stride;
    const float *weights = down->weights + y * down->taps;
    size_t x = 0;
    for (; x + LANES <= width; x += LANES) {
      lanes sum = {0};
      for (size_t tap = 0; tap < down->taps; tap++) {
        lane_bytes levels = *(const lane_bytes *)(top + tap * stride + x);
        sum += __builtin_convertvector(levels, lanes) * weights[tap];
      }
      memcpy(row + x, &sum, sizeof sum);
    }
    for (; x < width; x++) {
      float sum = 0;
      for (size_t tap = 0; tap < down->taps; tap++) {
        sum += (float)top[tap * stride + x] * weights[tap];
      }
      row[x] = sum;
    }
    for (size_t column = 0; column < columns; column++) {
      const float *part = row + across->first[column];
      const float *shares = across->weights + column * across->taps;
      float sum = 0;
      for (size_t tap = 0; tap < across->taps; tap++) sum += part[tap] * shares[tap];
      picture[y * row_step + column * column_step] = sum;
    }
  }
}

INLINE double sum_of_lanes(const lanes *values) {
  double sum = 0;
  for (size_t i = 0; i < LANES; i++) sum += (double)(*values)[i];
  return sum;
}

// Takes the mean away, so that it does not leak through the window; returns whether it is flat.
CLONED static int center_picture(lanes *restrict picture) {
  enum { COUNT = SHORT * LONG / LANES };
  lanes sum = {0}, squares = {0};
  for (size_t i = 0; i < COUNT; i++) sum += picture[i];
  float mean = (float)(sum_of_lanes(&sum) / (SHORT * LONG));
  for (size_t i = 0; i < COUNT; i++) {
    picture[i] -= mean;
    squares += picture[i] * picture[i];
  }
  return sum_of_lanes(&squares) <= FLAT * FLAT * SHORT * LONG;
}

// One pass of a transform: `groups` interleaved transforms of LANES lanes grow four times as long.
INLINE void pass_of_four(
  size_t count, size_t groups, const lanes *restrict re, const lanes *restrict im,
  lanes *restrict to_re, lanes *restrict to_im, const float *turn_re, const float *turn_im
) {
  size_t quarter = count / 4, length = quarter / groups;
  for (size_t k = 0; k < length; k++) {
    size_t step = k * groups * (LONG / count);
    float r1 = turn_re[step], i1 = turn_im[step];
    float r2 = turn_re[2 * step], i2 = turn_im[2 * step];
    float r3 = turn_re[3 * step], i3 = turn_im[3 * step];
    for (size_t g = 0; g < groups; g++) {
      size_t from = k * groups + g, to = 4 * k * groups + g;
      lanes a = re[from], b = re[from + quarter], c = re[from + 2 * quarter],
            d = re[from + 3 * quarter];
      lanes e = im[from], f = im[from + quarter], h = im[from + 2 * quarter],
            j = im[from + 3 * quarter];
      lanes sum_re = a + c, sum_im = e + h, difference_re = a - c, difference_im = e - h;
      lanes other_re = b + d, other_im = f + j, cross_re = f - j, cross_im = d - b;
      to_re[to] = sum_re + other_re;
      to_im[to] = sum_im + other_im;
      lanes x = difference_re + cross_re, y = difference_im + cross_im;
      to_re[to + groups] = x * r1 - y * i1;
      to_im[to + groups] = x * i1 + y * r1;
      x = sum_re - other_re;
      y = sum_im - other_im;
      to_re[to + 2 * groups] = x * r2 - y * i2;
      to_im[to + 2 * groups] = x * i2 + y * r2;
      x = difference_re - cross_re;
      y = difference_im - cross_im;
      to_re[to + 3 * groups] = x * r3 - y * i3;
      to_im[to + 3 * groups] = x * i3 + y * r3;
    }
  }
}

// The transform of 64 numbers in every lane; the result lies in `other`.
INLINE void transform_short(
  lanes *re, lanes *im, lanes *other_re, lanes *other_im, const float *turn_re,
  const float *turn_im
) {
  pass_of_four(SHORT, 1, re, im, other_re, other_im, turn_re, turn_im);
  pass_of_four(SHORT, 4, other_re, other_im, re, im, turn_re, turn_im);
  pass_of_four(SHORT, 16, re, im, other_re, other_im, turn_re, turn_im);
}

// The transform of 128 numbers in every lane; the result lies in `to`, `step` vectors apart.
INLINE void transform_long(
  lanes *re, lanes *im, lanes *other_re, lanes *other_im, lanes *to_re, lanes *to_im, size_t step,
  const float *turn_re, const float *turn_im
) {
  pass_of_four(LONG, 1, re, im, other_re, other_im, turn_re, turn_im);
  pass_of_four(LONG, 4, other_re, other_im, re, im, turn_re, turn_im);
  pass_of_four(LONG, 16, re, im, other_re, other_im, turn_re, turn_im);
  for (size_t i = 0; i < LONG / 2; i++) {
    to_re[i * step] = other_re[i] + other_re[i + LONG / 2];
    to_im[i * step] = other_im[i] + other_im[i + LONG / 2];
    to_re[(i + LONG / 2) * step] = other_re[i] - other_re[i + LONG / 2];
    to_im[(i + LONG / 2) * step] = other_im[i] - other_im[i + LONG / 2];
  }
}

INLINE void take_turned(const shift_state *state, size_t block, lanes *re, lanes *im) {
  for (size_t x = 0; x < LONG; x++) {
    re[x] = state->turned_re[x * ROW_BLOCKS + block];
    im[x] = state->turned_im[x * ROW_BLOCKS + block];
  }
}

// The transform of the windowed picture. The left half of a row and the right half travel as the
// real and the imaginary part of one number.
CLONED static void transform_picture(shift_state *restrict state, spectrum *restrict result) {
  lanes *re = state->re, *im = state->im, *other_re = state->other_re, *other_im = state->other_im;
  float *turned_re = (float *)state->turned_re, *turned_im = (float *)state->turned_im;
  for (size_t block = 0; block < COLUMN_BLOCKS; block++) {
    for (size_t y = 0; y < SHORT; y++) {
      const lanes *row = state->picture + y * (LONG / LANES) + block;
      float window = state->window_short[y];
      re[y] = row[0] * (state->window_long[block] * window);
      im[y] = row[COLUMN_BLOCKS] * (state->window_long[block + COLUMN_BLOCKS] * window);
    }
    transform_short(re, im, other_re, other_im, state->turn_re, state->turn_im);
    for (size_t v = 0; v < HALF; v++) {
      size_t mirror = SHORT - v;
      lanes left_re, left_im, right_re, right_im;
      if (v == 0) {
        left_re = 2 * other_re[0];
        left_im = 2 * other_re[HALF];
        right_re = 2 * other_im[0];
        right_im = 2 * other_im[HALF];
      } else {
        left_re = other_re[v] + other_re[mirror];
        left_im = other_im[v] - other_im[mirror];
        right_re = other_im[v] + other_im[mirror];
        right_im = other_re[mirror] - other_re[v];
      }
      for (size_t i = 0; i < LANES; i++) {
        size_t place = (block * LANES + i) * HALF + v;
        turned_re[place] = left_re[i];
        turned_im[place] = left_im[i];
        turned_re[place + SHORT * HALF] = right_re[i];
        turned_im[place + SHORT * HALF] = right_im[i];
      }
    }
  }
  for (size_t block = 0; block < ROW_BLOCKS; block++) {
    take_turned(state, block, re, im);
    transform_long(
      re, im, other_re, other_im, result->re + block, result->im + block, ROW_BLOCKS,
      state->turn_re, state->turn_im);
  }
}

// The phase of b relative to a, times `weight`.
INLINE void weighted_phase(
  float a_re, float a_im, float b_re, float b_im, float weight, float *re, float *im
) {
  float x = a_re * b_re + a_im * b_im, y = a_re * b_im - a_im * b_re;
  float scale = weight / sqrtf(x * x + y * y + ROUNDING * ROUNDING);
  *re = x * scale;
  *im = y * scale;
}

// Fills `turned` with the weighted phases of `now` relative to `before`.
CLONED static void compare(
  shift_state *restrict state, const spectrum *restrict before, const spectrum *restrict now
) {
  const float *a_re = (const float *)before->re, *a_im = (const float *)before->im;
  const float *b_re = (const float *)now->re, *b_im = (const float *)now->im;
  float *restrict re = (float *)state->turned_re, *restrict im = (float *)state->turned_im;
  const float *weight_short = (const float *)state->weight_short;
  for (size_t u = 0; u < LONG; u++) {
    size_t row = u * HALF;
    float weight = state->weight_long[u];
    for (size_t v = 0; v < HALF; v++) {
      weighted_phase(
        a_re[row + v], a_im[row + v], b_re[row + v], b_im[row + v], weight * weight_short[v],
        re + row + v, im + row + v);
    }
  }
  // Place 0 holds two transforms of real numbers, 0 and SHORT / 2, that have to be told apart.
  float last_weight = (float)gauss(HALF, SHORT);
  for (size_t u = 0; u <= LONG / 2; u++) {
    size_t p = u * HALF, m = (LONG - u) % LONG * HALF;
    float first_re, first_im, last_re, last_im;
    weighted_phase(
      a_re[p] + a_re[m], a_im[p] - a_im[m], b_re[p] + b_re[m], b_im[p] - b_im[m],
      state->weight_long[u], &first_re, &first_im);
    weighted_phase(
      a_im[p] + a_im[m], a_re[m] - a_re[p], b_im[p] + b_im[m], b_re[m] - b_re[p],
      state->weight_long[u] * last_weight, &last_re, &last_im);
    re[p] = first_re - last_im;
    im[p] = first_im + last_re;
    re[m] = first_re + last_im;
    im[m] = last_re - first_im;
  }
}

// Transforms `turned` back: the surface of the correlation, in `picture`. The inverse of a
// transform is the transform with real and imaginary parts exchanged.
CLONED static void transform_back(shift_state *restrict state) {
  lanes *re = state->re, *im = state->im, *other_re = state->other_re, *other_im = state->other_im;
  for (size_t block = 0; block < ROW_BLOCKS; block++) {
    take_turned(state, block, re, im);
    transform_long(
      im, re, other_im, other_re, state->turned_im + block, state->turned_re + block, ROW_BLOCKS,
      state->turn_re, state->turn_im);
  }
  const float *turned_re = (float *)state->turned_re, *turned_im = (float *)state->turned_im;
  for (size_t block = 0; block < COLUMN_BLOCKS; block++) {
    for (size_t v = 0; v < HALF; v++) {
      lanes left_re, left_im, right_re, right_im;
      for (size_t i = 0; i < LANES; i++) {
        size_t place = (block * LANES + i) * HALF + v;
        left_re[i] = turned_re[place];
        left_im[i] = turned_im[place];
        right_re[i] = turned_re[place + SHORT * HALF];
        right_im[i] = turned_im[place + SHORT * HALF];
      }
      if (v == 0) {
        re[0] = left_re;
        im[0] = right_re;
        re[HALF] = left_im;
        im[HALF] = right_im;
      } else {
        re[v] = left_re - right_im;
        im[v] = left_im + right_re;
        re[SHORT - v] = left_re + right_im;
        im[SHORT - v] = right_re - left_im;
      }
    }
    transform_short(im, re, other_im, other_re, state->turn_re, state->turn_im);
    for (size_t y = 0; y < SHORT; y++) {
      lanes *row = state->picture + y * (LONG / LANES) + block;
      row[0] = other_re[y];
      row[COLUMN_BLOCKS] = other_im[y];
    }
  }
}

CLONED static size_t place_of_peak(const lanes *restrict surface) {
  enum { COUNT = SHORT * LONG / LANES };
  lanes largest = surface[0];
  for (size_t i = 1; i < COUNT; i++) {
    lane_flags larger = surface[i] > largest;
    largest = (lanes)((larger & (lane_flags)surface[i]) | (~larger & (lane_flags)largest));
  }
  float most = largest[0];
  for (size_t i = 1; i < LANES; i++) most = largest[i] > most ? largest[i] : most;
  const float *values = (const float *)surface;
  size_t place = 0;
  while (values[place] < most) place++;
  return place;
}

// Lays a Gaussian through a peak and its neighbours: how far from the middle its top is, and by
// what factor (natural logarithm) it is higher.
static double top_of(double before, double peak, double after, double *rise) {
  double lowest = peak * 1e-6;
  double slope = (log(fmax(after, lowest)) - log(fmax(before, lowest))) / 2;
  double bend = log(fmax(after, lowest)) + log(fmax(before, lowest)) - 2 * log(peak);
  *rise = bend < 0 ? -slope * slope / (2 * bend) : 0;
  return bend < 0 ? -slope / bend : 0;
}

static double centered(double place, double count) {
  return place < count / 2 ? place : place - count;
}

int cluma_shift_next(
  void *memory, const uint8_t *pixels, size_t stride, cluma_shift *result
) {
  shift_state *state = memory;
  spectrum *before = &state->spectra[state->current ^ 1], *now = &state->spectra[state->current];
  memset(result, 0, sizeof *result);
  fill_picture(state, pixels, stride);
  int is_flat = center_picture(state->picture);
  if (!is_flat) transform_picture(state, now);
  int had_previous = state->has_previous, comparable = !is_flat && !state->previous_is_flat;
  state->has_previous = 1;
  state->previous_is_flat = is_flat;
  state->current ^= 1;
  if (!had_previous) return 0;
  if (!comparable) return 1;

  compare(state, before, now);
  transform_back(state);
  const float *surface = (const float *)state->picture;
  size_t place = place_of_peak(state->picture), row = place / LONG * LONG, column = place % LONG;
  double peak = (double)surface[place], rise_long, rise_short;
  if (peak <= 0) return 1;
  double along = (double)column + top_of(
    (double)surface[row + (column + LONG - 1) % LONG], peak,
    (double)surface[row + (column + 1) % LONG], &rise_long);
  double across = (double)(place / LONG) + top_of(
    (double)surface[(row + (SHORT - 1) * LONG) % (SHORT * LONG) + column], peak,
    (double)surface[(row + LONG) % (SHORT * LONG) + column], &rise_short);
  result->response = fmin(1, peak * exp(rise_long + rise_short) / state->whole_weight);
  int portrait = is_portrait(state->width, state->height);
  double shorter = (double)(portrait ? state->width : state->height);
  double longer = (double)(portrait ? state->height : state->width);
  double long_shift = centered(along, LONG) * longer / LONG / shorter;
  double short_shift = centered(across, SHORT) / SHORT;
  result->dx = portrait ? short_shift : long_shift;
  result->dy = portrait ? long_shift : short_shift;
  return 1;
}
