"""Networks with one input and one output as lists of affine pieces, and back.

Back with the least number of neurons: a function with left slope s and slope jumps c_1, ..., c_n
needs one neuron per knot, and these suffice exactly when s + sum of c_k over some set is zero:
the set of neurons that face left. One more neuron always suffices, except that an affine function
that is not constant (n = 0) needs two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from flint import fmpq, fmpq_mat

from relu_theory.certificate import Bracket
from relu_theory.cpwl.calculus import Piece, Region, rectified
from relu_theory.errors import ShapeError, TooLarge, Undecided
from relu_theory.exact.numbers import fraction, primitive
from relu_theory.network import ReluNetwork

__all__ = [
    "SkipNetwork",
    "minimal_size",
    "pieces",
    "subset_with_sum",
    "with_skip",
    "without_skip",
]

_ZERO = fmpq(0)
_TABLE_LIMIT = 2**30
"""Bits of the table of reachable sums (128 MB) beyond which the set is halved instead."""
_HALVING_LIMIT = 40
"""Numbers for which the sums of both halves (2^20 each) are listed."""


class SkipNetwork(NamedTuple):
    """The function x -> network(x) + slope * x of one variable."""

    network: ReluNetwork
    slope: Fraction

    def forward_exact(self, x: Any) -> Fraction:
        """The exact value at a number x."""
        return self.network.forward_exact([x])[0] + self.slope * fraction(x)


def pieces(net: ReluNetwork, output: int, max_pieces: int) -> Iterator[Piece]:
    """The affine pieces of one output of a network with one input, from left to right.

    Every activation region carries the affine map of the current layer and is cut at the zeros
    of the neurons inside it: one rational matrix product per region and layer. Neighbouring
    pieces may have the same affine map.
    """
    if net.input_dim != 1:
        raise ShapeError(
            f"net must have one input, got {net.input_dim}; restrict it to a line with net.restrict"
        )
    single = net.select(output)
    regions: list[Region] = [(None, None, fmpq_mat(1, 2, [1, 0]))]
    for depth, layer in enumerate(zip(single.exact.weights, single.exact.biases, strict=True)):
        mapped = [(low, high, _mapped(*layer, inner)) for low, high, inner in regions]
        if depth == single.depth:
            yield from ((low, high, m[0, 0], m[0, 1]) for low, high, m in mapped)
            return
        regions = []
        for region in mapped:
            regions.extend(rectified(*region))
            if len(regions) > max_pieces:
                raise TooLarge(
                    f"the line falls into more than max_pieces = {max_pieces} activation regions "
                    f"of hidden layers 0 to {depth}; raise max_pieces",
                    len(regions),
                )


def _mapped(weight: fmpq_mat, bias: Sequence[fmpq], inner: fmpq_mat) -> fmpq_mat:
    return weight * inner + fmpq_mat(len(bias), 2, [q for b in bias for q in (_ZERO, b)])


def minimal_size(jumps: Sequence[fmpq], left_slope: fmpq, skip: bool) -> int:
    """The least number of neurons; see `CPWL.num_relus`."""
    n = len(jumps)
    if skip:
        return n
    if not n:
        return 2 if left_slope else 0
    return n if facing_left(jumps, left_slope) is not None else n + 1


def with_skip(
    knots: Sequence[fmpq], jumps: Sequence[fmpq], slope: fmpq, intercept: fmpq
) -> SkipNetwork:
    """One neuron per knot, all facing right, beside a linear term."""
    neurons = [(fmpq(1), -t, c) for t, c in zip(knots, jumps, strict=True)]
    return SkipNetwork(_one_layer(neurons, intercept), fraction(slope))


def without_skip(
    knots: Sequence[fmpq],
    jumps: Sequence[fmpq],
    slope: fmpq,
    intercept: fmpq,
    left: frozenset[int] | None = None,
) -> ReluNetwork:
    """As few neurons as possible: see the head of this module.

    ``left``, when it is known, holds the indices of jumps whose sum is -slope.
    """
    if not knots:
        pair = [(fmpq(1), _ZERO, slope), (fmpq(-1), _ZERO, -slope)] if slope else []
        return _one_layer(pair, intercept)
    left = facing_left(jumps, slope) if left is None else left
    if left is not None:
        signs = [-1 if k in left else 1 for k in range(len(knots))]
        neurons = [(fmpq(s), -s * t, c) for s, t, c in zip(signs, knots, jumps, strict=True)]
    else:
        right = [(fmpq(1), -t, c) for t, c in zip(knots, jumps, strict=True)]
        # At the first knot, slope * (x - t) is split into its two sides.
        extra = (fmpq(-1), knots[0], -slope)
        neurons = [extra, (fmpq(1), -knots[0], jumps[0] + slope), *right[1:]]
    # A neuron vanishes at its own knot, so the value at the first knot fixes the output bias.
    t = knots[0]
    hidden = sum((v * max(w * t + b, _ZERO) for w, b, v in neurons), _ZERO)
    return _one_layer(neurons, slope * t + intercept - hidden)


def _one_layer(neurons: Sequence[tuple[fmpq, fmpq, fmpq]], bias: fmpq) -> ReluNetwork:
    """The network with neurons (input weight, bias, output weight)."""
    if not neurons:
        return ReluNetwork([[[0]]], [[bias]])
    inputs, shifts, outputs = zip(*neurons, strict=True)
    return ReluNetwork([[[w] for w in inputs], [list(outputs)]], [list(shifts), [bias]])


def facing_left(jumps: Sequence[fmpq], left_slope: fmpq) -> frozenset[int] | None:
    """Indices of jumps with sum -left_slope, or None when there are none (n >= 1 jumps)."""
    *numbers, target = primitive([*jumps, -left_slope])
    found = subset_with_sum(numbers, target)
    return None if found is None else frozenset(found)


def subset_with_sum(numbers: Sequence[int], target: int) -> list[int] | None:
    """Indices of some of the integers with the given sum, or None when no subset has it.

    Raises
    ------
    Undecided
        When the table of reachable sums would be too large and there are too many numbers to
        list the sums of both halves; the bracket is that of the number of neurons.

    Examples
    --------
    >>> subset_with_sum([5, -3, 4], 2), subset_with_sum([5, -3, 4], 3)
    ([0, 1], None)
    """
    low, high = sum(v for v in numbers if v < 0), sum(v for v in numbers if v > 0)
    if not low <= target <= high:
        return None
    if (high - low) * len(numbers) <= _TABLE_LIMIT:
        return _by_table(numbers, target, low)
    if len(numbers) <= _HALVING_LIMIT:
        return _by_halves(numbers, target)
    if target in (0, sum(numbers)):
        return list(range(len(numbers))) if target else []
    n = len(numbers)
    raise Undecided(
        f"whether a subset of {n} jumps has a given sum is not decided: the sums span "
        f"{high - low} values, and there are more than {_HALVING_LIMIT} jumps",
        Bracket(n, n + 1, reason="one neuron per knot, and one more always suffices"),
    )


def _by_table(numbers: Sequence[int], target: int, low: int) -> list[int] | None:
    """Bit k of a row: the sum k + low is reached by a subset of the numbers before it."""
    rows = [1 << -low]
    for v in numbers:
        rows.append(rows[-1] | (rows[-1] << v if v > 0 else rows[-1] >> -v))
    rest = target - low
    if not rows[-1] >> rest & 1:
        return None
    chosen = []
    for i in reversed(range(len(numbers))):
        if not rows[i] >> rest & 1:
            chosen.append(i)
            rest -= numbers[i]
    return chosen[::-1]


def _by_halves(numbers: Sequence[int], target: int) -> list[int] | None:
    half = len(numbers) // 2
    left, right = _all_sums(numbers[:half]), _all_sums(numbers[half:])
    for total, mask in left.items():
        other = right.get(target - total)
        if other is not None:
            both = mask | other << half
            return [i for i in range(len(numbers)) if both >> i & 1]
    return None


def _all_sums(numbers: Sequence[int]) -> dict[int, int]:
    """Every sum of a subset, with the bit mask of one such subset."""
    sums = {0: 0}
    for i, v in enumerate(numbers):
        for total, mask in list(sums.items()):
            sums.setdefault(total + v, mask | 1 << i)
    return sums
