"""The VC dimension of a finite class, with a shattered set and a proof that none is larger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory._kernels.shattering import FOUND, shattered_set
from relu_theory.certificate import Bracket
from relu_theory.errors import TooLarge
from relu_theory.vc.certificates import ShatteringCertificate, finite_certificate
from relu_theory.vc.concepts import ConceptClass, sauer_shelah

__all__ = ["Dimension", "class_dimension", "dual_dimension", "pajor_count"]

_LARGEST_WORKSPACE = 1 << 27
_LARGEST_TRANSCRIPT = 1 << 28


@dataclass(frozen=True)
class Dimension(Bracket):
    """A bracket of the VC dimension; ``witness`` is a shattered set that proves ``lower``.

    Attributes
    ----------
    certificate : ShatteringCertificate or None
        Proves both ends for a finite class, the lower end for an architecture.
    upper_certificate : ShatteringCertificate or None
        Proves the upper end; for a finite class the same as `certificate`.
    """

    certificate: ShatteringCertificate | None = None
    upper_certificate: ShatteringCertificate | None = None


def class_dimension(
    matrix: Any, *, certify: bool = False, progress: bool = False, limit: int = 10**10
) -> Dimension:
    """The VC dimension of a finite class.

    Parameters
    ----------
    matrix : array-like of 0 and 1 of shape (concepts, points), or ConceptClass
    certify : bool
        Attach a certificate of both sides; the transcript of a refutation costs memory and time in
        proportion to the search.
    progress : bool
        Show a bar over the first points of the search.
    limit : int
        The most tests (a point against the blocks of a shattered set) before giving up.

    Returns
    -------
    Dimension
        Exact; ``witness`` is a largest shattered set as column indices.

    Raises
    ------
    InvalidInput, ShapeError
        When this is not a matrix of 0 and 1.
    TooLarge
        When the search passes the limit; the message says how far it came.

    Notes
    -----
    From the dimension that Sauer's lemma guarantees, upwards: a depth-first search for k shattered
    points refines the blocks of concepts that agree on the points chosen so far. A point is refuted
    for a set and all its extensions when some block would keep fewer than 2^(k - |S| - 1) concepts.
    The search ends at the cardinality bound log2 |C|, at the radius bound (if every concept differs
    from one labeling in at most r points, no r + 1 points are shattered), or when it is exhausted.

    Examples
    --------
    The subsets of {0, 1, 2, 3} with at most two elements:

    >>> from itertools import product
    >>> found = class_dimension([r for r in product((0, 1), repeat=4) if sum(r) <= 2])
    >>> found.value, found.witness, found.reason
    (2, (0, 1), 'shattered set; every concept differs from one labeling in at most 2 points')
    """
    concept_class = ConceptClass.read(matrix)
    upper, why, base = _cheap_upper(concept_class)
    search = _Search(concept_class, progress, limit)
    lower = _guaranteed(concept_class)
    found = search.run(lower)
    assert found is not None, "Sauer's lemma"
    while lower < upper:
        larger = search.run(lower + 1)
        if larger is None:
            upper, why = lower, f"exhaustive search refutes every set of {lower + 1} points"
            base = None
            break
        lower, found = lower + 1, larger
    certificate = None
    if certify:
        transcript = search.transcript(lower + 1) if why.startswith("exhaustive") else None
        certificate = finite_certificate(concept_class, found, base, transcript)
    return Dimension(lower, upper, found, f"shattered set; {why}", certificate, certificate)


def dual_dimension(matrix: Any, **options: Any) -> Dimension:
    """The VC dimension of the dual class: most concepts that the points split in all 2^k ways.

    Takes the options of `class_dimension`.

    Examples
    --------
    >>> dual_dimension([[0, 0, 1, 1], [0, 1, 0, 1]]).value
    2
    """
    return class_dimension(ConceptClass.read(matrix).dual(), **options)


def pajor_count(matrix: Any, *, limit: int = 10**6) -> int:
    """The number of shattered sets, the empty one included; at least the number of concepts.

    Raises
    ------
    TooLarge
        When more sets than the limit are shattered.

    Notes
    -----
    Level by level: a set can be shattered only if its subsets are.

    References
    ----------
    Pajor 1985: ``|C| <= #{shattered sets}``.

    Examples
    --------
    >>> pajor_count([[0, 0], [0, 1], [1, 1]])
    3
    """
    concept_class = ConceptClass.read(matrix)
    level: set[tuple[int, ...]] = {()}
    total = 0
    while level:
        total += len(level)
        if total > limit:
            raise TooLarge(f"more than limit={limit} sets are shattered; raise the limit", total)
        level = set(_next_level(concept_class, level))
    return total


def _next_level(
    concept_class: ConceptClass, level: set[tuple[int, ...]]
) -> Iterator[tuple[int, ...]]:
    for chosen in level:
        for p in range(chosen[-1] + 1 if chosen else 0, concept_class.points):
            larger = (*chosen, p)
            subsets = (larger[:i] + larger[i + 1 :] for i in range(len(chosen)))
            known = all(s in level for s in subsets)
            if known and concept_class.growth(larger) == 1 << len(larger):
                yield larger


def _guaranteed(concept_class: ConceptClass) -> int:
    """The dimension that Sauer's lemma proves."""
    d, n, size = 0, concept_class.points, concept_class.concepts
    while d < n and sauer_shelah(n, d) < size:
        d += 1
    return d


