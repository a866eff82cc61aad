import json
import tempfile
import unittest
from pathlib import Path

import torch

from ..shipped import load_shipped
from ..tensor_file import read_tensors
from ..trainer.model import PortraitModel
from ..trainer.settings import SettingsError, load

ROOT = Path(__file__).parents[2]
EMBEDDED = ROOT / "models/embedded"
ROUNDED_TO_HALF = 0.01


class ShippedTests(unittest.TestCase):
    def test_embedded_model_computes_what_was_recorded_of_its_training(self):
        model = PortraitModel(json.loads((EMBEDDED / "model.json").read_text())["architecture"])
        load_shipped(EMBEDDED, model)
        recorded = {name: torch.from_numpy(values) for name, values in read_tensors(ROOT / "tests/Parity.Tests/Fixtures/embedded-model.safetensors").items()}
        ids = recorded["ids"]
        with torch.no_grad():
            computed = {
                "image_tokens": model.image_tokens(recorded["encoder_image"]),
                "reference_latents": model.latents(recorded["reference"]),
                "crop_tokens": model.motion_tokens(*model.motion_features(recorded["expression_crops"], recorded["pose_crops"]), (ids[0], ids[1])),
                "decoded": model.vae.decode(recorded["decode_latents"], len(recorded["decode_latents"])),
            }
        for name, values in computed.items():
            error = (values - recorded[name]).square().mean().sqrt() / recorded[name].square().mean().sqrt()
            self.assertLess(float(error), ROUNDED_TO_HALF, name)

    def test_a_translation_that_is_new_changes_nothing_at_first(self):
        self.assertFalse(json.loads((EMBEDDED / "model.json").read_text())["geometry"]["translationScale"])
        model = PortraitModel(load(ROOT / "training/settings/cpu-128-place.json").architecture)
        load_shipped(EMBEDDED, model)
        projections = [value for name, value in model.unet.state_dict().items() if ".to_k_ip." in name or ".to_v_ip." in name]
        self.assertGreater(len(projections), 20)
        for projection in projections:
            self.assertTrue(bool((projection[:, -3:] == 0).all()) and bool((projection[:, -6:-3] != 0).any()))

    def test_model_of_other_sizes_is_refused(self):
        model = PortraitModel(load(ROOT / "training/settings/smoke.json").architecture)
        self.assertRaisesRegex(SettingsError, "not a model of these settings", load_shipped, EMBEDDED, model)

    def test_folder_without_a_model_is_refused(self):
        model = PortraitModel(load(ROOT / "training/settings/smoke.json").architecture)
        with tempfile.TemporaryDirectory() as folder:
            self.assertRaisesRegex(SettingsError, "no weights", load_shipped, Path(folder), model)


if __name__ == "__main__":
    unittest.main()
