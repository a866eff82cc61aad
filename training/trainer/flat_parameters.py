"""Parameters and gradients side by side in memory, so that a step of the optimiser is a few long operations instead of thousands of short ones."""

from typing import Iterator, List

import torch
from torch import Tensor, nn

ALIGNMENT = 16  # numbers; kernels want rows that begin at 64 bytes
PIECE = 1 << 16  # numbers; a piece with its gradient and moments fits into a core's cache


class FlatParameters:
    """Takes parameters over: from now on they, and their gradients, are views of `values` and `gradients`."""

    def __init__(self, groups: List[List[nn.Parameter]]):
        self.bounds = [0]
        for group in groups:
            self.bounds.append(self.bounds[-1] + sum(_padded(parameter) for parameter in group))
        self.parameters = [parameter for group in groups for parameter in group]
        first = self.parameters[0]
        self.values = torch.zeros(self.bounds[-1], dtype=first.dtype, device=first.device)
        self.gradients = torch.zeros_like(self.values)
        start = 0
        for parameter in self.parameters:
            place = slice(start, start + parameter.numel())
            self.values[place] = parameter.detach().reshape(-1)
            parameter.data = self.values[place].view(parameter.shape)
            parameter.grad = self.gradients[place].view(parameter.shape)
            start += _padded(parameter)

    def pieces(self, group: int) -> Iterator[nn.Parameter]:
        """What an optimiser gets for one of the groups: pieces that suit a processor's cache, or one long piece for a GPU."""
        begin, end = self.bounds[group], self.bounds[group + 1]
        length = end - begin if self.values.is_cuda else PIECE
        for start in range(begin, end, length):
            place = slice(start, min(start + length, end))
            piece = nn.Parameter(self.values[place])
            piece.grad = self.gradients[place]
            yield piece

    @torch.no_grad()
    def clip(self, most: float) -> Tensor:
        """Shortens gradients to the norm `most`; returns the norm they had. Gradients that are not finite become zero."""
        norm = self.gradients.norm()
        self.gradients *= (most / (norm + 1e-6)).clamp(max=1)
        self.gradients.nan_to_num_(0.0, 0.0, 0.0)
        return norm

    def release(self) -> None:
        """Gives the parameters memory of their own again; gradients are gone."""
        for parameter in self.parameters:
            parameter.data, parameter.grad = parameter.detach().clone(), None


def _padded(parameter: nn.Parameter) -> int:
    return -(-parameter.numel() // ALIGNMENT) * ALIGNMENT
