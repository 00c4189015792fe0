"""Doelz, Multerer and Palma (2026): what the curves of trained networks tell, on three data sets.

The paper's abstract says that the discrete modulus tells trained from untrained networks, and
underfitting from overfitting. The rows measure that on networks of our own; they are observations
and no theorems, and their statements are ours.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from relu_theory import families, lipschitz
from relu_theory.data import fits
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["over_fitted", "training", "under_fitted"]

_PAPER: dict[str, Any] = {"paper": "doelz2026", "arxiv": "2605.28729", "mark": "derived",
                          "arithmetic": "float"}


def _parts(quick: bool) -> Iterator[Instance]:
    for name in fits.NAMES[:2] if quick else fits.NAMES:
        for part in ("all", "training", "other"):
            yield Instance(f"{name}, {part} points", {"name": name, "part": part})


def _unseen(quick: bool) -> Iterator[Instance]:
    for name in fits.NAMES[:2] if quick else fits.NAMES:
        yield Instance(f"{name}, other points", {"name": name})


def _modulus(data: fits.Fits, part: str, stage: str) -> lipschitz.Modulus:
    """The modulus of the data, or of a network's answers, on a part of the points."""
    chosen = {"all": np.ones(len(data.points), bool), "training": data.training,
              "other": ~data.training}[part]
    if stage == "data":
        values = data.wanted()
    elif stage == "untrained":
        like = data.networks["trained"]
        values = data.answers(families.gaussian(like.input_dim, like.widths, 0, like.output_dim))
    else:
        values = data.answers(data.networks[stage])
    return lipschitz.dmoc(data.points[chosen], values[chosen])


def _similarity(data: fits.Fits, part: str, stage: str) -> Fraction:
    wanted, found = (_modulus(data, part, kind) for kind in ("data", stage))
    width = float(np.linalg.norm(np.ptp(data.points, axis=0)))
    times = np.geomspace(wanted.separation(), width, 200)
    return _shown(lipschitz.compare(wanted(times), found(times)).s_rel)


def _shown(value: float) -> Fraction:
    """To four decimals: all that a measured number is worth here."""
    return Fraction(f"{value:.4f}")


@theorem(
    statement="The curve of a trained network is nearer to that of its data than one before "
    "training.",
    latex=r"S_{rel}(w_{data},w_{trained})\ge S_{rel}(w_{data},w_{untrained})",
    hypotheses="The networks and data of the package; a measurement, not a theorem.",
    number="not in the paper",
    relation=">=",
    instances=_parts,
    **_PAPER,
)
def training(name: str, part: str) -> Measured:
    """S_rel of the two networks, on 200 distances up to the diagonal of the bounding box.

    Examples
    --------
    >>> training.check(Instance("iris", {"name": "iris", "part": "training"})).verdict.name
    'HOLDS'
    """
    data = fits.load(name)
    return Measured(_similarity(data, part, "trained"), _similarity(data, part, "untrained"))


@theorem(
    statement="An under-fitted network varies less than its data: its discrete constant is below.",
    latex=r"L_X(f_{under})\le L_X(data)",
    hypotheses="The networks and data of the package; a measurement, not a theorem.",
    number="not in the paper",
    relation="<=",
    instances=_parts,
    **_PAPER,
)
def under_fitted(name: str, part: str) -> Measured:
    """The discrete constants of a network after two steps of training, and of the data."""
    data = fits.load(name)
    found, wanted = (_modulus(data, part, kind) for kind in ("under-fitted", "data"))
    return Measured(_shown(found.lipschitz), _shown(wanted.lipschitz))


@theorem(
    statement="An over-fitted network varies more than its data on points that it has not seen.",
    latex=r"L_X(f_{over})\ge L_X(data)",
    hypotheses="The networks and data of the package; a measurement, not a theorem.",
    number="not in the paper",
    relation=">=",
    instances=_unseen,
    **_PAPER,
)
def over_fitted(name: str) -> Measured:
    """The discrete constants on the points that are not for training."""
    data = fits.load(name)
    found, wanted = (_modulus(data, "other", kind) for kind in ("over-fitted", "data"))
    return Measured(_shown(found.lipschitz), _shown(wanted.lipschitz))
