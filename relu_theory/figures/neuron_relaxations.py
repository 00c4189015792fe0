"""The sets by which relaxations replace the graph of one ReLU on an interval of pre-activations.

Left to right: interval arithmetic, DeepPoly with lower line 0, with lower line a, and the triangle,
the convex hull of the graph. The vertices are exact.
"""

from fractions import Fraction
from typing import Any

import numpy as np

from relu_theory.exact.numbers import fraction, rational
from relu_theory.intervals import Interval
from relu_theory.relaxation.lines import chords

SIZE = (10.0, 3.1)
THEOREMS = ("baader2024_expressivity.maximum_of_two",)
_ENDS = (Fraction(-2), Fraction(1))


def data(rng: np.random.Generator, fast: bool) -> list[dict[str, Any]]:
    """For each relaxation its name, its corners and its area."""
    low, up = _ENDS
    found = chords(Interval([rational(low)], [rational(up)]), None)
    slope, offset = fraction(found.slopes[0]), fraction(found.offsets[0])
    left, right = (low, slope * low + offset), (up, slope * up + offset)
    zero = Fraction(0)
    shapes = {
        "interval arithmetic": [(low, zero), (up, zero), (up, up), (low, up)],
        "DeepPoly, lower line 0": [(low, zero), (up, zero), right, left],
        "DeepPoly, lower line $a$": [(low, low), right, left],
        "triangle": [(low, zero), (zero, zero), right],
    }
    return [{"name": n, "corners": c, "area": _area(c)} for n, c in shapes.items()]


def draw(data: list[dict[str, Any]], fig: Any) -> None:
    """One panel for each set, with the graph of the ReLU."""
    axes = fig.subplots(1, len(data), sharex=True, sharey=True)
    for ax, panel in zip(axes, data, strict=True):
        corners = [(float(x), float(y)) for x, y in panel["corners"]]
        ax.fill(*zip(*corners, strict=True), color="#0072B2", alpha=0.3)
        ax.plot([float(_ENDS[0]), 0, float(_ENDS[1])], [0, 0, float(_ENDS[1])], color="black")
        ax.set_title(f"{panel['name']}\narea {panel['area']}", size=9)
        ax.set_xlabel("pre-activation $a$")
        ax.set_aspect("equal")
    axes[0].set_ylabel("activation")


def _area(corners: list[tuple[Fraction, Fraction]]) -> Fraction:
    around = zip(corners, [*corners[1:], corners[0]], strict=True)
    return abs(sum((a * d - b * c for (a, b), (c, d) in around), Fraction(0))) / 2
