"""The ACAS Xu networks by path: their regions on the boxes of the field's properties, exactly.

Weights are the nearest float64 of each decimal in the ``.nnet`` file; means, ranges and the ends
of the boxes are the exact decimals, and the normalisation is composed exactly. Scores are
un-normalised.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from relu_theory import regions
from relu_theory.domain import Box
from relu_theory.errors import InvalidInput
from relu_theory.exact.numbers import float_of
from relu_theory.interop.nnet import NnetFile, read_nnet
from relu_theory.plotting import slice2d
from relu_theory.regions import OutputRange

__all__ = [
    "INPUTS",
    "PROPERTIES",
    "SCORES",
    "Answer",
    "answer",
    "answers",
    "draw_slices",
    "find",
    "save",
]

INPUTS = ("rho", "theta", "psi", "v_own", "v_int")
SCORES = ("clear of conflict", "weak left", "weak right", "strong left", "strong right")

#: Un-normalised input boxes of the properties phi_1, phi_3 and phi_4 (Katz et al. 2017).
PROPERTIES = {
    1: Box(
        ["55947.691", "-3.141593", "-3.141593", 1145, 0],
        [60760, "3.141593", "3.141593", 1200, 60],
    ),
    3: Box([1500, "-0.06", "3.10", 980, 960], [1800, "0.06", "3.141593", 1200, 1200]),
    4: Box([1500, "-0.06", 0, 1000, 700], [1800, "0.06", 0, 1200, 800]),
}


@dataclass(frozen=True)
class Answer:
    """What is known of one network on the box of one property.

    Attributes
    ----------
    network : str
        Such as "1_1".
    phi : int
    regions : int
        Proper activation regions that meet the box in its relative interior, exactly counted.
    seconds : float
        Time of that count.
    normalised : int
        The same for the box normalised in float64, as most tools read it.
    ranges : tuple of OutputRange
        Exact range of each un-normalised score on the box.
    """

    network: str
    phi: int
    regions: int
    seconds: float
    normalised: int
    ranges: tuple[OutputRange, ...]

    def lines(self) -> Iterator[str]:
        """A line for the counts and one for each score."""
        yield (
            f"{self.network} phi_{self.phi}: {self.regions} regions, {self.seconds:.2f} s; "
            f"{self.normalised} with the box normalised in float64"
        )
        for name, found in zip(SCORES, self.ranges, strict=True):
            low, high = float_of(found.minimum), float_of(found.maximum)
            yield f"    {name:>17}  {low:14.9f}  {high:14.9f}"

    def to_dict(self) -> dict[str, Any]:
        """JSON values; exact numbers are texts "p/q"."""
        return {
            "network": self.network,
            "property": self.phi,
            "regions": self.regions,
            "seconds": round(self.seconds, 4),
            "regions_float64_box": self.normalised,
            "scores": {
                name: {
                    "minimum": str(found.minimum),
                    "argmin": list(map(str, found.argmin or ())),
                    "maximum": str(found.maximum),
                    "argmax": list(map(str, found.argmax or ())),
                }
                for name, found in zip(SCORES, self.ranges, strict=True)
            },
        }


def find(folder: str | Path, names: Sequence[str] | None = None) -> dict[str, NnetFile]:
    """The networks of a folder by their names, such as "1_1".

    Raises
    ------
    InvalidInput
        When a name has no file, or no file of the folder has a name of this kind.
    """
    paths = {
        match[1]: path
        for path in sorted(Path(folder).glob("*.nnet"))
        if (match := re.search(r"(\d_\d)", path.name))
    }
    missing = [name for name in names or () if name not in paths]
    if missing or not paths:
        raise InvalidInput(
            "folder must hold ACAS Xu networks, files like ACASXU_run2a_1_1_batch_2000.nnet: "
            f"{', '.join(missing) or 'any'} not found in {folder}, "
            f"which has {', '.join(paths) or 'none'}"
        )
    return {name: read_nnet(paths[name]) for name in names or paths}


def answer(file: NnetFile, name: str, phi: int, *, workers: int = 1) -> Answer:
    """Count the regions of a network on the box of a property, and bound its scores, exactly.

    Parameters
    ----------
    file : NnetFile
    name : str
        What to call the network.
    phi : 1, 3 or 4
    workers : int
        Threads of the counts.
    """
    net, box = file.raw_network(), PROPERTIES[phi]
    start = time.perf_counter()
    count = regions.count(net, box, workers=workers)
    seconds = time.perf_counter() - start
    image = file.normalised_box(box)
    rounded = Box(list(map(float, image.lower)), list(map(float, image.upper)))
    normalised = regions.count(file.network, rounded, workers=workers)
    return Answer(name, phi, count, seconds, normalised, tuple(regions.output_range(net, box)))


def answers(
    files: dict[str, NnetFile], properties: Iterable[int] = (3, 4), *, workers: int = 1
) -> Iterator[Answer]:
    """`answer` for each property and each network, one after the other."""
    for phi in properties:
        for name, file in files.items():
            yield answer(file, name, phi, workers=workers)


def save(found: Iterable[Answer], path: str | Path) -> None:
    """Write answers as JSON."""
    text = json.dumps([one.to_dict() for one in found], indent=1)
    Path(path).write_text(text + "\n", encoding="utf-8")


def draw_slices(
    files: dict[str, NnetFile],
    path: str | Path,
    properties: Sequence[int] = (3, 4),
    axes: tuple[int, int] = (0, 1),
) -> None:
    """Draw the regions in a plane through the middle of each box: a file with a panel for each.

    Parameters
    ----------
    files, properties
        As in `answers`: rows are properties, columns networks.
    path
        An image file.
    axes
        The two inputs that vary, over their whole range; the others stay in the middle.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    shape = len(properties), len(files)
    fig = Figure(figsize=(4.2 * shape[1], 4.2 * shape[0]), layout="constrained")
    FigureCanvasAgg(fig)
    panels = fig.subplots(*shape, squeeze=False)
    for row, phi in zip(panels, properties, strict=True):
        for ax, (name, file) in zip(row, files.items(), strict=True):
            _draw_slice(ax, file, PROPERTIES[phi], axes)
            ax.set_title(f"{name}, box of phi_{phi}: {len(ax.collections[0].get_paths())} regions")
    fig.savefig(path, dpi=160)


def _draw_slice(ax: Any, file: NnetFile, box: Box, axes: tuple[int, int]) -> None:
    sides = [up - low for low, up in zip(box.lower, box.upper, strict=True)]
    if not all(sides[axis] for axis in axes):
        flat = ", ".join(INPUTS[axis] for axis in axes if not sides[axis])
        raise InvalidInput(f"axes must be inputs that vary on the box; {flat} does not")
    origin = [low if i in axes else low + side / 2
              for i, (low, side) in enumerate(zip(box.lower, sides, strict=True))]  # fmt: skip
    u, v = ([side if i == axis else Fraction(0) for i, side in enumerate(sides)] for axis in axes)
    slice2d(file.raw_network(), origin, u, v, Box(0, 1, dim=2), ax=ax)
    names = "set_xlabel", "set_xticks"
    for (label, ticks), axis in zip((names, ("set_ylabel", "set_yticks")), axes, strict=True):
        getattr(ax, label)(INPUTS[axis])
        ends = (float(box.lower[axis]), float(box.upper[axis]))
        getattr(ax, ticks)([0, 1], [f"{end:g}" for end in ends])
