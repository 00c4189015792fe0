"""Small ReLU networks trained on real data, stored exactly.

Ten networks with 2 to 6 inputs, trained by :mod:`relu_theory.data.train` on data sets that
scikit-learn carries (iris, wine, breast cancer, diabetes, digits).  Their weights are the trained
float64 numbers, written as rationals; the box of each is the bounding box of its standardised
data, rounded outwards to two decimals.  Neither loading nor analysing them needs scikit-learn.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.domain import Box
from relu_theory.errors import InvalidInput
from relu_theory.network import ReluNetwork

__all__ = ["load", "names", "sample"]


@cache
def _read(filename: str) -> dict[str, Any]:
    return json.loads((resources.files(__name__) / filename).read_text(encoding="utf-8"))


def names() -> tuple[str, ...]:
    """Return the names of the trained networks that ship.

    Examples
    --------
    >>> len(names()), names()[0]
    (10, 'iris2')
    """
    return tuple(_read("index.json"))


def _known(name: str) -> str:
    if name not in _read("index.json"):
        raise InvalidInput(f"name must be one of {', '.join(names())}; got {name!r}")
    return name


def load(name: str) -> tuple[ReluNetwork, Box, dict[str, Any]]:
    """Return a trained network, the box of its data, and how it was trained.

    Parameters
    ----------
    name
        One of :func:`names`.

    Returns
    -------
    network
        Its outputs are the standardised target (regression) or the logits: one per class, a
        single one for two classes.
    box
        The data's bounding box in the network's own (standardised) coordinates, with exact
        decimal ends.
    info
        Keys ``dataset``, ``task``, ``inputs``, ``hidden``, ``outputs``, ``points``, ``alpha``,
        ``seed``, ``sklearn`` (its version), ``train_score`` (accuracy, or R^2 for regression) and
        ``box``.

    Raises
    ------
    InvalidInput
        If no network has this name.

    Examples
    --------
    >>> network, box, info = load("diabetes2")
    >>> network.widths, box.dim, info["inputs"]
    ((24, 24, 12), 2, ['bmi', 's5'])
    """
    info = json.loads(json.dumps(_read("index.json")[_known(name)]))
    with resources.as_file(resources.files(__name__) / f"{name}.json") as path:
        network = ReluNetwork.load(path)
    return network, Box(info["box"]["lower"], info["box"]["upper"]), info


def sample(name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return at most 150 data points ``(m, d)``, to two decimals, and their targets ``(m,)``.

    They are for pictures and for sanity checks; the score in ``info`` is that on the whole data
    set.

    Examples
    --------
    >>> points, targets = sample("iris2")
    >>> points.shape, targets.shape
    ((150, 2), (150,))
    """
    entry = _read("samples.json")[_known(name)]
    return np.array(entry["points"], dtype=np.float64), np.array(entry["targets"], dtype=np.float64)
