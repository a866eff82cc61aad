"""A tiny stream in the generator's format: discs for faces, so that tests need no .NET."""

from pathlib import Path

import numpy as np

from ..trainer.drawn_stream import MOTION_FACTORS, StreamShape, write_header

REST = {"scale": 1.0, "leftEye": 0.8, "rightEye": 0.8, "smile": 0.1}


def shape(size: int = 64, blocks: int = 3, identities: int = 3, motions: int = 3, frames: int = 1) -> StreamShape:
    columns = 1 + (motions - 1) * frames
    return StreamShape(size, identities, motions, frames, blocks * identities * columns, 7, 0, 25.0)


def records(layout: StreamShape, seed: int = 1) -> np.ndarray:
    """`[blocks, identities, columns]`; persons differ in colour, motions in place and jaw."""
    rng = np.random.default_rng(seed)
    result = np.zeros((layout.blocks, layout.identities, layout.columns), layout.record)
    y, x = np.mgrid[: layout.size, : layout.size] / layout.size
    for block in range(layout.blocks):
        colours = rng.integers(60, 255, (layout.identities, 2, 3))
        for column in range(layout.columns):
            motion = np.array([REST.get(name, 0.0) for name in MOTION_FACTORS], np.float32)
            motion[MOTION_FACTORS.index("shiftX")] = rng.uniform(-0.04, 0.04) * (column > 0)
            motion[MOTION_FACTORS.index("jaw")] = rng.uniform()
            centre = 0.5 + motion[MOTION_FACTORS.index("shiftX")], 0.5
            face = (((x - centre[0]) / 0.24) ** 2 + ((y - centre[1]) / 0.32) ** 2 < 1).astype(np.uint8)
            mouth = ((np.abs(x - centre[0]) < 0.1) & (np.abs(y - 0.68) < 0.01 + 0.06 * motion[MOTION_FACTORS.index("jaw")])).astype(np.uint8)
            for person in range(layout.identities):
                record = result[block, person, column]
                record["identity"], record["column"] = 100 * block + person, (column + layout.frames_per_motion - 1) // layout.frames_per_motion
                record["frame"] = (column - 1) % layout.frames_per_motion if column else 0
                record["motion"] = motion
                places = [(-0.1, -0.06), (0.1, -0.06), (0, 0.05), (-0.08, 0.18), (0.08, 0.18)]
                record["landmarks"] = [((centre[0] + dx) * layout.size, (centre[1] + dy) * layout.size) for dx, dy in places]
                record["box"] = [layout.size * v for v in (centre[0] - 0.24, 0.18, centre[0] + 0.24, 0.82)]
                ground, skin = colours[person]
                record["picture"] = np.where(face[..., None], skin, ground) * (1 - mouth[..., None])
                record["face"], record["expression"] = face * 255, mouth * 255
    return result


def write(path: Path, layout: StreamShape) -> Path:
    path.write_bytes(write_header(layout) + records(layout).tobytes())
    return path
