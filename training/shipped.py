"""Begins a training from an imported model, so that a run can go on whose folder is gone: writes it as a finished stage.

    python3 -m training.shipped --model models/embedded --settings training/settings/gpu-128.json --after joint --out run

The weights are those of the model, rounded to its precision. Parameters that no graph uses, and the reader of factors that serves
training only, start anew.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Dict, Iterator, Tuple, Union

import numpy as np
import torch

from .trainer.loop import save
from .trainer.model import PortraitModel
from .trainer.run import finished_path
from .trainer.settings import STAGES, SettingsError, load

# Field numbers of ModelProto, GraphProto, TensorProto and StringStringEntryProto.
GRAPH, INITIALIZER, DIMS, DATA_TYPE, NAME, RAW_DATA, EXTERNAL_DATA, KEY, VALUE = 7, 5, 1, 2, 8, 9, 13, 1, 2
TRANSLATION = 3  # last numbers of a motion token (SPEC §5.4)
TYPES = {1: np.float32, 10: np.float16}


def fields(message: bytes) -> Iterator[Tuple[int, Union[int, bytes]]]:
    """Number and value of every field of a protobuf message."""
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        kind = key & 7
        if kind == 0:
            value, place = _varint(message, place)
            yield key >> 3, value
            continue
        length, place = _varint(message, place) if kind == 2 else ({1: 8, 5: 4}[kind], place)
        yield key >> 3, message[place : place + length]
        place += length


def _varint(message: bytes, place: int) -> Tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[place]
        value, shift, place = value | (byte & 127) << shift, shift + 7, place + 1
        if byte < 128:
            return value, place


def weights(graph_file: Path) -> Dict[str, np.ndarray]:
    """A graph's numbers as `checkpoint.name`. Large tensors lie in a file called after the checkpoint, small ones in the graph."""
    (graph,) = (value for number, value in fields(graph_file.read_bytes()) if number == GRAPH)
    found, checkpoint = {}, ""
    for tensor in (value for number, value in fields(graph) if number == INITIALIZER):
        parts = list(fields(tensor))
        single = dict(parts)
        kind = TYPES.get(single[DATA_TYPE])
        if not kind:
            continue  # shapes and axes
        entries = [dict(fields(value)) for number, value in parts if number == EXTERNAL_DATA]
        where = {entry[KEY].decode(): entry[VALUE].decode() for entry in entries}
        if where:
            path = graph_file.parent / where["location"]
            checkpoint = path.stem
            values = np.fromfile(path, kind, int(where["length"]) // np.dtype(kind).itemsize, offset=int(where["offset"]))
        else:
            values = np.frombuffer(single[RAW_DATA], kind)
        found[single[NAME].decode()] = values.reshape(_dims(parts))
    return {f"{checkpoint}.{name}": values for name, values in found.items()}


def _dims(parts) -> Tuple[int, ...]:
    """Given one by one, or packed."""
    sizes = []
    for number, value in parts:
        if number == DIMS and isinstance(value, int):
            sizes.append(value)
        elif number == DIMS:
            place = 0
            while place < len(value):
                size, place = _varint(value, place)
                sizes.append(size)
    return tuple(sizes)


def load_shipped(directory: Path, model: PortraitModel) -> None:
    """Puts the weights of an imported model into `model`; refuses one of other sizes."""
    known: Dict[str, np.ndarray] = {}
    for graph_file in sorted(directory.glob("*.onnx")):
        known.update(weights(graph_file))
    state = model.state_dict()
    wrong = [f"{name} {tuple(value.shape)} but {known[name].shape}" for name, value in state.items() if name in known and known[name].shape != tuple(value.shape)]
    if wrong or not known:
        raise SettingsError(f"{directory}: not a model of these settings: {'; '.join(wrong[:3]) or 'no weights'}")
    found = {name: torch.from_numpy(known[name].astype(np.float32)) for name in state if name in known}
    model.load_state_dict({**state, **found})
    if not json.loads((directory / "model.json").read_text())["geometry"].get("translationScale"):
        forget_translation(model)


def forget_translation(model: PortraitModel) -> None:
    """Columns that met nothing but zeros are noise: from zero on, a translation that is new changes nothing until it is learned."""
    for name, value in model.state_dict().items():
        if name.startswith("unet.") and (".to_k_ip." in name or ".to_v_ip." in name):
            value[:, -TRANSLATION:] = 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="a directory that 'portrait models import' wrote")
    parser.add_argument("--settings", type=Path, required=True, help="of the training that made it")
    parser.add_argument("--after", choices=STAGES, default=STAGES[-1], help="the stage that it counts as; training goes on with the next")
    parser.add_argument("--out", type=Path, required=True, help="folder of the training")
    options = parser.parse_args()
    try:
        settings = load(options.settings)
        torch.manual_seed(settings.seed)
        model = PortraitModel(settings.architecture)
        load_shipped(options.model, model)
    except SettingsError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    save(model.state_dict(), finished_path(options.out, options.after))
    print(json.dumps({"written": str(finished_path(options.out, options.after))}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
