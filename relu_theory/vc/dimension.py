"""The VC dimension of a class: exact for finite ones, a bracket with reasons for architectures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from relu_theory.errors import Undecided
from relu_theory.vc.certificates import upper_certificate
from relu_theory.vc.finite import Dimension, class_dimension
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
        An architecture is Halfspaces, OneHidden, GroupConv, Threshold, Intersections or Unions.
    tries : int
        How many random integer point sets of each size are tested for the lower end, after the
        known ones.
    rng : int
        Seed of these sets.
    certify : bool
        Attach certificates: one of both ends for a finite class; for an architecture one of the
        lower end, and ``upper_certificate``.
    limit : int
        The most nodes for each labeling.
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
    witness, result = _search(architecture, end.bound, tries, rng, limit, progress)
    certificate = result.certificate if result is not None and certify else None
    reason = f"shattered set of {len(witness)} points; {end.reason}"
    above = upper_certificate(architecture, end) if certify else None
    return Dimension(len(witness), end.bound, witness, reason, certificate, above)


def _search(
    architecture: Any, upper: int, tries: int, rng: int, limit: int, progress: bool
) -> tuple[Points, Shattering | None]:
    """The largest shattered set among the candidates of each size, from one point upwards."""
    best: Points = []
    result = None
    generator = np.random.default_rng(rng)
    sizes = range(1, min(upper, 16) + 1)
    if progress:
        from tqdm.auto import tqdm

        sizes = tqdm(sizes, desc="points", disable=None)
    for size in sizes:
        found = None
        for points in _candidates(architecture.inputs, size, tries, generator, best):
            found = _tested(architecture, points, limit)
            if found is not None:
                best, result = points, found
                break
        if found is None:
            break
    return best, result


def _tested(architecture: Any, points: Points, limit: int) -> Shattering | None:
    try:
        found = shatters(architecture, points, limit=limit)
    except Undecided:
        return None
    return found if found.shattered else None


def _candidates(
    inputs: int, size: int, tries: int, generator: np.random.Generator, best: Points
) -> Iterator[Points]:
    """A moment curve, its first points in a simplex, extensions of the best set, random sets."""
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