def _cheap_upper(concept_class: ConceptClass) -> tuple[int, str, NDArray[np.uint8] | None]:
    """The better of the cardinality and the radius bound, its reason and the labeling it uses."""
    size = concept_class.concepts.bit_length() - 1
    matrix = concept_class.matrix
    majority = (2 * matrix.sum(axis=0, dtype=np.int64) > len(matrix)).astype(np.uint8)
    centres = [np.zeros_like(majority), np.ones_like(majority), majority]
    radii = [int((matrix != base).sum(axis=1, dtype=np.int64).max()) for base in centres]
    radius = min(radii)
    if size <= radius:
        many = f"{concept_class.concepts} concepts do not shatter {size + 1} points"
        return size, many, None
    near = f"every concept differs from one labeling in at most {radius} points"
    return radius, near, centres[radii.index(radius)]


class _Search:
    """Depth-first searches on one class; points with few concepts on one side come first."""

    def __init__(self, concept_class: ConceptClass, progress: bool, limit: int) -> None:
        ones = concept_class.matrix.sum(axis=0, dtype=np.int64)
        self.order = np.argsort(np.minimum(ones, concept_class.concepts - ones), kind="stable")
        self.columns = np.ascontiguousarray(concept_class.columns()[self.order])
        self.size, self.progress, self.limit = concept_class.concepts, progress, limit
        self.tests = 0

    def run(self, target: int) -> tuple[int, ...] | None:
        """A shattered set of so many points, or None when there is none."""
        if target == 0:
            return ()
        nothing = np.empty(0, np.int32)
        for status, chosen, tests in self._branches(target, nothing):
            self._count(tests, target)
            if status == FOUND:
                return tuple(sorted(int(self.order[p]) for p in chosen))
        return None

    def transcript(self, target: int) -> tuple[list[int], NDArray[np.int32]]:
        """The order of the points, and the verdict of every test of a search that finds nothing."""
        counts = [tests for _, _, tests in self._branches(target, np.empty(0, np.int32))]
        if sum(counts) > _LARGEST_TRANSCRIPT:
            raise TooLarge(
                f"the transcript of the refutation has {sum(counts)} verdicts, "
                f"more than {_LARGEST_TRANSCRIPT}; ask without certify", sum(counts)
            )
        verdicts = np.empty(sum(counts), np.int32)
        start = 0
        for _, _, tests in self._branches(target, verdicts):
            start += tests
            verdicts_done = verdicts[:start]
        return self.order.tolist(), verdicts_done

    def _branches(
        self, target: int, verdicts: NDArray[np.int32]
    ) -> Iterator[tuple[int, NDArray[np.int64], int]]:
        """The root, then one call for each first point; verdicts are written one after another."""
        n = len(self.columns)
        blocks, sizes = self._workspace(target)
        chosen = np.zeros(target, np.int64)
        alive, _root = self._root(target, verdicts)
        if target == 1:
            chosen[0] = alive[0] if len(alive) else 0
            yield (FOUND if len(alive) else 0), chosen, n
            return
        yield 0, chosen, n
        done = n
        for i in _bar(range(len(alive) - target + 1), self.progress, f"{target} points"):
            p = alive[i]
            blocks[3] = blocks[1] & self.columns[p]
            blocks[2] = blocks[1] & ~self.columns[p]
            sizes[3] = np.bitwise_count(blocks[3]).sum()
            sizes[2] = self.size - sizes[3]
            chosen[0] = p
            rest = np.ascontiguousarray(alive[i + 1 :])
            room = verdicts[done:] if verdicts.size else verdicts
            status, tests, _ = shattered_set(
                self.columns, target, blocks, sizes, len(rest), 1, np.resize(rest, n), chosen, room
            )
            done += tests
            yield status, chosen, tests
            if status == FOUND:
                return

    def _root(
        self, target: int, verdicts: NDArray[np.int32]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        ones = np.bitwise_count(self.columns).sum(axis=1, dtype=np.int64)
        need = 1 << (target - 1)
        root = np.where(ones < need, 1, np.where(self.size - ones < need, 0, -1))
        if verdicts.size:
            verdicts[: len(root)] = root
        return np.flatnonzero(root < 0), root

    def _workspace(self, target: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        words = self.columns.shape[1]
        if words << target > _LARGEST_WORKSPACE:
            raise TooLarge(
                f"a search for {target} shattered points among {self.size} concepts needs "
                f"{words << (target + 3)} bytes; take fewer concepts"
            )
        blocks = np.zeros((1 << target, words), np.uint64)
        sizes = np.zeros(1 << target, np.int64)
        blocks[1] = ~np.uint64(0)
        if self.size % 64:
            blocks[1, -1] = (np.uint64(1) << np.uint64(self.size % 64)) - np.uint64(1)
        sizes[1] = self.size
        return blocks, sizes

    def _count(self, tests: int, target: int) -> None:
        self.tests += tests
        if self.tests > self.limit:
            raise TooLarge(
                f"the search for {target} shattered points passed limit={self.limit} tests; "
                f"the dimension is at least {target - 1}; raise the limit", target - 1
            )


def _bar(items: range, progress: bool, what: str) -> Any:
    if not progress:
        return items
    from tqdm.auto import tqdm

    return tqdm(items, desc=what, unit="point", disable=None)
