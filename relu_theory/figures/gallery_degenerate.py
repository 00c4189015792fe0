"""Degenerate networks drawn right: repeated, concurrent, parallel and dead neurons, and tents.

Each panel shows the cells of the exact enumeration, coloured by affine map, with one line style per
hidden layer.  The gap and the sliver are a billion times thinner than the square: their first
coordinate is magnified.
"""

from dataclasses import asdict
from typing import Any

from relu_theory.domain import Box
from relu_theory.families import load_traps
from relu_theory.plotting import Planar, planar, regions2d

SIZE = (10.5, 5.9)
SEED = 0
THEOREMS = ("known_answers.traps", "telgarsky2016_tents.coordinates")

_SQUARE = Box([-1, -1], [1, 1])
_NARROW = Box(["-2e-9", -1], ["2e-9", 1])
_PANELS = (
    ("duplicate", "six rows, two lines", _SQUARE),
    ("six lines through a point", "a pencil", _SQUARE),
    ("gap of 1e-9", "two parallels, magnified", _NARROW),
    ("sliver", "two lines, magnified", _NARROW),
    ("dead neurons", "zero rows among two lines", _SQUARE),
    ("grid", "five and five parallels", _SQUARE),
    ("identity gadget", "lines carried through a layer", _SQUARE),
    ("iterated tent, 3 layers", "tents, three layers", Box([0, 0], [1, 1])),
)


def data(rng: Any, fast: bool) -> list[dict[str, Any]]:
    """One picture for each trap."""
    networks = {case.name: case.network for case in load_traps()}
    return [
        {"title": title, "picture": asdict(planar(networks[name], box))}
        for name, title, box in _PANELS
    ]


def draw(data: list[dict[str, Any]], fig: Any) -> None:
    """Two rows of four panels."""
    axes = fig.subplots(2, 4)
    for ax, panel in zip(axes.flat, data, strict=True):
        picture = Planar(**panel["picture"])
        regions2d(picture, ax=ax)
        ax.set(xticks=[], yticks=[])
        ax.set_aspect("auto")
        ax.set_title(f"{panel['title']}: {picture.size} cells", size=10)
