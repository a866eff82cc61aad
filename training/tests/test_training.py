import json
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import torch

from ..sampling import SamplingSettings, euler_step, sigmas
from ..tensor_file import read_tensors
from ..trainer import diffusion
from ..trainer.captured import Captured
from ..trainer.data import Pool
from ..trainer.drawn_stream import StreamError
from ..trainer.encoders import FrozenEncoders, LiveEncoders
from ..trainer.export import export
from ..trainer.flat_parameters import FlatParameters
from ..trainer.model import PortraitModel, is_temporal, set_spatial_only
from ..trainer.replicas import Replicas, run_replicas
from ..trainer.run import RunOptions, train, with_sources
from ..trainer.settings import SettingsError, load, merge
from . import synthetic

SETTINGS = Path(__file__).parents[1] / "settings"
CPU = torch.device("cpu")


def tiny(folder: Path):
    """The smoke settings, a few steps of each stage, on recorded discs."""
    content = json.loads((SETTINGS / "smoke.json").read_text())
    for stage in content["stages"].values():
        stage.update(steps=4, batch=2, log_every=2, validate_every=4, checkpoint_every=2)
    path = folder / "tiny.json"
    path.write_text(json.dumps(content))
    stills = synthetic.write(folder / "stills", synthetic.shape(blocks=3))
    clips = synthetic.write(folder / "clips", synthetic.shape(blocks=2, frames=10))
    return with_sources(load(path), str(stills), str(clips), None)


def train_and_save(replicas: Replicas, settings, folder: Path):
    model = train(settings, RunOptions(folder / "together", CPU, until="single", replicas=replicas))
    torch.save(model.state_dict(), folder / f"model-{replicas.rank}.pt")


class FolderTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)


class SettingsTests(FolderTest):
    def test_every_settings_file_can_be_used(self):
        for path in SETTINGS.glob("*.json"):
            self.assertEqual(path.stem, load(path).name)

    def test_unknown_name_is_refused(self):
        content = json.loads((SETTINGS / "smoke.json").read_text())
        content["stages"]["vae"]["stesp"] = 3
        path = self.folder / "wrong.json"
        path.write_text(json.dumps(content))
        self.assertRaisesRegex(SettingsError, "stesp", load, path)

    def test_merge_keeps_what_is_not_changed(self):
        self.assertEqual({"a": {"b": 1, "c": 3}, "d": [9]}, merge({"a": {"b": 1, "c": 2}, "d": [4, 5]}, {"a": {"c": 3}, "d": [9]}))
        self.assertRaises(SettingsError, merge, {"a": 1}, {"b": 1})


