"""Certified one-dimensional integration by flint, and rational ends of balls."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import acb, arb, ctx

from relu_theory.errors import Undecided
from relu_theory.exact import fraction
from relu_theory.integral.closed import PiNumber

__all__ = ["certified_integral", "outward"]


def certified_integral(
    integrand: Callable[[Any, bool], Any], start: Any, end: Any, tolerance: int | None = None
) -> arb:
    """The integral of an analytic function over an interval, as a ball that contains it.

    Parameters
    ----------
    integrand : callable
        Maps an acb ball and a flag to an acb ball; when the flag is True it must return a
        non-finite ball unless it is analytic there (see `flint.acb.integral`).
    start, end : real numbers
    tolerance : int, optional
        The relative error aimed at is 2 to minus this power.

    Raises
    ------
    Undecided
        When flint's adaptive quadrature gives no finite enclosure.
    """
    goal = arb(2) ** -(tolerance or ctx.prec)
    found = acb.integral(integrand, acb(start), acb(end), rel_tol=goal, abs_tol=goal).real
    if not found.is_finite():
        raise Undecided("the quadrature gave no finite enclosure; raise the precision (bits=)")
    return found


def outward(value: Any, bits: int = 60) -> tuple[Fraction, Fraction]:
    """Rational bounds of a ball (or of an exact number: the number itself, twice)."""
    if isinstance(value, PiNumber):
        if value.is_rational:
            return value.fraction, value.fraction
        value = value.enclosure()
    if not isinstance(value, arb):
        return fraction(value), fraction(value)
    return tuple(  # type: ignore[return-value]
        Fraction(int(man), 1) * Fraction(2) ** int(exp)
        for man, exp in (value.lower().man_exp(), value.upper().man_exp())
    )
