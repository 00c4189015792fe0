"""The VC dimension of a class: exact for finite ones, a bracket with reasons for architectures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from relu_theory.errors import Undecided
from relu_theory.vc.architectures import Halfspaces, Intersections, OneHidden, Threshold, Unions
from relu_theory.vc.finite import Dimension, class_dimension
from relu_theory.vc.growth import Shattering, shatters
from relu_theory.vc.upper import alternation, counting_bound, planar_bound

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
        Attach a certificate of both ends (finite class) or of the lower one (architecture).
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
    Upper ends: d + 1 for halfspaces (Radon) and one ReLU with an output bias (its two sides are
    halfspaces); sign changes on the line; all orientations of points in the plane for two ReLUs
    and for up to three halfplanes; counting otherwise. See `relu_theory.vc.upper`.

    Examples
    --------
    >>> from relu_theory.vc import OneHidden
    >>> [dimension(OneHidden(1, K)).value for K in (1, 2, 3)]
    [2, 3, 5]
    >>> dimension(OneHidden(1, 2, skip=True)).value
    4
    """
    if not hasattr(class_or_architecture, "inputs"):
        return class_dimension(class_or_architecture, certify=certify, progress=progress)
    architecture = class_or_architecture
    upper, why = _upper(architecture)
    witness, result = _search(architecture, upper, tries, rng, limit, progress)
    certificate = result.certificate if result is not None and certify else None
    reason = f"shattered set of {len(witness)} points; {why}"
    return Dimension(len(witness), upper, witness, reason, certificate)


def _upper(architecture: Any) -> tuple[int, str]:
    found = [(counting_bound(architecture), "counting activation patterns and labelings")]
    if isinstance(architecture, Halfspaces):
        size = architecture.parameters
        found.append((size, f"a vector space of functions of dimension {size}"))
    if isinstance(architecture, OneHidden):
        found += _upper_of_networks(architecture)
    if isinstance(architecture, (Intersections, Threshold, Unions)):
        found += _upper_of_halfspaces(architecture)
    return min(found)


def _upper_of_halfspaces(net: Intersections | Threshold | Unions) -> Iterator[tuple[int, str]]:
    if net.inputs == 1 and isinstance(net, Threshold):
        yield net.units + 1, f"at most {net.units} sign changes"
    elif net.inputs == 1:
        yield 2, "at most two sign changes, and the sides of two have fixed labels"
    elif net.inputs == 2 and net.units <= 3 and not isinstance(net, Threshold):
        bound, walked = planar_bound(net.units, False)
        yield bound, f"{walked[-1][0]} orientations of {bound + 1} points refuted"


def _upper_of_networks(net: OneHidden) -> Iterator[tuple[int, str]]:
    d, units = net.inputs, net.units
    if units == 1 and not net.skip:
        yield d + 1, "both sides of one ReLU are halfspaces or everything"
    if d == 1:
        yield units + 2, f"at most {units + 1} sign changes"
        if not net.skip and units <= 12 and alternation(units) is None:
            yield units + 1, f"{units + 1} sign changes are infeasible for all orientations"
    if d == 2 and units == 2 and not net.skip:
        bound, walked = planar_bound(3, True)
        yield bound, f"one side is an intersection of 3 halfplanes; {walked[-1][0]} orientations " \
            f"of {bound + 1} points refuted"


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
