"""Trains a small model on drawn portraits and writes it in the official layout; goes on where it was interrupted.

    python3 -m training.train --settings training/settings/cpu-64.json --out DIR [--device cuda] [--minutes M]
    python3 -m training.train --smoke --out DIR

Then: ./portrait models import --from DIR/export --to MODEL --precision fp16
"""

import argparse
import signal
import sys
from pathlib import Path

import torch

from .kernels import KernelError
from .trainer.drawn_stream import StreamError
from .trainer.export import export
from .trainer.replicas import Replicas, run_replicas
from .trainer.run import RunOptions, train, with_sources
from .trainer.settings import STAGES, Settings, SettingsError, load

SMOKE = Path(__file__).parent / "settings/smoke.json"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--settings", type=Path, help="a file of training/settings")
    parser.add_argument("--smoke", action="store_true", help="tiny settings: all stages in about two minutes on two cores")
    parser.add_argument("--out", type=Path, required=True, help="checkpoints, curves and the export")
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after so long; the same command goes on")
    parser.add_argument("--until", choices=STAGES, default=STAGES[-1], help="the last stage to run")
    parser.add_argument("--stills", help="a recorded stream instead of the generator")
    parser.add_argument("--clips", help="a recorded stream of runs instead of the generator")
    parser.add_argument("--processes", type=int, default=1, help="train in so many processes, one core each; CPU only")
    parser.add_argument("--generator", help="command of the generator, instead of './portrait draw'")
    options = parser.parse_args()
    if options.smoke == bool(options.settings):
        parser.error("give one of --settings and --smoke")
    if options.processes < 1 or (options.processes > 1 and options.device != "cpu"):
        parser.error("--processes is at least 1, and 1 on a GPU")
    try:
        settings = with_sources(load(SMOKE if options.smoke else options.settings), options.stills, options.clips, options.generator)
        if options.processes == 1:
            work(Replicas(), settings, options)
        else:
            run_replicas(options.processes, work, settings, options)
    except (SettingsError, StreamError, KernelError, FloatingPointError) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    return 0


def work(replicas: Replicas, settings: Settings, options: argparse.Namespace) -> None:
    """What every process does; the first one exports."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside; the same command goes on"))  # so that the generators end too
    model = train(settings, RunOptions(options.out, torch.device(options.device), options.minutes, options.until, replicas))
    if model and replicas.first:
        export(model.cpu(), options.out / "export")
        print(f"exported to {options.out / 'export'}")


if __name__ == "__main__":
    sys.exit(main())
