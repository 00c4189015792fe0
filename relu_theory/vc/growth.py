"""Labelings of points by an architecture: all of them, how many, and whether it is 2^m."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.vc.architectures import Halfspaces
from relu_theory.vc.certificates import (
    ShatteringCertificate,
    halfspace_certificate,
    refutation_certificate,
    shattering_certificate,
)
from relu_theory.vc.halfspace_proofs import realisation, refutation
from relu_theory.vc.realise import Realisation, Refutation, realise
from relu_theory.vc.systems import System, read_labels, read_points

__all__ = ["Shattering", "growth", "halfspace_sets", "labelings", "realises", "shatters"]

Labeling = tuple[bool, ...]


@dataclass(frozen=True)
class Shattering:
    """Whether points are shattered; true in a condition exactly when they are.

    Attributes
    ----------
    shattered : bool
    missing : tuple of bool, or None
        A labeling that no member of the class gives.
    certificate : ShatteringCertificate or None
        The parameters for every labeling, or the refutation of the missing one; None when not
        asked for.
    """

    shattered: bool
    missing: Labeling | None
    certificate: ShatteringCertificate | None

    def __bool__(self) -> bool:
        return self.shattered


def realises(architecture: Any, points: Any, labels: Any, *, limit: int = 10**6) -> Any:
    """Parameters with which the architecture labels the points so, or a proof that none exist.

    Parameters
    ----------
    architecture : Halfspaces, OneHidden or GroupConv
    points : m distinct points
        Anything that is a number is read exactly.
    labels : m labels
        1 where the network is positive; -1 or 0 elsewhere.
    limit : int
        The most nodes of the search.

    Returns
    -------
    Realisation or Refutation
        Exact parameters, or for every sign pattern of the output weights a tree of systems of
        linear inequalities with Farkas multipliers.

    Raises
    ------
    InvalidInput, ShapeError
        For repeated points, wrong labels, or a wrong number of either.
    TooLarge
        When the search passes the limit.
    Undecided
        When what floats find is not confirmed exactly.

    Examples
    --------
    >>> from relu_theory.vc import OneHidden
    >>> found = realises(OneHidden(1, 1), [[0], [1], [2]], [1, -1, 1])
    >>> type(found).__name__, len(found.trees)
    ('Refutation', 2)
    """
    exact = read_points(points, architecture.inputs)
    _require_system(architecture)
    return realise(architecture.system(exact), read_labels(labels, len(exact)), limit=limit)


def labelings(architecture: Any, points: Any, *, limit: int = 10**6) -> Iterator[Labeling]:
    """Every labeling of the points that the architecture gives, each once.

    Takes the arguments of `realises`; also Threshold, Intersections and Unions.

    Notes
    -----
    A tree over the points: a labeling of a prefix that is refuted is refuted with all its
    extensions, and exact parameters of a prefix label the next point for nothing.

    Examples
    --------
    >>> from relu_theory.vc import Halfspaces
    >>> len(list(labelings(Halfspaces(1), [[0], [1], [2]])))
    6
    """
    exact = read_points(points, architecture.inputs)
    if hasattr(architecture, "combine"):
        found = architecture.combine(halfspace_sets(exact, limit), len(exact))
        yield from (_word(f, len(exact)) for f in sorted(found))
        return
    system = architecture.system(exact)
    for labeling, _ in _prefixes(system, (), None, limit):
        yield labeling


def growth(architecture: Any, points: Any, *, method: str = "auto", limit: int = 10**6) -> int:
    """The number of labelings that the architecture gives the points.

    Parameters
    ----------
    architecture, points, limit
        As for `labelings`.
    method : str
        "labelings" lists them. "regions" is for affine halfspaces: the labelings are the cells
        of the dual arrangement, which the exact engine of `relu_theory.regions` counts. "auto"
        takes "regions" where it applies.

    Raises
    ------
    InvalidInput
        For an unknown method, or "regions" with another architecture.

    Examples
    --------
    The 14 threshold functions of two variables:

    >>> from relu_theory.vc import Halfspaces
    >>> growth(Halfspaces(2), [[0, 0], [0, 1], [1, 0], [1, 1]])
    14
    """
    if method not in ("auto", "labelings", "regions"):
        raise InvalidInput(f"method must be auto, labelings or regions, got {method!r}")
    dual = isinstance(architecture, Halfspaces) and not architecture.homogeneous
    if method == "regions" and not dual:
        raise InvalidInput("method='regions' needs affine Halfspaces; use method='labelings'")
    if method == "labelings" or not dual:
        return sum(1 for _ in labelings(architecture, points, limit=limit))
    return _dual_cells(read_points(points, architecture.inputs))


def shatters(
    architecture: Any, points: Any, *, certify: bool = True, limit: int = 10**6,
    progress: bool = False,
) -> Shattering:  # fmt: skip
    """Whether the architecture gives the points all 2^m labelings.

    Takes the arguments of `realises`.

    Returns
    -------
    Shattering
        With a certificate, unless ``certify`` is False.

    Raises
    ------
    TooLarge
        For more than 24 points, or a search beyond the limit.

    Notes
    -----
    Labelings with as many 1 as -1 come first: they are the ones that fail. With an output bias
    half of them suffice, since -f, moved by a small constant, gives the opposite labels.

    Examples
    --------
    >>> from relu_theory.vc import OneHidden
    >>> bool(shatters(OneHidden(1, 2), [[0], [1], [2]]))
    True
    >>> found = shatters(OneHidden(1, 2), [[0], [1], [2], [3]])
    >>> found.shattered, found.missing
    (False, (False, True, False, True))
    """
    exact = read_points(points, architecture.inputs)
    if len(exact) > 24:
        raise TooLarge(
            f"2^{len(exact)} labelings are too many; shattering is decided for at most 24 points"
        )
    if hasattr(architecture, "combine"):
        return _shattering_of_halfspaces(architecture, exact, certify, limit)
    system = architecture.system(exact)
    made: ShatteringCertificate | None
    witnesses: dict[Labeling, Realisation] = {}
    for labeling in _balanced_first(system, len(exact), progress):
        result = realise(system, [1 if one else -1 for one in labeling], limit=limit)
        if isinstance(result, Refutation):
            made = refutation_certificate(architecture, exact, labeling, result)
            return Shattering(False, labeling, made if certify else None)
        witnesses[labeling] = result
    proof = shattering_certificate(architecture, exact, witnesses) if certify else None
    return Shattering(True, None, proof)


def _balanced_first(system: System, count: int, progress: bool) -> Any:
    listed = [w for w in product((False, True), repeat=count) if not (w[0] and system.shift_free)]
    listed.sort(key=lambda word: (abs(2 * sum(word) - count), -_changes(word)))
    if not progress:
        return listed
    from tqdm.auto import tqdm

    return tqdm(listed, desc="labelings", disable=None)


def _changes(word: Labeling) -> int:
    return sum(a != b for a, b in pairwise(word))


def _prefixes(
    system: System, prefix: Labeling, witness: Realisation | None, limit: int
) -> Iterator[tuple[Labeling, Realisation]]:
    count = len(system.base)
    if witness is None:
        found = realise(system, [0] * count, limit=limit)
        assert isinstance(found, Realisation)
        witness = found
    if len(prefix) == count:
        yield prefix, witness
        return
    free = system.labels_at(witness.theta, witness.signs)[len(prefix)]
    yield from _prefixes(system, (*prefix, free), witness, limit)
    other = (*prefix, not free)
    labels = [1 if one else -1 for one in other] + [0] * (count - len(other))
    result = realise(system, labels, limit=limit)
    if isinstance(result, Realisation):
        yield from _prefixes(system, other, result, limit)


def halfspace_sets(exact: Any, limit: int = 10**6) -> dict[int, tuple[Fraction, ...]]:
    """The bit sets that affine halfspaces cut out of exact points, each with one (w, b)."""
    system = Halfspaces(len(exact[0])).system(exact)
    return {
        sum(1 << i for i, one in enumerate(labeling) if one): found.theta
        for labeling, found in _prefixes(system, (), None, limit)
    }


def _shattering_of_halfspaces(
    architecture: Any, exact: Any, certify: bool, limit: int
) -> Shattering:
    """By all sets that halfspaces cut out, and what the architecture makes of them."""
    count = len(exact)
    halves = halfspace_sets(exact, limit)
    found = architecture.combine(halves, count)
    missing = next((k for k in range(1 << count) if k not in found), None)
    made = None
    if missing is None:
        if certify:
            made = halfspace_certificate(
                architecture, exact,
                {_word(k, count): realisation(architecture, found[k], halves) for k in found},
            )  # fmt: skip
        return Shattering(True, None, made)
    labeling = _word(missing, count)
    if certify:
        tree = refutation(architecture, exact, missing, list(halves), limit=limit)
        made = halfspace_certificate(architecture, exact, tree, labeling)
    return Shattering(False, labeling, made)


def _word(bits: int, count: int) -> Labeling:
    return tuple(bool(bits >> i & 1) for i in range(count))


def _dual_cells(exact: Any) -> int:
    """Cells of the hyperplanes w . x_i + b = 0 of (w, b), in one chart of a symmetric pair.

    The hyperplane of the first point is put at infinity: half the cells lie on each side of it.
    """
    from relu_theory import families, regions

    first, others = exact[0], exact[1:]
    if not others:
        return 2
    # b = 1 - w . x_0 on the positive side.
    normals = [[a - b for a, b in zip(x, first, strict=True)] for x in others]
    return 2 * regions.count(families.arrangement(normals, [1] * len(others)))


def _require_system(architecture: Any) -> None:
    if not hasattr(architecture, "system"):
        raise InvalidInput(
            f"{type(architecture).__name__} has no system of linear forms; use shatters, growth or "
            "labelings"
        )
