"""Kernel interpolation in the space of exp<x, y> beside networks sampled from the exponential form.

Exact mean squared errors for polynomials on a box: the interpolant of least norm at n random points
and its bound by the power function; expected errors of n sampled waves F(w) e^<w, x> and of n
sampled ReLU neurons, both times e^(-|x|^2/2), whose slope is -1.
"""

from typing import Any

import numpy as np

from relu_theory import integral
from relu_theory.domain import Box

SIZE = (10.0, 4.4)
THEOREMS = (
    "lee2026_integral_representations.kernel_interpolation",
    "lee2026_integral_representations.least_norm",
)
_CASES = (("x**2*y", ["x", "y"], "$x^2 y$ on $[-1, 1]^2$"),
          ("x*y + z/2", ["x", "y", "z"], "$x y + z/2$ on $[-1, 1]^3$"))  # fmt: skip
_CURVES = (("network", "sampled neurons", "#D55E00", "^-"),
           ("waves", "sampled waves", "#E69F00", "s-."),
           ("kernel_bound", "bound of the interpolant", "#0072B2", "--"),
           ("kernel", "interpolant", "#0072B2", "o-"))  # fmt: skip


def data(rng: np.random.Generator, fast: bool) -> dict[str, Any]:
    """Errors at growing sizes, and the share of the norm that the interpolant has."""
    sizes = (1, 4, 16) if fast else (1, 2, 4, 8, 12, 16, 24, 32, 48)
    panels = []
    for expr, variables, title in _CASES:
        box = Box([-1] * len(variables), [1] * len(variables))
        found = integral.compare_with_kernel(
            expr, sizes, box, rng, variables, rate="1/4", bits=320
        )
        curves = {name: [float(getattr(c, name)) for c in found] for name, *_ in _CURVES}
        curves["captured"] = [float(c.captured) for c in found]
        panels.append({"title": title, "curves": curves})
    return {"sizes": list(sizes), "panels": panels}


def draw(data: dict[str, Any], fig: Any) -> None:
    """A panel for each polynomial, with logarithmic axes."""
    for ax, panel in zip(fig.subplots(1, len(data["panels"])), data["panels"], strict=True):
        for name, label, colour, style in _CURVES:
            ax.plot(data["sizes"], panel["curves"][name], style, color=colour, label=label,
                    markersize=4)  # fmt: skip
        ax.set(xscale="log", yscale="log", xlabel="interpolation points, or neurons",
               ylabel="mean squared error", title=panel["title"])  # fmt: skip
        ax.legend(frameon=False, fontsize=8, loc="lower left")
