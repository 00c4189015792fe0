"""Multipliers of the triangle's three lines, and the slopes of back-substitution that they mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

__all__ = ["Multipliers", "uncrossed"]


class Multipliers(NamedTuple):
    """Nonnegative multipliers of one program, for each unstable neuron in the order of layers.

    Attributes
    ----------
    zero, line, chord : lists of numbers
        Of z >= 0, z >= a and z <= slope a + offset.
    """

    zero: list[Any]
    line: list[Any]
    chord: list[Any]

    def slopes(self) -> list[Any]:
        """The share of z >= a in the two lower lines: a slope in [0, 1] for each neuron."""
        pairs = zip(self.zero, self.line, strict=True)
        return [line / (zero + line) if line else line for zero, line in pairs]


def uncrossed(
    found: Multipliers,
    steepness: Sequence[Any],
    proofs: Sequence[tuple[Multipliers, Multipliers]],
    tolerance: Any = 0,
) -> Multipliers:
    """Equally good multipliers that use no lower line and chord of one neuron together.

    Parameters
    ----------
    found : Multipliers
    steepness : slopes of the chords, one for each neuron
    proofs : for each neuron the multipliers that prove its pre-activation's bounds l and u
    tolerance : number
        What counts as zero.

    Notes
    -----
    Lower line and chord of a neuron add up to chord(a) - a = (1 - s) (u - a) >= 0, or to
    chord(a) - 0 = s (a - l) >= 0. Both follow from the layers before, so that what the pair
    contributes is replaced, from the last neuron to the first, by the multipliers that prove them.

    Examples
    --------
    >>> none = Multipliers([], [], [])
    >>> uncrossed(Multipliers([1], [2], [2]), [0.5], [(none, none)])
    Multipliers(zero=[1], line=[0], chord=[0])
    """
    zero, line, chord = (list(part) for part in found)
    for j in reversed(range(len(chord))):
        if chord[j] <= tolerance or zero[j] + line[j] <= tolerance:
            continue
        with_line = min(line[j], chord[j])
        with_zero = min(zero[j], chord[j] - with_line)
        line[j] -= with_line
        zero[j] -= with_zero
        chord[j] -= with_line + with_zero
        shares = with_zero * steepness[j], with_line * (1 - steepness[j])
        for share, proof in zip(shares, proofs[j], strict=True):
            if share:
                for total, part in zip((zero, line, chord), proof, strict=True):
                    for k, value in enumerate(part):
                        total[k] += share * value
    return Multipliers(zero, line, chord)
