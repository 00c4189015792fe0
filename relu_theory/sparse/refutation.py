"""Proofs that no choice of signed groups of small total weight reproduces the labels.

A node of the proof holds a vector q with q . y > 0 and q . c <= 0 for the columns c of all groups
chosen so far (Farkas): they do not suffice, and whatever does must hold a further group with a
column on which q is positive. The node has one child for each such group that the budget allows;
in a child the groups of the earlier siblings are excluded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpq_mat
from numpy.typing import NDArray

from relu_theory.errors import CertificateError, TooLarge
from relu_theory.exact.farkas import nonnegative_combination
from relu_theory.exact.numbers import primitive
from relu_theory.sparse.dictionary import Dictionary, Row

__all__ = ["Found", "Node", "Signed", "check_node", "farkas_vector", "refute"]

Signed = tuple[int, int]
"""The index of a group and the sign of its output weight."""


@dataclass(frozen=True)
class Node:
    """A Farkas vector, and the proofs for each group that could follow."""

    vector: Row
    children: tuple[tuple[Signed, Node], ...] = ()

    def __len__(self) -> int:
        return 1 + sum(len(child) for _, child in self.children)


class Found(Exception):
    """A choice of groups that does suffice."""

    def __init__(self, chosen: tuple[Signed, ...]) -> None:
        super().__init__(chosen)
        self.chosen = chosen


class _Search:
    """The state of one proof search: the columns, and all Farkas vectors found so far."""

    def __init__(self, dictionary: Dictionary, limit: int) -> None:
        self.dictionary, self.limit, self.nodes = dictionary, limit, 0
        self.signed = [(g, s) for g in range(len(dictionary.groups)) for s in (1, -1)]
        self.weights = np.array([dictionary.groups[g].weight for g, _ in self.signed])
        self.columns = [columns_of(dictionary, [item]) for item in self.signed]
        sizes = [len(c) for c in self.columns]
        self.starts = np.cumsum([0, *sizes[:-1]])
        self.matrix = np.array([c for group in self.columns for c in group], dtype=object)
        self.floats = self.matrix.astype(float)
        self.pool: list[Row] = []
        self.violated: NDArray[np.bool_] = np.zeros((0, len(self.signed)), dtype=bool)

    def node(self, chosen: tuple[int, ...], excluded: NDArray[np.bool_], budget: int) -> Node:
        self.nodes += 1
        if self.nodes > self.limit:
            raise TooLarge(
                f"the proof has more than max_nodes = {self.limit} nodes; raise max_nodes",
                self.nodes,
            )
        candidates = ~excluded & (self.weights <= budget)
        index = self._vector(chosen, candidates)
        children = []
        excluded = excluded.copy()
        following = np.flatnonzero(self.violated[index] & candidates)
        for g in following[np.argsort(self.weights[following], kind="stable")].tolist():
            below = self.node((*chosen, g), excluded, budget - int(self.weights[g]))
            children.append((self.signed[g], below))
            excluded[g] = True
        return Node(self.pool[index], tuple(children))

    def _vector(self, chosen: tuple[int, ...], candidates: NDArray[np.bool_]) -> int:
        """The index of a Farkas vector for the chosen groups, with few groups to follow."""
        usable = np.flatnonzero(~self.violated[:, list(chosen)].any(axis=1))
        if len(usable):
            follow = (self.violated[usable] & candidates).sum(axis=1)
            best = int(follow.argmin())
            # A new vector is often better than a poor old one; none beats a vector without
            # followers.
            if follow[best] == 0:
                return int(usable[best])
        columns = [c for g in chosen for c in self.columns[g]]
        vector = farkas_vector(columns, self.dictionary.target)
        if vector is None:
            raise Found(tuple(self.signed[g] for g in chosen))
        self._add(vector)
        if len(usable) and follow[best] <= (self.violated[-1] & candidates).sum():
            return int(usable[best])
        return len(self.pool) - 1

    def _add(self, vector: Row) -> None:
        values = self.floats @ np.array(vector, dtype=float)
        bound = np.abs(self.floats) @ np.abs(np.array(vector, dtype=float)) * 1e-12
        positive = values > 0
        for i in np.flatnonzero(np.abs(values) <= bound).tolist():
            positive[i] = sum(a * b for a, b in zip(self.matrix[i], vector, strict=True)) > 0
        self.pool.append(vector)
        row = np.logical_or.reduceat(positive, self.starts)
        self.violated = np.vstack((self.violated, row))


def refute(dictionary: Dictionary, budget: int, *, max_nodes: int) -> Node:
    """A proof that no signed groups of total weight at most ``budget`` suffice.

    Raises
    ------
    Found
        With groups that do suffice.
    TooLarge
        Beyond ``max_nodes`` nodes.
    """
    search = _Search(dictionary, max_nodes)
    return search.node((), np.zeros(len(search.signed), dtype=bool), budget)


def columns_of(dictionary: Dictionary, chosen: Sequence[Signed]) -> list[Row]:
    """The columns of signed groups."""
    return [
        column if sign > 0 else tuple(-q for q in column)
        for g, sign in chosen
        for column in dictionary.groups[g].columns
    ]


def farkas_vector(columns: Sequence[Row], target: Row) -> Row | None:
    """An integer q with q . target > 0 and q . c <= 0 for all columns; None when there is none.

    The candidate is the residual of the nearest point of the cone, on the face that floats
    find; if it fails, an exact simplex decides.
    """
    if not any(target):
        return None
    for face in _likely_faces(columns, target):
        vector = _residual([columns[i] for i in face], target)
        if any(vector) and all(_dot(vector, c) <= 0 for c in columns):
            return vector
    if nonnegative_combination(columns, target) is not None:
        return None
    return _by_simplex(columns, target)


def _likely_faces(columns: Sequence[Row], target: Row) -> Iterator[list[int]]:
    from scipy.optimize import nnls

    if not columns:
        yield []
        return
    table = np.array(columns, dtype=float).T
    try:
        multipliers, _ = nnls(table, np.array(target, dtype=float))
    except RuntimeError:
        return
    yield np.flatnonzero(multipliers).tolist()


def _residual(face: Sequence[Row], target: Row) -> Row:
    """The part of the target orthogonal to the columns of a face, as a primitive vector."""
    if not face:
        return primitive(target)
    basis = fmpq_mat([list(c) for c in face])
    gram = basis * basis.transpose()
    if gram.det() == 0:
        return (0,) * len(target)
    y = fmpq_mat(len(target), 1, list(target))
    part = basis.transpose() * gram.solve(basis * y)
    return primitive((y - part).entries())


def _by_simplex(columns: Sequence[Row], target: Row) -> Row:
    """q = u - v with u, v, s >= 0, q . c + s = 0 for every column, q . target = 1."""
    size, count = len(target), len(columns)
    vectors = []
    for sign in (1, -1):
        for i in range(size):
            vectors.append([*(sign * c[i] for c in columns), sign * target[i]])
    for k in range(count):
        vectors.append([*(int(j == k) for j in range(count)), 0])
    found = nonnegative_combination(vectors, [*[0] * count, 1])
    if found is None:
        raise AssertionError("Farkas' lemma: one of the two systems has a solution")
    return primitive([found[i] - found[size + i] for i in range(size)])


def check_node(dictionary: Dictionary, node: Node, budget: int) -> None:
    """Check a proof with integer arithmetic alone.

    Raises
    ------
    CertificateError
        Naming what is wrong.
    """
    columns = {
        (g, sign): columns_of(dictionary, [(g, sign)])
        for g in range(len(dictionary.groups))
        for sign in (1, -1)
    }
    stack = [(node, (), frozenset(), budget)]
    while stack:
        at, chosen, excluded, left = stack.pop()
        if _dot(at.vector, dictionary.target) <= 0:
            raise CertificateError("a vector of the proof does not separate the labels")
        if any(_dot(at.vector, c) > 0 for item in chosen for c in columns[item]):
            raise CertificateError("a vector of the proof is positive on a chosen group")
        followed = {item for item, _ in at.children}
        for item, own in columns.items():
            needed = item not in excluded and dictionary.groups[item[0]].weight <= left
            if needed and item not in followed and any(_dot(at.vector, c) > 0 for c in own):
                raise CertificateError("the proof leaves out a group that might suffice")
        for item, child in at.children:
            rest = left - dictionary.groups[item[0]].weight
            stack.append((child, (*chosen, item), excluded, rest))
            excluded = excluded | {item}


def _dot(a: Sequence[int], b: Sequence[int]) -> int:
    return sum(p * q for p, q in zip(a, b, strict=True))
