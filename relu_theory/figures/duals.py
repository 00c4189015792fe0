"""Dual graphs of networks: cells are nodes, and an edge crosses each facet that two cells share.

Left, a random network with two hidden layers: every crossing flips one neuron, so the graph is
bipartite.  Middle, six lines through a point: the dual of a pencil is a cycle.  Right, a network
trained on two principal components of the breast cancer data.
"""

from dataclasses import asdict
from typing import Any

from relu_theory.data import trained
from relu_theory.domain import Box
from relu_theory.families import gaussian, load_traps
from relu_theory.plotting import Planar, dual2d, planar

SIZE = (10.5, 3.9)
SEED = 0
THEOREMS = ()


def data(rng: Any, fast: bool) -> list[dict[str, Any]]:
    """Three pictures with their titles."""
    square = Box([-1, -1], [1, 1])
    pencil = next(case for case in load_traps() if case.name == "six lines through a point")
    learnt, box, _ = trained.load("breast_cancer2")
    panels = [
        ("Gaussian, widths 7-7", gaussian(2, [7, 7], seed=12), square),
        ("six lines through a point", pencil.network, square),
        ("breast cancer, trained", learnt, box),
    ]
    return [{"title": title, "picture": asdict(planar(net, box))} for title, net, box in panels]


def draw(data: list[dict[str, Any]], fig: Any) -> None:
    """One panel for each network."""
    axes = fig.subplots(1, len(data))
    for ax, panel in zip(axes, data, strict=True):
        picture = Planar(**panel["picture"])
        dual2d(picture, ax=ax)
        ax.set(xticks=[], yticks=[])
        ax.set_aspect("auto")
        ax.set_title(f"{panel['title']}\n{picture.size} cells, {len(picture.pairs)} edges", size=10)
