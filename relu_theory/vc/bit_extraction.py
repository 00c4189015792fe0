"""Networks that read labels off the binary digits of their weights: few weights, many labels.

In the manner of [bartlett2019], Theorem 9, with sizes of our own: the m n pairs of unit vectors
(e_i, e_j) are shattered by networks whose m free weights hold n bits each.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from relu_theory.errors import InvalidInput
from relu_theory.network import ReluNetwork

__all__ = ["extraction_network", "extraction_points"]

Layer = tuple[list[list[Any]], list[Any]]


def extraction_points(rows: int, columns: int) -> list[tuple[int, ...]]:
    """The pairs (e_i, e_j), in the order of a matrix with so many rows and columns.

    Examples
    --------
    >>> extraction_points(1, 2)
    [(1, 1, 0), (1, 0, 1)]
    """
    return [
        tuple(int(k == i) for k in range(rows)) + tuple(int(k == j) for k in range(columns))
        for i in range(rows)
        for j in range(columns)
    ]


def extraction_network(bits: Sequence[Sequence[int]], at_once: int = 1) -> ReluNetwork:
    """A network with output ``bits[i][j]`` on (e_i, e_j).

    Parameters
    ----------
    bits : matrix of 0 and 1 with m rows of n
    at_once : int
        How many bits r a stage extracts: ceil(n / r) stages of two layers, of about 2^(r + 1)
        units each.

    Returns
    -------
    ReluNetwork
        Only the first layer depends on the bits: it computes ``a = sum_i x_i 0.b_i1..b_in``.

    Raises
    ------
    InvalidInput
        When bits is no matrix of 0 and 1, or at_once is not from 1 to 12.

    Notes
    -----
    On multiples of 2^-n the difference of two ReLUs ``relu(s) - relu(s - 1)`` with
    ``s = 2^n (a - t) + 1`` is exactly the step [a >= t]. The p-th of r bits of a is an alternating
    sum of the steps at multiples of 2^-p; the remainder is ``2^r a - sum_p 2^(r - p) b_p``. The
    second layer of a stage adds ``relu(y_j + b_j - 1)`` = y_j b_j to the answer.

    Examples
    --------
    >>> net = extraction_network([[0, 1, 1], [1, 0, 1]], at_once=2)
    >>> [int(net.forward_exact(x)[0]) for x in extraction_points(2, 3)]
    [0, 1, 1, 1, 0, 1]
    """
    rows, columns = _read(bits)
    if isinstance(at_once, bool) or not isinstance(at_once, int) or not 1 <= at_once <= 12:
        raise InvalidInput(f"at_once must be an int from 1 to 12, got {at_once!r}")
    stages = [range(k, min(k + at_once, columns)) for k in range(0, columns, at_once)]
    layers = _first(bits, rows, columns, len(stages[0]))
    for number, stage in enumerate(stages):
        following = len(stages[number + 1]) if number + 1 < len(stages) else 0
        layers += _stage(stage.start, len(stage), columns, following)
    weights, biases = zip(*_chained(layers), strict=True)
    return ReluNetwork(weights, biases)


def _read(bits: Sequence[Sequence[int]]) -> tuple[int, int]:
    sizes = {len(row) for row in bits}
    if len(sizes) != 1 or 0 in sizes or any(b not in (0, 1) for row in bits for b in row):
        raise InvalidInput("bits must be a matrix of 0 and 1 with at least one row and column")
    return len(bits), sizes.pop()


# The state between stages, as nonnegative numbers: a, the answer so far, y_1..y_n.


def _first(bits: Sequence[Sequence[int]], rows: int, columns: int, width: int) -> list[Layer]:
    """From the inputs to the state, which has no ReLU of its own."""
    numbers = [sum(Fraction(b, 2 ** (k + 1)) for k, b in enumerate(row)) for row in bits]
    matrix: list[list[Any]] = [[*numbers, *[0] * columns], [0] * (rows + columns)]
    matrix += [[0] * rows + [int(k == j) for k in range(columns)] for j in range(columns)]
    return [(matrix, [0] * (columns + 2))]


def _stage(start: int, width: int, columns: int, following: int) -> list[Layer]:
    """Steps, then products; each layer is (affine map, ReLU), the last map gives the state."""
    size, grid = columns + 2, 2**columns
    steps = [Fraction(k, 2**width) for k in range(1, 2**width)]
    keep = [[int(i == j) for j in range(size)] for i in range(size)]
    ramps = [([grid] + [0] * (size - 1), shift - grid * t) for t in steps for shift in (1, 0)]
    into_steps = ([*keep, *(row for row, _ in ramps)], [0] * size + [b for _, b in ramps])
    # Bit p is the alternating sum of the steps at multiples of 2^-p.
    digits = []
    for p in range(1, width + 1):
        row = [0] * (size + 2 * len(steps))
        for k, t in enumerate(steps):
            if (t * 2**p).denominator == 1:
                sign = 1 if int(t * 2**p) % 2 else -1
                row[size + 2 * k], row[size + 2 * k + 1] = sign, -sign
        digits.append(row)
    wide = size + 2 * len(steps)
    remainder = [2**width if c == 0 else 0 for c in range(wide)]
    for p, digit in enumerate(digits, 1):
        remainder = [a - 2 ** (width - p) * d for a, d in zip(remainder, digit, strict=True)]
    kept = [[int(i == j) for j in range(wide)] for i in range(1, size)]
    chosen = [
        [d + int(c == 2 + start + p) for c, d in enumerate(digit)]
        for p, digit in enumerate(digits)
    ]
    into_products = ([remainder, *kept, *chosen], [0] * size + [-1] * width)
    answer = [[int(i == j) for j in range(size + width)] for i in range(size)]
    answer[1] = [int(c == 1 or c >= size) for c in range(size + width)]
    if not following:
        return [into_steps, into_products, (answer[1:2], [0])]
    return [into_steps, into_products, (answer, [0] * size)]


def _chained(layers: list[Layer]) -> list[Layer]:
    """Compose each affine map without ReLU (the first of all, the last of a stage) with the next.

    Layers come as: map; then steps, products, map for each stage.
    """
    out = []
    pending = layers[0]
    for k in range(1, len(layers), 3):
        out.append(_composed(layers[k], pending))
        out.append(layers[k + 1])
        pending = layers[k + 2]
    return [*out, pending]


def _composed(outer: Layer, inner: Layer) -> Layer:
    matrix = [
        [sum(a * row[c] for a, row in zip(line, inner[0], strict=True) if a)
         for c in range(len(inner[0][0]))]
        for line in outer[0]
    ]  # fmt: skip
    bias = [
        b + sum(a * v for a, v in zip(line, inner[1], strict=True))
        for line, b in zip(*outer, strict=True)
    ]
    return matrix, bias
