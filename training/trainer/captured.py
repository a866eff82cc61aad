"""A computation of always the same shapes as one launch: thousands of short kernels would keep a GPU waiting for their launches."""

from typing import Callable, Optional, Sequence

import torch
from torch import Tensor

EAGER_CALLS = 3


class Captured:
    """Calls `compute(batch)`: the first few times as it is, which chooses kernels and memory; then recorded as a CUDA graph and replayed.

    `compute` gets all that changes in `batch`, has the same shapes each time, waits for nothing and keeps its results in place.
    On a CPU it is just called.
    """

    def __init__(self, compute: Callable[[Sequence[Tensor]], None]):
        self.compute = compute
        self.calls = 0
        self.graph: Optional["torch.cuda.CUDAGraph"] = None

    def __call__(self, batch: Sequence[Tensor]) -> None:
        self.calls += 1
        if not batch[0].is_cuda:
            self.compute(batch)
        elif self.calls <= EAGER_CALLS:
            self._call_aside(batch)
        else:
            if self.graph is None:
                self._capture(batch)
            for place, values in zip(self.batch, batch):
                place.copy_(values)
            self.graph.replay()

    def _call_aside(self, batch: Sequence[Tensor]) -> None:
        """On another stream, because gradients remember the stream of their first use."""
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            self.compute(batch)
        torch.cuda.current_stream().wait_stream(aside)

    def _capture(self, batch: Sequence[Tensor]) -> None:
        self.batch = type(batch)(*(values.clone() for values in batch))
        torch.cuda.synchronize()
        self.graph = torch.cuda.CUDAGraph()
        # Other threads may go on to allocate pinned memory meanwhile.
        with torch.cuda.graph(self.graph, capture_error_mode="thread_local"):
            self.compute(self.batch)
