import copy
import shutil
import tempfile
import unittest
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from ..kernels import NEEDED, KernelError, load, missing_features
from ..networks import UNet
from ..networks.attention import attend
from ..trainer.model import PortraitModel, set_spatial_only
from ..trainer.settings import load as load_settings

HALF = torch.bfloat16
TOLERANCE = 0.01
"""Root mean square of the difference over that of the expected values: a few roundings to eight bits."""
NETWORK_TOLERANCE = 0.03
RECTIFIED_TOLERANCE = 0.5
"""Of gradients that went through nine ReLUs: a value near zero that is rounded to its other side opens or shuts them. In a trained network it is 0.1 to 0.2."""


def why_not() -> str:
    """Why the kernels cannot be compiled here; empty if they can."""
    missing = missing_features() + [tool for tool in ("g++", "ninja") if not shutil.which(tool)]
    return f"needs {', '.join(missing)}" if missing else ""


def difference(actual: Tensor, expected: Tensor) -> float:
    return float((actual.float() - expected).norm() / expected.norm())


class FeatureTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "cpuinfo"

    def test_a_processor_without_tiles_is_told_what_it_lacks(self):
        self.file.write_text("flags : fpu avx512_bf16 avx512vl amx_bf16\n")
        self.assertEqual(["amx_tile"], missing_features(self.file))

    def test_an_unknown_system_lacks_everything(self):
        self.assertEqual(list(NEEDED), missing_features(self.file))

    @unittest.skipUnless(missing_features(), "this processor has all that is needed")
    def test_loading_is_refused(self):
        self.assertRaisesRegex(KernelError, "lacks", load)


