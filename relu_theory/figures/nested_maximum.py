"""The maximum of d numbers, nested: one piece for multi-neuron relaxations, 2^(d-1) for patterns.

Left: the activation regions of the network on a section of the cube, each of which a relaxation of
single neurons has to see alone. Right: their number, and that of the pieces on which the layerwise
multi-neuron relaxation is exact, as d grows: the whole cube is one.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from relu_theory import regions
from relu_theory.domain import Box
from relu_theory.relaxation import bounds
from relu_theory.theorems.mao2026_multineuron import nested

SIZE = (9.0, 4.0)
THEOREMS = ("mao2026_multineuron.nested_maximum",)
_LEVEL = Fraction(1, 2)
_COLORS = ("#0072B2", "#D55E00", "#009E73", "#E69F00")


@dataclass(frozen=True)
class Data:
    """Polygons of the section x_3 = 1/2 with their patterns, and one entry for each d."""

    polygons: list[tuple[str, list[tuple[Fraction, Fraction]]]]
    dims: list[int]
    patterns: list[int]
    exact: list[bool]
    triangle: list[Fraction]


def data(rng: np.random.Generator, fast: bool) -> Data:
    """Counts and bounds are exact; the whole cube is one piece where P_1 bounds are the range."""
    section = nested(3).restrict([[1, 0], [0, 1], [0, 0]], [0, 0, _LEVEL])
    polygons = [
        (_word(cell.pattern), _ordered(cell.vertices()))
        for cell in regions.cells(section, Box(0, 1, dim=2))
    ]
    dims = list(range(2, 4 if fast else 5))
    patterns, exact, triangle = [], [], []
    for dim in dims:
        net, cube = nested(dim), Box(0, 1, dim=dim)
        found = bounds(net, cube, "multineuron")
        patterns.append(regions.count(net, cube))
        exact.append((found.lower, found.upper) == ((0,), (1,)))
        triangle.append(bounds(net, cube, "triangle").upper[0])
    return Data(polygons, dims, patterns, exact, triangle)


def draw(data: Data, fig: Any) -> None:
    """The section with its regions, and the numbers of pieces."""
    left, right = fig.subplots(1, 2)
    for (word, corners), color in zip(data.polygons, _COLORS, strict=False):
        points = np.array(corners, dtype=float)
        left.fill(*points.T, facecolor=color, edgecolor="black", alpha=0.45)
        left.text(*points.mean(axis=0), word, ha="center", va="center", size=11)
    left.set_xlabel("$x_1$")
    left.set_ylabel("$x_2$")
    left.set_aspect("equal")
    left.set_title(f"regions where $x_3 = {_LEVEL}$, for $d = 3$:\nthe larger number", size=10)
    right.plot(data.dims, data.patterns, "o-", color="#D55E00", label="activation regions")
    ones = [1 if whole else np.nan for whole in data.exact]
    right.plot(data.dims, ones, "s-", color="#0072B2", label="pieces for multi-neuron hulls")
    for dim, count, upper in zip(data.dims, data.patterns, data.triangle, strict=True):
        right.annotate(f"triangle: {float(upper):.4g}", (dim, count), (-6, 8),
                       textcoords="offset points", ha="right", size=8)  # fmt: skip
    right.set_xticks(data.dims)
    right.set_yscale("log", base=2)
    right.set_ylim(0.7, 4 * max(data.patterns))
    right.set_xlim(data.dims[0] - 0.6, data.dims[-1] + 0.3)
    right.set_xlabel("$d$")
    right.set_title("pieces of the cube; upper bound of the\nmaximum 1 by the triangle", size=10)
    right.legend(loc="upper left", fontsize=8)


def _word(pattern: tuple[tuple[bool, ...], ...]) -> str:
    """Which number wins: the first neuron of a layer says whether the maximum so far does."""
    first, second = pattern[0][0], pattern[1][0]
    return "$x_3$" if not second else "$x_1$" if first else "$x_2$"


def _ordered(corners: list[tuple[Fraction, ...]]) -> list[tuple[Fraction, Fraction]]:
    """The corners of a polygon in the order of their angle around the mean."""
    points = np.array(corners, dtype=float)
    around = points - points.mean(axis=0)
    order = np.argsort(np.arctan2(around[:, 1], around[:, 0]))
    return [(corners[i][0], corners[i][1]) for i in order.tolist()]
