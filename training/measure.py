"""Estimates how long a settings file takes: a few steps of every stage, in processor seconds, so that a busy machine matters little.

    python3 -m training.measure --settings training/settings/cpu-64.json [--steps 4] [--device cuda]

Prints per stage: seconds for 1,000 samples (pictures; frames for stages on runs) and hours for all steps.
"""

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Sequence

import torch

from .trainer.captured import EAGER_CALLS
from .trainer.data import Pool
from .trainer.loop import StageRun
from .trainer.run import STAGES, begin, with_sources
from .trainer.settings import Settings, Source, load

STILL_BLOCKS = 4
CLIP_BLOCKS = 2
VALIDATION_BLOCKS = 1
WARM_UP_STEPS = EAGER_CALLS + 1


def shortened(settings: Settings, steps: int) -> Settings:
    """Few steps after some that warm up, on a small pool, without validation and with the critic at work throughout."""

    def small(source: Source, blocks: int) -> Source:
        return replace(source, blocks=blocks, starting_blocks=0, validation_blocks=VALIDATION_BLOCKS, refresh_samples=0)

    data = replace(settings.data, stills=small(settings.data.stills, STILL_BLOCKS), clips=small(settings.data.clips, CLIP_BLOCKS))
    never = steps + WARM_UP_STEPS + 1
    stages = {
        name: replace(stage, steps=never, seconds=0.0, warm_up=0, log_every=never, validate_every=never, checkpoint_every=never)
        for name, stage in settings.stages.items()
    }
    return replace(settings, data=data, stages=stages, vae=replace(settings.vae, adversarial_from=0.0))


def clock(device: torch.device) -> float:
    if device.type == "cuda":
        torch.cuda.synchronize()
        return time.perf_counter()
    return time.process_time()


def measure(settings: Settings, device: torch.device, steps: int, stages: Sequence[str]) -> None:
    model = begin(settings, device)
    short = shortened(settings, steps)
    for name in stages:
        kind, material = STAGES[name]
        with Pool(getattr(short.data, material), short.data.frame_size, settings.seed, device) as pool, tempfile.TemporaryDirectory() as folder:
            stage = kind(short, model, pool)
            run = StageRun(stage, model, Path(folder), settings.seed)
            run.begin()
            begun = time.perf_counter()
            for _ in range(WARM_UP_STEPS):
                run.advance()
            warm_up = time.perf_counter() - begun
            started = clock(device)
            for _ in range(steps):
                run.advance()
            seconds = (clock(device) - started) / steps
        full = settings.stages[name]
        samples = full.batch * getattr(stage, "frames", getattr(stage, "chunk", 1))
        print(f"{name:13} {1000 * seconds / samples:8.1f} s per 1,000 samples · {seconds:7.3f} s a step · {seconds * full.steps / 3600:6.2f} h for {full.steps} steps · {warm_up:.0f} s to warm up", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--settings", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--stages", nargs="+", choices=list(STAGES), default=list(STAGES))
    parser.add_argument("--stills")
    parser.add_argument("--clips")
    parser.add_argument("--generator")
    options = parser.parse_args()
    settings = with_sources(load(options.settings), options.stills, options.clips, options.generator)
    measure(settings, torch.device(options.device), options.steps, options.stages)
    return 0


if __name__ == "__main__":
    sys.exit(main())
