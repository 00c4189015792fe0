"""Planar slices of trained networks with many inputs, each through three points of its data.

The plane of a slice is spanned by three data points, the corners of the triangle.  Its cells are
coloured by affine map; the line style tells the hidden layer.
"""

from dataclasses import asdict
from typing import Any

from relu_theory.data import trained
from relu_theory.domain import Box
from relu_theory.plotting import Planar, planar_slice, regions2d

SIZE = (10.5, 3.9)
SEED = 1
THEOREMS = ()

_NAMES = ("breast_cancer5", "diabetes6", "digits4")
_WINDOW = Box(["-1", "-1"], ["2", "2"])


def data(rng: Any, fast: bool) -> list[dict[str, Any]]:
    """For each network the slice through three points drawn from its sample."""
    panels = []
    for name in _NAMES[:1] if fast else _NAMES:
        net, _, info = trained.load(name)
        points, _ = trained.sample(name)
        a, b, c = points[rng.choice(len(points), size=3, replace=False)]
        picture = planar_slice(net, a, b - a, c - a, _WINDOW)
        title = f"{info['dataset'].replace('_', ' ')}, {net.input_dim} inputs"
        panels.append({"title": title, "picture": asdict(picture)})
    return panels


def draw(data: list[dict[str, Any]], fig: Any) -> None:
    """One panel for each network."""
    axes = fig.subplots(1, len(data), squeeze=False)[0]
    for ax, panel in zip(axes, data, strict=True):
        picture = Planar(**panel["picture"])
        regions2d(picture, ax=ax)
        ax.plot(
            [0, 1, 0, 0], [0, 0, 1, 0], "-o", color="white", mec="black", lw=1.2, ms=6, zorder=5
        )
        ax.set(xticks=[0, 1], yticks=[0, 1])
        ax.set_title(f"{panel['title']}: {picture.size} cells", size=10)
