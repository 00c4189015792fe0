"""Interpolation by ReLU networks with the fewest non-zero input weights, in any dimension."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq

from relu_theory.errors import CertificateError
from relu_theory.exact.farkas import nonnegative_combination
from relu_theory.network import ReluNetwork
from relu_theory.sparse.dictionary import Dictionary, read_dictionary
from relu_theory.sparse.refutation import Found, Node, Signed, check_node, columns_of, refute

__all__ = ["SparsestNetwork", "sparsest_network"]


@dataclass(frozen=True)
class SparsestNetwork:
    """An interpolating network with the fewest non-zero input weights, with a proof.

    Attributes
    ----------
    count : int
        The number of non-zero input weights and biases of its neurons.
    network : ReluNetwork
        One hidden layer without output bias.
    proof : Node or None
        Refutes every choice of less total weight; None when ``count`` is 0.
    """

    count: int
    network: ReluNetwork
    dictionary: Dictionary = field(repr=False)
    proof: Node | None = field(repr=False)

    def check(self) -> bool:
        """Verify the network and the proof in exact arithmetic; True, or an error.

        The list of groups is taken as complete: it comes from the exact region enumeration.

        Raises
        ------
        CertificateError
            When the network does not interpolate, has not ``count`` weights, or the proof fails.
        """
        data, net = self.dictionary, self.network
        for row, label in zip(data.rows, data.target, strict=True):
            x = [fmpq(q, data.row_scale) for q in row[:-1]]
            if Fraction(label, data.target_scale) != net.forward_exact(x)[0]:
                raise CertificateError(f"the network does not interpolate at x = {x}")
        used = 0
        if net.depth:
            inputs, biases = net.exact.weights[0].table(), net.exact.biases[0]
            used = sum(q != 0 for row, b in zip(inputs, biases, strict=True) for q in [*row, b])
        if used > self.count:
            raise CertificateError(f"the network has {used} weights, more than {self.count}")
        if self.count and self.proof is None:
            raise CertificateError("there is no proof that fewer weights do not suffice")
        if self.proof is not None:
            check_node(data, self.proof, self.count - 1)
        return True


def sparsest_network(
    X: Any, y: Any, *, time_limit: float = 10.0, max_nodes: int = 200_000
) -> SparsestNetwork:
    """The network x -> sum of v_k (w_k . x + b_k)_+ with the fewest non-zero w and b.

    Parameters
    ----------
    X : (N, d) exact numbers
        Meant for N <= 6 and d <= 2; the proof grows quickly.
    y : N exact numbers
    time_limit : float
        Seconds for the search by mixed-integer programming; only the speed depends on it.
    max_nodes : int
        The largest size of a proof.

    Returns
    -------
    SparsestNetwork
        ``.check()`` verifies it without any solver.

    Raises
    ------
    ShapeError, InvalidInput, TooLarge

    Notes
    -----
    The problem (9) of [Nakhleh and Nowak 2025] with its finite reformulation (Lemma 4.1), refined
    by the coordinate planes and the zero weights: on each group the outputs at the data are
    linear in the neuron. HiGHS proposes groups, rational arithmetic finds the multipliers, and
    a tree of Farkas vectors refutes every smaller choice.

    Examples
    --------
    >>> best = sparsest_network([[-1], [0], [1], [2]], [0, 0, 1, 2])
    >>> best.count, best.network.num_neurons, best.check()
    (1, 1, True)
    """
    dictionary = read_dictionary(X, y)
    chosen = _proposed(dictionary, time_limit)
    while True:
        weight = sum(dictionary.groups[g].weight for g, _ in chosen)
        if not weight:
            return SparsestNetwork(0, dictionary.network([]), dictionary, None)
        try:
            proof = refute(dictionary, weight - 1, max_nodes=max_nodes)
        except Found as better:
            chosen = better.chosen
            continue
        return SparsestNetwork(weight, _built(dictionary, chosen), dictionary, proof)


def neurons_of(
    dictionary: Dictionary, chosen: Sequence[Signed], multipliers: Sequence[fmpq]
) -> Iterator[tuple[int, list[fmpq]]]:
    """The neurons (sign, w) that the multipliers of the rays of signed groups add up to."""
    rest = iter(multipliers)
    for g, sign in chosen:
        total = [fmpq(0)] * (dictionary.dim + 1)
        for ray in dictionary.groups[g].rays:
            factor = next(rest)
            total = [t + factor * q for t, q in zip(total, ray, strict=True)]
        if any(total):
            yield sign, total


def _built(dictionary: Dictionary, chosen: Sequence[Signed]) -> ReluNetwork:
    multipliers = nonnegative_combination(columns_of(dictionary, chosen), dictionary.target)
    if multipliers is None:
        raise AssertionError("the choice was found to suffice")
    return dictionary.network(list(neurons_of(dictionary, chosen, multipliers)))


def _proposed(dictionary: Dictionary, time_limit: float) -> tuple[Signed, ...]:
    """Groups of small total weight that suffice, by HiGHS; all groups when it finds none."""
    every = [(g, s) for g in range(len(dictionary.groups)) for s in (1, -1)]
    if not any(dictionary.target):
        return ()
    for chosen in _milp_choices(dictionary, every, time_limit):
        columns = columns_of(dictionary, chosen)
        if nonnegative_combination(columns, dictionary.target) is not None:
            return tuple(chosen)
    return tuple(every)


def _milp_choices(
    dictionary: Dictionary, every: Sequence[Signed], time_limit: float
) -> Iterator[list[Signed]]:
    from scipy.optimize import Bounds, LinearConstraint, milp

    owner = [k for k, (g, _) in enumerate(every) for _ in dictionary.groups[g].columns]
    columns = np.array(columns_of(dictionary, every), dtype=float)
    norms = np.abs(columns).max(axis=1)
    norms[norms == 0] = 1.0
    columns /= norms[:, None]
    y = np.array(dictionary.target, dtype=float)
    y /= np.abs(y).max()
    count, switches = len(owner), len(every)
    table = np.hstack((columns.T, np.zeros((len(y), switches))))
    cost = np.concatenate((np.zeros(count), [dictionary.groups[g].weight for g, _ in every]))
    kinds = np.concatenate((np.zeros(count), np.ones(switches)))
    for bound in (20.0, 200.0, 2000.0):
        link = np.zeros((count, count + switches))
        link[np.arange(count), np.arange(count)] = 1
        link[np.arange(count), count + np.array(owner)] = -bound
        limits = Bounds(0, np.concatenate((np.full(count, bound), np.ones(switches))))
        found = milp(
            cost,
            constraints=[LinearConstraint(table, y, y), LinearConstraint(link, -np.inf, 0)],
            integrality=kinds,
            bounds=limits,
            options={"time_limit": time_limit},
        )
        if found.x is not None:
            yield [item for item, on in zip(every, found.x[count:], strict=True) if on > 0.5]
