"""Reads and writes .safetensors files with numpy only.

Layout: eight bytes of header length (little endian), a JSON header of names, dtypes, shapes and byte ranges, the data.
"""

import json
import struct
from pathlib import Path
from typing import Dict, Mapping, Union

import numpy as np

PathLike = Union[str, Path]

_DTYPES = {
    "F64": np.float64,
    "F32": np.float32,
    "F16": np.float16,
    "I64": np.int64,
    "I32": np.int32,
    "I16": np.int16,
    "I8": np.int8,
    "U8": np.uint8,
    "BOOL": np.bool_,
}
_NAMES = {np.dtype(dtype): name for name, dtype in _DTYPES.items()}


def read_tensors(path: PathLike) -> Dict[str, np.ndarray]:
    """Returns every tensor of the file, in file order. bfloat16 is widened to float32, exactly."""
    content = Path(path).read_bytes()
    (header_length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + header_length])
    data = memoryview(content)[8 + header_length :]
    return {name: _decode(entry, data) for name, entry in header.items() if name != "__metadata__"}


def write_tensors(path: PathLike, tensors: Mapping[str, np.ndarray]) -> None:
    """Writes the tensors in the order given, the header padded so that the data starts on a multiple of eight."""
    header, offset, blocks = {}, 0, []
    for name, tensor in tensors.items():
        block = np.ascontiguousarray(tensor)
        header[name] = {
            "dtype": _NAMES[block.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + block.nbytes],
        }
        offset += block.nbytes
        blocks.append(block)
    encoded = json.dumps(header, separators=(",", ":")).encode()
    encoded += b" " * (-len(encoded) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(encoded)))
        file.write(encoded)
        for block in blocks:
            file.write(block.tobytes())


def _decode(entry: Mapping, data: memoryview) -> np.ndarray:
    start, end = entry["data_offsets"]
    if entry["dtype"] == "BF16":
        halves = np.frombuffer(data[start:end], np.uint16).astype(np.uint32)
        return (halves << 16).view(np.float32).reshape(entry["shape"])
    return np.frombuffer(data[start:end], _DTYPES[entry["dtype"]]).reshape(entry["shape"]).copy()
