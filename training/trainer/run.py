"""Runs the stages one after another; every finished stage is a file, every unfinished one a checkpoint."""

import ctypes
import platform
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Dict, NamedTuple, Optional, Type

import torch

from . import settings as settings_module
from .data import Pool
from .loop import Stage, StageRun, remove, save
from .model import PortraitModel
from .replicas import Replicas
from .settings import Settings, Source
from .stages.denoising import JointStage, SingleStage, TemporalStage
from .stages.motion import MotionStage
from .stages.vae import VaeStage, VaeTemporalStage

STAGES: Dict[str, "tuple[Type[Stage], str]"] = {
    "vae": (VaeStage, "stills"),
    "vae_temporal": (VaeTemporalStage, "clips"),
    "motion": (MotionStage, "stills"),
    "single": (SingleStage, "stills"),
    "temporal": (TemporalStage, "clips"),
    "joint": (JointStage, "clips"),
}
assert tuple(STAGES) == settings_module.STAGES


REPLICA_SEEDS = 50_000


class RunOptions(NamedTuple):
    """`until` names the last stage to run; `minutes` stops after the step that exceeds them, to be resumed."""

    out: Path
    device: torch.device
    minutes: float = float("inf")
    until: str = settings_module.STAGES[-1]
    replicas: Replicas = Replicas()


def train(settings: Settings, options: RunOptions) -> Optional[PortraitModel]:
    """Trains, or goes on with training. Returns the model when the last stage asked for is complete, else None."""
    deadline = time.monotonic() + 60 * options.minutes
    options.out.mkdir(parents=True, exist_ok=True)
    model = begin(settings, options.device)
    names = list(STAGES)[: list(STAGES).index(options.until) + 1]
    finished = [name for name in names if finished_path(options.out, name).exists()]
    if finished:
        model.load_state_dict(torch.load(finished_path(options.out, finished[-1]), map_location=options.device))
    with ExitStack() as pools:
        opened: Dict[str, Pool] = {}
        for name in names[names.index(finished[-1]) + 1 if finished else 0 :]:
            if not settings.stages[name].steps:
                continue
            kind, material = STAGES[name]
            if material not in opened:
                seed = stream_seed(settings, options.out, name) + options.replicas.rank * REPLICA_SEEDS
                opened[material] = pools.enter_context(Pool(getattr(settings.data, material), settings.data.frame_size, seed, options.device))
            stage = kind(settings, model, opened[material])
            stage.replicas = options.replicas
            if not StageRun(stage, model, options.out, settings.seed).run(deadline):
                print(f"stopped in stage {name}; the same command goes on", flush=True)
                return None
            _finish(model, name, options)
    return model


def _finish(model: PortraitModel, stage: str, options: RunOptions) -> None:
    """The first process writes the stage; the others go on with what it wrote."""
    path = finished_path(options.out, stage)
    if options.replicas.first:
        save(model.state_dict(), path)
        remove(options.out / f"{stage}.partial.pt")
    options.replicas.wait()
    if not options.replicas.first:
        model.load_state_dict(torch.load(path, map_location=options.device))


def begin(settings: Settings, device: torch.device) -> PortraitModel:
    """An untrained model, and PyTorch set up for it."""
    torch.manual_seed(settings.seed)
    if settings.threads:
        torch.set_num_threads(settings.threads)
    if device.type == "cuda":
        torch.backends.cudnn.allow_tf32 = True  # convolutions only: crops are matrix products of pictures
        torch.backends.cudnn.benchmark = True
    elif platform.libc_ver()[0] == "glibc":
        keep_memory()
    return PortraitModel(settings.architecture).to(device)


def keep_memory() -> None:
    """Large blocks are used again in the next step: tells glibc not to give them back to the system in between."""
    trim_threshold, mmap_most = -1, -4  # names of mallopt's parameters in malloc.h
    library = ctypes.CDLL(None)
    library.mallopt(mmap_most, 0)
    library.mallopt(trim_threshold, 2**31 - 1)


def stream_seed(settings: Settings, out: Path, stage: str) -> int:
    """A generator that starts again, because training was interrupted, draws other people than before."""
    curves = out / "curves" / f"{stage}.jsonl"
    starts = len(curves.read_text().splitlines()) if curves.exists() else 0
    return settings.seed * 1_000_000 + list(STAGES).index(stage) * 100_000 + starts


def finished_path(out: Path, stage: str) -> Path:
    return out / f"{stage}.finished.pt"


def with_sources(settings: Settings, stills: Optional[str], clips: Optional[str], generator: Optional[str]) -> Settings:
    """The settings with recordings, or another generator, in place of their own."""

    def changed(source: Source, file: Optional[str]) -> Source:
        command = source.command.replace("./portrait draw", generator) if generator else source.command
        return replace(source, file=file or source.file, command=command)

    data = replace(settings.data, stills=changed(settings.data.stills, stills), clips=changed(settings.data.clips, clips))
    return replace(settings, data=data)
