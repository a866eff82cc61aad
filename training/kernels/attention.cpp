// softmax(q kᵀ / √d) v of many short sequences, head by head, without storing scores for the gradient.
#include <cmath>

#include "operators.h"
#include "tiles.h"

namespace kernels {

namespace {

constexpr int MOST_TOKENS = 256;
constexpr int MOST_WIDTH = DEPTH;  // of a head
constexpr int BLOCK = 2 * SIDE;    // queries at a time
constexpr int SCORES = MOST_TOKENS + SIDE;      // row lengths that do not map to the same cache lines
constexpr int HALF_SCORES = MOST_TOKENS + DEPTH;
constexpr float LARGEST_EXPONENT = 100.0f;      // of 2: scores are bounded instead of shifted by their maximum

struct Head {
  Half* first;
  int64_t stride;  // from token to token
};

// `[outer, inner, tokens, heads, width]` with any strides, the last being 1.
Head head(const Tensor& tensor, int64_t outer, int64_t inner, int64_t index) {
  return {halves(tensor) + outer * tensor.stride(0) + inner * tensor.stride(1) + index * tensor.stride(3), tensor.stride(2)};
}

struct Sizes {
  int64_t queries, keys, width;
  int64_t query_rows() const { return tiles(queries, BLOCK) * BLOCK; }
  int64_t key_rows() const { return tiles(keys, DEPTH) * DEPTH; }
  int64_t parts() const { return tiles(width, SIDE); }
  float scale() const { return 1 / std::sqrt(static_cast<float>(width)); }
};

Sizes sizes(const Tensor& query, const Tensor& key) {
  const Sizes found{query.size(2), key.size(2), query.size(4)};
  TORCH_CHECK(
      found.queries <= MOST_TOKENS && found.keys <= MOST_TOKENS && found.width <= MOST_WIDTH, "attention is written for at most ", MOST_TOKENS,
      " tokens and heads of ", MOST_WIDTH);
  return found;
}

struct Workspace {
  alignas(64) Half query[MOST_TOKENS * DEPTH], key[MOST_TOKENS * DEPTH], value[MOST_TOKENS * DEPTH], slope[MOST_TOKENS * DEPTH];
  alignas(64) Half key_across[MOST_TOKENS * DEPTH], value_across[MOST_TOKENS * DEPTH], key_along[MOST_TOKENS * DEPTH], value_along[MOST_TOKENS * DEPTH];
  alignas(64) Half left[TILE];
  alignas(64) float scores[BLOCK * SCORES], slopes[BLOCK * SCORES];
  alignas(64) Half half_scores[BLOCK * HALF_SCORES], paired_weights[MOST_TOKENS * DEPTH], paired_slopes[MOST_TOKENS * DEPTH];
  alignas(64) float key_sums[MOST_WIDTH * SCORES], value_sums[MOST_WIDTH * SCORES];
  alignas(64) float sums[SIDE * SIDE];
  float inverse[BLOCK];
};

Workspace& workspace() {
  static thread_local Workspace* kept = new Workspace();
  return *kept;
}

// Rows of 32 numbers, zero where there is no token or no number.
void gather(Half* to, const Head& from, int64_t tokens, int64_t rows, int64_t width) {
  const __mmask32 kept = width >= DEPTH ? 0xffffffffu : (1u << width) - 1;
  for (int64_t t = 0; t < tokens; t++) _mm512_store_si512(to + t * DEPTH, _mm512_maskz_loadu_epi16(kept, from.first + t * from.stride));
  for (int64_t t = tokens; t < rows; t++) _mm512_store_si512(to + t * DEPTH, _mm512_setzero_si512());
}

// B tiles of rowsᵀ: one for every 16 tokens.
void pack_across(Half* to, const Half* rows, int64_t tokens) {
  for (int64_t t = 0; t < tokens; t += SIDE) pack_transposed(to + t * DEPTH, rows + t * DEPTH, DEPTH, SIDE, DEPTH);
}

// B tiles of rows: for each 16 numbers of the width, one for every 32 tokens.
void pack_along(Half* to, const Half* rows, int64_t tokens, int64_t parts) {
  for (int64_t part = 0; part < parts; part++)
    for (int64_t t = 0; t < tokens; t += DEPTH) pack(to + (part * tokens + t) * SIDE, rows + t * DEPTH + part * SIDE, DEPTH, DEPTH, SIDE);
}

// scores `[32, tokens]` = rows `[32, 32]` · across.
void score(const Half* rows, const Half* across, int64_t tokens, float* scores) {
  _tile_loadd(4, rows, ROW_BYTES);
  _tile_loadd(5, rows + TILE, ROW_BYTES);
  for (int64_t t = 0; t < tokens; t += SIDE) {
    _tile_zero(0);
    _tile_zero(1);
    _tile_loadd(6, across + t * DEPTH, ROW_BYTES);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 5, 6);
    _tile_stored(0, scores + t, SCORES * sizeof(float));
    _tile_stored(1, scores + SIDE * SCORES + t, SCORES * sizeof(float));
  }
}

// exp(scale · score) of every row, in place or as halves; `inverse` is what makes a row's sum one.
void exponentiate(float* scores, Half* as_halves, const Sizes& size, int64_t rows, float* inverse) {
  const Lanes scale = all(size.scale() * LOG2_E), most = all(LARGEST_EXPONENT);
  for (int64_t r = 0; r < rows; r++) {
    Lanes sum = zero();
    for (int64_t t = 0; t < size.key_rows(); t += WIDTH) {
      const __mmask16 lanes = first(std::max<int64_t>(size.keys - t, 0));
      const Lanes weight = _mm512_maskz_mov_ps(lanes, exp2(_mm512_min_ps(_mm512_mul_ps(load(scores + r * SCORES + t), scale), most)));
      sum = _mm512_add_ps(sum, weight);
      if (as_halves)
        store(as_halves + r * HALF_SCORES + t, weight);
      else
        store(scores + r * SCORES + t, weight);
    }
    inverse[r] = 1 / std::max(_mm512_reduce_add_ps(sum), 1e-30f);
  }
}

// to `[rows, width]` = weights `[32, tokens]` · along, each row times its factor.
void mix(const Half* weights, const Half* along, const Sizes& size, int64_t rows, const float* factors, const Head& to, float* sums) {
  const int64_t tokens = size.key_rows();
  for (int64_t half = 0; half < tiles(rows, SIDE); half++)
    for (int64_t part = 0; part < size.parts(); part++) {
      _tile_zero(0);
      for (int64_t t = 0; t < tokens; t += DEPTH) {
        _tile_loadd(4, weights + half * SIDE * HALF_SCORES + t, HALF_SCORES * sizeof(Half));
        _tile_loadd(6, along + (part * tokens + t) * SIDE, ROW_BYTES);
        _tile_dpbf16ps(0, 4, 6);
      }
      _tile_stored(0, sums, ROW_BYTES);
      const __mmask16 lanes = first(size.width - part * SIDE);
      for (int64_t r = half * SIDE; r < std::min<int64_t>(rows, (half + 1) * SIDE); r++)
        store(to.first + r * to.stride + part * SIDE, _mm512_mul_ps(all(factors[r]), _mm512_load_ps(sums + r % SIDE * SIDE)), lanes);
    }
}

void attend(const Head& query, const Head& key, const Head& value, const Head& result, const Sizes& size) {
  Workspace& w = workspace();
  gather(w.query, query, size.queries, size.query_rows(), size.width);
  gather(w.key, key, size.keys, size.key_rows(), size.width);
  gather(w.value, value, size.keys, size.key_rows(), size.width);
  pack_across(w.key_across, w.key, size.key_rows());
  pack_along(w.value_along, w.value, size.key_rows(), size.parts());
  for (int64_t q = 0; q < size.queries; q += BLOCK) {
    const int64_t rows = std::min<int64_t>(BLOCK, size.queries - q);
    score(w.query + q * DEPTH, w.key_across, size.key_rows(), w.scores);
    exponentiate(w.scores, w.half_scores, size, rows, w.inverse);
    mix(w.half_scores, w.value_along, size, rows, w.inverse, {result.first + q * result.stride, result.stride}, w.sums);
  }
}

// Weights and slopes of a block's scores: row by row for the queries' gradient, in pairs of rows for that of keys and values.
void differentiate(Workspace& w, const Sizes& size, int64_t rows) {
  const int64_t tokens = size.key_rows();
  for (int64_t r = 0; r < BLOCK; r++) {
    float *weights = w.scores + r * SCORES, *slopes = w.slopes + r * SCORES;
    if (r >= rows) {
      std::memset(weights, 0, tokens * sizeof(float));
      std::memset(slopes, 0, tokens * sizeof(float));
      continue;
    }
    Lanes sum = zero();
    for (int64_t t = 0; t < tokens; t += WIDTH) sum = _mm512_fmadd_ps(load(weights + t), load(slopes + t), sum);
    const Lanes inverse = all(w.inverse[r]), mean = all(_mm512_reduce_add_ps(sum) * w.inverse[r]), scale = all(size.scale());
    for (int64_t t = 0; t < tokens; t += WIDTH) {
      const Lanes weight = _mm512_mul_ps(load(weights + t), inverse);
      const Lanes slope = _mm512_mul_ps(_mm512_mul_ps(weight, scale), _mm512_sub_ps(load(slopes + t), mean));
      store(weights + t, weight);
      store(slopes + t, slope);
      store(w.half_scores + r * HALF_SCORES + t, slope);
    }
  }
  for (int64_t t = 0; t < tokens; t += WIDTH)
    for (int r = 0; r < SIDE; r++) {
      const auto row = [&](const float* from, int i) { return narrowed(load(from + i * SCORES + t)); };
      const auto pair = [&](const float* from) { return paired(row(from, 2 * r), row(from, 2 * r + 1)); };
      _mm512_store_si512(w.paired_weights + t * DEPTH + r * DEPTH, pair(w.scores));
      _mm512_store_si512(w.paired_slopes + t * DEPTH + r * DEPTH, pair(w.slopes));
    }
}

// sums `[width, tokens]` += rowsᵀ `[width, 32]` · paired `[32, tokens]`.
void accumulate(Workspace& w, const Half* rows, const Half* paired_rows, const Sizes& size, float* sums) {
  for (int64_t part = 0; part < size.parts(); part++) {
    pack_left(w.left, rows + part * SIDE, DEPTH, DEPTH, SIDE);
    _tile_loadd(4, w.left, ROW_BYTES);
    for (int64_t t = 0; t < size.key_rows(); t += SIDE) {
      float* at = sums + part * SIDE * SCORES + t;
      _tile_loadd(0, at, SCORES * sizeof(float));
      _tile_loadd(6, paired_rows + t * DEPTH, ROW_BYTES);
      _tile_dpbf16ps(0, 4, 6);
      _tile_stored(0, at, SCORES * sizeof(float));
    }
  }
}

// to `[tokens, width]` = sumsᵀ.
void scatter(const float* sums, const Sizes& size, const Head& to) {
  for (int64_t part = 0; part < size.parts(); part++)
    for (int64_t t = 0; t < size.keys; t += SIDE) {
      __m512i rows[SIDE];
      for (int i = 0; i < SIDE; i++) rows[i] = _mm512_load_si512(sums + (part * SIDE + i) * SCORES + t);
      transpose(rows);
      for (int64_t i = 0; i < std::min<int64_t>(SIDE, size.keys - t); i++)
        store(to.first + (t + i) * to.stride + part * SIDE, _mm512_castsi512_ps(rows[i]), first(size.width - part * SIDE));
    }
}

struct Heads {
  Head query, key, value;
};

void attend_backwards(const Head& slope, const Heads& of, const Heads& to, const Sizes& size) {
  static const float ones[BLOCK] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  Workspace& w = workspace();
  gather(w.query, of.query, size.queries, size.query_rows(), size.width);
  gather(w.slope, slope, size.queries, size.query_rows(), size.width);
  gather(w.key, of.key, size.keys, size.key_rows(), size.width);
  gather(w.value, of.value, size.keys, size.key_rows(), size.width);
  pack_across(w.key_across, w.key, size.key_rows());
  pack_across(w.value_across, w.value, size.key_rows());
  pack_along(w.key_along, w.key, size.key_rows(), size.parts());
  std::memset(w.key_sums, 0, sizeof(w.key_sums));
  std::memset(w.value_sums, 0, sizeof(w.value_sums));
  for (int64_t q = 0; q < size.queries; q += BLOCK) {
    const int64_t rows = std::min<int64_t>(BLOCK, size.queries - q);
    score(w.query + q * DEPTH, w.key_across, size.key_rows(), w.scores);
    score(w.slope + q * DEPTH, w.value_across, size.key_rows(), w.slopes);
    exponentiate(w.scores, nullptr, size, rows, w.inverse);
    differentiate(w, size, rows);
    mix(w.half_scores, w.key_along, size, rows, ones, {to.query.first + q * to.query.stride, to.query.stride}, w.sums);
    accumulate(w, w.query + q * DEPTH, w.paired_slopes, size, w.key_sums);
    accumulate(w, w.slope + q * DEPTH, w.paired_weights, size, w.value_sums);
  }
  scatter(w.key_sums, size, to.key);
  scatter(w.value_sums, size, to.value);
}

Tensor like(const Tensor& tensor) { return at::empty_strided(tensor.sizes(), tensor.strides(), tensor.options()); }

}  // namespace

