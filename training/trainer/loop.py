"""The training loop that all stages share: rate, clipping, moving average, log, checkpoints that resume to the same result."""

import json
import math
import time
from pathlib import Path
from typing import Any, Dict, List, Mapping, NamedTuple, Optional

import numpy as np
import torch
from torch import Tensor, nn

from .flat_parameters import FlatParameters
from .replicas import Replicas
from .settings import Optimisation


class Progress(NamedTuple):
    """Where a stage is: `share` of all steps, and the numbers drawn for this step."""

    step: int
    share: float
    rng: np.random.Generator
    generator: torch.Generator


class ParameterGroup(NamedTuple):
    parameters: List[nn.Parameter]
    rate_share: float = 1.0


class Stage:
    """One stage of training. Subclasses say what is learned and what the loss is."""

    name = ""
    optimisation: Optimisation
    device: torch.device
    replicas = Replicas()

    def groups(self) -> List[ParameterGroup]:
        raise NotImplementedError

    def loss(self, progress: Progress) -> "tuple[Tensor, Dict[str, Tensor]]":
        """The loss of one step and the figures to be logged."""
        raise NotImplementedError

    def after_step(self, progress: Progress) -> Dict[str, Tensor]:
        """Whatever else is due; figures to be logged."""
        return {}

    def validate(self, progress: Progress) -> Dict[str, Any]:
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

    def update(self, step: int) -> None:
        self.values.lerp_(self.current, 1 - min(self.decay, (1 + step) / (10 + step)))

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
        self.optimiser = torch.optim.AdamW(
            [{"params": self.flat.pieces(index), "lr": self.settings.rate, "share": group.rate_share} for index, group in enumerate(groups)],
            lr=self.settings.rate,
            betas=self.settings.betas,
            weight_decay=self.settings.weight_decay,
        )
        self.average = MovingAverage(self.flat.values, self.settings.average)
        self.step, self.seconds = 0, 0.0
        self.sums: Dict[str, Tensor] = {}
        self.summed = 0

    def run(self, deadline: float) -> bool:
        """Returns whether the stage is complete."""
        self.begin()
        self._resume()
        while self.step < self.settings.steps:
            if self.stage.replicas.any(time.monotonic() > deadline):
                self._save()
                return False
            self.advance()
        self.average.swap()
        self.flat.release()
        self.stage.finish()
        return True

    def begin(self) -> None:
        """Only this stage's parameters learn."""
        for parameter in self.model.parameters():
            parameter.requires_grad_(False)
        for parameter in self.flat.parameters:
            parameter.requires_grad_(True)

    def advance(self) -> None:
        """One step."""
        started, settings = time.monotonic(), self.settings
        progress = self._progress()
        for group in self.optimiser.param_groups:
            group["lr"] = self._rate() * group["share"]
        loss, figures = self.stage.loss(progress)
        self.flat.gradients.zero_()
        loss.backward()
        self.stage.replicas.average(self.flat.gradients)
        norm = self.flat.clip(settings.clip)
        if not torch.isfinite(norm):
            raise FloatingPointError(f"stage {self.stage.name}, step {self.step}: the gradient is not finite; lower the rate and resume")
        self.optimiser.step()
        self.average.update(self.step)
        figures = {**figures, **self.stage.after_step(progress), "gradient": norm}
        for name, value in figures.items():
            self.sums[name] = self.sums.get(name, 0) + torch.as_tensor(value).detach()
        self.summed += 1
        self.step += 1
        self.seconds += time.monotonic() - started
        if self.stage.replicas.first:
            self._report()

    def _report(self) -> None:
        settings, last = self.settings, self.step == self.settings.steps
        if last or self.step % settings.log_every == 0:
            self._log({name: float(value) / self.summed for name, value in self.sums.items()})
            self.sums, self.summed = {}, 0
        if last or self.step % settings.validate_every == 0:
            self._validate()
        if not last and self.step % settings.checkpoint_every == 0:
            self._save()

    def _progress(self) -> Progress:
        # Everything random is a function of seed, stage, step and process, so a resumed run draws what an unbroken one would.
        rank = self.stage.replicas.rank
        numbers = np.random.default_rng([self.seed, sum(self.stage.name.encode()), self.step] + [rank] * (rank > 0))
        generator = torch.Generator(self.stage.device).manual_seed(int(numbers.integers(2**62)))
        return Progress(self.step, self.step / self.settings.steps, numbers, generator)

    def _rate(self) -> float:
        settings = self.settings
        if self.step < settings.warm_up:
            return settings.rate * (self.step + 1) / settings.warm_up
        share = (self.step - settings.warm_up) / max(settings.steps - settings.warm_up, 1)
        return settings.rate * (settings.final_rate_share + (1 - settings.final_rate_share) * 0.5 * (1 + math.cos(math.pi * share)))

    @torch.no_grad()
    def _validate(self) -> None:
        self.average.swap()
        figures = self.stage.validate(self._progress())
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
