"""The open cells of the expressivity table: a search for exact networks with two turns.

Whether DeepPoly or the triangle relaxation expresses every function of one variable is not known.
Functions that turn twice are expressed if one side does not go beyond the far turn: these are
compositions, see `encode`. The simplest ones that no known construction covers wiggle: they turn
twice, and end beyond both turns, as (0, 0), (2, 2), (3, 1), (5, 3). With one hidden layer there is
no network for any two turns, see `two_turns` and `relu_theory.relaxation.one_layer_census`; with
more, this search draws small integer weights and tests sub-boxes of [-4, 4] until one fails, and
`refined` moves weights to make the failure small.

With seed 0, weights in -2, ..., 2 and the triangle, none survived among: widths 2, 2: 90 wiggles in
20,000 draws; 3, 3: 575 in 20,000; 4, 4: 1,617 in 20,000; 2, 2, 2: 71 in 15,000; 3, 3, 3: 652 in
15,000; 4, 4, 4: 1,350 in 10,000.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice, pairwise, product

import numpy as np
from flint import fmpq
from tqdm import tqdm

from relu_theory.certificate import Verdict
from relu_theory.domain import Box
from relu_theory.network import ReluNetwork
from relu_theory.relaxation.bounds import bounds
from relu_theory.relaxation.subboxes import breaks, exact_on_all_subboxes

__all__ = ["Search", "has_wiggle", "refined", "search_wiggles", "two_turns", "worst_box"]

DOMAIN = Box(-4, 4, dim=1)
# Sub-boxes near the turns that are tried first, and sub-boxes that are tried then.
FIRST, TRIES = 40, 1500


@dataclass(frozen=True)
class Search:
    """What a search examined.

    Attributes
    ----------
    drawn : int
        Networks drawn.
    examined : int
        Those among them that wiggle on the domain.
    survivors : tuple of ReluNetwork
        Those on which no tested sub-box fails. This is no proof that they are exact.
    """

    drawn: int
    examined: int
    survivors: tuple[ReluNetwork, ...]

    def __add__(self, other: Search) -> Search:
        """Two parts of a search together."""
        return Search(
            self.drawn + other.drawn,
            self.examined + other.examined,
            self.survivors + other.survivors,
        )


def two_turns(net: ReluNetwork, domain: Box = DOMAIN) -> tuple[Fraction, ...]:
    """The breaks at which a network with one input and output turns on an interval.

    With one hidden layer and a local maximum m of f next to a local minimum k the triangle is never
    exact [derived here]. Write f = P - N with P, N convex: the neurons with positive and negative
    outer weights. The relaxed minimum on a box B is that of P - chord_B N. Let m < k, the other
    case is the mirror image. B reaches from a little left of m to a little right of k, so little
    that f >= f(k) on it. The slope of f drops at m, so that N has a kink there and is not affine
    on B; hence chord_B N > N everywhere inside B, and at k the relaxed value is below f(k). The
    other relaxations of single neurons are looser. So two turns need two hidden layers.

    Examples
    --------
    >>> wiggle = ReluNetwork([[[1], [-1], [1], [1]], [[1, -1, -2, 2]]], [[0, 0, -2, -3], [0]])
    >>> two_turns(wiggle)
    (Fraction(2, 1), Fraction(3, 1))
    """
    return tuple(x for x, _ in _Graph.of(net, domain).turns())


def has_wiggle(net: ReluNetwork, domain: Box = DOMAIN) -> bool:
    """Whether two turns in a row have ends beyond both: up, down less, up more, or the negative.

    The ends are the turns before and after, or the ends of the domain.

    Examples
    --------
    >>> wiggle = ReluNetwork([[[1], [-1], [1], [1]], [[1, -1, -2, 2]]], [[0, 0, -2, -3], [0]])
    >>> has_wiggle(wiggle, Box(0, 5, dim=1)), has_wiggle(wiggle, Box(0, 4, dim=1))
    (True, False)
    """
    return _Graph.of(net, domain).wiggles()


def search_wiggles(
    widths: Sequence[int],
    draws: int,
    *,
    method: str = "triangle",
    bound: int = 2,
    seed: int = 0,
    start: int = 0,
    progress: bool = False,
) -> Search:
    """Draw networks with integer weights and look for exact ones that wiggle.

    Parameters
    ----------
    widths : sequence of ints
        Hidden layers of the networks, with one input and one output.
    draws : int
    method : str
        As in `bounds`.
    bound : int
        Weights and biases are drawn uniformly from -bound, ..., bound.
    seed, start : int
        Draw i depends on the seed and i only: a search from 0 to a and one from a to b add up to
        one from 0 to b.
    progress : bool
        Show a bar.

    Returns
    -------
    Search

    Notes
    -----
    That a sub-box fails is decided in rationals: the optimum of the relaxation against the values
    of the network at its breaks.

    Examples
    --------
    >>> search_wiggles([3], 50).survivors
    ()
    >>> first, rest = search_wiggles([3, 3], 20), search_wiggles([3, 3], 30, start=20)
    >>> first + rest == search_wiggles([3, 3], 50)
    True
    """
    examined, survivors = 0, []
    for i in tqdm(range(start, start + draws), disable=not progress):
        net = _drawn([1, *widths, 1], bound, np.random.default_rng([seed, i]))
        if _float_turns(net) < 2:
            continue
        graph = _Graph.of(net, DOMAIN)
        if not graph.wiggles():
            continue
        examined += 1
        if any(graph.gap(box, method) for box in graph.boxes(FIRST)):
            continue
        found = exact_on_all_subboxes(net, DOMAIN, method, tries=TRIES)
        if found.verdict is not Verdict.FAILS:
            survivors.append(net)
    return Search(draws, examined, tuple(survivors))


def worst_box(
    net: ReluNetwork, method: str = "triangle", *, tries: int = 12
) -> tuple[Fraction, Box]:
    """The largest exact gap among sub-boxes of [-4, 4], in units of the smallest turn, and its box.

    The unit, the least difference between the values at two turns in a row, makes the number
    independent of the scale of the network, which must turn at least twice.

    Examples
    --------
    >>> wiggle = ReluNetwork([[[1], [-1], [1], [1]], [[1, -1, -2, 2]]], [[0, 0, -2, -3], [0]])
    >>> worst_box(wiggle)[0] > 0
    True
    """
    graph = _Graph.of(net, DOMAIN)
    unit = min(abs(a - b) for (_, a), (_, b) in pairwise(graph.turns()))
    found = [(graph.gap(box, method) / unit, box) for box in graph.boxes(tries)]
    return max(found, key=lambda pair: pair[0])


def refined(
    net: ReluNetwork,
    steps: int,
    *,
    method: str = "triangle",
    seed: int = 0,
    progress: bool = False,
) -> tuple[ReluNetwork, Fraction]:
    """Move one weight at a time by 1/4 to 1 as long as the largest gap shrinks.

    Parameters
    ----------
    net : ReluNetwork
        One input and output; it wiggles on [-4, 4].
    steps : int
        Moves to try.
    method : str
    seed : int
    progress : bool

    Returns
    -------
    ReluNetwork
        It still wiggles.
    Fraction
        Its gap as `worst_box` measures it; 0 would make it a candidate for exactness.
    """
    rng = np.random.default_rng(seed)
    best = worst_box(net, method)[0]
    for _ in tqdm(range(steps), disable=not progress):
        other = _moved(net, rng)
        if not has_wiggle(other):
            continue
        gap = worst_box(other, method)[0]
        if gap <= best:
            net, best = other, gap
        if not best:
            break
    return net, best


@dataclass(frozen=True)
class _Graph:
    """A network with one input and one output, and its values at its breaks."""

    net: ReluNetwork
    knots: list[Fraction]
    values: list[Fraction]

    @classmethod
    def of(cls, net: ReluNetwork, domain: Box) -> _Graph:
        knots = breaks(net, domain)
        return cls(net, knots, [net.forward_exact([x])[0] for x in knots])

    def turns(self) -> list[tuple[Fraction, Fraction]]:
        """The points (x, f(x)) at which the function turns."""
        points = list(zip(self.knots, self.values, strict=True))
        moves = [(p, q[1] > p[1]) for p, q in pairwise(points) if p[1] != q[1]]
        return [point for (_, before), (point, after) in pairwise(moves) if before != after]

    def wiggles(self) -> bool:
        """Whether two turns in a row have ends beyond both."""
        heights = [self.values[0], *(y for _, y in self.turns()), self.values[-1]]
        fours = zip(heights, heights[1:], heights[2:], heights[3:], strict=False)
        return any((a < c and b < d) if b > c else (a > c and b > d) for a, b, c, d in fours)

    def gap(self, box: Box, method: str) -> Fraction:
        """The exact distance of a relaxed end from the true one."""
        low, up = box.lower[0], box.upper[0]
        inner = [y for x, y in zip(self.knots, self.values, strict=True) if low < x < up]
        values = [*inner, self.net.forward_exact([low])[0], self.net.forward_exact([up])[0]]
        found = bounds(self.net, box, method, precision=None)
        return max(min(values) - found.lower[0], found.upper[0] - max(values))

    def boxes(self, most: int) -> Iterator[Box]:
        """Sub-boxes a little beyond two turns, then others with ends at breaks and between."""
        shares = [Fraction(k, 16) for k in (1, 8, 15)]
        between = (a + t * (b - a) for a, b in pairwise(self.knots) for t in shares)
        ticks = sorted({*self.knots, *between})
        yield from islice((Box([a], [b]) for a, b in self._ends(ticks)), most)

    def _ends(self, ticks: list[Fraction]) -> Iterator[tuple[Fraction, Fraction]]:
        seen = set()
        for (first, _), (second, _) in pairwise(self.turns()):
            i, j = ticks.index(first), ticks.index(second)
            for a, b in product((i - 1, i - 2, i - 4), (j + 1, j + 2, j + 4)):
                if a >= 0 and b < len(ticks):
                    seen.add((a, b))
                    yield ticks[a], ticks[b]
        pairs = combinations(range(len(ticks)), 2)
        for a, b in sorted(set(pairs) - seen, key=lambda pair: (pair[0] - pair[1], pair)):
            yield ticks[a], ticks[b]


def _drawn(sizes: Sequence[int], bound: int, generator: np.random.Generator) -> ReluNetwork:
    pairs = [
        (generator.integers(-bound, bound + 1, (b, a)), generator.integers(-bound, bound + 1, b))
        for a, b in pairwise(sizes)
    ]
    return ReluNetwork(*map(list, zip(*pairs, strict=True)))


def _moved(net: ReluNetwork, rng: np.random.Generator) -> ReluNetwork:
    """One weight or bias, changed by a multiple of 1/4."""
    tables = [np.array(w.table(), dtype=object) for w in net.exact.weights]
    shifts = [np.array(b, dtype=object) for b in net.exact.biases]
    parts = tables + shifts
    sizes = np.array([part.size for part in parts])
    part = parts[int(rng.choice(len(parts), p=sizes / sizes.sum()))]
    place = int(rng.integers(part.size))
    part.flat[place] = part.flat[place] + fmpq(int(rng.choice([-4, -2, -1, 1, 2, 4])), 4)
    return ReluNetwork([t.tolist() for t in tables], [s.tolist() for s in shifts])


def _float_turns(net: ReluNetwork) -> int:
    """Turns on a grid: a sieve, which may overlook some."""
    steps = np.diff(net.forward(np.linspace(-4, 4, 129)[:, None])[:, 0])
    signs = np.sign(steps[steps != 0])
    return int((signs[1:] != signs[:-1]).sum())
