// Sixteen numbers at a time: bfloat16 in memory, float in registers.
#pragma once

#include <immintrin.h>

#include <algorithm>
#include <cstdint>

namespace kernels {

using Half = uint16_t;  // the bits of a bfloat16
using Lanes = __m512;

constexpr int WIDTH = 16;

// The first `count` of sixteen lanes; all of them from sixteen on.
inline __mmask16 first(int64_t count) { return count >= WIDTH ? 0xffff : static_cast<__mmask16>((1u << count) - 1); }

inline Lanes zero() { return _mm512_setzero_ps(); }
inline Lanes all(float value) { return _mm512_set1_ps(value); }

inline Lanes widened(__m256i halves) { return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16)); }
inline __m256i narrowed(Lanes values) { return reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(values)); }

inline Lanes load(const Half* from, __mmask16 lanes = 0xffff) { return widened(_mm256_maskz_loadu_epi16(lanes, from)); }
inline void store(Half* to, Lanes values, __mmask16 lanes = 0xffff) { _mm256_mask_storeu_epi16(to, lanes, narrowed(values)); }
inline Lanes load(const float* from, __mmask16 lanes = 0xffff) { return _mm512_maskz_loadu_ps(lanes, from); }
inline void store(float* to, Lanes values, __mmask16 lanes = 0xffff) { _mm512_mask_storeu_ps(to, lanes, values); }

inline Lanes reciprocal(Lanes x) {
  const Lanes estimate = _mm512_rcp14_ps(x);
  return _mm512_mul_ps(estimate, _mm512_fnmadd_ps(x, estimate, all(2.0f)));
}

// 2^x by a polynomial of the fraction; relative error below 1e-5.
inline Lanes exp2(Lanes x) {
  const Lanes whole = _mm512_roundscale_ps(x, 0), fraction = _mm512_sub_ps(x, whole);
  Lanes power = all(9.618129e-3f);
  for (float coefficient : {5.5504109e-2f, 2.4022651e-1f, 6.9314718e-1f, 1.0f}) power = _mm512_fmadd_ps(power, fraction, all(coefficient));
  return _mm512_scalef_ps(power, whole);
}

constexpr float LOG2_E = 1.44269504f;
inline Lanes exp(Lanes x) { return exp2(_mm512_mul_ps(x, all(LOG2_E))); }
inline Lanes sigmoid(Lanes x) { return reciprocal(_mm512_add_ps(all(1.0f), exp(_mm512_sub_ps(zero(), x)))); }

struct Gelu {
  Lanes value, slope;
};

// x·Φ(x) and its derivative; Φ by Abramowitz and Stegun 7.1.26, absolute error below 1e-5.
inline Gelu gelu(Lanes x) {
  const Lanes bell = exp(_mm512_mul_ps(_mm512_mul_ps(x, x), all(-0.5f)));
  const Lanes t = reciprocal(_mm512_fmadd_ps(_mm512_abs_ps(x), all(0.3275911f * 0.70710678f), all(1.0f)));
  Lanes tail = all(1.061405429f);
  for (float coefficient : {-1.453152027f, 1.421413741f, -0.284496736f, 0.254829592f}) tail = _mm512_fmadd_ps(tail, t, all(coefficient));
  tail = _mm512_mul_ps(_mm512_mul_ps(tail, t), _mm512_mul_ps(bell, all(0.5f)));
  const __mmask16 negative = _mm512_cmp_ps_mask(x, zero(), _CMP_LT_OQ);
  const Lanes share = _mm512_mask_blend_ps(negative, _mm512_sub_ps(all(1.0f), tail), tail);
  return {_mm512_mul_ps(x, share), _mm512_fmadd_ps(_mm512_mul_ps(x, bell), all(0.39894228f), share)};
}

}  // namespace kernels