class RunTests(FolderTest):
    def test_interrupted_run_ends_like_an_unbroken_one(self):
        settings = tiny(self.folder)
        whole = train(settings, RunOptions(self.folder / "whole", CPU, until="motion"))
        stopped = 0
        while (model := train(settings, RunOptions(self.folder / "parts", CPU, minutes=0, until="motion"))) is None:
            stopped += 1
            train_until_next_checkpoint(settings, self.folder / "parts")
        self.assertGreater(stopped, 3)
        for (name, expected), actual in zip(whole.state_dict().items(), model.state_dict().values()):
            self.assertTrue(torch.equal(expected, actual), name)

    def test_two_processes_end_with_one_model(self):
        run_replicas(2, train_and_save, tiny(self.folder), self.folder)
        first, second = (torch.load(self.folder / f"model-{rank}.pt") for rank in range(2))
        for name, expected in first.items():
            self.assertTrue(torch.equal(expected, second[name]), name)
        alone = train(tiny(self.folder), RunOptions(self.folder / "alone", CPU, until="single"))
        self.assertFalse(torch.equal(alone.unet.conv_in.weight, first["unet.conv_in.weight"]))  # the other's samples count

    def test_two_processes_agree_on_when_a_stages_seconds_have_passed(self):
        settings = tiny(self.folder)
        stages = {**settings.stages, "single": replace(settings.stages["single"], steps=10**9, seconds=1.0)}
        run_replicas(2, train_and_save, replace(settings, stages=stages), self.folder)
        first, second = (torch.load(self.folder / f"model-{rank}.pt") for rank in range(2))
        self.assertTrue(torch.equal(first["unet.conv_in.weight"], second["unet.conv_in.weight"]))

    def test_frozen_encoders_stand_still_and_say_what_live_ones_say(self):
        settings = tiny(self.folder)
        settings = replace(
            settings,
            data=replace(settings.data, portrait_column_zero=1.0),
            diffusion=replace(settings.diffusion, trunk_rate_share=0.0, frozen_encoders=True),
        )
        before = train(settings, RunOptions(self.folder / "out", CPU, until="motion")).state_dict()
        model = train(settings, RunOptions(self.folder / "out", CPU))
        for name, value in model.state_dict().items():
            if name.startswith(("dino.", "image_proj.", "expression.", "headpose.")):
                self.assertTrue(torch.equal(before[name], value), name)
        self.assertFalse(torch.equal(before["unet.conv_in.weight"], model.unet.conv_in.weight))
        with Pool(settings.data.clips, settings.data.frame_size, 1) as pool, torch.no_grad():
            drawn = pool.draw(torch.Generator().manual_seed(5), 3, 4, 1.0)
            live, frozen = LiveEncoders(pool, model), FrozenEncoders(pool, model)
            image, *crops = live.inputs(drawn)
            expected = live.image_tokens(image), *live.motion_features(*crops)
            for ours, theirs in zip(frozen.inputs(drawn), expected):
                self.assertLess(float((ours - theirs).abs().max()), 1e-4)

    def test_frozen_encoders_want_still_portraits(self):
        content = json.loads((SETTINGS / "smoke.json").read_text())
        content["diffusion"] = {"frozen_encoders": True}
        path = self.folder / "smoke.json"
        path.write_text(json.dumps(content))
        self.assertRaisesRegex(SettingsError, "portrait_column_zero 1", load, path)

    @unittest.skipIf(torch.__version__.startswith("1."), "PyTorch 1 has no group norm of mixed types on CPUs")
    def test_half_precision_trains(self):
        settings = replace(tiny(self.folder), half=True)
        self.assertIsNotNone(train(settings, RunOptions(self.folder / "half", CPU, until="temporal")))

    def test_head_pose_learns_alone_while_the_expression_network_stands_still(self):
        settings = tiny(self.folder)
        settings = replace(settings, data=replace(settings.data, portrait_column_zero=1.0), motion=replace(settings.motion, expression_learns=False))
        before = train(settings, RunOptions(self.folder / "out", CPU, until="vae_temporal")).state_dict()
        model = train(settings, RunOptions(self.folder / "out", CPU, until="motion"))
        changed = {name.split(".")[0] for name, value in model.state_dict().items() if not torch.equal(before[name], value)}
        self.assertEqual({"headpose"}, changed)

    def test_whole_decoder_learns_with_the_critic_and_latents_stay(self):
        settings = tiny(self.folder)
        settings = replace(settings, vae=replace(settings.vae, decoder_learns=True, adversarial=0.1, adversarial_from=0.5))
        before = train(settings, RunOptions(self.folder / "out", CPU, until="vae")).state_dict()
        model = train(settings, RunOptions(self.folder / "out", CPU, until="vae_temporal"))
        changed = {name for name, value in model.state_dict().items() if not torch.equal(before[name], value)}
        self.assertIn("vae.decoder.conv_in.weight", changed)
        self.assertIn("vae.decoder.time_conv_out.weight", changed)
        self.assertTrue(all(name.startswith("vae.decoder.") for name in changed), changed)
        curve = [json.loads(line) for line in (self.folder / "out/curves/vae_temporal.jsonl").read_text().splitlines()]
        self.assertEqual([False, True], ["critic" in line for line in curve[:2]])

    def test_motion_networks_stand_still_at_a_rate_of_zero(self):
        settings = tiny(self.folder)
        settings = replace(settings, diffusion=replace(settings.diffusion, trunk_rate_share=0.0))
        before = train(settings, RunOptions(self.folder / "out", CPU, until="motion")).expression.state_dict()
        model = train(settings, RunOptions(self.folder / "out", CPU, until="single"))
        for name, value in model.expression.state_dict().items():
            self.assertTrue(torch.equal(before[name], value), name)
        self.assertNotIn("factors", (self.folder / "out/curves/single.jsonl").read_text())

    def test_stage_ends_when_its_seconds_have_passed(self):
        settings = tiny(self.folder)
        stages = {**settings.stages, "vae": replace(settings.stages["vae"], steps=10**9, seconds=0.5)}
        self.assertIsNotNone(train(replace(settings, stages=stages), RunOptions(self.folder / "out", CPU, until="vae")))
        last = json.loads((self.folder / "out/curves/vae.jsonl").read_text().splitlines()[-1])
        self.assertGreaterEqual(last["seconds"], 0.5)

    def test_stage_without_steps_is_left_out(self):
        settings = tiny(self.folder)
        stages = {**settings.stages, "temporal": replace(settings.stages["temporal"], steps=0)}
        self.assertIsNotNone(train(replace(settings, stages=stages), RunOptions(self.folder / "out", CPU)))
        self.assertFalse((self.folder / "out/temporal.finished.pt").exists())
        self.assertTrue((self.folder / "out/joint.finished.pt").exists())

    def test_weights_may_stay_half_way_to_what_was_learned(self):
        settings = tiny(self.folder)
        model = {}
        for share in (0.0, 0.5, 1.0):
            stages = {**settings.stages, "vae_temporal": replace(settings.stages["vae_temporal"], learned_share=share)}
            model[share] = train(replace(settings, stages=stages), RunOptions(self.folder / str(share), CPU, until="vae_temporal")).vae.decoder.time_conv_out.weight
        self.assertFalse(torch.equal(model[0.0], model[1.0]))
        self.assertTrue(torch.allclose(model[0.5], (model[0.0] + model[1.0]) / 2))

    def test_gradient_that_is_not_finite_ends_the_run(self):
        settings = tiny(self.folder)
        stages = {**settings.stages, "motion": replace(settings.stages["motion"], rate=float("inf"))}
        with self.assertRaisesRegex(FloatingPointError, "stage motion"):
            train(replace(settings, stages=stages), RunOptions(self.folder / "out", CPU, until="motion"))

    def test_generator_that_ends_early_is_refused(self):
        settings = tiny(self.folder)
        source = replace(settings.data.stills, file="", command=f"cat {self.folder / 'stills'}", blocks=9)
        settings = replace(settings, data=replace(settings.data, stills=source))
        self.assertRaisesRegex(StreamError, "3 of 9 blocks", train, settings, RunOptions(self.folder / "out", CPU))

    def test_all_stages_run_and_export(self):
        model = train(tiny(self.folder), RunOptions(self.folder / "out", CPU))
        export(model, self.folder / "export")
        unet = torch.load(self.folder / "export/hyportrait/unet.pth")
        self.assertTrue(torch.equal(unet["conv_in.weight"], model.unet.conv_in.weight))
        vae = read_tensors(self.folder / "export/vae/diffusion_pytorch_model.safetensors")
        self.assertEqual(set(model.vae.state_dict()), set(vae))
        curve = [json.loads(line) for line in (self.folder / "out/curves/single.jsonl").read_text().splitlines()]
        self.assertEqual([2, 4, 4], [line["step"] for line in curve])


