"""Group-convolutional networks: the class on which shattering is decided, and deep ones.

A layer takes channels f_i, functions on a finite group, to
``relu(sum_i K_{w_ij} * f_i - b_j)`` with ``K_w = sum_s w_s K_s``; the output is the sum over the
group, which makes it invariant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any

from flint import fmpq

from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.exact.numbers import fraction, rational
from relu_theory.network import ReluNetwork
from relu_theory.vc.groups import FiniteGroup, correlation
from relu_theory.vc.systems import Point, System

__all__ = ["GroupConv", "GroupNetwork", "embed_network", "indicator", "indicator_family"]


@dataclass(frozen=True)
class GroupConv:
    """``f -> [sum_j v_j sum_g relu((sum_i K_{w_ij} * f_i)(g) - b_j) + c > 0]``: one layer.

    Parameters
    ----------
    group : FiniteGroup
    kernels : sequence of functions on the group, optional
        K_1..K_k; by default only the indicator of the identity.
    channels, units : int
        m_0 and m_1.
    signed : bool
        Whether v_j may be -1; by default all are 1, as in [sepliarskaia2024], where c is the
        common threshold.

    Raises
    ------
    InvalidInput, ShapeError

    Examples
    --------
    >>> from relu_theory.vc import cyclic
    >>> GroupConv(cyclic(4)).inputs, GroupConv(cyclic(4)).parameters
    (4, 3)
    """

    group: FiniteGroup
    kernels: tuple[tuple[Any, ...], ...] = ()
    channels: int = 1
    units: int = 1
    signed: bool = False

    def __post_init__(self) -> None:
        order = self.group.order
        kernels = self.kernels or ((1, *[0] * (order - 1)),)
        for s, kernel in enumerate(kernels):
            if len(kernel) != order:
                raise ShapeError(f"kernels[{s}] must have {order} values, got {len(kernel)}")
        object.__setattr__(self, "kernels", tuple(tuple(map(fraction, k)) for k in kernels))
        for name in ("channels", "units"):
            if not isinstance(getattr(self, name), int) or getattr(self, name) < 1:
                raise InvalidInput(f"{name} must be a positive int, got {getattr(self, name)!r}")

    @property
    def inputs(self) -> int:
        """The values of all channels, channel after channel."""
        return self.channels * self.group.order

    @property
    def parameters(self) -> int:
        """Kernel weights, biases, and the threshold."""
        return self.units * (self.channels * len(self.kernels) + 1) + 1

    def growth_bound(self, points: int) -> int:
        """Labelings: multisets of dichotomies of the m r vectors, times linear labelings."""
        width = self.channels * len(self.kernels) + 1
        patterns = 2 * sum(comb(points * self.group.order - 1, i) for i in range(width))
        linear = 2 * sum(comb(points - 1, i) for i in range(self.parameters))
        kinds = 2 * patterns if self.signed else patterns
        return comb(kinds + self.units - 1, self.units) * linear

    def system(self, points: tuple[Point, ...]) -> System:
        """The forms on exact points; parameters are (w_j, b_j) for each unit, then c."""
        order, per_unit = self.group.order, self.channels * len(self.kernels) + 1
        size = self.parameters
        base = tuple((*[fmpq(0)] * (size - 1), fmpq(1)) for _ in points)
        forms = []
        for point in points:
            values = self._features(point)
            rows = []
            for j in range(self.units):
                for g in range(order):
                    row = [fmpq(0)] * size
                    row[j * per_unit : (j + 1) * per_unit] = [*values[g], fmpq(-1)]
                    rows.append(tuple(row))
            forms.append(tuple(rows))
        neurons = tuple(j for j in range(self.units) for _ in range(order))
        return System(base, tuple(forms), neurons, self.signed, size - 1)

    def _features(self, point: Point) -> list[list[fmpq]]:
        """For each group element the values (K_s * f_i)(g), channel after channel."""
        order = self.group.order
        columns = []
        for i in range(self.channels):
            channel = [fraction(v) for v in point[i * order : (i + 1) * order]]
            columns += [correlation(self.group, kernel, channel) for kernel in self.kernels]
        return [[rational(column[g]) for column in columns] for g in range(order)]

    def to_dict(self) -> dict[str, Any]:
        """The description that certificates hold."""
        return {
            "name": "GroupConv",
            "inputs": self.inputs,
            "table": [list(row) for row in self.group.table],
            "kernels": [[str(v) for v in kernel] for kernel in self.kernels],
            "channels": self.channels,
            "units": self.units,
            "signed": self.signed,
        }


Weights = Sequence[Sequence[Sequence[Any]]]


@dataclass(frozen=True)
class GroupNetwork:
    """A deep group-convolutional network, evaluated exactly.

    Parameters
    ----------
    group : FiniteGroup
    kernels : functions K_1..K_k on the group
    layers : sequence of (weights, biases)
        ``weights[j][i]`` are the k numbers w of channel i in unit j; ``biases[j]`` is subtracted.
    """

    group: FiniteGroup
    kernels: Sequence[Sequence[Any]]
    layers: Sequence[tuple[Weights, Sequence[Any]]]

    @property
    def parameters(self) -> int:
        """``W_L = sum_l m_l (k m_{l-1} + 1)``: all weights, including zeros."""
        return sum(
            sum(len(w) for unit in weights for w in unit) + len(biases)
            for weights, biases in self.layers
        )

    def features(self, channels: Sequence[Sequence[Any]]) -> list[tuple[Fraction, ...]]:
        """The functions of the last layer on the channels of an input; equivariant."""
        here = [tuple(map(fraction, f)) for f in channels]
        for weights, biases in self.layers:
            units = zip(weights, biases, strict=True)
            here = [self._unit(unit, fraction(b), here) for unit, b in units]
        return here

    def _unit(self, unit: Any, bias: Fraction, here: list[Any]) -> tuple[Fraction, ...]:
        total = [-bias] * self.group.order
        for w, f in zip(unit, here, strict=True):
            w = [fraction(a) for a in w]
            kernel = [Fraction(0)] * self.group.order
            for a, k in zip(w, self.kernels, strict=True):
                for g, value in enumerate(k):
                    if a and value:
                        kernel[g] += a * fraction(value)
            total = [t + v for t, v in zip(total, correlation(self.group, kernel, f), strict=True)]
        return tuple(max(t, Fraction(0)) for t in total)

    def __call__(self, channels: Sequence[Sequence[Any]]) -> Fraction:
        """The sum of the last layer over channels and group; invariant under the group."""
        return sum((sum(f, Fraction(0)) for f in self.features(channels)), Fraction(0))


def embed_network(net: ReluNetwork, group: FiniteGroup) -> GroupNetwork:
    """The group network ``f -> sum_g relu(net(f(g)))`` with as many weights: kernel 1 at e.

    Parameters
    ----------
    net : ReluNetwork
        Its input channels become functions on the group, its output layer gets a ReLU.

    References
    ----------
    Sepliarskaia, Langer, Schmidt-Hieber 2024, Lemma 8.

    Examples
    --------
    >>> from relu_theory.vc import cyclic
    >>> net = embed_network(indicator(0, 1, 1), cyclic(3))
    >>> net([[0, 1, 5]]), net.parameters
    (Fraction(2, 1), 13)
    """
    kernel = [1] + [0] * (group.order - 1)
    layers = []
    for weight, bias in zip(net.exact.weights, net.exact.biases, strict=True):
        rows = [[[fraction(v)] for v in row] for row in weight.tolist()]
        layers.append((rows, [-fraction(b) for b in bias]))
    return GroupNetwork(group, [kernel], layers)


def indicator(low: Any, high: Any, ramp: Any) -> ReluNetwork:
    """1 on [low, high], 0 off (low - ramp, high + ramp), linear between: four ReLUs.

    Raises
    ------
    InvalidInput
        Unless low <= high and ramp > 0.

    Examples
    --------
    >>> indicator(0, 1, 1).forward_exact(["-1/2"])
    (Fraction(1, 2),)
    """
    a, b, e = fraction(low), fraction(high), fraction(ramp)
    if a > b or e <= 0:
        raise InvalidInput(f"need low <= high and ramp > 0, got {low}, {high}, {ramp}")
    output = [1 / e, -1 / e, -1 / e, 1 / e]
    return ReluNetwork([[[1]] * 4, [output]], [[e - a, -a, -b, -b - e], [0]])


def indicator_family(
    order: int, blocks: int = 1
) -> tuple[list[tuple[Fraction, ...]], list[list[ReluNetwork]]]:
    """The shattered functions and the indicators of [sepliarskaia2024], Lemma 3 and Corollary 5.

    With m = floor(log2 order): block i has m functions on the group with values in [3i, 3i + 2]
    and 2^m indicators; number k of them is 1 at exactly one group element for each function in
    subset k of [m], and 0 otherwise. Indicators of a block vanish on the functions of the others.

    Parameters
    ----------
    order : int
        The order r of the group, at least 2.
    blocks : int
        The number of disjoint intervals. (The paper prints (m + 3) i and (m + 2) i as their ends,
        which is empty; any disjoint intervals serve.)

    Returns
    -------
    functions : list of blocks * m tuples of r values
    indicators : list of blocks lists of 2^m networks

    Examples
    --------
    >>> functions, indicators = indicator_family(4)
    >>> net = embed_network(indicators[0][2], __import__("relu_theory").vc.cyclic(4))
    >>> [int(net([f])) for f in functions]
    [0, 1]
    """
    if order < 2 or blocks < 1:
        raise InvalidInput(f"need order >= 2 and blocks >= 1, got {order} and {blocks}")
    m = order.bit_length() - 1
    count = 2**m
    functions, indicators = [], []
    for i in range(blocks):
        low, high = Fraction(3 * i), Fraction(3 * i + 2)
        step = (high - low) / (2 * (count + 2))
        marks = [low + 2 * (k + 1) * step for k in range(count)]
        for j in range(m):
            values = [y if k >> j & 1 else high - step for k, y in enumerate(marks)]
            functions.append(tuple(values + [high - step] * (order - count)))
        indicators.append([indicator(y - step / 2, y + step / 2, step / 2) for y in marks])
    return functions, indicators
