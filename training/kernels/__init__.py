"""Operations that training on a CPU spends its time in, written for processors with matrix tiles (Intel AMX), and a UNet made of them.

Bfloat16 activations with channels last throughout: no map is ever transposed. Compiled by g++ on first use, into PyTorch's cache of extensions.
"""

from pathlib import Path

SOURCES = ("operators", "pointwise", "norms", "linear", "attention")
NEEDED = ("amx_tile", "amx_bf16", "avx512_bf16", "avx512vl")


class KernelError(Exception):
    """The kernels cannot be had on this machine."""


def missing_features(cpuinfo: Path = Path("/proc/cpuinfo")) -> "list[str]":
    """What the kernels need and this processor, or its operating system, does not have."""
    flags = set(cpuinfo.read_text().split()) if cpuinfo.exists() else set()
    return [feature for feature in NEEDED if feature not in flags]


def load() -> None:
    """Compiles and loads the operators, once."""
    missing = missing_features()
    if missing:
        raise KernelError(f"this processor lacks {', '.join(missing)}; train without 'kernels'")
    from torch.utils import cpp_extension  # needs a compiler, so only those who ask for kernels import it

    here = Path(__file__).parent
    try:
        cpp_extension.load(
            "portrait_kernels",
            [str(here / f"{name}.cpp") for name in SOURCES],
            extra_cflags=["-O3", "-std=c++17", "-march=native"],
            is_python_module=False,
        )
    except (OSError, RuntimeError) as problem:
        raise KernelError(f"g++ and ninja are needed to compile the kernels: {problem}") from problem
