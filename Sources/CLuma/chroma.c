#include "CLuma.h"

#include <math.h>
#include <string.h>

#include "shared.h"

// 32-bit lanes hold this many squares and products of offsets (at most 128^2) without overflow.
enum { CHUNK = 2048 };
enum { GREY = 128 };

CLONED static void add_row(
  const uint8_t *restrict u, const uint8_t *restrict v, size_t width,
  cluma_chroma *restrict sums
) {
  for (size_t start = 0; start < width; start += CHUNK) {
    size_t end = smaller(width, start + CHUNK);
    int32_t sum_u = 0, sum_v = 0, u_u = 0, v_v = 0, u_v = 0, saturation = 0;
    for (size_t x = start; x < end; x++) {
      int32_t a = u[x] - GREY, b = v[x] - GREY;
      int32_t square = a * a + b * b;
      sum_u += a;
      sum_v += b;
      u_u += a * a;
      v_v += b * b;
      u_v += a * b;
      saturation += (int32_t)sqrtf((float)square);
    }
    sums->u += sum_u;
    sums->v += sum_v;
    sums->u_u += u_u;
    sums->v_v += v_v;
    sums->u_v += u_v;
    sums->saturation += saturation;
  }
}

void cluma_measure_chroma(
  const uint8_t *u, size_t stride_u, const uint8_t *v, size_t stride_v, size_t width,
  size_t height, cluma_chroma *sums
) {
  memset(sums, 0, sizeof *sums);
  for (size_t y = 0; y < height; y++) {
    add_row(u + y * stride_u, v + y * stride_v, width, sums);
  }
}
