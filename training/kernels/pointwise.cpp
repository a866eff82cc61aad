// Gated GELU, and sums of columns.
#include "operators.h"
#include "vectors.h"

namespace kernels {

namespace {

int64_t half_width(const Tensor& inner) {
  TORCH_CHECK(inner.size(-1) % (2 * WIDTH) == 0, "gated GELU is written for widths that are multiples of ", WIDTH);
  return inner.size(-1) / 2;
}

}  // namespace

// `[…, 2w]`, values then gates → `[…, w]`.
Tensor gated_gelu(const Tensor& inner) {
  const int64_t width = half_width(inner), rows = inner.numel() / (2 * width);
  auto sizes = inner.sizes().vec();
  sizes.back() = width;
  Tensor result = at::empty(sizes, inner.options());
  const Half* from = halves(inner);
  Half* to = halves(result);
  for (int64_t row = 0; row < rows; row++, from += 2 * width, to += width)
    for (int64_t i = 0; i < width; i += WIDTH) store(to + i, _mm512_mul_ps(load(from + i), gelu(load(from + width + i)).value));
  return result;
}

Tensor gated_gelu_gradient(const Tensor& slope, const Tensor& inner) {
  const int64_t width = half_width(inner), rows = inner.numel() / (2 * width);
  Tensor result = at::empty_like(inner);
  const Half *from = halves(inner), *above = halves(slope);
  Half* to = halves(result);
  for (int64_t row = 0; row < rows; row++, from += 2 * width, to += 2 * width, above += width)
    for (int64_t i = 0; i < width; i += WIDTH) {
      const Gelu gate = gelu(load(from + width + i));
      const Lanes up = load(above + i);
      store(to + i, _mm512_mul_ps(up, gate.value));
      store(to + width + i, _mm512_mul_ps(up, _mm512_mul_ps(gate.slope, load(from + i))));
    }
  return result;
}

// `[…, C]` → `[C]` in float.
Tensor column_sums(const Tensor& values) {
  const int64_t width = values.size(-1), rows = values.numel() / width;
  Tensor sums = at::empty({width}, values.options().dtype(at::kFloat));
  for (int64_t i = 0; i < width; i += WIDTH) {
    const __mmask16 kept = first(width - i);
    const Half* from = halves(values) + i;
    Lanes sum = zero();
    for (int64_t row = 0; row < rows; row++) sum = _mm512_add_ps(sum, load(from + row * width, kept));
    store(floats(sums) + i, sum, kept);
  }
  return sums;
}

}  // namespace kernels
