"""Three data sets, each with networks that were trained too little, well, and too much.

Trained by :mod:`relu_theory.data.train_fits` on every other point of iris, diabetes and digits, as
scikit-learn carries them. The over-fitted networks were trained to the end on few points, without a
penalty. Loading needs no scikit-learn.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput
from relu_theory.network import ReluNetwork

__all__ = ["NAMES", "Fits", "load"]

NAMES = ("iris", "diabetes", "digits")


class Fits(NamedTuple):
    """A data set and its networks.

    Attributes
    ----------
    points : (m, d) array
    targets : (m,) array
        Numbers, or classes 0, 1, 2, ...
    training : (m,) array of bool
        Which points were for training.
    classes : int
        How many there are; 0 for regression.
    networks : dict
        ``"under-fitted"``, ``"trained"`` and ``"over-fitted"``; those of classes give logits.
    scores : dict
        For each network its accuracy, or R^2, on the points it was fitted on and on all points
        that are not for training.
    """

    points: NDArray[np.float64]
    targets: NDArray[np.float64]
    training: NDArray[np.bool_]
    classes: int
    networks: dict[str, ReluNetwork]
    scores: dict[str, tuple[float, float]]

    def wanted(self) -> NDArray[np.float64]:
        """What a perfect network would answer: (m, 1), or one unit vector for each class."""
        if not self.classes:
            return self.targets[:, None]
        return np.eye(self.classes)[self.targets.astype(np.int64)]

    def answers(self, network: ReluNetwork) -> NDArray[np.float64]:
        """What a network answers on the points: its values, or the probabilities of its logits."""
        values = network.forward(self.points)
        if not self.classes:
            return values
        sizes = np.exp(values - values.max(axis=1, keepdims=True))
        return sizes / sizes.sum(axis=1, keepdims=True)


def load(name: str) -> Fits:
    """A data set with its networks.

    Parameters
    ----------
    name : {"iris", "diabetes", "digits"}

    Raises
    ------
    InvalidInput
        For another name.

    Examples
    --------
    >>> fits = load("iris")
    >>> fits.points.shape, int(fits.training.sum()), fits.classes
    ((150, 4), 75, 3)
    >>> fits.scores["trained"], fits.networks["trained"].widths
    ((1.0, 0.96), (16, 16))
    """
    if name not in NAMES:
        raise InvalidInput(f"name must be one of {', '.join(NAMES)}; got {name!r}")
    text = (resources.files(__name__) / f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    points = np.array(found["points"], np.float64) / found["divisor"]
    targets = np.array(found["targets"], np.float64)
    stages = found["networks"]
    return Fits(
        points, targets, np.arange(len(points)) % 2 == 0,
        int(targets.max()) + 1 if found["task"] == "classification" else 0,
        {stage: ReluNetwork(net["weights"], net["biases"]) for stage, net in stages.items()},
        {stage: (net["scores"][0], net["scores"][1]) for stage, net in stages.items()},
    )
