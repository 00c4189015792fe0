"""Widths of relaxed bounds over the true width, against the size of the box, for one network.

A Gaussian network with two inputs and three hidden layers; boxes [-r, r]^2. The true ranges are
exact, the bounds proved in rationals.
"""

from fractions import Fraction
from typing import Any

import numpy as np

from relu_theory import families, relaxation
from relu_theory.domain import Box

SIZE = (6.4, 4.2)
THEOREMS = ("mao2026_multineuron.layerwise_hulls_are_incomplete",)
_METHODS = (
    ("ibp", "interval arithmetic", "o", "#000000", "solid"),
    ("deeppoly1", "DeepPoly, lower lines $a$", "v", "#E69F00", (0, (1, 1))),
    ("crown", "CROWN (adaptive)", "^", "#009E73", (0, (4, 1))),
    ("deeppoly0", "DeepPoly, lower lines 0", "s", "#0072B2", (0, (4, 1, 1, 1))),
    ("triangle", "triangle", "D", "#D55E00", "solid"),
)


def data(rng: np.random.Generator, fast: bool) -> dict[str, Any]:
    """For each radius the true width and the widths of all bounds."""
    net = families.gaussian(2, [10, 10] if fast else [16, 16, 16], int(rng.integers(10**6)))
    net = net.select(0)
    radii = [Fraction(1, 2**k) for k in range(8, -1, -4 if fast else -1)]
    rows: dict[str, list[Fraction]] = {name: [] for name, *_ in _METHODS}
    true = []
    for radius in radii:
        box = Box(-radius, radius, dim=2)
        (r,) = relaxation.range(net, box)
        true.append(r.maximum - r.minimum)
        for name in rows:
            found = relaxation.bounds(net, box, name)
            rows[name].append(found.upper[0] - found.lower[0])
    return {"radii": radii, "true": true, "widths": rows}


def draw(data: dict[str, Any], ax: Any) -> None:
    """Ratios on doubly logarithmic axes."""
    x = [float(r) for r in data["radii"]]
    for name, label, marker, colour, style in _METHODS:
        y = [float(w / t) for w, t in zip(data["widths"][name], data["true"], strict=True)]
        ax.plot(x, y, marker=marker, color=colour, linestyle=style, markersize=4, label=label)
    ax.axhline(1, color="#888888", linewidth=0.8)
    ax.set(xscale="log", yscale="log", xlabel="radius of the box", ylabel="width / true width")
    ax.set_title("Relaxed bounds of one network on boxes of every size")
    ax.grid(True, which="major", linewidth=0.4, alpha=0.5)
    ax.legend(frameon=False)
