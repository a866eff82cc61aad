import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from ..reader.material import axis_matrix, gather
from ..reader.network import FACTORS, PICTURE_SIDE, FactorReader
from ..reader.training import Jitter, ReaderTraining, crops_of, learn, read_figures, regions
from ..tensor_file import read_tensors
from ..train_reader import write
from . import synthetic


class ReaderTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        torch.manual_seed(0)
        self.material = gather(f"cat {synthetic.write(self.folder / 'stream', synthetic.shape(blocks=4))}", 36)

    def test_material_is_reduced_and_relative(self):
        self.assertEqual((36, 3, PICTURE_SIDE, PICTURE_SIDE), self.material.pictures.shape)
        self.assertTrue((0 < self.material.boxes).all() and (self.material.boxes < 1).all())

    def test_crop_of_everything_keeps_a_flat_picture(self):
        self.assertTrue(np.allclose(axis_matrix(0, 256, 0.5).sum(1), 1, atol=1e-5))

    def test_crops_follow_the_face(self):
        index = np.arange(36)
        found = regions(self.material, index, Jitter.none(36))
        centres = (found[:, 0] + found[:, 2]) / 2 / 256
        truth = self.material.landmarks[:, 2, 0]
        self.assertLess(np.abs(centres - truth).max(), 0.02)

    def test_learning_lowers_the_error_and_exports_factors(self):
        reader = FactorReader()
        before = read_figures(reader, self.material)["jaw"]
        learn(reader, ReaderTraining(self.material, self.material, 30, 8, 1), (self.material, self.material))
        self.assertGreater(read_figures(reader, self.material)["jaw"], before)
        options = type("Options", (), {"pictures": 36, "steps": 30, "batch": 8, "seed": 1})
        write(self.folder / "reader", reader, {"drawings": {}}, options)
        tensors = read_tensors(self.folder / "reader/factor_reader.safetensors")
        crops = crops_of(self.material, np.arange(3))
        with torch.no_grad():
            own = reader(crops) * reader.scales + reader.means
            reader.network.load_state_dict({name: torch.from_numpy(values) for name, values in tensors.items()})
            self.assertTrue(torch.allclose(own, reader.network(crops), atol=1e-5))
        self.assertEqual(len(FACTORS), own.shape[1])


if __name__ == "__main__":
    unittest.main()
