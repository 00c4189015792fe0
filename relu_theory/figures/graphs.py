"""The graphs of three networks with two inputs: one flat face for each cell.

Left, a random network; middle, the sum of the iterated tents of both coordinates; right, the
network trained on the diabetes data.  Colours are heights left and right, affine maps in the
middle; the light comes from the left.
"""

from dataclasses import asdict
from typing import Any

from relu_theory.data import trained
from relu_theory.domain import Box
from relu_theory.families import gaussian, iterated_tent
from relu_theory.network import ReluNetwork
from relu_theory.plotting import Planar, graph3d, planar

SIZE = (11.0, 4.0)
SEED = 0
THEOREMS = ()


def data(rng: Any, fast: bool) -> list[dict[str, Any]]:
    """Three pictures with their titles."""
    tents = iterated_tent(1 if fast else 2)
    added = ReluNetwork([[[1, 1]]], [[0]]).compose(tents)
    panels = [
        ("Gaussian, widths 12-12", "value", gaussian(2, [12, 12], seed=4), Box([-1, -1], [1, 1])),
        ("iterated tents, added", "affine", added, Box([0, 0], [1, 1])),
        ("diabetes, trained", "value", *trained.load("diabetes2")[:2]),
    ]
    return [
        {"title": title, "color": color, "picture": asdict(planar(net, box))}
        for title, color, net, box in panels
    ]


def draw(data: list[dict[str, Any]], fig: Any) -> None:
    """One panel for each network."""
    for i, panel in enumerate(data):
        ax = fig.add_subplot(1, len(data), i + 1, projection="3d")
        picture = Planar(**panel["picture"])
        graph3d(picture, ax=ax, color=panel["color"])
        ax.set(xticklabels=[], yticklabels=[], zticklabels=[])
        ax.set_box_aspect((1, 1, 0.6), zoom=1.1)
        ax.view_init(elev=34, azim=-58)
        ax.set_title(f"{panel['title']}: {picture.size} faces", size=10)
