// Products of tall activations with small weights. PyTorch's are several times slower where a weight has few columns.
#include "operators.h"
#include "tiles.h"

namespace kernels {

namespace {

constexpr int ROWS_AT_ONCE = 512;

// Tiles of B `[depth, columns]`, those of one column of tiles one after another.
struct Packed {
  const Half* tiles;
  int64_t depth, columns;
};

// result `[rows, columns]` = values `[rows, depth]` · B + bias, two by two tiles at a time.
void multiply(const Half* values, int64_t rows, const Packed& b, const Half* bias, Half* result) {
  const int64_t deep = tiles(b.depth, DEPTH), wide = tiles(b.columns, SIDE);
  static thread_local Scratch<Half> last_rows;
  alignas(64) float sums[4][SIDE * SIDE];
  const TileScope scope;
  for (int64_t row = 0; row < rows; row += 2 * SIDE) {
    const Half* a = values + row * b.depth;
    const int64_t valid = std::min<int64_t>(2 * SIDE, rows - row);
    if (row + 2 * SIDE >= rows) {  // tiles may read past a row's end: there B is zero, but memory has to be there
      Half* copy = last_rows.of(2 * SIDE * b.depth + DEPTH);
      std::memset(copy, 0, (2 * SIDE * b.depth + DEPTH) * sizeof(Half));
      std::memcpy(copy, a, valid * b.depth * sizeof(Half));
      a = copy;
    }
    for (int64_t column = 0; column < wide; column += 2) {
      const bool both = column + 1 < wide;
      _tile_zero(0);
      _tile_zero(1);
      _tile_zero(2);
      _tile_zero(3);
      for (int64_t k = 0; k < deep; k++) {
        const Half* tile = b.tiles + (column * deep + k) * TILE;
        _tile_loadd(4, a + k * DEPTH, b.depth * sizeof(Half));
        _tile_loadd(5, a + SIDE * b.depth + k * DEPTH, b.depth * sizeof(Half));
        _tile_loadd(6, tile, ROW_BYTES);
        _tile_dpbf16ps(0, 4, 6);
        _tile_dpbf16ps(2, 5, 6);
        if (both) {
          _tile_loadd(7, tile + deep * TILE, ROW_BYTES);
          _tile_dpbf16ps(1, 4, 7);
          _tile_dpbf16ps(3, 5, 7);
        }
      }
      _tile_stored(0, sums[0], ROW_BYTES);
      _tile_stored(1, sums[1], ROW_BYTES);
      _tile_stored(2, sums[2], ROW_BYTES);
      _tile_stored(3, sums[3], ROW_BYTES);
      for (int side = 0; side < (both ? 2 : 1); side++) {
        const int64_t start = (column + side) * SIDE;
        const __mmask16 lanes = first(b.columns - start);
        const Lanes offset = bias ? load(bias + start, lanes) : zero();
        for (int64_t r = 0; r < valid; r++)
          store(result + (row + r) * b.columns + start, _mm512_add_ps(offset, _mm512_load_ps(sums[r / SIDE * 2 + side] + r % SIDE * SIDE)), lanes);
      }
    }
  }
}

// left `[rows, m]`, right `[rows, n]` → leftᵀ · right as float tiles, row by row of tiles.
const float* multiply_transposed(const Half* left, int64_t m, const Half* right, int64_t n, int64_t rows) {
  const int64_t high = tiles(m, SIDE), wide = tiles(n, SIDE), deep = ROWS_AT_ONCE / DEPTH;
  static thread_local Scratch<float> result;
  static thread_local Scratch<Half> left_tiles, right_tiles;
  float* sums = result.of((high + 1) * (wide + 1) * SIDE * SIDE);
  std::memset(sums, 0, high * wide * SIDE * SIDE * sizeof(float));
  Half *a = left_tiles.of(high * deep * TILE), *b = right_tiles.of(wide * deep * TILE);
  const TileScope scope;
  for (int64_t row = 0; row < rows; row += ROWS_AT_ONCE) {
    const int64_t count = std::min<int64_t>(ROWS_AT_ONCE, rows - row), steps = tiles(count, DEPTH);
    for (int64_t i = 0; i < high; i++)
      for (int64_t k = 0; k < steps; k++) pack_left(a + (i * deep + k) * TILE, left + (row + k * DEPTH) * m + i * SIDE, m, count - k * DEPTH, m - i * SIDE);
    for (int64_t j = 0; j < wide; j++)
      for (int64_t k = 0; k < steps; k++) pack(b + (j * deep + k) * TILE, right + (row + k * DEPTH) * n + j * SIDE, n, count - k * DEPTH, n - j * SIDE);
    for (int64_t i = 0; i < high; i += 2)
      for (int64_t j = 0; j < wide; j += 2) {
        const bool below = i + 1 < high, beside = j + 1 < wide;
        float *corner = sums + (i * wide + j) * SIDE * SIDE, *next = corner + wide * SIDE * SIDE;
        _tile_loadd(0, corner, ROW_BYTES);
        if (beside) _tile_loadd(1, corner + SIDE * SIDE, ROW_BYTES);
        if (below) _tile_loadd(2, next, ROW_BYTES);
        if (below && beside) _tile_loadd(3, next + SIDE * SIDE, ROW_BYTES);
        for (int64_t k = 0; k < steps; k++) {
          _tile_loadd(4, a + (i * deep + k) * TILE, ROW_BYTES);
          _tile_loadd(6, b + (j * deep + k) * TILE, ROW_BYTES);
          _tile_dpbf16ps(0, 4, 6);
          if (beside) {
            _tile_loadd(7, b + ((j + 1) * deep + k) * TILE, ROW_BYTES);
            _tile_dpbf16ps(1, 4, 7);
          }
          if (below) {
            _tile_loadd(5, a + ((i + 1) * deep + k) * TILE, ROW_BYTES);
            _tile_dpbf16ps(2, 5, 6);
            if (beside) _tile_dpbf16ps(3, 5, 7);
          }
        }
        _tile_stored(0, corner, ROW_BYTES);
        if (beside) _tile_stored(1, corner + SIDE * SIDE, ROW_BYTES);
        if (below) _tile_stored(2, next, ROW_BYTES);
        if (below && beside) _tile_stored(3, next + SIDE * SIDE, ROW_BYTES);
      }
  }
  return sums;
}

Half narrowed(float value) { return static_cast<Half>(_mm_extract_epi16(reinterpret_cast<__m128i>(_mm_cvtneps_pbh(_mm_set_ss(value))), 0)); }

}  // namespace

// values `[…, K]`, weight `[N, K]` → `[…, N]`.
Tensor linear(const Tensor& values, const Tensor& weight, const c10::optional<Tensor>& bias) {
  const int64_t n = weight.size(0), k = weight.size(1), deep = tiles(k, DEPTH), wide = tiles(n, SIDE);
  auto sizes = values.sizes().vec();
  sizes.back() = n;
  Tensor result = at::empty(sizes, values.options());
  static thread_local Scratch<Half> scratch;
  Half* packed = scratch.of(deep * wide * TILE);
  for (int64_t j = 0; j < wide; j++)
    for (int64_t i = 0; i < deep; i++) pack_transposed(packed + (j * deep + i) * TILE, halves(weight) + j * SIDE * k + i * DEPTH, k, n - j * SIDE, k - i * DEPTH);
  multiply(halves(values), values.numel() / k, {packed, k, n}, bias ? halves(*bias) : nullptr, halves(result));
  return result;
}

// → of the values, and of the weight.
std::tuple<Tensor, Tensor> linear_gradient(const Tensor& slope, const Tensor& values, const Tensor& weight) {
  const int64_t n = weight.size(0), k = weight.size(1), deep = tiles(n, DEPTH), wide = tiles(k, SIDE), rows = values.numel() / k;
  Tensor values_slope = at::empty_like(values), weight_slope = at::empty({n, k}, weight.options());
  static thread_local Scratch<Half> scratch;
  Half* packed = scratch.of(deep * wide * TILE);
  for (int64_t j = 0; j < wide; j++)
    for (int64_t i = 0; i < deep; i++) pack(packed + (j * deep + i) * TILE, halves(weight) + i * DEPTH * k + j * SIDE, k, n - i * DEPTH, k - j * SIDE);
  multiply(halves(slope), rows, {packed, n, k}, nullptr, halves(values_slope));
  Half* to = halves(weight_slope);
  if (n <= k) {  // the side that is transposed is the narrow one
    const float* sums = multiply_transposed(halves(slope), n, halves(values), k, rows);
    const int64_t across = tiles(k, SIDE);
    for (int64_t i = 0; i < n; i++)
      for (int64_t j = 0; j < k; j += SIDE)
        store(to + i * k + j, _mm512_load_ps(sums + (i / SIDE * across + j / SIDE) * SIDE * SIDE + i % SIDE * SIDE), first(k - j));
  } else {
    const float* sums = multiply_transposed(halves(values), k, halves(slope), n, rows);
    const int64_t across = tiles(n, SIDE);
    for (int64_t i = 0; i < n; i++)
      for (int64_t j = 0; j < k; j++) to[i * k + j] = narrowed(sums[(j / SIDE * across + i / SIDE) * SIDE * SIDE + j % SIDE * SIDE + i % SIDE]);
  }
  return {values_slope, weight_slope};
}

}  // namespace kernels