// query `[outer, inner, queries, heads, width]`, key and value `[outer, inner, keys, heads, width]` with any strides → like the query.
Tensor attention(const Tensor& query, const Tensor& key, const Tensor& value) {
  const Sizes size = sizes(query, key);
  Tensor result = like(query);
  const TileScope scope;
  for (int64_t a = 0; a < query.size(0); a++)
    for (int64_t b = 0; b < query.size(1); b++)
      for (int64_t h = 0; h < query.size(3); h++) attend(head(query, a, b, h), head(key, a, b, h), head(value, a, b, h), head(result, a, b, h), size);
  return result;
}

std::tuple<Tensor, Tensor, Tensor> attention_gradient(const Tensor& slope, const Tensor& query, const Tensor& key, const Tensor& value) {
  const Sizes size = sizes(query, key);
  Tensor query_slope = like(query), key_slope = like(key), value_slope = like(value);
  const TileScope scope;
  for (int64_t a = 0; a < query.size(0); a++)
    for (int64_t b = 0; b < query.size(1); b++)
      for (int64_t h = 0; h < query.size(3); h++)
        attend_backwards(
            head(slope, a, b, h), {head(query, a, b, h), head(key, a, b, h), head(value, a, b, h)},
            {head(query_slope, a, b, h), head(key_slope, a, b, h), head(value_slope, a, b, h)}, size);
  return {query_slope, key_slope, value_slope};
}

}  // namespace kernels
