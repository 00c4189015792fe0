"""The extreme neurons of a data set, and the l1 problem over them with a dual certificate."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from operator import add
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from relu_theory.certificate import Bracket
from relu_theory.errors import CertificateError, Undecided
from relu_theory.exact.linalg import dot, solve
from relu_theory.exact.numbers import fraction, rational_vector
from relu_theory.network import ReluNetwork
from relu_theory.sparse.dictionary import Dictionary, Row, read_dictionary

__all__ = ["Atoms", "MinimalNorm", "atoms_of", "minimal_l1"]


@dataclass(frozen=True)
class Atoms:
    """The signed extreme rays of all groups, each once.

    Attributes
    ----------
    dictionary : Dictionary
    signs, rays, columns : tuples of equal length
        Output sign, neuron w and signed contribution of each atom.
    """

    dictionary: Dictionary
    signs: Row
    rays: tuple[Row, ...]
    columns: tuple[Row, ...]

    @property
    def norms(self) -> list[int]:
        """The l1 norm of each neuron."""
        return [sum(map(abs, ray)) for ray in self.rays]

    @property
    def factor(self) -> Fraction:
        """What multipliers for the integer target must be multiplied with."""
        return Fraction(self.dictionary.row_scale, self.dictionary.target_scale)

    def network(self, multipliers: dict[int, fmpq]) -> ReluNetwork:
        """The network with one neuron for each atom with a positive multiplier."""
        return self.dictionary.network(
            [(self.signs[i], [m * q for q in self.rays[i]]) for i, m in multipliers.items() if m]
        )


@dataclass(frozen=True)
class MinimalNorm:
    """An interpolating network of least l1 norm, with a dual proof.

    Attributes
    ----------
    value : Fraction
        The least sum over the neurons of the l1 norm of v_k (w_k, b_k).
    network : ReluNetwork
    dual : tuple of Fraction
        A vector q with q . y = value and |q . (X w)_+| <= |w|_1 for every neuron w.
    """

    value: Fraction
    network: ReluNetwork
    atoms: Atoms = field(repr=False)
    dual: tuple[Fraction, ...] = field(repr=False)

    def check(self) -> bool:
        """Verify value, network and dual vector exactly; True, or a CertificateError."""
        data = self.atoms.dictionary
        norm = Fraction(0)
        if self.network.depth:
            view = self.network.exact
            outer = view.weights[1].table()[0]
            rows = zip(view.weights[0].table(), view.biases[0], outer, strict=True)
            norm = sum((fraction(abs(v * q)) for w, b, v in rows for q in [*w, b]), norm)
        for row, label in zip(data.rows, data.target, strict=True):
            x = [Fraction(q, data.row_scale) for q in row[:-1]]
            if self.network.forward_exact(x)[0] != Fraction(label, data.target_scale):
                raise CertificateError("the network does not interpolate")
        bound = sum(
            q * Fraction(t, data.target_scale) for q, t in zip(self.dual, data.target, strict=True)
        )
        if not norm == bound == self.value:
            raise CertificateError(f"primal {norm}, dual {bound} and value {self.value} differ")
        for column, size in zip(self.atoms.columns, self.atoms.norms, strict=True):
            if sum(q * c for q, c in zip(self.dual, column, strict=True)) > size * data.row_scale:
                raise CertificateError("the dual vector exceeds the norm of a neuron")
        return True


def atoms_of(dictionary: Dictionary) -> Atoms:
    """The atoms of a dictionary, in a fixed order."""
    columns = {
        ray: column
        for group in dictionary.groups
        for ray, column in zip(group.rays, group.columns, strict=True)
        if any(column)
    }
    pairs = sorted(columns.items())
    rays = tuple(ray for ray, _ in pairs for _ in (1, -1))
    signed = tuple(tuple(s * q for q in column) for _, column in pairs for s in (1, -1))
    return Atoms(dictionary, (1, -1) * len(pairs), rays, signed)


def minimal_l1(X: Any, y: Any) -> MinimalNorm:
    """The interpolating network of least l1 norm of v_k (w_k, b_k), summed over the neurons.

    Parameters
    ----------
    X : (N, d) exact numbers
    y : N exact numbers

    Returns
    -------
    MinimalNorm

    Raises
    ------
    Undecided
        When the floats' basis is not exactly optimal; with the exact bounds that were reached.

    Notes
    -----
    On each group the norm and the outputs are linear in the neuron, so neurons on extreme rays
    suffice: a linear programme. HiGHS proposes a basis; primal and dual solution are recomputed
    and checked in rational arithmetic.

    Examples
    --------
    >>> best = minimal_l1([[-1], [0], [1], [2]], [0, 0, 1, 2])
    >>> best.value, best.check()
    (Fraction(1, 1), True)
    """
    atoms = atoms_of(read_dictionary(X, y, full=True))
    target = rational_vector(atoms.dictionary.target)
    primal, marginals = linear_programme(atoms, np.array(atoms.norms, dtype=float))
    chosen = np.flatnonzero(primal > 1e-9).tolist()
    multipliers = (
        solve(list(zip(*(atoms.columns[i] for i in chosen), strict=True)), target) if chosen else []
    )
    dual = _exact_dual(atoms, marginals)
    upper = None
    if multipliers is not None and all(m >= 0 for m in multipliers):
        upper = sum((m * atoms.norms[i] for i, m in zip(chosen, multipliers, strict=True)), fmpq(0))
    lower = sum((q * t for q, t in zip(dual, target, strict=True)), fmpq(0))
    if upper is None or upper != lower:
        ends = [fraction(q) * atoms.factor for q in (lower, lower if upper is None else upper)]
        bracket = Bracket(ends[0], float("inf") if upper is None else ends[1])
        raise Undecided("the basis found in floats is not exactly optimal", bracket)
    scale = atoms.dictionary.row_scale
    return MinimalNorm(
        fraction(upper) * atoms.factor,
        atoms.network(dict(zip(chosen, multipliers, strict=True))),
        atoms,
        tuple(fraction(q) * scale for q in dual),
    )


def linear_programme(
    atoms: Atoms, cost: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A basic solution and the dual prices, in floats: least cost with the target reproduced."""
    from scipy.optimize import linprog

    table = np.array(atoms.columns, dtype=float).T
    target = np.array(atoms.dictionary.target, dtype=float)
    found = linprog(cost, A_eq=table, b_eq=target, bounds=(0, None), method="highs-ds")
    if found.x is None:
        raise Undecided(f"the linear programme was not solved in floats: {found.message}")
    return found.x, found.eqlin.marginals


def _exact_dual(atoms: Atoms, marginals: NDArray[np.float64]) -> list[fmpq]:
    """A dual feasible vector: a solution of the tight constraints, or the floats scaled down.

    Where the tight constraints have many solutions, the simplest may violate others; the one that
    is reached from the floats by a step as small as their error does not.
    """
    norms = atoms.norms
    values = np.array(atoms.columns, dtype=float) @ marginals
    tight = [i for i, size in enumerate(norms) if size - values[i] < 1e-7 * size]
    candidates: list[list[fmpq] | None] = []
    floats = rational_vector(marginals.tolist())
    if tight:
        rows, sizes = [atoms.columns[i] for i in tight], [norms[i] for i in tight]
        candidates.append(solve(rows, sizes))
        step = solve(rows, [n - dot(row, floats) for n, row in zip(sizes, rows, strict=True)])
        candidates.append(None if step is None else [*map(add, floats, step)])
    candidates.append(floats)
    for q in candidates:
        if q is not None:
            ratios = [dot(q, c) / size for c, size in zip(atoms.columns, norms, strict=True)]
            largest = max([*ratios, fmpq(1)])
            if largest == 1 or q is candidates[-1]:
                return [a / largest for a in q]
    raise AssertionError("the last candidate is always taken")
