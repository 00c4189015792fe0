"""Proofs about intersections, unions and thresholds of halfspaces, from the sets they cut out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from flint import fmpq

from relu_theory.errors import TooLarge
from relu_theory.exact.farkas import nonnegative_combination
from relu_theory.exact.numbers import primitive
from relu_theory.vc.architectures import Threshold, Unions, threshold_functions
from relu_theory.vc.systems import Point

__all__ = ["realisation", "refutation"]

Theta = tuple[Fraction, ...]


def realisation(
    architecture: Any, found: tuple[tuple[int, ...], int], halfspaces: Mapping[int, Theta]
) -> dict[str, Any]:
    """The halfspaces (and the output of Threshold) that give a labeling.

    Parameters
    ----------
    architecture : Intersections, Unions or Threshold
    found : (chosen, accepted)
        As ``architecture.combine`` returns it for the labeling.
    halfspaces : mapping of bit sets to (w, b)
    """
    chosen, accepted = found
    proof: dict[str, Any] = {"halfspaces": [[str(v) for v in halfspaces[h]] for h in chosen]}
    if isinstance(architecture, Threshold):
        weights = threshold_functions(architecture.units)[accepted]
        proof["output"] = [str(v) for v in weights]
    return proof


def refutation(
    architecture: Any, points: Sequence[Point], label: int, halfspaces: Sequence[int],
    *, limit: int = 10**5,
) -> list[Any]:  # fmt: skip
    """The tree that `relu_theory.vc.check_halfspaces` reads, for a labeling that does not occur.

    Parameters
    ----------
    architecture : Intersections, Unions or Threshold
    points : m exact points
    label : int
        The labeling as a bit set.
    halfspaces : bit sets
        Everything that halfspaces cut out of the points.
    limit : int
        The most nodes.

    Raises
    ------
    TooLarge
        When the tree has more nodes.

    Notes
    -----
    Branches on the point with the fewest decisions that the halfspaces still allow, all units of a
    kind taken once. A leaf gets exact Farkas multipliers.
    """
    search = _Search(architecture, points, label, halfspaces, limit)
    fixed = 0 if isinstance(architecture, Threshold) else search.fixed_points
    on, off = (0, fixed) if isinstance(architecture, Unions) else (fixed, 0)
    states = [(on, off)] * architecture.units
    leaf = search.leaf(states)
    return leaf if leaf is not None else search.tree(states)


@dataclass
class _Search:
    """States are pairs of bit sets for each unit: the points where it is on, and off."""

    architecture: Any
    points: Sequence[Point]
    label: int
    halfspaces: Sequence[int]
    nodes: int

    @property
    def fixed_points(self) -> int:
        """Where the label alone decides every unit of an intersection or union."""
        if isinstance(self.architecture, Unions):
            return ~self.label & ((1 << len(self.points)) - 1)
        return self.label

    def tree(self, states: list[tuple[int, int]]) -> list[Any]:
        self.nodes -= 1
        if self.nodes < 0:
            raise TooLarge(
                "the refutation has more nodes than limit; raise it, or pass certify=False"
            )
        best: Any = None
        for point in self._undecided(states):
            options = [(name, new, self.leaf(new, cheap=True))
                       for name, new in self._options(states, point)]  # fmt: skip
            width = sum(leaf is None for _, _, leaf in options)
            if best is None or width < best[0]:
                best = (width, point, options)
        _, point, options = best
        subtrees = {}
        for name, new, leaf in options:
            subtrees[name] = self.tree(new) if leaf is None else self.leaf(new)
        return ["branch", point, subtrees]

    def _undecided(self, states: list[tuple[int, int]]) -> Iterator[int]:
        done = self.fixed_points if not isinstance(self.architecture, Threshold) else 0
        for on, off in states:
            done |= on | off
        return (i for i in range(len(self.points)) if not done >> i & 1)

    def _options(
        self, states: list[tuple[int, int]], point: int
    ) -> Iterator[tuple[str, list[tuple[int, int]]]]:
        bit = 1 << point
        if not isinstance(self.architecture, Threshold):
            on = bit if isinstance(self.architecture, Unions) else 0
            for k, state in enumerate(states):
                if state not in states[:k]:
                    new = (state[0] | on, state[1] | (bit ^ on))
                    yield str(k), [*states[:k], new, *states[k + 1 :]]
            return
        fresh = not any(a | b for a, b in states)
        for word in product((0, 1), repeat=len(states)):
            twice = any(
                states[k] == states[j] and word[j] < word[k]
                for k in range(len(states)) for j in range(k)
            )  # fmt: skip
            if not (twice or (fresh and any(word))):
                name = "".join(map(str, word))
                yield name, [(a | bit * one, b | bit * (not one))
                             for one, (a, b) in zip(word, states, strict=True)]  # fmt: skip

    def leaf(self, states: list[tuple[int, int]], cheap: bool = False) -> list[Any] | None:
        """The contradiction in the decisions, or None; without multipliers when `cheap`."""
        for k, (on, off) in enumerate(states):
            if not any(h & on == on and not h & off for h in self.halfspaces):
                if cheap:
                    return []
                return ["hull", k, *self._hulls(on, off, [tuple(p) for p in self.points])]
        if not isinstance(self.architecture, Threshold):
            return None
        known = [i for i in range(len(self.points)) if (states[0][0] | states[0][1]) >> i & 1]
        words = {i: tuple(on >> i & 1 for on, _ in states) for i in known}
        sides: list[set[int]] = [set(), set()]
        for i, word in words.items():
            sides[self.label >> i & 1].add(_number(word))
        if any(all(f >> c & 1 for c in sides[1]) and not any(f >> c & 1 for c in sides[0])
               for f in threshold_functions(len(states))):  # fmt: skip
            return None
        if cheap:
            return []
        done = sum(1 << i for i in known)
        vectors = [tuple(map(fmpq, words.get(i, ()))) for i in range(len(self.points))]
        return ["output", *self._hulls(self.label & done, done & ~self.label, vectors)]

    def _hulls(self, on: int, off: int, vectors: list[Any]) -> tuple[Any, Any]:
        """Positive multipliers with which (v, 1) adds up to the same over both sets."""
        names = [i for i in range(len(vectors)) if (on | off) >> i & 1]
        columns = []
        for i in names:
            sign = 1 if on >> i & 1 else -1
            columns.append([*(sign * v for v in vectors[i]), fmpq(sign), fmpq((sign + 1) // 2)])
        size = len(columns[0])
        found = nonnegative_combination(columns, [0] * (size - 1) + [1])
        assert found is not None, "no halfspace separates them, so the hulls meet"
        sides: tuple[list[Any], list[Any]] = ([], [])
        for i, multiplier in zip(names, primitive(found), strict=True):
            if multiplier:
                sides[0 if on >> i & 1 else 1].append([i, int(multiplier)])
        return sides


@cache
def _number(word: tuple[int, ...]) -> int:
    """The place of a word among all, in the order of `itertools.product`."""
    return int("".join(map(str, word)), 2)
