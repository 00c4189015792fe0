"""Networks that fold: tents, zigzags and their iterates, coordinate by coordinate.

A `Fold` is a function of one variable written with ReLUs, ``h(x) = beta + sum_i coefficient_i
relu(slope_i x + offset_i)``. Applying it in every coordinate is one hidden layer; its affine part
is absorbed by the next layer, so a composition of L folds needs L layers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from relu_theory.errors import InvalidInput
from relu_theory.families.arrangements import moment_in_cube
from relu_theory.network import ReluNetwork

__all__ = ["folding", "iterated_tent", "montufar", "sawtooth", "serra", "zigzag"]

Number = int | Fraction


@dataclass(frozen=True)
class Fold:
    """``beta + sum_i coefficients[i] relu(slopes[i] x + offsets[i])``, one variable."""

    slopes: tuple[Number, ...]
    offsets: tuple[Number, ...]
    coefficients: tuple[Number, ...]
    beta: Number = 0


TENT = Fold((1, 1), (0, Fraction(-1, 2)), (2, -4))
SCALED_TENT = Fold((2, 4), (0, -2), (1, -1))


def sawtooth(iterations: int) -> ReluNetwork:
    """The tent map m(x) = 2relu(x) - 4relu(x - 1/2) composed with itself, two neurons a layer.

    2^k affine pieces on [0, 1] (`regions.bounds.telgarsky_interval`), with exact dyadic weights.

    References
    ----------
    Telgarsky, *Benefits of depth in neural networks*, COLT 2016, arXiv 1602.04485.

    Examples
    --------
    >>> net = sawtooth(3)
    >>> net.widths, [int(net.forward_exact([Fraction(i, 8)])[0]) for i in range(9)]
    ((2, 2, 2), [0, 1, 0, 1, 0, 1, 0, 1, 0])
    """
    return _coordinatewise([TENT] * _count("iterations", iterations), 1)


def iterated_tent(layers: int, dim: int = 2) -> ReluNetwork:
    """The tent map iterated in every coordinate, in integers: rows (2x), (4x - 2), then h1 - h2.

    2^L pieces per coordinate on [0, 1], so 2^(L dim) cells of [0, 1]^dim; over R^dim
    `regions.bounds.telgarsky_line` to the power dim. All hyperplanes are parallel to the axes and
    many cells share each vertex.

    Examples
    --------
    >>> net = iterated_tent(2, 2)
    >>> net.widths, net.forward_exact([Fraction(1, 4), Fraction(3, 8)])
    ((4, 4), (Fraction(1, 1), Fraction(1, 2)))
    """
    return _coordinatewise([SCALED_TENT] * _count("layers", layers), _count("dim", dim))


def folding(folds: int, layers: int, dim: int = 1) -> ReluNetwork:
    """Layers that each fold every coordinate of the unit cube ``folds`` times onto itself.

    ``folds^(layers dim)`` regions inside the cube; on the line `regions.bounds.fold_line`.

    Examples
    --------
    >>> folding(3, 2).forward_exact(["1/9"]), folding(3, 2).widths
    ((Fraction(1, 1),), (3, 3))
    """
    q, layers = _count("folds", folds), _count("layers", layers)
    return _coordinatewise([_folding(q)] * layers, _count("dim", dim))


def zigzag(knots: int) -> ReluNetwork:
    r"""One layer: the zigzag of `serra` with values 0, 1, 0, 1, ... at 0, its knots and 1.

    Examples
    --------
    >>> [zigzag(3).forward_exact([x])[0] for x in (0, "1/8", "1/2", "3/4", 1)] == [0, 1, 0, 1, 0]
    True
    """
    if _count("knots", knots) < 3:
        raise InvalidInput(
            f"knots must be at least 3, got {knots}: with fewer, no choice of left-facing neurons "
            "cancels the linear term"
        )
    return _coordinatewise([_zigzag(knots)], 1)


def montufar(inputs: int, widths: Sequence[int]) -> ReluNetwork:
    r"""The construction behind the lower bound of Montufar et al. 2014, on the cube [0, 1]^inputs.

    Each layer but the last folds every coordinate of the cube q = floor(n_l / inputs) times onto
    itself, ``g(x) = q relu(x) + 2q sum_{i=1}^{q-1} (-1)^i relu(x - i/q)``; neurons left over are
    dead. The last layer is an arrangement in general position with all vertices inside the cube, so
    that each of the ``prod q_l^inputs`` cells carries a full copy of it.

    Parameters
    ----------
    inputs : int
    widths : sequence of int
        Hidden widths, each at least ``inputs``; at least one layer.

    Returns
    -------
    ReluNetwork
        Exact rational weights; ``regions.bounds.montufar2014_lower(inputs, widths)`` proper
        activation regions inside the unit cube.

    References
    ----------
    Montufar, Pascanu, Cho, Bengio, *On the number of linear regions of deep neural networks*,
    NIPS 2014, arXiv 1402.1869. The explicit last layer is a choice made here.

    Examples
    --------
    >>> montufar(2, [4, 4]).widths
    (4, 4)
    """
    inputs, widths = _wide(widths, inputs, 1)
    return _folds_then_arrangement([_folding(n // inputs) for n in widths[:-1]], widths, inputs)


def serra(inputs: int, widths: Sequence[int]) -> ReluNetwork:
    r"""A construction that attains the lower bound of Serra et al. 2018, on all of R^inputs.

    Each layer but the last applies, to every coordinate, a zigzag with p = floor(n_l / inputs)
    knots and p + 1 pieces, every one of which (the unbounded ones included) covers the open
    interval (0, 1). The last layer is an arrangement in general position with all vertices in the
    open unit cube.

    Parameters
    ----------
    inputs : int
    widths : sequence of int
        Hidden widths, each at least ``3 inputs``; at least one layer.

    Returns
    -------
    ReluNetwork
        Exact rational weights; ``regions.bounds.serra2018_lower(inputs, widths)`` proper activation
        regions, over R^inputs and over the unit cube alike; for one input the maximum
        ``prod (n_l + 1)``.

    Notes
    -----
    A zigzag with slopes s_0..s_p has jumps c_k = s_k - s_{k-1}; it is a sum of p ReLUs and a
    constant, without a linear term, exactly when the jumps of its left-facing units cancel s_0.
    Here unit 3 alone faces left: pieces 0, 2, 3 have lengths u, 2u, 2u, so 1/u = 1/(2u) + 1/(2u).
    Own explicit form of the paper's construction, for all p >= 3.

    References
    ----------
    Serra, Tjandraatmadja, Ramalingam, *Bounding and counting linear regions of deep neural
    networks*, ICML 2018, arXiv 1711.02114.

    Examples
    --------
    >>> serra(1, [3, 3]).forward_exact([Fraction(1, 8)])
    (Fraction(6, 1),)
    """
    inputs, widths = _wide(widths, inputs, 3)
    return _folds_then_arrangement([_zigzag(n // inputs) for n in widths[:-1]], widths, inputs)


def _folding(q: int) -> Fold:
    slopes = [q] + [2 * q * (-1) ** i for i in range(1, q)]
    return Fold((1,) * q, tuple(Fraction(-i, q) for i in range(q)), tuple(slopes))


def _zigzag(knots: int) -> Fold:
    # Pieces 1 and 0, 2, 3 are 3u, u, 2u, 2u long and every further one 2u; u makes the sum one.
    lengths = [Fraction(k, 2 * knots + 2) for k in [1, 3, 2, 2] + [2] * (knots - 3)]
    slopes = [(-1) ** k / length for k, length in enumerate(lengths)]
    knot = [sum(lengths[: k + 1]) for k in range(knots)]
    jumps = tuple(slopes[k + 1] - slopes[k] for k in range(knots))
    facing = tuple(-1 if k == 2 else 1 for k in range(knots))
    offsets = tuple(-f * t for f, t in zip(facing, knot, strict=True))
    return Fold(facing, offsets, jumps, -jumps[2] * knot[2])


def _coordinatewise(folds: list[Fold], dim: int) -> ReluNetwork:
    """``folds[-1] o ... o folds[0]`` in each coordinate; no neuron is left over."""
    widths = [dim * len(fold.slopes) for fold in folds]
    weights, biases, combine, shift = _fold_layers(folds, widths, dim)
    return ReluNetwork([*weights, combine], [*biases, shift])


def _folds_then_arrangement(folds: list[Fold], widths: tuple[int, ...], inputs: int) -> ReluNetwork:
    weights, biases, combine, shift = _fold_layers(folds, widths[:-1], inputs)
    n = widths[-1]
    # Without the node 0 no normal has a zero entry: mirrored folds carry different affine maps.
    rows, offsets = moment_in_cube(range(1, n + 1), inputs)
    weights.append(_matmul(rows, combine))
    biases.append([b + _dot(row, shift) for row, b in zip(rows, offsets, strict=True)])
    return ReluNetwork([*weights, [[1] * n]], [*biases, [0]])


def _fold_layers(
    folds: list[Fold], widths: Sequence[int], dim: int
) -> tuple[list[Any], list[Any], list[list[Number]], list[Number]]:
    """Hidden layers for the folds, and the affine map (combine, shift) that reads them off."""
    weights: list[Any] = []
    biases: list[Any] = []
    combine: list[list[Number]] = [[int(i == j) for j in range(dim)] for i in range(dim)]
    shift: list[Number] = [0] * dim
    for fold, width in zip(folds, widths, strict=True):
        spare = width - dim * len(fold.slopes)
        rows = [[s * w for w in combine[i]] for i in range(dim) for s in fold.slopes]
        bias = [
            s * shift[i] + o
            for i in range(dim)
            for s, o in zip(fold.slopes, fold.offsets, strict=True)
        ]
        weights.append(rows + [[0] * len(combine[0])] * spare)
        biases.append(bias + [0] * spare)
        combine, shift = _read_off(fold, dim, spare), [fold.beta] * dim
    return weights, biases, combine, shift


def _read_off(fold: Fold, dim: int, spare: int) -> list[list[Number]]:
    k = len(fold.slopes)
    return [
        [0] * (k * i) + list(fold.coefficients) + [0] * (k * (dim - 1 - i) + spare)
        for i in range(dim)
    ]


def _matmul(a: Sequence[Sequence[Number]], b: Sequence[Sequence[Number]]) -> list[list[Number]]:
    columns = list(zip(*b, strict=True))
    return [[_dot(row, column) for column in columns] for row in a]


def _dot(a: Sequence[Number], b: Sequence[Number]) -> Number:
    return sum(x * y for x, y in zip(a, b, strict=True))


def _count(name: str, value: int) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__") or value < 1:
        raise InvalidInput(f"{name} must be a positive integer, got {value!r}")
    return value.__index__()


def _wide(widths: Sequence[int], inputs: int, factor: int) -> tuple[int, tuple[int, ...]]:
    inputs = _count("inputs", inputs)
    widths = tuple(_count(f"widths[{i}]", n) for i, n in enumerate(widths))
    if not widths:
        raise InvalidInput("widths must name at least one hidden layer, got none")
    for layer, n in enumerate(widths):
        if n < factor * inputs:
            raise InvalidInput(
                f"widths[{layer}] must be at least {factor} x inputs = {factor * inputs}, got {n}: "
                "the construction gives each coordinate its own neurons"
            )
    return inputs, widths
