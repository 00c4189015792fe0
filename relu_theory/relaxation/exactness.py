"""Whether a relaxation is exact on one box, decided in rationals."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from relu_theory.certificate import Verdict
from relu_theory.domain import Box
from relu_theory.intervals import enclosing_box
from relu_theory.network import ReluNetwork
from relu_theory.regions import OutputRange
from relu_theory.relaxation.bounds import Bounds, bounds
from relu_theory.relaxation.true_range import range as true_range

__all__ = ["Exactness", "exactness"]


@dataclass(frozen=True)
class Exactness:
    """What a comparison of relaxed bounds with the true range decided.

    Attributes
    ----------
    verdict : Verdict
        HOLDS: all bounds are the ends of the true range. FAILS: some bound is not. UNDECIDED: some
        bound is not, but it was rounded.
    gap : Fraction
        The largest distance of a bound from the true end.
    gaps : tuple of (lower, upper) pairs of Fractions, one for each output
    witness : Box
        The box that was asked about.
    relaxed : Bounds
    true : tuple of OutputRange
        The true ends, with points where they are attained.
    """

    verdict: Verdict
    gap: Fraction
    gaps: tuple[tuple[Fraction, Fraction], ...]
    witness: Box
    relaxed: Bounds = field(repr=False)
    true: tuple[OutputRange, ...] = field(repr=False)

    def check(self) -> bool:
        """Check again what is claimed: the certificate of the bounds and the attaining points.

        Raises
        ------
        CertificateError
            When the bounds are not proved.
        TooLarge
            As `Bounds.certificate`.

        Notes
        -----
        A HOLDS needs no more than this: the bounds are proved, and points of the box attain them.
        """
        certificate = self.relaxed.certificate()
        net = ReluNetwork(**certificate.data["network"])
        attained = all(
            self.witness.contains(x) and net.forward_exact(x)[out] == value
            for out, r in enumerate(self.true)
            for x, value in ((r.argmin, r.minimum), (r.argmax, r.maximum))
        )
        return certificate.check(box=self.witness) and attained


def exactness(
    net: ReluNetwork,
    box: Any,
    method: str,
    *,
    precision: int | str | None = None,
    group: int | None = None,
    over: str = "inputs",
) -> Exactness:
    """Decide whether the bounds of a relaxation on one box are the true range of every output.

    Parameters
    ----------
    net : ReluNetwork
    box : Box
        Flat boxes are allowed.
    method, group, over : as in `bounds`
    precision : int, None or "auto"
        As in `bounds`, but nothing is rounded by default: with rounding a gap decides nothing.

    Returns
    -------
    Exactness

    Raises
    ------
    InvalidInput, ShapeError, TooLarge
        As `bounds`.

    Notes
    -----
    The bounds and the true range (`range`) are rationals and are compared as such.

    Examples
    --------
    >>> largest = ReluNetwork([[[1, -1], [0, 1], [0, -1]], [[1, 1, -1]]], [[0, 0, 0], [0]])
    >>> found = exactness(largest, Box(0, 1, dim=2), "triangle")
    >>> found.verdict.name, found.gap
    ('FAILS', Fraction(1, 2))
    """
    domain = enclosing_box(box, net.input_dim)
    relaxed = bounds(net, domain, method, precision=precision, group=group, over=over)
    true = tuple(true_range(net, domain))
    gaps = tuple(
        (r.minimum - low, up - r.maximum)
        for low, up, r in zip(relaxed.lower, relaxed.upper, true, strict=True)
    )
    gap = max(max(pair) for pair in gaps)
    failed = Verdict.FAILS if relaxed.precision is None else Verdict.UNDECIDED
    return Exactness(failed if gap else Verdict.HOLDS, gap, gaps, domain, relaxed, true)
