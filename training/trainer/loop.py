"""The training loop that all stages share: rate, clipping, moving average, log, checkpoints that resume to the same result."""

import functools
import json
import math
import time
from pathlib import Path
from typing import Any, Dict, List, Mapping, NamedTuple, Optional

import numpy as np
import torch
from torch import Tensor, nn

from .captured import Captured
from .flat_parameters import FlatParameters
from .replicas import Replicas
from .settings import Optimisation

GRADIENT = "gradient"


class ParameterGroup(NamedTuple):
    parameters: List[nn.Parameter]
    rate_share: float = 1.0


Figure = Tensor
"""`[2]`: a sum and how much it counts, so that figures of many steps can be added up."""


def figure(values: Tensor, chosen: Optional[Tensor] = None) -> Figure:
    """The mean of values, or of the chosen ones."""
    weights = torch.ones_like(values) if chosen is None else chosen.to(values.dtype)
    return torch.stack([(values.detach() * weights).sum(), weights.sum()]).float()


class Stage:
    """One stage of training. Subclasses say what is learned and what the loss is.

    A step has two halves: `batch` draws what is random and prepares it; `loss` is a function of the batch alone, so that it can be
    recorded once and replayed.
    """

    name = ""
    optimisation: Optimisation
    device: torch.device
    replicas = Replicas()

    def groups(self) -> List[ParameterGroup]:
        raise NotImplementedError

    def phase(self, share: float) -> str:
        """Steps of one phase compute the same."""
        return ""

    def batch(self, generator: torch.Generator) -> Any:
        """A named tuple of tensors, of the same shapes each time; everything random in it comes from `generator`."""
        raise NotImplementedError

    def loss(self, batch: Any, phase: str) -> "tuple[Tensor, Dict[str, Figure]]":
        """The loss of one step and the figures to be logged."""
        raise NotImplementedError

    def after_step(self, phase: str) -> Dict[str, Figure]:
        """Whatever else is due; figures to be logged."""
        return {}

    def validate(self) -> Dict[str, Any]:
        """Figures on pictures that training never sees."""
        return {}

    def finish(self) -> None:
        """Once, after the averaged weights were put in place."""

    def extra_state(self) -> Mapping[str, Any]:
        return {}

    def load_extra_state(self, state: Mapping[str, Any]) -> None:
        """What `extra_state` gave."""


class MovingAverage:
    """Exponential moving average of parameters; early steps count fully."""

    def __init__(self, current: Tensor, decay: float):
        self.current, self.decay = current, decay
        self.values = current.clone()
        self.weight = torch.ones((), device=current.device)

    def prepare(self, step: int) -> None:
        self.weight.fill_(1 - min(self.decay, (1 + step) / (10 + step)))

    def update(self) -> None:
        self.values.lerp_(self.current, self.weight)

    def swap(self) -> None:
        """Exchanges the parameters and their averages."""
        kept = self.current.clone()
        self.current.copy_(self.values)
        self.values.copy_(kept)


