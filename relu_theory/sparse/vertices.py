"""The multivariate l_p problem for tiny data, by its vertices; and a heuristic for larger data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
from flint import arb, fmpq, fmpq_mat

from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.exact.linalg import independent_rows, solve
from relu_theory.exact.numbers import rational, rational_vector
from relu_theory.network import ReluNetwork
from relu_theory.sparse.atoms import Atoms, atoms_of, linear_programme
from relu_theory.sparse.dictionary import read_dictionary
from relu_theory.sparse.powers import FixedPower

__all__ = ["PowerNetwork", "minimal_lp", "power_threshold", "reweighted"]

Neurons = tuple[tuple[int, tuple[fmpq, ...]], ...]
"""Pairs of an output sign and a neuron w (for the scaled data)."""


@dataclass(frozen=True)
class PowerNetwork:
    """An interpolating network with small sum of p-th powers of the entries of v_k (w_k, b_k).

    Attributes
    ----------
    cost : flint.arb
        An enclosure of that sum.
    network : ReluNetwork
    is_optimal : bool
        True when it is proved that no interpolating network costs less.
    """

    cost: arb
    network: ReluNetwork = field(repr=False)
    is_optimal: bool


def minimal_lp(X: Any, y: Any, p: Any, *, max_bases: int = 200_000) -> PowerNetwork:
    """The exact minimum of the l_p problem for tiny data and rational 0 < p < 1.

    Parameters
    ----------
    X : (N, d) exact numbers
    y : N exact numbers
    p : rational number
    max_bases : int
        The largest number of bases that are tried: C(atoms, rank).

    Raises
    ------
    InvalidInput, TooLarge

    Notes
    -----
    Problem (8) of [Nakhleh and Nowak 2025]. On products of groups the cost is concave, so some
    vertex is optimal; a vertex is a basic solution in the multipliers of the atoms, in which atoms
    of a common group may form one neuron. Costs are compared exactly.

    Examples
    --------
    >>> minimal_lp([[-1], [0], [1]], [0, 0, 1], "1/2").cost
    1.00000000000000
    """
    power = _power(p)
    atoms = atoms_of(read_dictionary(X, y, full=True))
    best: Neurons | None = None
    powers = FixedPower(power)
    costs: arb = arb(0)
    for neurons in _vertices(atoms, max_bases):
        total = _cost(atoms, neurons, powers)
        if best is None or _less(atoms, powers, neurons, total, best, costs):
            best, costs = neurons, total
    if best is None:
        raise AssertionError("every label vector is reproduced: one-sided neurons span all labels")
    return PowerNetwork(costs, atoms.dictionary.network(best), True)


def power_threshold(X: Any, y: Any, *, max_bases: int = 200_000) -> arb:
    """A power below which every l_p solution has the fewest non-zero weights, for tiny data.

    Returns
    -------
    flint.arb
        An enclosure of min(1, ln(1 + 1/k) / ln(R / r)), where k is the least number of weights and
        R and r are the largest and the smallest non-zero weight of all vertices.

    Notes
    -----
    A vertex with more than k weights costs at least (k + 1) r^p, the sparsest at most k R^p: the
    argument of Theorem 4.1 of [Nakhleh and Nowak 2025], whose constant this reconstructs.

    Examples
    --------
    Here k = 3 and R / r = 2:

    >>> bound = power_threshold([[0], [1], [2]], [0, 1, 0])
    >>> bound.overlaps((arb(4) / 3).log() / arb(2).log())
    True
    """
    atoms = atoms_of(read_dictionary(X, y, full=True))
    sizes = [
        [abs(q) for _, w in neurons for q in w if q] for neurons in _vertices(atoms, max_bases)
    ]
    least = min(map(len, sizes))
    entries = [q for size in sizes for q in size]
    if not entries or max(entries) == min(entries):
        return arb(1)
    bound = (1 + 1 / arb(least)).log() / arb(max(entries) / min(entries)).log()
    return bound.min(arb(1))


def reweighted(X: Any, y: Any, p: Any, *, rounds: int = 20) -> PowerNetwork:
    """A network of small l_p cost by iteratively reweighted linear programmes: a heuristic.

    The network interpolates exactly, but its cost is only an upper bound of the minimum.

    Parameters
    ----------
    X : (N, d) exact numbers
    y : N exact numbers
    p : rational number, 0 < p < 1
    rounds : int
        The number of linear programmes.

    Returns
    -------
    PowerNetwork
        With ``is_optimal`` False.

    Examples
    --------
    >>> found = reweighted([[-1], [0], [1], [2]], [0, 0, 1, 2], "1/2")
    >>> found.cost, found.is_optimal
    (1.00000000000000, False)
    """
    power = _power(p)
    atoms = atoms_of(read_dictionary(X, y, full=True))
    target = rational_vector(atoms.dictionary.target)
    powers = FixedPower(power)
    sizes = np.array(atoms.norms, dtype=float)
    weights = sizes.copy()
    best: tuple[arb, Neurons] | None = None
    for _ in range(rounds):
        primal, _ = linear_programme(atoms, weights)
        chosen = np.flatnonzero(primal > 1e-9).tolist()
        columns = [atoms.columns[i] for i in chosen]
        exact = solve(list(zip(*columns, strict=True)), target) if chosen else []
        if exact is not None and all(m >= 0 for m in exact):
            neurons = _neurons(atoms, dict(zip(chosen, exact, strict=True)))
            cost = _cost(atoms, neurons, powers)
            best = (cost, neurons) if best is None or cost < best[0] else best
        scaled = primal * sizes
        floor = 1e-6 * max(float(scaled.max()), 1e-300)
        weights = sizes * (scaled / max(float(scaled.max()), 1e-300) + 1e-6) ** (float(power) - 1)
        weights /= weights[primal > floor / sizes.max()].min(initial=1.0)
    if best is None:
        raise InvalidInput("no linear programme gave an exact interpolant; rescale the data")
    return PowerNetwork(best[0], atoms.dictionary.network(best[1]), False)


def _power(p: Any) -> fmpq:
    power = rational(p)
    if not 0 < power < 1:
        raise InvalidInput(
            f"p must lie strictly between 0 and 1, got {p}; use sparsest_network for p = 0 and "
            "minimal_l1 for p = 1"
        )
    return power


def _vertices(atoms: Atoms, max_bases: int) -> Iterator[Neurons]:
    """The vertices, as lists of neurons; some more than once."""
    target = rational_vector(atoms.dictionary.target)
    rows = independent_rows(list(zip(*atoms.columns, strict=True)))
    number = comb(len(atoms.columns), len(rows))
    if number > max_bases:
        raise TooLarge(
            f"there are {number} bases, more than max_bases = {max_bases}; use reweighted", number
        )
    reduced = [[column[i] for i in rows] for column in atoms.columns]
    rhs = fmpq_mat(len(rows), 1, [target[i] for i in rows])
    groups = _membership(atoms)
    seen: set[frozenset[tuple[int, fmpq]]] = set()
    for basis in combinations(range(len(reduced)), len(rows)):
        if any(basis[k] + 1 == basis[k + 1] and basis[k] % 2 == 0 for k in range(len(basis) - 1)):
            continue  # An atom and its negative are dependent.
        square = fmpq_mat([reduced[i] for i in basis]).transpose()
        if square.det() == 0:
            continue
        solution = square.solve(rhs).entries()
        if any(q < 0 for q in solution):
            continue
        used = {i: q for i, q in zip(basis, solution, strict=True) if q}
        key = frozenset(used.items())
        if key not in seen:
            seen.add(key)
            yield from _groupings(atoms, used, groups)


def _membership(atoms: Atoms) -> list[frozenset[int]]:
    """For each atom the groups that have it as a ray."""
    places: dict[tuple[int, ...], set[int]] = {}
    for g, group in enumerate(atoms.dictionary.groups):
        for ray in group.rays:
            places.setdefault(ray, set()).add(g)
    return [frozenset(places[ray]) for ray in atoms.rays]


def _groupings(
    atoms: Atoms, used: dict[int, fmpq], groups: Sequence[frozenset[int]]
) -> Iterator[Neurons]:
    """Every way of adding up atoms of one sign and a common group to neurons."""
    for blocks in _partitions(sorted(used)):
        signs = [{atoms.signs[i] for i in block} for block in blocks]
        if all(len(s) == 1 for s in signs) and all(
            frozenset.intersection(*(groups[i] for i in block)) for block in blocks
        ):
            yield tuple(
                (atoms.signs[block[0]], _sum(atoms, {i: used[i] for i in block}))
                for block in blocks
            )


def _partitions(items: Sequence[int]) -> Iterator[list[list[int]]]:
    if not items:
        yield []
        return
    first, rest = items[0], items[1:]
    for blocks in _partitions(rest):
        yield [[first], *blocks]
        for k in range(len(blocks)):
            yield [*blocks[:k], [first, *blocks[k]], *blocks[k + 1 :]]


def _neurons(atoms: Atoms, used: dict[int, fmpq]) -> Neurons:
    return tuple((atoms.signs[i], _sum(atoms, {i: m})) for i, m in used.items() if m)


def _sum(atoms: Atoms, used: dict[int, fmpq]) -> tuple[fmpq, ...]:
    size = atoms.dictionary.dim + 1
    return tuple(sum((m * atoms.rays[i][c] for i, m in used.items()), fmpq(0)) for c in range(size))


def _terms(atoms: Atoms, neurons: Neurons) -> Counter[fmpq]:
    factor = fmpq(atoms.dictionary.row_scale, atoms.dictionary.target_scale)
    return Counter(factor * abs(q) for _, w in neurons for q in w if q)


def _cost(atoms: Atoms, neurons: Neurons, powers: FixedPower) -> arb:
    terms = _terms(atoms, neurons)
    return sum((c * powers.power(base) for base, c in terms.items()), arb(0))


def _less(
    atoms: Atoms, powers: FixedPower, new: Neurons, cost: arb, old: Neurons, least: arb
) -> bool:
    if cost > least or cost < least:
        return bool(cost < least)
    difference = _terms(atoms, new)
    difference.subtract(_terms(atoms, old))
    return powers.sign(difference) < 0
