// The operators that training/kernels/functions.py calls. Tensors of bfloat16 are contiguous unless said otherwise; norms' weights are float.
#pragma once

#include <ATen/ATen.h>

#include <tuple>

#include "vectors.h"

namespace kernels {

using at::Tensor;

inline Half* halves(const Tensor& tensor) { return static_cast<Half*>(tensor.data_ptr()); }
inline float* floats(const Tensor& tensor) { return tensor.data_ptr<float>(); }

Tensor gated_gelu(const Tensor& inner);
Tensor gated_gelu_gradient(const Tensor& slope, const Tensor& inner);
Tensor column_sums(const Tensor& values);

std::tuple<Tensor, Tensor> layer_norm(const Tensor& values, const Tensor& weight, const Tensor& bias, double eps);
std::tuple<Tensor, Tensor, Tensor> layer_norm_gradient(const Tensor& slope, const Tensor& values, const Tensor& moments, const Tensor& weight);
std::tuple<Tensor, Tensor> group_norm(const Tensor& values, const Tensor& weight, const Tensor& bias, int64_t samples, int64_t groups, double eps, bool silu);
std::tuple<Tensor, Tensor, Tensor> group_norm_gradient(
    const Tensor& slope, const Tensor& values, const Tensor& moments, const Tensor& weight, const Tensor& bias, int64_t groups, bool silu);

Tensor linear(const Tensor& values, const Tensor& weight, const c10::optional<Tensor>& bias);
std::tuple<Tensor, Tensor> linear_gradient(const Tensor& slope, const Tensor& values, const Tensor& weight);

Tensor attention(const Tensor& query, const Tensor& key, const Tensor& value);
std::tuple<Tensor, Tensor, Tensor> attention_gradient(const Tensor& slope, const Tensor& query, const Tensor& key, const Tensor& value);

}  // namespace kernels
