"""Bounds on VC dimensions with all their constants, rounded outwards to integers.

Logarithms and e are certified enclosures; an upper bound returned here is the floor of the real
bound, a dimension being an integer. Each docstring gives the hypotheses, which are checked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import prod
from typing import Any

from flint import arb, ctx

from relu_theory.errors import InvalidInput
from relu_theory.vc.upper import largest_shattered

__all__ = [
    "anthony_bartlett_programs",
    "bartlett2019_growth",
    "bartlett2019_lower",
    "bartlett2019_order",
    "bartlett2019_upper",
    "blumer_intersections",
    "gcnn_growth",
    "gcnn_growth_upper",
    "gcnn_lower",
    "gcnn_upper",
    "gcnn_weights",
    "goldberg_jerrum",
    "warren_sign_vectors",
]

_BITS = 160


def goldberg_jerrum(parameters: int, predicates: int, degree: int) -> int:
    """``2 k log2(8 e d s)``: a formula in s polynomial inequalities of degree <= d in k parameters.

    References
    ----------
    Goldberg and Jerrum 1995, Theorem 2.2.

    Examples
    --------
    >>> goldberg_jerrum(3, 1, 1)
    26
    """
    _positive(parameters=parameters, predicates=predicates, degree=degree)
    return _floor(lambda: 2 * parameters * _log2(8 * _e() * degree * predicates))


def anthony_bartlett_programs(parameters: int, steps: int) -> int:
    """``4 k (t + 2)``: classifiers computed in t arithmetic steps and comparisons.

    References
    ----------
    Goldberg and Jerrum 1995; Anthony and Bartlett 1999, Theorem 8.4.

    Examples
    --------
    >>> anthony_bartlett_programs(3, 10)
    144
    """
    _positive(parameters=parameters, steps=steps)
    return 4 * parameters * (steps + 2)


def warren_sign_vectors(polynomials: int, degree: int, variables: int) -> int:
    """``2 (2 e t m / n)^n``: sign vectors (0 counts as -) of m polynomials, m >= n.

    References
    ----------
    Warren 1968; in this form Bartlett, Harvey, Liaw, Mehrabian 2019, Lemma 17.

    Examples
    --------
    >>> warren_sign_vectors(4, 1, 2)
    236
    """
    _positive(polynomials=polynomials, degree=degree, variables=variables)
    if polynomials < variables:
        raise InvalidInput(
            f"the bound needs polynomials >= variables, got {polynomials} < {variables}"
        )
    return _floor(lambda: 2 * (2 * _e() * degree * polynomials / arb(variables)) ** variables)


def blumer_intersections(dim: int, halfspaces: int) -> int:
    """``2 (d + 1) k log2(3 k)``: intersections or unions of k halfspaces of R^d.

    References
    ----------
    Blumer, Ehrenfeucht, Haussler, Warmuth 1989, Lemma 3.2.3.

    Examples
    --------
    >>> blumer_intersections(2, 2)
    31
    """
    _positive(dim=dim, halfspaces=halfspaces)
    return _floor(lambda: 2 * (dim + 1) * halfspaces * _log2(arb(3 * halfspaces)))


def bartlett2019_upper(widths: Sequence[int]) -> int:
    """``L + L' W log2(4 e R log2(2 e R))`` for ReLU networks of the given widths.

    Parameters
    ----------
    widths : sequence of ints
        Inputs, the units of each layer, 1 output; L is their number without the inputs,
        ``L' W = sum_i W_i`` with W_i the parameters of layers 1..i, and ``R = sum_i i k_i``.

    References
    ----------
    Bartlett, Harvey, Liaw, Mehrabian 2019, Theorem 6 with p = d = 1.

    Examples
    --------
    >>> bartlett2019_upper([1, 3, 1]), bartlett2019_upper([2, 10, 10, 1])
    (130, 3659)
    """
    weights, widths = _layers(widths)
    depth = len(weights)
    ranks = sum(i * k for i, k in enumerate(widths[1:], 1))
    if sum(widths[1:]) <= 2:
        raise InvalidInput(f"the bound needs more than 2 units, got widths {list(widths)}")
    return _floor(
        lambda: depth + sum(weights) * _log2(4 * _e() * ranks * _log2(2 * _e() * ranks))
    )


def bartlett2019_growth(widths: Sequence[int]) -> int:
    """The largest m that ``prod_i 2 (2 e m k_i i / W_i)^W_i`` labelings do not exclude.

    Valid for m >= sum_i W_i, which is therefore the least value returned.

    Examples
    --------
    >>> bartlett2019_growth([1, 3, 1])
    122
    """
    weights, widths = _layers(widths)
    units = [i * k for i, k in enumerate(widths[1:], 1)]
    bases = [(w, 2, u, w) for w, u in zip(weights, units, strict=True)]
    return _from(sum(weights), lambda m: _product(m, bases))


def bartlett2019_lower(parameters: int, depth: int) -> int:
    """The m n of Theorem 9 for so many parameters and layers: all stages, and the best r.

    With r bits at once and k = ceil(n / r) stages its networks have 3 + 5 k layers and
    ``2 + n + 4 m + k ((11 + r) 2^r + 2 r + 2)`` parameters, and shatter m n points. These sizes are
    as the theorem states them; `relu_theory.vc.extraction_network` is a construction of our own.

    References
    ----------
    Bartlett, Harvey, Liaw, Mehrabian 2019, Theorem 9.

    Examples
    --------
    >>> bartlett2019_lower(100, 8), bartlett2019_lower(10**4, 100)
    (18, 109155)
    """
    _positive(parameters=parameters, depth=depth)
    stages, best, bits = (depth - 3) // 5, 0, 1
    while stages > 0:
        n = bits * stages
        rest = parameters - 2 - n - stages * ((11 + bits) * 2**bits + 2 * bits + 2)
        if rest < 4:
            break
        best, bits = max(best, rest // 4 * n), bits + 1
    return best


def bartlett2019_order(parameters: int, depth: int, constant: int) -> int:
    """``W L log2(W / L) / C``, rounded up; for W > C L > C^2.

    The order of the lower bound. The theorem has a universal constant C; with the sizes of
    `bartlett2019_lower` C = 80 serves wherever it was tried.

    Raises
    ------
    InvalidInput
        Unless W > C L > C^2.

    References
    ----------
    Bartlett, Harvey, Liaw, Mehrabian 2019, Theorem 3.

    Examples
    --------
    >>> bartlett2019_order(10**4, 100, 80)
    83049
    """
    _positive(parameters=parameters, depth=depth, constant=constant)
    if not parameters > constant * depth > constant**2:
        raise InvalidInput(
            f"the bound needs W > C L > C^2, got W = {parameters}, L = {depth}, C = {constant}"
        )
    exact = parameters * depth
    return -_floor(lambda: -(exact * _log2(arb(parameters) / depth)) / constant)


def gcnn_weights(kernels: int, widths: Sequence[int]) -> list[int]:
    """``W_l = sum_{i <= l} m_i (k m_{i-1} + 1)`` for each layer l.

    Examples
    --------
    >>> gcnn_weights(1, (1, 4, 1))
    [8, 13]
    """
    _positive(kernels=kernels)
    if len(widths) < 2:
        raise InvalidInput(f"widths must hold the inputs and a layer, got {list(widths)}")
    _positive(**{f"widths[{i}]": m for i, m in enumerate(widths)})
    total, out = 0, []
    for before, units in pairwise(widths):
        total += units * (kernels * before + 1)
        out.append(total)
    return out


def gcnn_upper(kernels: int, widths: Sequence[int], order: int) -> int:
    """``L + 1 + (sum_l W_l + W_L + 1) log2(2 rho log2 rho)``, ``rho = 2 e (r sum_l l m_l + L)``.

    An explicit form that follows from the proof of the theorem (the printed display was not read).

    References
    ----------
    Sepliarskaia, Langer, Schmidt-Hieber 2024, Theorem 1.

    Examples
    --------
    >>> gcnn_upper(1, (1, 4, 1), 16)
    466
    """
    weights = gcnn_weights(kernels, widths)
    _positive(order=order)
    depth = len(weights)
    ranks = order * sum(i * m for i, m in enumerate(widths[1:], 1)) + depth

    def bound() -> Any:
        rho = 2 * _e() * ranks
        return depth + 1 + (sum(weights) + weights[-1] + 1) * _log2(2 * rho * _log2(rho))

    return _floor(bound)


def gcnn_growth(kernels: int, widths: Sequence[int], order: int, points: int) -> int:
    """The bound on the number of labelings of so many points behind `gcnn_upper`.

    ``prod_l 2 (2 e m r m_l l / W_l)^W_l * 2 (2 e m L / (W_L + 1))^(W_L + 1)``.

    Raises
    ------
    InvalidInput
        Unless points >= sum_l W_l + W_L + 1.

    Examples
    --------
    >>> gcnn_growth(1, (1, 1), 1, 6) >= 2**6
    True
    """
    weights = gcnn_weights(kernels, widths)
    least = sum(weights) + weights[-1] + 1
    if points < least:
        raise InvalidInput(f"the bound needs points >= {least}, got {points}")
    return _floor(lambda: _product(points, _gcnn_bases(weights, widths, order)))


def gcnn_growth_upper(kernels: int, widths: Sequence[int], order: int) -> int:
    """The largest m that the growth bound does not exclude: sharper than `gcnn_upper`.

    Examples
    --------
    >>> gcnn_growth_upper(1, (1, 4, 1), 16)
    391
    """
    weights = gcnn_weights(kernels, widths)
    _positive(order=order)
    bases = _gcnn_bases(weights, widths, order)
    return _from(sum(weights) + weights[-1] + 1, lambda m: _product(m, bases))


def gcnn_lower(order: int, blocks: int = 1) -> int:
    """``W floor(log2 r)``, shattered by networks (1, 4 W, 1) with one kernel.

    `relu_theory.vc.indicator_family` builds the functions and the networks.

    References
    ----------
    Sepliarskaia, Langer, Schmidt-Hieber 2024, Lemma 3 and Corollary 5.

    Examples
    --------
    >>> gcnn_lower(64, 3)
    18
    """
    _positive(order=order, blocks=blocks)
    return blocks * (order.bit_length() - 1)


def _gcnn_bases(weights: Sequence[int], widths: Sequence[int], order: int) -> list[Any]:
    bases = [
        (w, 2, order * m * i, w)
        for i, (w, m) in enumerate(zip(weights, widths[1:], strict=True), 1)
    ]
    return [*bases, (weights[-1] + 1, 2, len(weights), weights[-1] + 1)]


def _product(points: int, bases: Sequence[tuple[int, int, int, int]]) -> Any:
    """The product of ``2 (2 e m c / w)^w``."""
    return prod(
        (2 * (factor * _e() * points * c / arb(w)) ** power for power, factor, c, w in bases),
        start=arb(1),
    )


def _from(least: int, growth: Callable[[int], Any]) -> int:
    """The largest m >= least - 1 with growth(m) >= 2^m not excluded."""
    ctx.prec, before = _BITS, ctx.prec
    try:
        return least - 1 + largest_shattered(
            lambda k: _Shifted(growth(least - 1 + k), least - 1)
        )
    finally:
        ctx.prec = before


class _Shifted:
    """A growth bound at least - 1 + k points, to be compared with 2^k."""

    def __init__(self, value: Any, by: int) -> None:
        self.value, self.by = value, by

    def __lt__(self, power: int) -> bool:
        return bool(self.value < arb(power << self.by))


def _layers(widths: Sequence[int]) -> tuple[list[int], Sequence[int]]:
    if len(widths) < 2 or widths[-1] != 1:
        raise InvalidInput(f"widths must end in 1 output, got {list(widths)}")
    return gcnn_weights(1, widths), widths


def _positive(**values: Any) -> None:
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise InvalidInput(f"{name} must be a positive int, got {value!r}")


def _e() -> Any:
    return arb(1).exp()


def _log2(value: Any) -> Any:
    return value.log() / arb(2).log()


def _floor(bound: Callable[[], Any]) -> int:
    """The floor of the upper end of a certified enclosure."""
    ctx.prec, before = _BITS, ctx.prec
    try:
        return int(bound().upper().floor().unique_fmpz())
    finally:
        ctx.prec = before
