"""The open cells of the expressivity table: a search for exact networks with two turns.

Whether DeepPoly or the triangle relaxation expresses every function of one variable is not known.
The simplest functions that no known construction covers turn twice, as the wiggle through (0, 0),
(2, 2), (3, 1), (5, 3). With one hidden layer there is no network, see `two_turns`; with more, this
search draws small integer weights and tests sub-boxes until one fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from tqdm import tqdm

from relu_theory.certificate import Verdict
from relu_theory.domain import Box
from relu_theory.network import ReluNetwork
from relu_theory.relaxation.exactness import exactness
from relu_theory.relaxation.subboxes import breaks, exact_on_all_subboxes

__all__ = ["Search", "search_two_turns", "two_turns"]

DOMAIN = Box(-4, 4, dim=1)


@dataclass(frozen=True)
class Search:
    """What a search examined.

    Attributes
    ----------
    drawn : int
        Networks drawn.
    examined : int
        Those among them that turn at least twice on the domain.
    survivors : tuple of ReluNetwork
        Those on which no tested sub-box fails. This is no proof that they are exact.
    """

    drawn: int
    examined: int
    survivors: tuple[ReluNetwork, ...]


def two_turns(net: ReluNetwork, domain: Box = DOMAIN) -> tuple[Fraction, ...]:
    """The breaks at which a network with one input and output turns on an interval.

    With one hidden layer f = P - N (P, N convex) and a local minimum k of f next to a local maximum
    the triangle is never exact: a box around both, with the left end so close to the maximum that
    the minimum is f(k), has the relaxed value P(k) - chord(k) < P(k) - N(k) = f(k), since N has a
    kink at the maximum. So two turns need two hidden layers [derived here].

    Examples
    --------
    >>> wiggle = ReluNetwork([[[1], [-1], [1], [1]], [[1, -1, -2, 2]]], [[0, 0, -2, -3], [0]])
    >>> two_turns(wiggle)
    (Fraction(2, 1), Fraction(3, 1))
    """
    knots = breaks(net, domain)
    values = [net.forward_exact([x])[0] for x in knots]
    moves = [(x, b > a) for x, (a, b) in zip(knots, pairwise(values), strict=False) if a != b]
    return tuple(x for (_, before), (x, after) in pairwise(moves) if before != after)


def search_two_turns(
    widths: Sequence[int],
    draws: int,
    *,
    method: str = "triangle",
    bound: int = 2,
    rng: int | np.random.Generator = 0,
    progress: bool = False,
) -> Search:
    """Draw networks with integer weights and look for exact ones that turn at least twice.

    Parameters
    ----------
    widths : sequence of ints
        Hidden layers of the networks, with one input and one output.
    draws : int
    method : str
        As in `bounds`.
    bound : int
        Weights and biases are drawn uniformly from -bound, ..., bound.
    rng : int or numpy.random.Generator
    progress : bool
        Show a bar.

    Returns
    -------
    Search

    Examples
    --------
    >>> search_two_turns([3], 50).survivors
    ()
    """
    generator = np.random.default_rng(rng)
    examined, survivors = 0, []
    for _ in tqdm(range(draws), disable=not progress):
        net = _drawn([1, *widths, 1], bound, generator)
        if _float_turns(net) < 2:
            continue
        turns = two_turns(net)
        if len(turns) < 2:
            continue
        examined += 1
        if any(exactness(net, box, method).gap for box in _boxes(net, turns)):
            continue
        if exact_on_all_subboxes(net, DOMAIN, method).verdict is not Verdict.FAILS:
            survivors.append(net)
    return Search(draws, examined, tuple(survivors))


def _drawn(sizes: Sequence[int], bound: int, generator: np.random.Generator) -> ReluNetwork:
    pairs = [
        (generator.integers(-bound, bound + 1, (b, a)), generator.integers(-bound, bound + 1, b))
        for a, b in pairwise(sizes)
    ]
    return ReluNetwork(*map(list, zip(*pairs, strict=True)))


def _float_turns(net: ReluNetwork) -> int:
    """Turns on a grid: a sieve, which may overlook some."""
    steps = np.diff(net.forward(np.linspace(-4, 4, 129)[:, None])[:, 0])
    signs = np.sign(steps[steps != 0])
    return int((signs[1:] != signs[:-1]).sum())


def _boxes(net: ReluNetwork, turns: Sequence[Fraction]) -> Iterator[Box]:
    """Sub-boxes around two turns, a little beyond them."""
    knots = breaks(net, DOMAIN)
    ticks = sorted({*knots, *((a + b) / 2 for a, b in pairwise(knots))})
    for first, second in pairwise(turns):
        i, j = ticks.index(first), ticks.index(second)
        for a, b in ((i - 1, j + 1), (i - 2, j + 1), (i - 1, j + 2), (i - 2, j + 2)):
            if a >= 0 and b < len(ticks):
                yield Box([ticks[a]], [ticks[b]])
