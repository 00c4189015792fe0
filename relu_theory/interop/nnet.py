"""The plain-text ``.nnet`` format of the ACAS Xu networks.

Comment lines start with ``//``. Then come, one line each: the number of layers, inputs, outputs
and the largest layer; the layer sizes; an unused flag; input minima; input maxima; means and
ranges (one per input, then one for all outputs); then, layer by layer, the rows of the weight
matrix and the biases, one per line. An input x enters as (x - mean) / range and an output y
leaves as y range_out + mean_out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.domain import Box, resolve
from relu_theory.errors import InvalidInput
from relu_theory.exact.numbers import fraction
from relu_theory.interop._selfcheck import require_agreement
from relu_theory.network import ReluNetwork

__all__ = ["NnetFile", "from_nnet", "read_nnet", "to_nnet"]

CHECK_POINTS = 20
Vector = tuple[Fraction, ...]


@dataclass(frozen=True)
class NnetFile:
    """The content of a ``.nnet`` file.

    Attributes
    ----------
    network : ReluNetwork
        On normalised inputs, with normalised outputs. Its weights are the nearest float64 of each
        decimal in the file.
    minima, maxima : tuples of d Fractions
        The input range, as exact decimals.
    means, ranges : tuples of d Fractions
        The input normalisation, as exact decimals.
    output_mean, output_range : Fraction
    """

    network: ReluNetwork
    minima: Vector
    maxima: Vector
    means: Vector
    ranges: Vector
    output_mean: Fraction
    output_range: Fraction

    def raw_network(self) -> ReluNetwork:
        """The network on raw inputs with raw outputs, both normalisations composed exactly."""
        d, out = self.network.input_dim, self.network.output_dim
        inverse = [[1 / r if i == j else 0 for j in range(d)] for i, r in enumerate(self.ranges)]
        shift = [-m / r for m, r in zip(self.means, self.ranges, strict=True)]
        inner = self.network.restrict(inverse, shift)
        grow = [[self.output_range if i == j else 0 for j in range(out)] for i in range(out)]
        return ReluNetwork([grow], [[self.output_mean] * out]).compose(inner)

    def normalised_box(self, box: Box) -> Box:
        """The exact image of a box of raw inputs in the normalised inputs."""
        resolve(box, self.network.input_dim)
        scaling = list(zip(self.means, self.ranges, strict=True))
        lower, upper = (
            [(v - m) / r for v, (m, r) in zip(ends, scaling, strict=True)]
            for ends in (box.lower, box.upper)
        )
        return Box(lower, upper)


def from_nnet(path: str | Path, *, normalise: bool = True) -> ReluNetwork:
    """The network in a ``.nnet`` file.

    Parameters
    ----------
    path : str or Path
    normalise : bool
        True (the default): on raw inputs with raw outputs; the normalisations are composed
        exactly with the first and the last layer. False: on normalised inputs with normalised
        outputs; `read_nnet` gives the constants as well.

    Returns
    -------
    ReluNetwork
        The weights in the file count as the nearest float64 of each decimal; means and ranges
        are the exact decimals.

    Raises
    ------
    InvalidInput
        When the file is not in the format (the line is named) or fails the self-check against a
        plain evaluation of the file.

    Notes
    -----
    Software that runs such files clips each input to its range first. Clipping is not part of the
    network here: outside ``[minima, maxima]`` the two differ.
    """
    file = read_nnet(path)
    return file.raw_network() if normalise else file.network


def read_nnet(path: str | Path) -> NnetFile:
    """The network and the exact constants in a ``.nnet`` file; see `from_nnet`."""
    path = Path(path)
    file = _parsed(list(_lines(path)), path.name)
    _check(file, path)
    return file


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines that carry data, with their numbers, split at commas."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        content = line.split("//")[0].strip()
        if content:
            yield number, [part.strip() for part in content.rstrip(",").split(",")]


def _parsed(lines: Sequence[tuple[int, list[str]]], name: str) -> NnetFile:
    reader = _Reader(lines, name)
    depth, inputs, outputs, _ = reader.sizes(4)
    sizes = reader.sizes(depth + 1)
    if sizes[0] != inputs or sizes[-1] != outputs:
        raise InvalidInput(f"{name}: layer sizes {sizes} must go from {inputs} to {outputs}")
    reader.fractions(1)
    minima, maxima = reader.fractions(inputs), reader.fractions(inputs)
    means, ranges = reader.fractions(inputs + 1), reader.fractions(inputs + 1)
    if not all(r > 0 for r in ranges):
        raise InvalidInput(f"{name}: every range must be positive, got {list(map(str, ranges))}")
    weights, biases = [], []
    for width, height in pairwise(sizes):
        weights.append(np.array([reader.floats(width) for _ in range(height)]))
        biases.append(np.array([reader.floats(1)[0] for _ in range(height)]))
    reader.finish()
    net = ReluNetwork(weights, biases)
    return NnetFile(net, minima, maxima, means[:-1], ranges[:-1], means[-1], ranges[-1])


class _Reader:
    """Takes the lines one by one; an error names the line and what it should hold."""

    def __init__(self, lines: Sequence[tuple[int, list[str]]], name: str) -> None:
        self._lines, self._name, self._next = lines, name, 0

    def sizes(self, count: int) -> list[int]:
        """The positive integers of the next line."""
        number, parts = self._take(count)
        values = [self._read(int, part, number) for part in parts]
        if not all(value > 0 for value in values):
            raise InvalidInput(f"{self._name}, line {number}: sizes must be positive, got {values}")
        return values

    def fractions(self, count: int) -> Vector:
        """The numbers of the next line as exact decimals."""
        number, parts = self._take(count)
        return tuple(self._read(fraction, part, number) for part in parts)

    def floats(self, count: int) -> list[float]:
        """The numbers of the next line as the nearest floats."""
        number, parts = self._take(count)
        return [self._read(float, part, number) for part in parts]

    def finish(self) -> None:
        if self._next < len(self._lines):
            number = self._lines[self._next][0]
            raise InvalidInput(f"{self._name}, line {number}: the file must end after the biases")

    def _take(self, count: int) -> tuple[int, list[str]]:
        if self._next >= len(self._lines):
            raise InvalidInput(f"{self._name} must have more lines than {len(self._lines)}")
        number, parts = self._lines[self._next]
        self._next += 1
        if len(parts) != count:
            raise InvalidInput(
                f"{self._name}, line {number}: {count} numbers are required, got {len(parts)}"
            )
        return number, parts

    def _read(self, kind: Any, part: str, number: int) -> Any:
        try:
            return kind(part)
        except ValueError:
            raise InvalidInput(
                f"{self._name}, line {number}: a decimal number is required, got {part!r}"
            ) from None


def _check(file: NnetFile, path: Path) -> None:
    lower, upper = (np.array(ends, dtype=np.float64) for ends in (file.minima, file.maxima))
    points = np.random.default_rng(0).uniform(lower, upper, size=(CHECK_POINTS, len(lower)))
    ours = file.raw_network().forward(points)
    require_agreement(ours, _plain_values(path, points), rtol=1e-9, source=path.name)


def _plain_values(path: Path, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Evaluate the file as one flat run of numbers, sharing nothing with the reader."""
    text = re.sub("//.*", "", path.read_text(encoding="utf-8"))
    numbers = np.array([float(part) for part in re.split(r"[,\s]+", text) if part])
    depth, inputs = int(numbers[0]), int(numbers[1])
    sizes = numbers[4 : 5 + depth].astype(int)
    position = 6 + depth + 2 * inputs
    mean, scale = numbers[position : position + 2 * inputs + 2].reshape(2, inputs + 1)
    position += 2 * inputs + 2
    values = ((points - mean[:-1]) / scale[:-1]).T
    for layer, (width, height) in enumerate(pairwise(sizes)):
        weight = numbers[position : position + width * height].reshape(height, width)
        position += (width + 1) * height
        values = weight @ (np.maximum(values, 0) if layer else values)
        values += numbers[position - height : position, None]
    return np.asarray(values.T * scale[-1] + mean[-1])


