// Matrix tiles (Intel AMX): C[16 × 16] float += A[16 × 32] · B[32 × 16], A and B in bfloat16. A tile is 16 rows of 64 bytes. B is stored in
// pairs: row r holds numbers 2r and 2r + 1 of every column side by side.
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>

#include "vectors.h"

namespace kernels {

constexpr int SIDE = 16;              // of a result tile
constexpr int DEPTH = 32;             // numbers that one instruction sums over
constexpr int TILE = SIDE * DEPTH;    // bfloat16 numbers of a tile
constexpr int ROW_BYTES = 64;

inline int64_t tiles(int64_t count, int64_t length) { return (count + length - 1) / length; }

// Tiles may be used while one of these lives.
class TileScope {
 public:
  TileScope() {
    struct alignas(64) Configuration {
      uint8_t palette, start, reserved[14];
      uint16_t row_bytes[16];
      uint8_t rows[16];
    };
    static const Configuration whole = {1, 0, {}, {64, 64, 64, 64, 64, 64, 64, 64}, {16, 16, 16, 16, 16, 16, 16, 16}};
    static const bool permitted = syscall(SYS_arch_prctl, 0x1023 /* ARCH_REQ_XCOMP_PERM */, 18 /* tile data */) == 0;
    if (!permitted) throw std::runtime_error("the system does not permit matrix tiles");
    asm volatile("" ::"r"(&whole) : "memory");  // the compiler knows only of the configuration's first bytes
    _tile_loadconfig(&whole);
  }
  ~TileScope() { _tile_release(); }
};

// Memory that a thread keeps from call to call, aligned to rows.
template <class T>
class Scratch {
 public:
  ~Scratch() { std::free(memory_); }
  T* of(size_t count) {
    const size_t bytes = (count * sizeof(T) + ROW_BYTES + 4095) / 4096 * 4096;
    if (bytes > bytes_) {
      std::free(memory_);
      memory_ = std::aligned_alloc(4096, bytes);
      if (!memory_) throw std::bad_alloc();
      bytes_ = bytes;
    }
    return static_cast<T*>(memory_);
  }

 private:
  void* memory_ = nullptr;
  size_t bytes_ = 0;
};

// Rows become columns: 16 × 16 numbers of 32 bits.
inline void transpose(__m512i (&r)[16]) {
  __m512i t[16];
  for (int i = 0; i < 8; i++) {
    t[2 * i] = _mm512_unpacklo_epi32(r[2 * i], r[2 * i + 1]);
    t[2 * i + 1] = _mm512_unpackhi_epi32(r[2 * i], r[2 * i + 1]);
  }
  for (int i = 0; i < 4; i++) {
    r[4 * i] = _mm512_unpacklo_epi64(t[4 * i], t[4 * i + 2]);
    r[4 * i + 1] = _mm512_unpackhi_epi64(t[4 * i], t[4 * i + 2]);
    r[4 * i + 2] = _mm512_unpacklo_epi64(t[4 * i + 1], t[4 * i + 3]);
    r[4 * i + 3] = _mm512_unpackhi_epi64(t[4 * i + 1], t[4 * i + 3]);
  }
  for (int i = 0; i < 4; i++) {
    t[i] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0x88);
    t[i + 4] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0xdd);
    t[i + 8] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0x88);
    t[i + 12] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0xdd);
  }
  for (int i = 0; i < 4; i++) {
    r[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
    r[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xdd);
    r[i + 4] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0x88);
    r[i + 12] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0xdd);
  }
}

inline void store_rows(Half* tile, const __m512i (&rows)[16]) {
  for (int i = 0; i < 16; i++) _mm512_store_si512(tile + i * DEPTH, rows[i]);
}

// B from a matrix `[columns of B, depth]`: up to 16 rows of up to 32 numbers; the rest is zero.
inline void pack_transposed(Half* tile, const Half* from, int64_t stride, int64_t columns, int64_t depth) {
  const __mmask32 kept = depth >= DEPTH ? 0xffffffffu : (1u << depth) - 1;
  __m512i rows[16];
  for (int i = 0; i < 16; i++) rows[i] = i < columns ? _mm512_maskz_loadu_epi16(kept, from + i * stride) : _mm512_setzero_si512();
  transpose(rows);
  store_rows(tile, rows);
}

inline __m512i paired(__m256i even, __m256i odd) {
  return _mm512_or_si512(_mm512_cvtepu16_epi32(even), _mm512_slli_epi32(_mm512_cvtepu16_epi32(odd), 16));
}

// B from a matrix `[depth, columns of B]`: up to 32 rows of up to 16 numbers; the rest is zero.
inline void pack(Half* tile, const Half* from, int64_t stride, int64_t depth, int64_t columns) {
  const __mmask16 kept = first(columns);
  const auto row = [&](int64_t i) { return i < depth ? _mm256_maskz_loadu_epi16(kept, from + i * stride) : _mm256_setzero_si256(); };
  for (int r = 0; r < 16; r++) _mm512_store_si512(tile + r * DEPTH, paired(row(2 * r), row(2 * r + 1)));
}

// A from a matrix `[depth, rows of A]`: up to 32 rows of up to 16 numbers; the rest is zero.
inline void pack_left(Half* tile, const Half* from, int64_t stride, int64_t depth, int64_t rows_of_a) {
  alignas(64) Half pairs[TILE];
  pack(pairs, from, stride, depth, rows_of_a);
  __m512i rows[16];
  for (int i = 0; i < 16; i++) rows[i] = _mm512_load_si512(pairs + i * DEPTH);
  transpose(rows);
  store_rows(tile, rows);
}

}  // namespace kernels
