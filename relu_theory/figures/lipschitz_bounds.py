"""Proved bounds on the Lipschitz constant, divided by the exact constant, over depth and width.

Gaussian networks with two inputs: left, width 8; right, two hidden layers. Each point is the
geometric mean over some seeds; the exact constant is that of the plane.
"""

from typing import Any

import numpy as np

from relu_theory import families, lipschitz
from relu_theory.plotting.palettes import OKABE_ITO

SIZE = (9.5, 3.8)
SEED = 0
THEOREMS = (
    "fazlyab2019_lipsdp.diagonal_multipliers",
    "xu2024_eclipse.closed_form",
    "jordan2020_exact_constants.two_routes",
)

_METHODS = ("product", "eclipse-fast", "lipsdp-first-order")
_STYLES = {"product": ("s", 4), "eclipse-fast": ("^", 5), "lipsdp-first-order": ("o", 2)}


def data(rng: Any, fast: bool) -> dict[str, Any]:
    """Mean ratios for each shape and method."""
    seeds = range(2 if fast else 6)
    depths = [1, 2, 3] if fast else [1, 2, 3, 4, 5]
    widths = [4, 8] if fast else [4, 8, 16, 32]
    return {
        "depth": _ratios({k: [8] * k for k in depths}, seeds),
        "width": _ratios({k: [k, k] for k in widths}, seeds),
    }


def _ratios(shapes: dict[int, list[int]], seeds: Any) -> dict[str, Any]:
    table: dict[str, list[float]] = {method: [] for method in _METHODS}
    for widths in shapes.values():
        nets = [families.gaussian(2, widths, seed) for seed in seeds]
        true = np.array([float(lipschitz.exact(net)) for net in nets])
        for method in _METHODS:
            bounds = np.array([lipschitz.bound(net, method).upper for net in nets])
            table[method].append(float(np.exp(np.log(bounds / true).mean())))
    return {"sizes": list(shapes), "ratios": table}


def draw(data: dict[str, Any], fig: Any) -> None:
    """Depth at the left, width at the right."""
    axes = fig.subplots(1, 2, sharey=True)
    for ax, (what, panel) in zip(axes, data.items(), strict=True):
        for method, values in panel["ratios"].items():
            marker, colour = _STYLES[method]
            ax.plot(panel["sizes"], values, marker=marker, color=OKABE_ITO[colour], label=method)
        ax.axhline(1, color="black", linewidth=0.8)
        ax.set_yscale("log")
        ax.set_xticks(panel["sizes"], [str(k) for k in panel["sizes"]])
        ax.set_xlabel({"depth": "hidden layers of 8 neurons", "width": "width of two layers"}[what])
    axes[0].set_ylabel("bound / exact constant")
    axes[0].legend(fontsize=8)
