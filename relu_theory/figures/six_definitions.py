"""The six definitions of a linear region, side by side, on two small networks.

Top, the running example of Stargalla, Hertrich and Reichman, max(-y, min(0, -x)); below, a network
with eight neurons that has six different counts.  Equal colours in one panel are one region.  The
thick lines in the first column, one colour for each, are activation regions without interior; the
dashed lines in the third are cuts of a smallest polyhedral complex inside regions of the function.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from relu_theory.domain import Box
from relu_theory.families import separating_examples
from relu_theory.network import Pattern, ReluNetwork
from relu_theory.plotting import Planar, planar
from relu_theory.plotting.palettes import PETROFF10, by_label
from relu_theory.regions import KINDS, all_counts, convex_regions, polyhedral_complex
from relu_theory.regions.connected import closed_components, open_components

SIZE = (12.0, 4.8)
SEED = 0
THEOREMS = (
    "stargalla2025_definitions.chain",
    "stargalla2025_definitions.running_example",
    "stargalla2025_definitions.separations",
    "stargalla2025_definitions.strict",
)

_THIN = ("#D6006C", "#1A1A1A", "#FF7FBF")
_EXAMPLES = (("paper", Box(-1, 1, dim=2)), ("all six", Box([-2, -4], [6, 3])))


def data(rng: Any, fast: bool) -> list[dict[str, Any]]:
    """For each example its cells, the region of each cell by each definition, and thin regions."""
    networks = {e.name: e.network for e in separating_examples()}
    return [_example(networks[name], box) for name, box in _EXAMPLES[: 1 if fast else None]]


def _example(net: ReluNetwork, box: Box) -> dict[str, Any]:
    convex = convex_regions(net, box)
    found = convex.subdivision
    groups = {
        "convex": convex.pieces,
        "open_connected": open_components(found),
        "closed_connected": closed_components(found),
    }
    labels = {kind: _labels(parts, found.size) for kind, parts in groups.items()}
    alone = list(range(found.size))
    return {
        "picture": asdict(planar(net, box)),
        "counts": all_counts(net, box),
        "labels": {"activation": alone, "proper": alone, **labels, "affine": list(found.piece)},
        "thin": _thin(net, box),
    }


def _labels(parts: Sequence[Any], size: int) -> list[int]:
    label = {cell: k for k, part in enumerate(parts) for cell in part}
    return [label[cell] for cell in range(size)]


def _thin(net: ReluNetwork, box: Box) -> list[dict[str, Any]]:
    """Faces with a pattern that no face of a larger dimension has: its number and their ends."""
    faces = polyhedral_complex(net, box)
    larger: set[Pattern] = set()
    number: dict[Pattern, int] = {}
    out = []
    for dim in (2, 1, 0):
        patterns = [(net.pattern(_middle(face)), face) for face in faces.faces(dim)]
        for pattern, face in patterns:
            if dim < 2 and pattern not in larger:
                ends = [[float(x) for x in v] for v in face.vertices]
                out.append({"label": number.setdefault(pattern, len(number)), "ends": ends})
        larger.update(pattern for pattern, _ in patterns)
    return out


def _middle(face: Any) -> list[Any]:
    return [sum(x) / len(face.vertices) for x in zip(*face.vertices, strict=True)]


def draw(data: list[dict[str, Any]], fig: Any) -> None:
    """One row for each network, one column for each definition."""
    axes = fig.subplots(len(data), len(KINDS), squeeze=False)
    for row, panel in zip(axes, data, strict=True):
        picture = Planar(**panel["picture"])
        for ax, kind in zip(row, KINDS, strict=True):
            _panel(ax, picture, panel["labels"][kind], kind)
            if kind == "activation":
                _draw_thin(ax, panel["thin"])
            ax.set_title(f"{kind.replace('_', ' ')}: {panel['counts'][kind]}", size=10)


def _panel(ax: Any, picture: Planar, labels: Sequence[int], kind: str) -> None:
    from matplotlib.collections import LineCollection, PolyCollection

    names = np.asarray(labels)
    ax.add_collection(PolyCollection(picture.polygons, facecolors=by_label(labels, PETROFF10)))
    first, second = (names[picture.pairs[:, k]] for k in (0, 1))
    ax.add_collection(
        LineCollection(picture.facets[first != second], colors="black", linewidths=1.1))
    if kind == "convex":
        maps = [picture.affine[picture.pairs[:, k]] for k in (0, 1)]
        cuts = (first != second) & (maps[0] == maps[1])
        ax.add_collection(LineCollection(
            picture.facets[cuts], colors="white", linewidths=1.6, linestyles=(0, (3, 2))))
    (left, low), (right, high) = picture.bounds
    ax.set(xlim=(left, right), ylim=(low, high), xticks=[], yticks=[])


def _draw_thin(ax: Any, thin: Sequence[dict[str, Any]]) -> None:
    for part in thin:
        x, y = zip(*part["ends"], strict=True)
        ax.plot(x, y, "o" if len(x) == 1 else "-", color=_THIN[part["label"] % len(_THIN)],
                linewidth=3.6, markersize=7, zorder=4, solid_capstyle="butt")
