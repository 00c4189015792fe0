"""The two lines between which a ReLU is enclosed on an interval, and rounding outward."""

from __future__ import annotations

from typing import NamedTuple

from flint import fmpq, fmpz

from relu_theory.intervals import Interval

__all__ = ["Chords", "chords", "fixed_slopes", "rounded"]

ZERO, ONE = fmpq(0), fmpq(1)


class Chords(NamedTuple):
    """For each neuron of a layer a line above the ReLU on the interval of its pre-activation."""

    slopes: list[fmpq]
    offsets: list[fmpq]


def rounded(interval: Interval, precision: int | None) -> Interval:
    """The ends moved outward to multiples of 2^-precision; unchanged when it is None.

    Examples
    --------
    >>> rounded(Interval([fmpq(1, 3)], [fmpq(1, 3)]), 2)
    Interval(lower=[1/4], upper=[1/2])
    """
    if precision is None:
        return interval
    scale = fmpz(1) << precision
    return Interval(
        [fmpq((q * scale).floor(), scale) for q in interval.lower],
        [fmpq((q * scale).ceil(), scale) for q in interval.upper],
    )


def chords(interval: Interval, precision: int | None) -> Chords:
    """The least line above each ReLU: the chord u (a - l) / (u - l) where l < 0 < u.

    With a precision, slope and offset are rounded to multiples of 2^-precision such that the line
    still lies above both ends of the ReLU, hence above all of it.
    """
    pairs = [_chord(low, up, precision) for low, up in zip(*interval, strict=True)]
    return Chords([slope for slope, _ in pairs], [offset for _, offset in pairs])


def _chord(low: fmpq, up: fmpq, precision: int | None) -> tuple[fmpq, fmpq]:
    if low >= 0:
        return ONE, ZERO
    if up <= 0:
        return ZERO, ZERO
    slope = up / (up - low)
    if precision is None:
        return slope, -slope * low
    scale = fmpz(1) << precision
    slope = fmpq((slope * scale).ceil(), scale)
    offset = max(-slope * low, up - slope * up)
    return slope, fmpq((offset * scale).ceil(), scale)


def fixed_slopes(interval: Interval, method: str) -> list[fmpq]:
    """Slopes of the lines a -> slope * a below the ReLUs that a DeepPoly method prescribes.

    ``"deeppoly0"`` takes 0 and ``"deeppoly1"`` takes 1 where l < 0 < u; ``"crown"`` takes 1 if
    u > -l and 0 otherwise.
    """
    return [_slope(low, up, method) for low, up in zip(*interval, strict=True)]


def _slope(low: fmpq, up: fmpq, method: str) -> fmpq:
    if low >= 0 or up <= 0:
        return ONE if low >= 0 else ZERO
    return ONE if method == "deeppoly1" or (method == "crown" and up > -low) else ZERO
