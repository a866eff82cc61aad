import json
import sys
import tempfile
import time
import unittest
from pathlib import Path

import numpy as np
import torch

from ..trainer import crops
from ..trainer.data import Pool, motion_crops, motion_factors
from ..trainer.drawn_stream import LiveStream, StreamError, open_recording
from ..trainer.settings import Source
from . import synthetic

def recorded(name, test):
    """A recorded example of the reference, wherever the repository lies."""
    for folder in Path(__file__).resolve().parents:
        path = folder / "shared/reference/golden/preprocess" / name
        if path.exists():
            return json.loads(path.read_text())
    return test.skipTest("needs ../shared/reference")


class StreamTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_recording_gives_the_records_that_were_written(self):
        layout = synthetic.shape()
        recorded = open_recording(synthetic.write(self.folder / "stream", layout))
        self.assertTrue(np.array_equal(recorded, synthetic.records(layout)))

    def test_recording_cut_off_keeps_complete_blocks(self):
        path = synthetic.write(self.folder / "stream", synthetic.shape(blocks=3))
        path.write_bytes(path.read_bytes()[:-1])
        self.assertEqual(2, len(open_recording(path)))

    def test_live_stream_gives_the_same_blocks_as_its_recording(self):
        path = synthetic.write(self.folder / "stream", synthetic.shape(blocks=2))
        with LiveStream(f"cat {path}") as stream:
            blocks = list(stream.blocks())
        self.assertTrue(np.array_equal(open_recording(path), np.stack(blocks)))

    def test_other_bytes_are_refused(self):
        path = self.folder / "stream"
        path.write_bytes(b"RIFF" + bytes(200))
        self.assertRaises(StreamError, open_recording, path)

    def test_pool_replaces_training_blocks_only(self):
        path = synthetic.write(self.folder / "stream", synthetic.shape(blocks=5))
        with Pool(Source(blocks=3, command=f"cat {path}", refresh_samples=10), 64, 1) as pool:
            kept = pool.fields["picture"][0].clone()
            self.assertIsNone(pool.refresh(9))
            self.assertEqual([1, 2], [wait_for_block(pool, 10) for _ in range(2)])
            self.assertTrue(torch.equal(kept, pool.fields["picture"][0]))
            self.assert_block(pool, 3, 1)

    def test_pool_grows_while_it_is_used(self):
        path = synthetic.write(self.folder / "stream", synthetic.shape(blocks=4))
        with Pool(Source(blocks=4, starting_blocks=2, command=f"cat {path}"), 64, 1) as pool:
            self.assertEqual((range(1), range(1, 2)), (pool.validation, pool.training))
            self.assertEqual([2, 3], [wait_for_block(pool, 1) for _ in range(2)])
            self.assertEqual(range(1, 4), pool.training)
            self.assert_block(pool, 3, 3)

    def test_pool_whose_generator_ends_early_is_refused(self):
        path = synthetic.write(self.folder / "stream", synthetic.shape(blocks=3))
        with Pool(Source(blocks=4, starting_blocks=3, command=f"cat {path}"), 64, 1) as pool:
            self.assertRaisesRegex(StreamError, "3 of 4 blocks", wait_for_block, pool, 1)

    def assert_block(self, pool, expected, place):
        block = synthetic.records(synthetic.shape(blocks=5))[expected]
        for name in ("picture", "face", "landmarks"):
            self.assertTrue(np.array_equal(block[name], pool.fields[name][place].numpy()), name)


def wait_for_block(pool, samples):
    """Uses so many samples, then waits until the generator has drawn what is due."""
    found, deadline = pool.refresh(samples), time.monotonic() + 30
    while found is None and time.monotonic() < deadline:
        found = pool.refresh(0)
    return found


def numbers(seed=1):
    return torch.Generator().manual_seed(seed)


class SamplingTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = synthetic.write(Path(folder.name) / "stream", synthetic.shape(blocks=4, frames=6))
        self.pool = Pool(Source(blocks=4, file=str(path)), 64, 1)

    def test_driver_is_somebody_else_under_the_targets_motion(self):
        drawn = self.pool.draw(numbers(), 50, 4, 0.5)
        self.assertTrue((drawn.driver.person != drawn.target.person).all())
        self.assertTrue((drawn.portrait.person == drawn.target.person[:, 0]).all())
        self.assertTrue((drawn.anchor.person == drawn.driver.person[:, 0]).all())
        self.assertTrue(torch.equal(self.pool.take("motion", drawn.driver), self.pool.take("motion", drawn.target)))
        self.assertTrue(torch.equal(self.pool.take("motion", drawn.anchor), self.pool.take("motion", drawn.portrait)))

    def test_windows_are_consecutive_frames_of_one_run(self):
        frames = self.pool.draw(numbers(), 50, 4, 0.5).target.column
        self.assertTrue(bool((frames.diff(dim=1) == 1).all()))

    def test_validation_persons_are_never_trained_on(self):
        rng = numbers()
        trained = self.pool.draw(rng, 200, 1, 0.5).target.block
        self.assertEqual({0}, set(self.pool.draw(rng, 200, 1, 0.5, validation=True).target.block.flatten().tolist()))
        self.assertEqual({1, 2, 3}, set(trained.flatten().tolist()))

    def test_place_is_told_relative_to_the_anchor(self):
        drawn = self.pool.draw(numbers(), 8, 1, 0.0)
        drawn = drawn._replace(anchor=drawn.anchor._replace(column=drawn.driver.column[:, 0]))
        factors, _ = motion_factors(self.pool, drawn)
        self.assertEqual(0, float(factors[:, 3:6].abs().max()))

    def test_pose_says_where_the_head_is_in_the_frame(self):
        drawn = self.pool.draw(numbers(), 8, 1, 0.0)
        _, pose = motion_factors(self.pool, drawn, 20.0)
        shift = self.pool.take("motion", drawn.driver.flat())[:, 3]
        self.assertGreater(float(shift.abs().max()), 0)
        self.assertTrue(torch.allclose(shift * 200, pose[:, 3]))
        self.assertEqual(0, float(pose[:, [0, 1, 2, 4, 5]].abs().max()))
        self.assertEqual(0, float(motion_factors(self.pool, drawn)[1].abs().max()))

    def test_crops_have_the_models_size(self):
        drawn = self.pool.draw(numbers(), 2, 4, 0.5)
        for crop in motion_crops(self.pool, drawn, 48):
            self.assertEqual((8, 3, 48, 48), tuple(crop.shape))
            self.assertTrue(0 <= float(crop.min()) and float(crop.max()) <= 1)


class CropTests(unittest.TestCase):
    def picture(self, side):
        return np.random.default_rng(3).integers(0, 256, (side, side, 3), dtype=np.uint8)

    def pillow(self):
        try:
            from PIL import Image
        except ImportError:
            self.skipTest("needs Pillow")
        return Image

    def test_resize_is_pillows(self):
        image = self.pillow()
        for source, side, kernel, method in ((90, 64, "bicubic", 3), (90, 48, "bilinear", 2), (40, 64, "bilinear", 2)):
            picture = self.picture(source)
            expected = np.asarray(image.fromarray(picture).resize((side, side), method)).astype(int)
            actual = crops.resize(torch.from_numpy(picture).permute(2, 0, 1)[None].float(), side, kernel)
            difference = np.abs((actual[0].permute(1, 2, 0).numpy() * 255).round() - expected)
            self.assertLessEqual(difference.max(), 1)
            self.assertLess((difference > 0).mean(), 0.02)  # ties, where fixed-point weights decide

    def test_region_outside_is_black(self):
        image = self.pillow()
        picture, region = self.picture(64), torch.tensor([[-10, 20, 50, 80]])
        padded = np.zeros((60, 60, 3), np.uint8)
        padded[:44, 10:] = picture[20:, :50]
        expected = np.asarray(image.fromarray(padded).resize((48, 48), 2)).astype(int)
        actual = crops.cut(torch.from_numpy(picture).permute(2, 0, 1)[None].float(), region, 48, "bilinear")
        self.assertLessEqual(np.abs((actual[0].permute(1, 2, 0).numpy() * 255).round() - expected).max(), 1)

    def test_pose_crop_is_near_pillows_two_steps(self):
        """One matrix instead of two rounded steps: noise, the hardest picture for it, differs by overshoot that Pillow clips."""
        image = self.pillow()
        smooth = image.fromarray(self.picture(8)).resize((96, 96), 2)
        expected = np.asarray(smooth.resize((512, 512), 3).resize((64, 64), 2)).astype(int)
        source = torch.from_numpy(np.asarray(smooth).copy()).permute(2, 0, 1)[None].float()
        actual = crops.cut(source, torch.tensor([[0, 0, 96, 96]]), 64, "pose")
        self.assertLessEqual(np.abs((actual[0].permute(1, 2, 0).numpy() * 255).round() - expected).max(), 2)

    def test_square_boxes_are_the_recorded_ones(self):
        for example in recorded("process_bbox_examples.json", self):
            box = crops.square_boxes(torch.tensor([example["box_xyxy"]]), example["width"], example["height"])
            self.assertEqual(list(example["result"]), box[0].tolist())

    def test_intensity_ids_are_the_recorded_ones(self):
        for example in recorded("motion_bucket_examples.json", self):
            ids = crops.intensity_ids(torch.tensor(example["landmarks"], dtype=torch.float64)[None])
            self.assertEqual((example["head"], example["exp"]), tuple(int(values) for values in ids))

    def test_face_in_the_middle_fills_the_frame(self):
        boxes = torch.tensor([[20.0, 12, 44, 52], [5, 5, 15, 15]])
        self.assertEqual([True, False], crops.fills_frame(boxes, 64).tolist())


if __name__ == "__main__":
    sys.exit(unittest.main())
