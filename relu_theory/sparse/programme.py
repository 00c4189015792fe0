"""The linear-time programme for one run: which neighbouring points share a knot.

The amplitudes d_1, ..., d_n of a run are cut into blocks of one or two neighbours, at the cost
(block sum)^p each: D_k = min(D_{k-1} + d_k^p, D_{k-2} + (d_{k-1} + d_k)^p). Only the difference
E_k = D_k - D_{k-1} is kept. It is d_k^p after a single block and (d_{k-1} + d_k)^p - E_{k-1}
after a double one: an alternating sum that starts at the last single block.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from flint import fmpq

from relu_theory.sparse.powers import FixedPower, PowerRange

__all__ = ["Blocks", "solve_run"]


@dataclass(frozen=True)
class Blocks:
    """All optimal partitions of the first k amplitudes of a run, for every k.

    Attributes
    ----------
    choices : tuple of n ints
        Entry k - 1 says how the first k amplitudes end: 1 with a block of one, -1 with a block
        of two, 0 with either.
    """

    choices: tuple[int, ...]

    @cached_property
    def _sizes(self) -> list[int]:
        """The least number of blocks in an optimal partition of the first k amplitudes."""
        sizes = [0, 1]
        for choice in self.choices[1:]:
            ways = {1: sizes[-1:], -1: sizes[-2:-1], 0: sizes[-2:]}[choice]
            sizes.append(1 + min(ways))
        return sizes

    @property
    def num_partitions(self) -> int:
        """The number of optimal partitions."""
        before, last = 1, 1
        for choice in self.choices[1:]:
            before, last = last, {1: last, -1: before, 0: before + last}[choice]
        return last

    def sparsest(self) -> tuple[int, ...]:
        """Block sizes of an optimal partition with as few blocks as possible."""
        blocks, k, sizes = [], len(self.choices), self._sizes
        while k:
            choice = self.choices[k - 1]
            double = choice < 0 or (choice == 0 and sizes[k - 2] <= sizes[k - 1])
            blocks.append(2 if double else 1)
            k -= blocks[-1]
        return tuple(reversed(blocks))

    def partitions(self) -> Iterator[tuple[int, ...]]:
        """Block sizes of every optimal partition."""
        stack: list[tuple[int, tuple[int, ...]]] = [(len(self.choices), ())]
        while stack:
            k, tail = stack.pop()
            if not k:
                yield tail
                continue
            choice = self.choices[k - 1]
            if choice >= 0:
                stack.append((k - 1, (1, *tail)))
            if choice <= 0 and k > 1:
                stack.append((k - 2, (2, *tail)))


def solve_run(amplitudes: Sequence[fmpq], powers: FixedPower | PowerRange) -> Blocks:
    """All optimal partitions of a run, for one exponent or for all of a range at once.

    Raises
    ------
    Ambiguous
        For a range of exponents, when a comparison does not come out the same on all of it.
    """
    choices = [1]
    difference = powers.power(amplitudes[0])
    start = 0
    for k in range(1, len(amplitudes)):
        single = powers.power(amplitudes[k])
        double = powers.power(amplitudes[k - 1] + amplitudes[k])
        excess = difference + single - double
        if excess < 0:
            choice = 1
        elif excess > 0:
            choice = -1
        else:
            choice = -powers.sign(_excess(amplitudes, start, k))
        choices.append(choice)
        if choice >= 0:
            difference, start = single, k
        else:
            difference = double - difference
    return Blocks(tuple(choices))


def _excess(amplitudes: Sequence[fmpq], start: int, k: int) -> Counter[fmpq]:
    """E_(k-1) + d_k^p - (d_(k-1) + d_k)^p, where E started anew with the single block ``start``."""
    terms: Counter[fmpq] = Counter({amplitudes[start]: 1})
    for i in range(start + 1, k):
        terms = Counter({base: -c for base, c in terms.items()})
        terms[amplitudes[i - 1] + amplitudes[i]] += 1
    terms[amplitudes[k]] += 1
    terms[amplitudes[k - 1] + amplitudes[k]] -= 1
    return terms