def to_nnet(net: ReluNetwork, path: str | Path, *, lower: Any, upper: Any) -> None:
    """Write a network as a ``.nnet`` file with means 0 and ranges 1.

    Parameters
    ----------
    net : ReluNetwork
        With ``float_exact``: each weight is written as the shortest decimal that reads back as
        the same float64.
    path : str or Path
    lower, upper : d floats
        The input range that the format demands.

    Raises
    ------
    InvalidInput
        When floats do not hold the weights, since the file could not either.

    Notes
    -----
    ``from_nnet`` reads back an equal network.
    """
    if not net.float_exact:
        raise InvalidInput(
            "net must have weights that are float64 numbers, since a .nnet file is read as "
            "floats; save it losslessly with net.save instead"
        )
    box = Box(lower, upper, dim=net.input_dim)
    sizes = [net.input_dim, *net.widths, net.output_dim]
    rows: list[Any] = [[net.depth + 1, net.input_dim, net.output_dim, max(sizes)], sizes, [0]]
    rows += [map(float, box.lower), map(float, box.upper)]
    rows += [[0.0] * (net.input_dim + 1), [1.0] * (net.input_dim + 1)]
    for weight, bias in zip(net.weights, net.biases, strict=True):
        rows += [*weight.tolist(), *([value] for value in bias.tolist())]
    lines = [",".join(map(repr, row)) + ",\n" for row in rows]
    Path(path).write_text("// written by relu_theory\n" + "".join(lines), encoding="utf-8")
