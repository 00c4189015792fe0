"""The VC dimension of a class: exact for finite ones, a bracket with reasons for architectures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from relu_theory.errors import TooLarge, Undecided
from relu_theory.vc.certificates import upper_certificate
from relu_theory.vc.curves import curve_labelings, is_one_unit, search_functions
from relu_theory.vc.deep import DeepNetwork, shatter_by_descent
from relu_theory.vc.finite import Dimension, class_dimension
from relu_theory.vc.group_networks import GroupConv
from relu_theory.vc.growth import Shattering, shatters
from relu_theory.vc.upper_ends import upper_end

__all__ = ["dimension"]

Points = list[list[int]]


def dimension(
    class_or_architecture: Any, *, tries: int = 60, rng: int = 0, certify: bool = True,
    limit: int = 10**5, progress: bool = False,
) -> Dimension:  # fmt: skip
    """The VC dimension of a 0/1 matrix or of an architecture with real weights.

    Parameters
    ----------
    class_or_architecture : 0/1 matrix, ConceptClass, or architecture
        An architecture is Halfspaces, OneHidden, GroupConv, Threshold, Intersections, Unions, or
        DeepNetwork, whose lower end is what gradient descent finds.
    tries : int
        How many random integer point sets of each size are tested for the lower end, after the
        known ones.
    rng : int
        Seed of these sets.
    certify : bool
        Attach certificates: one of both ends for a finite class; for an architecture one of the
        lower end, and ``upper_certificate``.
    limit : int
        The most nodes for each labeling; a point set that needs more is skipped, and the reason
        says how many were.
    progress : bool

    Returns
    -------
    Dimension
        ``lower`` with a shattered set as ``witness`` (columns, or points), ``upper`` with the
        ``reason`` for both ends.

    Notes
    -----
    The upper end is the least that a proof gives, see `relu_theory.vc.upper_ends`.

    Examples
    --------
    >>> from relu_theory.vc import OneHidden
    >>> [dimension(OneHidden(1, K)).value for K in (1, 2, 3)]
    [2, 3, 5]
    >>> dimension(OneHidden(1, 2, skip=True)).value
    4

    Both ends can be checked again, by code that knows nothing of the search:

    >>> found = dimension(OneHidden(1, 2))
    >>> found.certificate.check()["kind"], found.upper_certificate.check()["upper"]
    ('shattered', 3)
    """
    if not hasattr(class_or_architecture, "inputs"):
        return class_dimension(class_or_architecture, certify=certify, progress=progress)
    architecture = class_or_architecture
    end = upper_end(architecture)
    witness, result, skipped = _search(architecture, end.bound, tries, rng, limit, progress)
    certificate = result.certificate if result is not None and certify else None
    reason = f"shattered set of {len(witness)} points; {end.reason}"
    if skipped:
        reason += f"; {skipped} point sets were skipped: they are too large for limit={limit} nodes"
    above = upper_certificate(architecture, end) if certify else None
    return Dimension(len(witness), end.bound, witness, reason, certificate, above)


def _search(
    architecture: Any, upper: int, tries: int, rng: int, limit: int, progress: bool
) -> tuple[Points, Shattering | None, int]:
    """The largest shattered set among the candidates of each size, from one point upwards, and how
    many candidates were too large to be decided."""
    best: Points = []
    result, skipped = None, 0
    generator = np.random.default_rng(rng)
    most = 14 if isinstance(architecture, DeepNetwork) else 16
    sizes = range(1, min(upper, most) + 1)
    if progress:
        from tqdm.auto import tqdm

        sizes = tqdm(sizes, desc="points", disable=None)
    for size in sizes:
        found = None
        for points in _candidates(architecture, size, tries, generator, best):
            try:
                found = _tested(architecture, points, limit)
            except TooLarge:
                skipped += 1
                continue
            if found is not None:
                best, result = points, found
                break
        if found is None:
            break
    return best, result, skipped


def _tested(architecture: Any, points: Points, limit: int) -> Shattering | None:
    if isinstance(architecture, DeepNetwork):
        made = shatter_by_descent(architecture, points)
        return None if made is None else Shattering(True, None, made)
    # What fails needs no proof here, and a refutation by halfspaces may be long.
    boolean = hasattr(architecture, "combine")
    try:
        found = shatters(architecture, points, certify=not boolean, limit=limit)
    except Undecided:
        return None
    if not found.shattered:
        return None
    return shatters(architecture, points, limit=limit) if boolean else found


def _candidates(
    architecture: Any, size: int, tries: int, generator: np.random.Generator, best: Points
) -> Iterator[Points]:
    """A moment curve, its first points in a simplex, extensions of the best set, random sets; where
    functions have curves, what hill climbing finds and the curves confirm."""
    inputs = architecture.inputs
    if isinstance(architecture, GroupConv) and is_one_unit(architecture):
        points = search_functions(architecture, size, generator, steps=50 * tries + 50)
        distinct = len(set(map(tuple, points))) == size
        if distinct and len(curve_labelings(architecture, points)) == 2**size:
            yield points
        return
    yield [[t**j for j in range(1, inputs + 1)] for t in range(size)]
    if size <= inputs + 1:
        corners = [[int(i == j) for j in range(inputs)] for i in range(inputs)]
        yield [[0] * inputs, *corners][-size:]
    for k in range(tries):
        reach = 2 + k % 4
        if k % 2 and best:
            new = generator.integers(-reach, reach + 1, inputs).tolist()
            points = [*best, new]
        else:
            points = generator.integers(-reach, reach + 1, (size, inputs)).tolist()
        if len(set(map(tuple, points))) == size:
            yield points
