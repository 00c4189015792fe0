"""Networks that fold: iterated tents on the interval, and the regions they cut from the square.

Above, the iterates of the tent map. Below, on the unit square, two coordinates folded by tents, and
the constructions of Montufar et al. 2014 and Serra et al. 2018, whose last layer is a generic
arrangement that every fold repeats.
"""

from fractions import Fraction
from typing import Any

import numpy as np

from relu_theory import families, regions
from relu_theory.domain import Box
from relu_theory.plotting import planar, regions2d

SIZE = (10.0, 7.0)
THEOREMS = (
    "telgarsky2016_tents.interval",
    "telgarsky2016_tents.coordinates",
    "montufar2014_lower_bound.folded_line",
    "montufar2014_lower_bound.attained_in_cube",
)


def data(rng: np.random.Generator, fast: bool) -> dict[str, Any]:
    """Exact values of the iterates at their knots; the cells of three networks; nothing random."""
    square = Box(0, 1, dim=2)
    networks = {
        "tents, two layers of 4": families.iterated_tent(2, 2),
        "Montúfar et al., layers 4, 4": families.montufar(2, [4, 4]),
        "Serra et al., layers 6, 6": families.serra(2, [6, 6]),
    }
    return {
        "curves": [_iterate(k) for k in ((1, 2, 3) if fast else (1, 3, 6))],
        "squares": [
            {"title": title, "cells": planar(net, square), "count": regions.count(net, square)}
            for title, net in networks.items()
        ],
    }


def draw(data: dict[str, Any], fig: Any) -> None:
    """A row of graphs above a row of squares."""
    above, below = fig.subplots(2, 3, height_ratios=(1, 2))
    for ax, curve in zip(above, data["curves"], strict=True):
        ax.plot([float(x) for x in curve["x"]], [float(y) for y in curve["y"]], color="#0072B2")
        ax.set(xlim=(0, 1), ylim=(0, 1.05), xticks=(0, 0.5, 1), yticks=(0, 1))
        ax.set_title(f"$m^{{\\circ {curve['k']}}}$: {curve['pieces']} pieces")
    for ax, square in zip(below, data["squares"], strict=True):
        regions2d(square["cells"], ax=ax)
        ax.set(xticks=(0, 1), yticks=(0, 1))
        ax.set_title(f"{square['title']}:\n{square['count']} regions in the square")


def _iterate(k: int) -> dict[str, Any]:
    net = families.sawtooth(k)
    knots = [Fraction(i, 2**k) for i in range(2**k + 1)]
    return {
        "k": k,
        "x": knots,
        "y": [net.forward_exact([x])[0] for x in knots],
        "pieces": regions.count(net, Box(0, 1, dim=1)),
    }
