"""The kernels as differentiable functions."""

from typing import Any, Optional, Tuple

import torch
from torch import Tensor
from torch.autograd import Function

from . import load

load()
_KERNELS = torch.ops.portrait_kernels


class _GatedGelu(Function):
    @staticmethod
    def forward(context: Any, inner: Tensor) -> Tensor:
        context.save_for_backward(inner)
        return _KERNELS.gated_gelu(inner)

    @staticmethod
    def backward(context: Any, slope: Tensor) -> Tensor:
        return _KERNELS.gated_gelu_gradient(slope.contiguous(), *context.saved_tensors)


class _LayerNorm(Function):
    @staticmethod
    def forward(context: Any, values: Tensor, weight: Tensor, bias: Tensor, eps: float) -> Tensor:
        result, moments = _KERNELS.layer_norm(values, weight, bias, eps)
        context.save_for_backward(values, moments, weight)
        return result

    @staticmethod
    def backward(context: Any, slope: Tensor) -> Tuple[Optional[Tensor], ...]:
        return (*_KERNELS.layer_norm_gradient(slope.contiguous(), *context.saved_tensors), None)


class _GroupNorm(Function):
    @staticmethod
    def forward(context: Any, values: Tensor, weight: Tensor, bias: Tensor, samples: int, groups: int, eps: float, silu: bool) -> Tensor:
        result, moments = _KERNELS.group_norm(values, weight, bias, samples, groups, eps, silu)
        context.save_for_backward(values, moments, weight, bias)
        context.options = groups, silu
        return result

    @staticmethod
    def backward(context: Any, slope: Tensor) -> Tuple[Optional[Tensor], ...]:
        return (*_KERNELS.group_norm_gradient(slope.contiguous(), *context.saved_tensors, *context.options), None, None, None, None)


class _Linear(Function):
    @staticmethod
    def forward(context: Any, values: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
        context.save_for_backward(values, weight)
        context.biased = bias is not None
        return _KERNELS.linear(values, weight, bias)

    @staticmethod
    def backward(context: Any, slope: Tensor) -> Tuple[Tensor, Tensor, Optional[Tensor]]:
        slope = slope.contiguous()
        bias = _KERNELS.column_sums(slope).to(slope.dtype) if context.biased else None
        return (*_KERNELS.linear_gradient(slope, *context.saved_tensors), bias)


class _Attention(Function):
    @staticmethod
    def forward(context: Any, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        context.save_for_backward(query, key, value)
        return _KERNELS.attention(query, key, value)

    @staticmethod
    def backward(context: Any, slope: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        return _KERNELS.attention_gradient(slope, *context.saved_tensors)


def gated_gelu(inner: Tensor) -> Tensor:
    """`[…, 2w]`, values then gates → `[…, w]`."""
    return _GatedGelu.apply(inner)


def layer_norm(values: Tensor, weight: Tensor, bias: Tensor, eps: float) -> Tensor:
    """Over the last axis."""
    return _LayerNorm.apply(values, weight, bias, eps)


def group_norm(values: Tensor, weight: Tensor, bias: Tensor, samples: int, groups: int, eps: float, silu: bool) -> Tensor:
    """`samples` channels-last maps, each normalised by itself; SiLU after it if asked for."""
    return _GroupNorm.apply(values, weight, bias, samples, groups, eps, silu)


def linear(values: Tensor, weight: Tensor, bias: Optional[Tensor] = None) -> Tensor:
    """`[…, K]`, `[N, K]` → `[…, N]`."""
    return _Linear.apply(values.contiguous(), weight, bias)


def attention(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """`[outer, inner, tokens, heads, width]` each, with any strides but 1 in the last axis."""
    return _Attention.apply(query, key, value)
