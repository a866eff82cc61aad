// Layer norm over the last axis, and group norm of channels-last maps with or without SiLU after it.
#include <cmath>
#include <vector>

#include "operators.h"
#include "vectors.h"

namespace kernels {

namespace {

constexpr int MOST_WIDTH = 256;
constexpr int MOST_VECTORS = MOST_WIDTH / WIDTH;

void check_width(int64_t width) { TORCH_CHECK(width <= MOST_WIDTH, "norms are written for at most ", MOST_WIDTH, " channels, not ", width); }

}  // namespace

// → normalised values, and mean with 1 / deviation of every row, `[rows, 2]`.
std::tuple<Tensor, Tensor> layer_norm(const Tensor& values, const Tensor& weight, const Tensor& bias, double eps) {
  const int64_t width = values.size(-1), rows = values.numel() / width;
  check_width(width);
  Tensor result = at::empty_like(values), moments = at::empty({rows, 2}, values.options().dtype(at::kFloat));
  const Half* from = halves(values);
  Half* to = halves(result);
  float* kept = floats(moments);
  Lanes x[MOST_VECTORS];
  for (int64_t row = 0; row < rows; row++, from += width, to += width, kept += 2) {
    Lanes sum = zero(), squares = zero();
    for (int64_t i = 0; i < width; i += WIDTH) sum = _mm512_add_ps(sum, x[i / WIDTH] = load(from + i, first(width - i)));
    const float mean = _mm512_reduce_add_ps(sum) / width;
    for (int64_t i = 0; i < width; i += WIDTH) {
      Lanes& v = x[i / WIDTH];
      v = _mm512_maskz_sub_ps(first(width - i), v, all(mean));
      squares = _mm512_fmadd_ps(v, v, squares);
    }
    const float scale = 1 / std::sqrt(_mm512_reduce_add_ps(squares) / width + static_cast<float>(eps));
    kept[0] = mean, kept[1] = scale;
    for (int64_t i = 0; i < width; i += WIDTH) {
      const __mmask16 lanes = first(width - i);
      store(to + i, _mm512_fmadd_ps(_mm512_mul_ps(x[i / WIDTH], all(scale)), load(floats(weight) + i, lanes), load(floats(bias) + i, lanes)), lanes);
    }
  }
  return {result, moments};
}

std::tuple<Tensor, Tensor, Tensor> layer_norm_gradient(const Tensor& slope, const Tensor& values, const Tensor& moments, const Tensor& weight) {
  const int64_t width = values.size(-1), rows = values.numel() / width;
  check_width(width);
  Tensor result = at::empty_like(values), weight_slope = at::empty_like(weight), bias_slope = at::empty_like(weight);
  const Half *from = halves(values), *above = halves(slope);
  const float* kept = floats(moments);
  Half* to = halves(result);
  Lanes weight_sums[MOST_VECTORS], bias_sums[MOST_VECTORS], normal[MOST_VECTORS], up[MOST_VECTORS];
  for (int64_t i = 0; i < width; i += WIDTH) weight_sums[i / WIDTH] = bias_sums[i / WIDTH] = zero();
  for (int64_t row = 0; row < rows; row++, from += width, above += width, to += width, kept += 2) {
    Lanes sum = zero(), along = zero();
    for (int64_t i = 0; i < width; i += WIDTH) {
      const __mmask16 lanes = first(width - i);
      const int64_t v = i / WIDTH;
      normal[v] = _mm512_maskz_mul_ps(lanes, _mm512_sub_ps(load(from + i, lanes), all(kept[0])), all(kept[1]));
      const Lanes d = load(above + i, lanes);
      weight_sums[v] = _mm512_fmadd_ps(d, normal[v], weight_sums[v]);
      bias_sums[v] = _mm512_add_ps(bias_sums[v], d);
      up[v] = _mm512_mul_ps(d, load(floats(weight) + i, lanes));
      sum = _mm512_add_ps(sum, up[v]);
      along = _mm512_fmadd_ps(up[v], normal[v], along);
    }
    const Lanes mean = all(_mm512_reduce_add_ps(sum) / width), share = all(_mm512_reduce_add_ps(along) / width);
    for (int64_t i = 0; i < width; i += WIDTH) {
      const Lanes left = _mm512_sub_ps(_mm512_sub_ps(up[i / WIDTH], mean), _mm512_mul_ps(normal[i / WIDTH], share));
      store(to + i, _mm512_mul_ps(left, all(kept[1])), first(width - i));
    }
  }
  for (int64_t i = 0; i < width; i += WIDTH) {
    store(floats(weight_slope) + i, weight_sums[i / WIDTH], first(width - i));
    store(floats(bias_slope) + i, bias_sums[i / WIDTH], first(width - i));
  }
  return {result, weight_slope, bias_slope};
}

// `values` are `samples` maps of any number of positions, channels last. → the result, and 1 / deviation with −mean / deviation of every
// sample's channels, `[samples, 2, C]`.
std::tuple<Tensor, Tensor> group_norm(const Tensor& values, const Tensor& weight, const Tensor& bias, int64_t samples, int64_t groups, double eps, bool silu) {
  const int64_t width = values.size(-1), positions = values.numel() / (width * samples), members = width / groups;
  check_width(width);
  Tensor result = at::empty_like(values), moments = at::empty({samples, 2, width}, values.options().dtype(at::kFloat));
  alignas(64) float sums[MOST_WIDTH], squares[MOST_WIDTH];
  for (int64_t sample = 0; sample < samples; sample++) {
    const Half* from = halves(values) + sample * positions * width;
    Half* to = halves(result) + sample * positions * width;
    float *scale = floats(moments) + sample * 2 * width, *shift = scale + width;
    for (int64_t i = 0; i < width; i += WIDTH) {
      const __mmask16 lanes = first(width - i);
      Lanes sum = zero(), square = zero();
      for (int64_t p = 0; p < positions; p++) {
        const Lanes x = load(from + p * width + i, lanes);
        sum = _mm512_add_ps(sum, x);
        square = _mm512_fmadd_ps(x, x, square);
      }
      store(sums + i, sum);
      store(squares + i, square);
    }
    for (int64_t group = 0; group < width; group += members) {
      double sum = 0, square = 0;
      for (int64_t c = group; c < group + members; c++) sum += sums[c], square += squares[c];
      const double count = static_cast<double>(members) * positions, mean = sum / count;
      const double deviation = std::sqrt(std::max(square / count - mean * mean, 0.0) + eps);
      for (int64_t c = group; c < group + members; c++) scale[c] = 1 / deviation, shift[c] = -mean / deviation;
    }
    for (int64_t i = 0; i < width; i += WIDTH) {
      const __mmask16 lanes = first(width - i);
      const Lanes w = load(floats(weight) + i, lanes), factor = _mm512_mul_ps(load(scale + i, lanes), w);
      const Lanes offset = _mm512_fmadd_ps(load(shift + i, lanes), w, load(floats(bias) + i, lanes));
      for (int64_t p = 0; p < positions; p++) {
        const Lanes x = _mm512_fmadd_ps(load(from + p * width + i, lanes), factor, offset);
        store(to + p * width + i, silu ? _mm512_mul_ps(x, sigmoid(x)) : x, lanes);
      }
    }
  }
  return {result, moments};
}

std::tuple<Tensor, Tensor, Tensor> group_norm_gradient(
    const Tensor& slope, const Tensor& values, const Tensor& moments, const Tensor& weight, const Tensor& bias, int64_t groups, bool silu) {
  const int64_t samples = moments.size(0), width = values.size(-1), positions = values.numel() / (width * samples), members = width / groups;
  check_width(width);
  Tensor result = at::empty_like(values), weight_slope = at::zeros_like(weight), bias_slope = at::zeros_like(weight);
  std::vector<float> normalised_slopes(positions * WIDTH * ((width + WIDTH - 1) / WIDTH));
  alignas(64) float sums[MOST_WIDTH], alongs[MOST_WIDTH], mean[MOST_WIDTH], share[MOST_WIDTH];
  for (int64_t sample = 0; sample < samples; sample++) {
    const int64_t start = sample * positions * width;
    const Half *from = halves(values) + start, *above = halves(slope) + start;
    Half* to = halves(result) + start;
    const float *scale = floats(moments) + sample * 2 * width, *shift = scale + width;
    for (int64_t i = 0; i < width; i += WIDTH) {
      const __mmask16 lanes = first(width - i);
      const Lanes factor = load(scale + i, lanes), offset = load(shift + i, lanes), w = load(floats(weight) + i, lanes), b = load(floats(bias) + i, lanes);
      Lanes sum = zero(), along = zero();
      for (int64_t p = 0; p < positions; p++) {
        const Lanes normal = _mm512_fmadd_ps(load(from + p * width + i, lanes), factor, offset);
        Lanes d = load(above + p * width + i, lanes);
        if (silu) {
          const Lanes x = _mm512_fmadd_ps(normal, w, b), s = sigmoid(x);
          d = _mm512_mul_ps(d, _mm512_mul_ps(s, _mm512_fmadd_ps(x, _mm512_sub_ps(all(1.0f), s), all(1.0f))));
        }
        store(normalised_slopes.data() + p * WIDTH + i * positions, d);
        sum = _mm512_add_ps(sum, d);
        along = _mm512_fmadd_ps(d, normal, along);
      }
      store(sums + i, sum);
      store(alongs + i, along);
    }
    for (int64_t group = 0; group < width; group += members) {
      double sum = 0, along = 0;
      for (int64_t c = group; c < group + members; c++) {
        floats(weight_slope)[c] += alongs[c];
        floats(bias_slope)[c] += sums[c];
        sum += sums[c] * floats(weight)[c];
        along += alongs[c] * floats(weight)[c];
      }
      const double count = static_cast<double>(members) * positions;
      for (int64_t c = group; c < group + members; c++) mean[c] = sum / count, share[c] = along / count;
    }
    for (int64_t i = 0; i < width; i += WIDTH) {
      const __mmask16 lanes = first(width - i);
      const Lanes factor = load(scale + i, lanes), offset = load(shift + i, lanes), w = load(floats(weight) + i, lanes);
      const Lanes m = load(mean + i, lanes), s = load(share + i, lanes);
      for (int64_t p = 0; p < positions; p++) {
        const Lanes normal = _mm512_fmadd_ps(load(from + p * width + i, lanes), factor, offset);
        const Lanes d = _mm512_mul_ps(load(normalised_slopes.data() + p * WIDTH + i * positions), w);
        store(to + p * width + i, _mm512_mul_ps(factor, _mm512_sub_ps(_mm512_sub_ps(d, m), _mm512_mul_ps(normal, s))), lanes);
      }
    }
  }
  return {result, weight_slope, bias_slope};
}

}  // namespace kernels