@unittest.skipIf(why_not(), why_not())
class FunctionTests(unittest.TestCase):
    """Each kernel against PyTorch in float, values and gradients, on the same numbers."""

    def setUp(self):
        from ..kernels import functions

        torch.manual_seed(3)
        self.functions = functions

    def compare(self, kernel, expected, *inputs: Tensor):
        """`inputs` are what bfloat16 can hold; those of norms' weights stay float."""
        halves = [value.clone().requires_grad_(True) for value in inputs]
        floats = [value.float().clone().requires_grad_(True) for value in inputs]
        actual_result, expected_result = kernel(*halves), expected(*floats)
        self.assertLess(difference(actual_result, expected_result), TOLERANCE)
        slope = torch.randn(expected_result.shape).to(HALF)
        actual_result.backward(slope)
        expected_result.backward(slope.float())
        for index, (half, full) in enumerate(zip(halves, floats)):
            self.assertLess(difference(half.grad, full.grad), TOLERANCE, f"gradient {index}")

    def test_linear_of_any_sizes(self):
        for rows, before, after in ((256, 48, 384), (40, 72, 24), (1037, 96, 72), (5, 16, 8)):
            with self.subTest(rows=rows, before=before, after=after):
                values, weight, bias = torch.randn(rows, before), torch.randn(after, before), torch.randn(after)
                self.compare(self.functions.linear, functional.linear, values.to(HALF), weight.to(HALF), bias.to(HALF))

    def test_gated_gelu(self):
        def expected(inner: Tensor) -> Tensor:
            value, gate = inner.chunk(2, -1)
            return value * functional.gelu(gate)

        self.compare(self.functions.gated_gelu, expected, 3 * torch.randn(33, 96).to(HALF))

    def test_layer_norm(self):
        for width in (24, 48, 128):
            with self.subTest(width=width):
                values, weight, bias = 2 + torch.randn(50, width), torch.randn(width), torch.randn(width)
                self.compare(
                    lambda x, w, b: self.functions.layer_norm(x, w, b, 1e-5),
                    lambda x, w, b: functional.layer_norm(x, (x.shape[-1],), w, b, 1e-5),
                    values.to(HALF), weight, bias,
                )  # fmt: skip

    def test_group_norm_with_and_without_silu(self):
        for silu in (False, True):
            with self.subTest(silu=silu):

                def expected(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
                    result = functional.group_norm(x.transpose(1, 2), 8, w, b, 1e-6).transpose(1, 2)
                    return functional.silu(result) if silu else result

                values, weight, bias = 1 + torch.randn(3, 64, 72), torch.randn(72), torch.randn(72)
                self.compare(lambda x, w, b: self.functions.group_norm(x, w, b, 3, 8, 1e-6, silu), expected, values.to(HALF), weight, bias)

    def test_attention_of_any_sizes(self):
        for queries, keys, heads, width in ((256, 256, 2, 16), (64, 16, 3, 24), (16, 16, 2, 8), (20, 8, 1, 32)):
            with self.subTest(queries=queries, keys=keys):
                shapes = [(2, 3, tokens, heads, width) for tokens in (queries, keys, keys)]

                def expected(*inputs: Tensor) -> Tensor:
                    flat = [value.flatten(0, 1).flatten(-2) for value in inputs]
                    return attend(*flat, heads).view(shapes[0])

                self.compare(self.functions.attention, expected, *(torch.randn(shape).to(HALF) for shape in shapes))

    def test_attention_over_an_axis_that_is_not_the_last_but_two(self):
        values = torch.randn(2, 16, 5, 2, 8).to(HALF)
        moved = values.transpose(1, 2)
        self.assertTrue(torch.equal(self.functions.attention(moved, moved, moved), self.functions.attention(*(moved.contiguous(),) * 3)))

    def test_attention_refuses_more_tokens_than_it_was_written_for(self):
        many = torch.randn(1, 1, 300, 1, 16).to(HALF)
        self.assertRaisesRegex(RuntimeError, "at most 256 tokens", self.functions.attention, many, many, many)


@unittest.skipIf(why_not(), why_not())
class NetworkTests(unittest.TestCase):
    """Whole networks with random weights of the smoke settings, in which nothing is zero."""

    def setUp(self):
        torch.manual_seed(4)
        architecture = load_settings(Path(__file__).parents[1] / "settings/smoke.json").architecture
        self.model = PortraitModel(architecture)
        with torch.no_grad():
            for parameter in self.model.parameters():
                parameter.add_(0.02 * torch.randn_like(parameter))
        self.latents = architecture["vae"]["latent_channels"]
        self.width = architecture["unet"]["cross_attention_dim"]

    def inputs(self, batch: int, frames: int):
        tokens = batch * frames
        image = torch.randn(batch, 5, self.width).repeat_interleave(frames, 0)
        return torch.randn(batch, frames, 2 * self.latents, 16, 16), torch.randn(batch), image, torch.randn(tokens, 8, self.width), torch.rand(batch, 3)

    def gradients(self, unet: UNet, call, inputs) -> Tensor:
        result = call(*inputs)
        (result.float() * self.target).mean().backward()
        return torch.cat([parameter.grad.flatten() for parameter in unet.parameters() if parameter.grad is not None])

    def test_unet_of_windows_and_of_single_pictures(self):
        from ..kernels.networks import HalfUNet

        for batch, frames in ((2, 4), (6, 1)):
            with self.subTest(frames=frames):
                expected, actual = copy.deepcopy(self.model.unet), copy.deepcopy(self.model.unet)
                for unet in (expected, actual):
                    set_spatial_only(unet, frames == 1)
                inputs = self.inputs(batch, frames)
                self.target = torch.randn(batch, frames, self.latents, 16, 16)
                with torch.no_grad():
                    self.assertLess(difference(HalfUNet(actual)(*inputs), expected(*inputs)), NETWORK_TOLERANCE)
                slopes = self.gradients(actual, HalfUNet(actual), inputs), self.gradients(expected, expected, inputs)
                self.assertLess(difference(*slopes), NETWORK_TOLERANCE)

    def test_head_pose(self):
        from ..kernels.networks import HalfHeadPose

        expected, actual = copy.deepcopy(self.model.headpose), copy.deepcopy(self.model.headpose)
        crops, self.target = functional.interpolate(torch.rand(8, 3, 12, 12), 64, mode="bilinear"), torch.randn(8, 6)

        def call(network):
            return lambda crops: torch.cat([part / unit for part, unit in zip(network(crops), (360, 4))], 1)

        with torch.no_grad():
            self.assertLess(difference(call(HalfHeadPose(actual))(crops), call(expected)(crops)), NETWORK_TOLERANCE)
        self.gradients(actual, call(HalfHeadPose(actual)), (crops,))
        self.gradients(expected, call(expected), (crops,))
        last, first = (lambda network: network.head_pose_net.fc.weight.grad), (lambda network: network.head_pose_net.conv1.weight.grad)
        self.assertLess(difference(last(actual), last(expected)), NETWORK_TOLERANCE)
        self.assertLess(difference(first(actual), first(expected)), RECTIFIED_TOLERANCE)

    def test_decoder_of_chunks_and_of_single_pictures(self):
        from ..kernels.networks import HalfDecoder

        for chunk in (4, 1):
            with self.subTest(chunk=chunk):
                expected, actual = copy.deepcopy(self.model.vae.decoder), copy.deepcopy(self.model.vae.decoder)
                for decoder in (expected, actual):
                    set_spatial_only(decoder, chunk == 1)
                inputs = torch.randn(8, self.latents, 16, 16), chunk
                with torch.no_grad():
                    shown = expected(*inputs)
                    self.assertLess(difference(HalfDecoder(actual)(*inputs), shown), NETWORK_TOLERANCE)
                self.target = torch.randn(shown.shape)
                slopes = self.gradients(actual, HalfDecoder(actual), inputs), self.gradients(expected, expected, inputs)
                self.assertLess(difference(*slopes), NETWORK_TOLERANCE)

    def test_latents(self):
        from ..kernels.networks import HalfEncoder

        pictures = functional.interpolate(torch.rand(9, 3, 8, 8) * 2 - 1, 64, mode="bilinear")
        self.assertLess(difference(HalfEncoder(self.model.vae)(pictures), self.model.latents(pictures).detach()), NETWORK_TOLERANCE)
