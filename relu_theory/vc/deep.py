"""Deep ReLU classifiers: shattered sets found by gradient descent and confirmed exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.vc.certificates import ShatteringCertificate, deep_certificate
from relu_theory.vc.systems import Point, read_points

__all__ = ["DeepNetwork", "shatter_by_descent"]

Floats = NDArray[np.float64]
Layers = list[tuple[Floats, Floats]]
ExactLayers = list[tuple[list[list[Fraction]], list[Fraction]]]

_ROUNDINGS = (2, 4, 6, 8, 12, 20, 32)


@dataclass(frozen=True)
class DeepNetwork:
    """``x -> [f(x) > 0]`` with f a ReLU network of the given widths, all weights and biases free.

    Parameters
    ----------
    widths : tuple of ints
        Inputs, the units of each hidden layer, and 1 output.

    Raises
    ------
    InvalidInput
        When a width is not a positive int, there is no hidden layer, or the last width is not 1.

    Examples
    --------
    >>> DeepNetwork((2, 3, 3, 1)).parameters
    25
    """

    widths: tuple[int, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", tuple(self.widths))
        good = all(type(w) is int and w > 0 for w in self.widths)
        if not good or len(self.widths) < 3 or self.widths[-1] != 1:
            raise InvalidInput(
                "widths must be positive ints: inputs, at least one hidden layer, and 1 output; "
                f"got {self.widths!r}"
            )

    @property
    def inputs(self) -> int:
        """The input dimension."""
        return self.widths[0]

    @property
    def parameters(self) -> int:
        """The number of weights and biases."""
        return sum(b * (a + 1) for a, b in pairwise(self.widths))

    def to_dict(self) -> dict[str, Any]:
        """The description that certificates hold."""
        return {"name": "DeepNetwork", "inputs": self.inputs, "widths": list(self.widths)}


def shatter_by_descent(
    net: DeepNetwork, points: Any, *, restarts: int = 8, steps: int = 600, rounds: int = 4,
    rng: int = 0,
) -> ShatteringCertificate | None:  # fmt: skip
    """A certificate that the network shatters the points, or None when none was found.

    None proves nothing: gradient descent is a heuristic.

    Parameters
    ----------
    net : DeepNetwork
    points : m distinct points
    restarts : int
        Random starts for each labeling in the first round; twice as many in each later one, for
        the labelings that are left.
    steps, rounds : int
    rng : int
        Seed.

    Returns
    -------
    ShatteringCertificate or None
        Rational weights for half of the labelings; -f and a small shift give the opposite ones.

    Raises
    ------
    InvalidInput, ShapeError
        For bad points.
    TooLarge
        For more than 14 points.

    Notes
    -----
    Adam on the hinge loss, all labelings and restarts in one batch; weights are rounded to few
    binary digits and evaluated exactly. Only what the exact evaluation confirms counts.

    Examples
    --------
    >>> found = shatter_by_descent(DeepNetwork((1, 2, 2, 1)), [[0], [1], [2], [3]])
    >>> found.check()["kind"]
    'shattered'
    """
    exact = read_points(points, net.inputs)
    if len(exact) > 14:
        raise TooLarge(f"2^{len(exact)} labelings are too many; at most 14 points are tried")
    inputs = np.array([[float(Fraction(int(v.p), int(v.q))) for v in p] for p in exact])
    generator = np.random.default_rng(rng)
    left = [(False, *w) for w in product((False, True), repeat=len(exact) - 1)]
    found: dict[tuple[bool, ...], ExactLayers] = {}
    for attempt in range(rounds):
        batch = restarts * 2**attempt
        size = max(1, 4096 // batch)
        for start in range(0, len(left), size):
            words = left[start : start + size]
            found |= _fitted(net, inputs, exact, words, batch, steps, generator)
        left = [word for word in left if word not in found]
        if not left:
            return deep_certificate(net, exact, found)
    return None


def _fitted(
    net: DeepNetwork, inputs: Floats, exact: Sequence[Point], words: list[tuple[bool, ...]],
    batch: int, steps: int, generator: np.random.Generator,
) -> dict[tuple[bool, ...], ExactLayers]:  # fmt: skip
    """Exact networks for those of the labelings that descent finds."""
    targets = np.repeat(np.where(np.array(words), 1.0, -1.0), batch, axis=0)
    centre, scale = inputs.mean(axis=0), max(float(inputs.std()), 1e-9)
    layers = _descent(net, (inputs - centre) / scale, targets, steps, generator)
    margins = (_forward(layers, (inputs - centre) / scale)[-1][:, :, 0] * targets).min(axis=1)
    # The normalisation goes into the first layer.
    first, bias = layers[0]
    first = first / scale
    layers[0] = (first, bias - first @ centre)
    out = {}
    for k, word in enumerate(words):
        at = k * batch + int(margins[k * batch : (k + 1) * batch].argmax())
        if margins[at] > 0:
            rounded = _rounded([(w[at], b[at]) for w, b in layers], exact, word)
            if rounded is not None:
                out[word] = rounded
    return out


def _descent(
    net: DeepNetwork, inputs: Floats, targets: Floats, steps: int, generator: np.random.Generator
) -> Layers:
    """Adam on the mean hinge loss of each member of the batch."""
    count = len(targets)
    layers = [
        (generator.normal(0, (2 / a) ** 0.5, (count, b, a)), generator.normal(0, 0.7, (count, b)))
        for a, b in pairwise(net.widths)
    ]
    flat = [v for layer in layers for v in layer]
    first, second = [np.zeros_like(v) for v in flat], [np.zeros_like(v) for v in flat]
    for step in range(1, steps + 1):
        rate = 0.05 * (1 - step / (steps + 1)) ** 0.5
        for v, g, m, s in zip(flat, _gradients(layers, inputs, targets), first, second,
                              strict=True):  # fmt: skip
            m += 0.1 * (g - m)
            s += 0.01 * (g * g - s)
            scale = (1 - 0.99**step) ** 0.5 / (1 - 0.9**step)
            v -= rate * scale * m / (np.sqrt(s) + 1e-8)
    return layers


def _forward(layers: Layers, inputs: Floats) -> list[Floats]:
    """The values (batch, points, units) of every layer, the inputs first."""
    values = [np.broadcast_to(inputs, (len(layers[0][0]), *inputs.shape))]
    for k, (weight, bias) in enumerate(layers):
        here = values[-1] @ weight.transpose(0, 2, 1) + bias[:, None, :]
        values.append(here if k == len(layers) - 1 else np.maximum(here, 0))
    return values


def _gradients(layers: Layers, inputs: Floats, targets: Floats) -> list[Floats]:
    values = _forward(layers, inputs)
    back = np.where(targets * values[-1][:, :, 0] < 1, -targets, 0.0)[:, :, None] / len(inputs)
    out: list[Floats] = []
    for (weight, _), before in zip(layers[::-1], values[-2::-1], strict=True):
        out += [back.sum(axis=1), back.transpose(0, 2, 1) @ before]
        back = (back @ weight) * (before > 0)
    return out[::-1]


def _rounded(
    layers: Layers, exact: Sequence[Point], word: tuple[bool, ...]
) -> ExactLayers | None:
    """The weights rounded as coarsely as they stand exact evaluation."""
    points = [[Fraction(int(v.p), int(v.q)) for v in p] for p in exact]
    for bits in _ROUNDINGS:
        rounded = [
            ([[_near(v, bits) for v in row] for row in weight.tolist()],
             [_near(v, bits) for v in bias.tolist()])
            for weight, bias in layers
        ]  # fmt: skip
        if all((_value(rounded, p) > 0) == label for p, label in zip(points, word, strict=True)):
            return rounded
    return None


def _near(value: float, bits: int) -> Fraction:
    return Fraction(round(value * 2**bits), 2**bits)


def _value(layers: ExactLayers, point: Sequence[Fraction]) -> Fraction:
    here = list(point)
    for k, (weight, bias) in enumerate(layers):
        here = [sum((a * x for a, x in zip(row, here, strict=True)), b)
                for row, b in zip(weight, bias, strict=True)]  # fmt: skip
        if k < len(layers) - 1:
            here = [max(v, Fraction(0)) for v in here]
    return here[0]
