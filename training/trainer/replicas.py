"""Several processes that train one model: each draws samples of its own, all take the same step with the mean of their gradients.

On a CPU one process a core is faster than one process with a thread a core, and far faster when other work takes a core away.
"""

import os
import tempfile
from pathlib import Path
from typing import Any, Callable, NamedTuple

import torch
from torch import Tensor, distributed, multiprocessing


class Replicas(NamedTuple):
    """This process among its equals. The first one writes files and the log."""

    rank: int = 0
    count: int = 1

    @property
    def first(self) -> bool:
        return self.rank == 0

    def average(self, values: Tensor) -> None:
        """Puts the mean of all processes in place."""
        if self.count > 1:
            distributed.all_reduce(values)
            values /= self.count

    def any(self, condition: bool) -> bool:
        """Whether it holds for one of them; all get the same answer."""
        return bool(self.largest(float(condition)))

    def largest(self, value: float) -> float:
        """Of all processes' values, the same in each of them."""
        if self.count == 1:
            return value
        shared = torch.tensor(value, dtype=torch.float64)
        distributed.all_reduce(shared, distributed.ReduceOp.MAX)
        return float(shared)

    def wait(self) -> None:
        """Until all are here."""
        if self.count > 1:
            distributed.barrier()


def run_replicas(count: int, work: Callable[..., Any], *arguments: Any) -> None:
    """Calls `work(replicas, *arguments)` in so many processes; the failure of one ends all."""
    with tempfile.TemporaryDirectory() as folder:
        multiprocessing.spawn(_join, (count, Path(folder) / "meeting", work, arguments), nprocs=count, daemon=True)


def _join(rank: int, count: int, meeting: Path, work: Callable[..., Any], arguments: Any) -> None:
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=count)
    work(Replicas(rank, count), *arguments)
    distributed.destroy_process_group()
