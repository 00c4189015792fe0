"""Smaller networks with the same property: fewer neurons, then smaller weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from relu_theory.errors import InvalidInput
from relu_theory.exact import fraction
from relu_theory.network import ReluNetwork

__all__ = ["minimise"]

Layer = tuple[list[list[Fraction]], list[Fraction]]


def minimise(net: ReluNetwork, keeps: Callable[[ReluNetwork], bool]) -> ReluNetwork:
    """A network with a property from which no single step leads to a smaller one.

    Parameters
    ----------
    net : ReluNetwork
        Integer weights shrink furthest.
    keeps : callable
        Whether a network has the property.

    Returns
    -------
    ReluNetwork
        It has the property, and loses it when a neuron is taken out, or one weight or bias is
        replaced by zero, by its sign, by half of it (rounded towards zero) or by the next integer
        towards zero.

    Raises
    ------
    InvalidInput
        When the network itself has not the property.

    Notes
    -----
    Steps are tried in this order, the first that succeeds is taken, until none does.  The result
    is a local minimum and depends on the start.

    Examples
    --------
    Which part of this network has a bend?

    >>> from relu_theory.regions import count
    >>> net = ReluNetwork([[[3], [5], [0]], [[2, 7, 1]]], [[-6, 4, 1], [9]])
    >>> small = minimise(net, lambda n: count(n) > 1)
    >>> small
    ReluNetwork([[[1]], [[0]]], [[0], [0]])
    """
    if not keeps(net):
        raise InvalidInput("net has not the property keeps(net); start from a network that has it")
    while True:
        smaller = next(filter(keeps, _steps(net)), None)
        if smaller is None:
            return net
        net = smaller


def _steps(net: ReluNetwork) -> Iterator[ReluNetwork]:
    layers: list[Layer] = [
        ([list(map(fraction, row)) for row in w.table()], list(map(fraction, b)))
        for w, b in zip(net.exact.weights, net.exact.biases, strict=True)
    ]
    for level, width in enumerate(net.widths):
        if width > 1:
            for i in range(width):
                yield _without(layers, level, i)
    for level, (rows, offsets) in enumerate(layers):
        for i, offset in enumerate(offsets):
            for value in _towards_zero(offset):
                yield _replaced(layers, level, i, None, value)
            for j, weight in enumerate(rows[i]):
                for value in _towards_zero(weight):
                    yield _replaced(layers, level, i, j, value)


def _towards_zero(x: Fraction) -> list[Fraction]:
    sign = (x > 0) - (x < 0)
    shorter = [Fraction(0), Fraction(sign), Fraction(int(x / 2)), x - sign if abs(x) >= 1 else x]
    return [y for y in dict.fromkeys(shorter) if abs(y) < abs(x)]


def _without(layers: list[Layer], level: int, i: int) -> ReluNetwork:
    new = [([list(r) for r in rows], list(b)) for rows, b in layers]
    del new[level][0][i], new[level][1][i]
    for row in new[level + 1][0]:
        del row[i]
    return _network(new)


def _replaced(
    layers: list[Layer], level: int, i: int, j: int | None, value: Fraction
) -> ReluNetwork:
    new = [([list(r) for r in rows], list(b)) for rows, b in layers]
    if j is None:
        new[level][1][i] = value
    else:
        new[level][0][i][j] = value
    return _network(new)


def _network(layers: list[Layer]) -> ReluNetwork:
    return ReluNetwork([rows for rows, _ in layers], [offsets for _, offsets in layers])