class StageRun:
    """Runs a stage from its newest checkpoint to its end, or to a deadline."""

    def __init__(self, stage: Stage, model: nn.Module, directory: Path, seed: int):
        self.stage, self.model, self.directory, self.seed = stage, model, directory, seed
        self.settings = stage.optimisation
        groups = [group for group in stage.groups() if group.parameters]
        self.flat = FlatParameters([group.parameters for group in groups])
        on_gpu, rate = stage.device.type == "cuda", self.settings.rate
        self.optimiser = torch.optim.AdamW(
            [
                {"params": self.flat.pieces(index), "lr": torch.tensor(rate, device=stage.device) if on_gpu else rate, "share": group.rate_share}
                for index, group in enumerate(groups)
            ],
            lr=rate,
            betas=self.settings.betas,
            weight_decay=self.settings.weight_decay,
            capturable=on_gpu,
        )
        self.average = MovingAverage(self.flat.values, self.settings.average)
        self.found = self.flat.values.clone()
        self.step, self.seconds = 0, 0.0
        self.sums: Dict[str, Figure] = {}
        self.phases: Dict[str, Captured] = {}

    def run(self, deadline: float) -> bool:
        """Returns whether the stage is complete."""
        self.begin()
        self._resume()
        while self.share < 1:
            if self.stage.replicas.any(time.monotonic() > deadline):
                self._save()
                return False
            self.advance()
        self.phases.clear()  # and with them the memory of recorded steps
        self.average.swap()
        self.flat.values.copy_(torch.lerp(self.found, self.flat.values, self.settings.learned_share))
        self.flat.release()
        self.stage.finish()
        return True

    def begin(self) -> None:
        """Only this stage's parameters learn."""
        for parameter in self.model.parameters():
            parameter.requires_grad_(False)
        for parameter in self.flat.parameters:
            parameter.requires_grad_(True)

    @property
    def share(self) -> float:
        """How far the stage is, by steps or by time, whichever ends it."""
        limit = self.settings.seconds
        return max(self.step / self.settings.steps, self.seconds / limit if limit else 0)

    def advance(self) -> None:
        """One step."""
        started = time.monotonic()
        self._set_rate()
        self.average.prepare(self.step)
        phase = self.stage.phase(self.share)
        if phase not in self.phases:
            self.phases[phase] = Captured(functools.partial(self._compute, phase=phase))
        self.phases[phase](self.stage.batch(self._generator()))
        self.step += 1
        # One clock for all processes: rate and end depend on it.
        self.seconds = self.stage.replicas.largest(self.seconds + time.monotonic() - started)
        if self.stage.replicas.first:
            self._report()

    def _compute(self, batch: Any, phase: str) -> None:
        """All arithmetic of a step; it waits for no result."""
        self.flat.gradients.zero_()
        loss, figures = self.stage.loss(batch, phase)
        loss.backward()
        self.stage.replicas.average(self.flat.gradients)
        norm = self.flat.clip(self.settings.clip)
        self.optimiser.step()
        with torch.no_grad():
            self.average.update()
        for name, values in {**figures, **self.stage.after_step(phase), GRADIENT: figure(norm)}.items():
            if name in self.sums:
                self.sums[name] += values
            else:
                self.sums[name] = values.clone()

    def _report(self) -> None:
        settings, last = self.settings, self.share >= 1
        if last or self.step % settings.log_every == 0:
            self._log_sums()
        if last or self.step % settings.validate_every == 0:
            self._validate()
        if not last and self.step % settings.checkpoint_every == 0:
            self._save()

    def _log_sums(self) -> None:
        sums = {name: values.tolist() for name, values in self.sums.items()}
        self._log({name: total / count for name, (total, count) in sums.items() if count})
        if not math.isfinite(sums[GRADIENT][0]):
            raise FloatingPointError(f"stage {self.stage.name}, before step {self.step}: a gradient is not finite; lower the rate and resume")
        for values in self.sums.values():
            values.zero_()

    def _generator(self) -> torch.Generator:
        # Everything random is a function of seed, stage, step and process, so a resumed run draws what an unbroken one would.
        rank = self.stage.replicas.rank
        numbers = np.random.default_rng([self.seed, sum(self.stage.name.encode()), self.step] + [rank] * (rank > 0))
        return torch.Generator(self.stage.device).manual_seed(int(numbers.integers(2**62)))

    def _set_rate(self) -> None:
        settings = self.settings
        cosine = settings.final_rate_share + (1 - settings.final_rate_share) * 0.5 * (1 + math.cos(math.pi * self.share))
        rate = settings.rate * cosine * min((self.step + 1) / max(settings.warm_up, 1), 1)
        for group in self.optimiser.param_groups:
            if isinstance(group["lr"], Tensor):
                group["lr"].fill_(rate * group["share"])
            else:
                group["lr"] = rate * group["share"]

    @torch.no_grad()
    def _validate(self) -> None:
        self.average.swap()
        figures = self.stage.validate()
        self.average.swap()
        if figures:
            self._log({f"validation.{name}": value for name, value in figures.items()})

    def _log(self, figures: Mapping[str, Any]) -> None:
        line = {"stage": self.stage.name, "step": self.step, "seconds": round(self.seconds, 1)}
        line.update({name: round(value, 5) if isinstance(value, float) else value for name, value in figures.items()})
        text = json.dumps(line)
        path = self.directory / "curves" / f"{self.stage.name}.jsonl"
        path.parent.mkdir(exist_ok=True)
        with open(path, "a") as file:
            file.write(text + "\n")
        print(text, flush=True)

    @property
    def _path(self) -> Path:
        return self.directory / f"{self.stage.name}.partial.pt"

    def _save(self) -> None:
        if not self.stage.replicas.first:
            return
        state = {
            "step": self.step,
            "seconds": self.seconds,
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "average": self.average.values,
            "extra": self.stage.extra_state(),
        }
        save(state, self._path)

    def _resume(self) -> None:
        if not self._path.exists():
            return
        state = torch.load(self._path, map_location=self.stage.device)
        self.step, self.seconds = state["step"], state["seconds"]
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.average.values.copy_(state["average"])
        self.stage.load_extra_state(state["extra"])
        print(f"{self.stage.name}: resumed at step {self.step}", flush=True)


def save(state: Mapping[str, Any], path: Path) -> None:
    """Writes a file that is complete or absent."""
    unfinished = path.with_suffix(".writing")
    torch.save(dict(state), unfinished)
    unfinished.replace(path)


def remove(path: Optional[Path]) -> None:
    if path and path.exists():
        path.unlink()
