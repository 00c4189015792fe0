"""Exact growth of small ReLU classes on a moment curve, below Sauer's bound for their dimension.

Every labeling is decided exactly; the bound takes the exact VC dimension of the class.
"""

from typing import Any

import numpy as np

from relu_theory import vc

SIZE = (10.0, 4.2)
THEOREMS = ("sauer1972_growth.growth_of_networks", "cover1965_dichotomies.general_position")
_COLOURS = ("#0072B2", "#D55E00", "#009E73")


def data(rng: np.random.Generator, fast: bool) -> list[dict[str, Any]]:
    """For one and two inputs and each number of units: growth and bound over the points."""
    out = []
    for inputs, most in ((1, 6 if fast else 9), (2, 5 if fast else 9)):
        for units in (1, 2, 3) if inputs == 1 else (1, 2):
            net = vc.OneHidden(inputs, units)
            d = vc.dimension(net, tries=0, certify=False).upper
            curve = [[t**j for j in range(1, inputs + 1)] for t in range(most)]
            sizes = range(1, most + 1)
            out.append({
                "inputs": inputs,
                "units": units,
                "dimension": d,
                "growth": [vc.growth(net, curve[:m]) for m in sizes],
                "sauer": [vc.sauer_shelah(m, d) for m in sizes],
            })  # fmt: skip
    return out


def draw(data: list[dict[str, Any]], fig: Any) -> None:
    """One panel for each input dimension, on a logarithmic scale."""
    axes = fig.subplots(1, 2)
    for ax, inputs in zip(axes, (1, 2), strict=True):
        series = [s for s in data if s["inputs"] == inputs]
        x = list(range(1, len(series[0]["growth"]) + 1))
        ax.plot(x, [2**m for m in x], ":", color="#444444", label="$2^m$")
        for one, colour, marker in zip(series, _COLOURS, "os^", strict=False):
            name = f"{one['units']} ReLU" + "s" * (one["units"] > 1)
            ax.plot(x, one["growth"], marker + "-", color=colour, markersize=4,
                    label=f"{name}, exact")  # fmt: skip
            ax.plot(x, one["sauer"], "--", color=colour, linewidth=1,
                    label=f"Sauer, VC = {one['dimension']}")  # fmt: skip
        ax.set(yscale="log", xlabel="points m", xticks=x,
               title="on the line" if inputs == 1 else "on a parabola in the plane")  # fmt: skip
        ax.grid(True, linewidth=0.4, alpha=0.5)
        ax.legend(frameon=False, fontsize=8)
    axes[0].set_ylabel("labelings")