class CapturedTests(unittest.TestCase):
    @unittest.skipUnless(torch.cuda.is_available(), "needs a CUDA GPU")
    def test_replayed_steps_are_those_of_eager_ones(self):
        torch.manual_seed(2)
        network = torch.nn.Linear(5, 3).cuda()
        batches = [Numbers(torch.randn(4, 5, device="cuda")) for _ in range(6)]
        sums = torch.zeros(3, device="cuda")
        captured = Captured(lambda batch: sums.add_(network(batch.values).detach().sum(0)))
        for batch in batches:
            captured(batch)
        expected = sum(network(batch.values).sum(0) for batch in batches)
        self.assertTrue(torch.allclose(expected, sums, atol=1e-5))


class Numbers(NamedTuple):
    values: torch.Tensor


class FlatParametersTests(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(4)
        self.network = torch.nn.Sequential(torch.nn.Linear(5, 300), torch.nn.Tanh(), torch.nn.Linear(300, 2))
        self.twin = torch.nn.Sequential(torch.nn.Linear(5, 300), torch.nn.Tanh(), torch.nn.Linear(300, 2))
        self.twin.load_state_dict(self.network.state_dict())

    def test_steps_are_those_of_separate_parameters(self):
        groups = [list(self.network[0].parameters()), list(self.network[2].parameters())]
        flat = FlatParameters(groups)
        together = torch.optim.AdamW([{"params": flat.pieces(0), "lr": 0.1}, {"params": flat.pieces(1), "lr": 0.01}])
        apart = torch.optim.AdamW([{"params": self.twin[0].parameters(), "lr": 0.1}, {"params": self.twin[2].parameters(), "lr": 0.01}])
        for _ in range(3):
            pictures = torch.randn(7, 5)
            flat.gradients.zero_()
            apart.zero_grad()
            for network in (self.network, self.twin):
                (30 * network(pictures)).square().sum().backward()
            expected = torch.nn.utils.clip_grad_norm_(self.twin.parameters(), 1.0)
            self.assertTrue(torch.allclose(expected, flat.clip(1.0)))
            together.step()
            apart.step()
        for expected, actual in zip(self.twin.parameters(), self.network.parameters()):
            self.assertTrue(torch.allclose(expected, actual, atol=1e-6))

    def test_released_parameters_are_saved_alone(self):
        flat = FlatParameters([list(self.network.parameters())])
        flat.release()
        for name, value in self.network.state_dict().items():
            self.assertEqual(value.numel(), value.storage().size(), name)
            self.assertTrue(torch.equal(value, self.twin.state_dict()[name]))


def train_until_next_checkpoint(settings, out: Path) -> None:
    """Two steps of whatever stage is next: a checkpoint is due after each second one."""
    from ..trainer import loop

    original, steps = loop.StageRun._save, []

    def save_and_stop(run):
        original(run)
        if run.step % 2 == 0 and run.step:
            steps.append(run.step)
            raise InterruptedError

    loop.StageRun._save = save_and_stop
    try:
        train(settings, RunOptions(out, CPU, until="motion"))
    except InterruptedError:
        pass
    finally:
        loop.StageRun._save = original


class ModelTests(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(3)
        self.model = PortraitModel(load(SETTINGS / "smoke.json").architecture)

    def test_fresh_temporal_layers_change_nothing(self):
        unet = self.model.unet
        for parameter in (unet.conv_out.weight, *(a.proj_out.weight for a in unet.mid_block.attentions)):
            torch.nn.init.normal_(parameter, std=0.1)
        sample, tokens = torch.randn(2, 3, 8, 16, 16), torch.randn(6, 4, 48)
        arguments = sample, torch.tensor(0.3), tokens, tokens, torch.zeros(2, 3)
        with torch.no_grad():
            mixed = unet(*arguments)
            set_spatial_only(unet, True)
            self.assertTrue(torch.allclose(mixed, unet(*arguments), atol=1e-5))

    def test_fresh_temporal_decoder_changes_nothing(self):
        latents = torch.randn(3, 4, 16, 16)
        with torch.no_grad():
            mixed = self.model.vae.decoder(latents)
            set_spatial_only(self.model.vae, True)
            self.assertTrue(torch.allclose(mixed, self.model.vae.decoder(latents), atol=1e-5))

    def test_temporal_parameters_are_told_by_name(self):
        temporal = {name for name, _ in self.model.unet.named_parameters() if is_temporal(name)}
        self.assertIn("mid_block.attentions.0.temporal_transformer_blocks.0.attn1.to_q.weight", temporal)
        self.assertNotIn("mid_block.attentions.0.transformer_blocks.0.attn1.to_q.weight", temporal)

    def test_one_refiner_call_takes_an_intensity_for_every_frame(self):
        refiner, features = self.model.motion_proj, torch.randn(2, 32)
        ids = torch.tensor([[3], [90]])
        with torch.no_grad():
            both = refiner(features, ids, ids)
            alone = torch.cat([refiner(features[n : n + 1], ids[n], ids[n]) for n in range(2)])
        self.assertTrue(torch.allclose(both, alone, atol=1e-5))


class DiffusionTests(unittest.TestCase):
    def test_exact_velocity_leads_back_to_the_clean_latents(self):
        clean, noise = torch.randn(2, 3, 4, 8, 8), torch.randn(2, 3, 4, 8, 8)
        levels = sigmas(SamplingSettings(steps=6))
        sample = clean + levels[0] * noise
        for level, following in zip(levels, levels[1:]):
            sample = euler_step(diffusion.velocity(clean, noise, level.expand(2)), sample, level, following)
        self.assertLess(float((sample - clean).abs().max()), 0.01)

    def test_dropped_conditions_are_the_branches_of_guidance(self):
        settings = load(SETTINGS / "smoke.json").diffusion
        full = diffusion.Conditions(torch.ones(4000, 1, 1), torch.ones(4000, 1, 1, 1), torch.ones(8000, 1, 1))
        kept = diffusion.keep(full, diffusion.draw_kept(4000, settings, torch.Generator().manual_seed(1)))
        motion = kept.motion.view(4000, 2)
        self.assertTrue(torch.equal(motion[:, 0], motion[:, 1]))
        self.assertTrue(torch.equal(kept.image.flatten(), kept.portrait.flatten()))
        self.assertFalse(bool(((motion[:, 0] == 1) & (kept.image.flatten() == 0)).any()))
        self.assertAlmostEqual(1 - settings.drop_all, float(kept.image.mean()), delta=0.02)
        self.assertAlmostEqual(1 - settings.drop_all - settings.drop_motion, float(kept.motion.mean()), delta=0.02)

    def test_noise_levels_stay_in_the_schedulers_range(self):
        settings = load(SETTINGS / "smoke.json")
        levels = diffusion.noise_levels(5000, settings.diffusion, settings.architecture["scheduler"], torch.Generator().manual_seed(1))
        self.assertTrue(0.00199 < float(levels.min()) and float(levels.max()) < 700.1)
        self.assertGreater(float((levels > 100).float().mean()), 0.05)

    def test_errors_that_flicker_cost_more(self):
        steady, flickering = torch.ones(1, 4, 1, 2, 2), torch.tensor([1.0, -1, 1, -1])[None, :, None, None, None].expand(1, 4, 1, 2, 2)
        weights = torch.ones(1, 4, 1, 2, 2)
        for error, expected in ((steady, 1.0), (flickering, 1 + 0.5 * 4)):
            self.assertEqual(expected, float(diffusion.window_errors(error, weights, 0.5)))
            self.assertEqual(1.0, float(diffusion.window_errors(error, weights, 0.0)))

    def test_weights_have_a_mean_of_one(self):
        masks = torch.rand(3, 2, 64, 64)
        weights = diffusion.spatial_weights(masks, (16, 16), load(SETTINGS / "smoke.json").diffusion)
        self.assertTrue(torch.allclose(weights.mean((1, 2, 3)), torch.ones(3), atol=1e-5))


if __name__ == "__main__":
    unittest.main()
