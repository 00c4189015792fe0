"""Norms of smooth functions: the R-norm of a Gaussian, and its constant."""

from __future__ import annotations

from itertools import pairwise

from flint import arb, arb_poly, ctx, fmpq, fmpz_poly

from relu_theory.errors import InvalidInput
from relu_theory.integral.closed import PiNumber, gamma_half
from relu_theory.integral.polynomial import Polynomial

__all__ = ["gaussian_r_norm", "r_norm_constant"]


def r_norm_constant(d: int) -> PiNumber:
    """gamma_d = 1 / (2 (2 pi)^(d - 1)) in ``|f|_R = gamma_d |Radon (-Delta)^((d+1)/2) f|``.

    Examples
    --------
    >>> r_norm_constant(1), r_norm_constant(3)
    (1/2, 1/8*pi^-2)
    """
    _odd_or_any(d)
    return PiNumber({(-2 * (d - 1), 0): fmpq(1, 2**d)})


def gaussian_r_norm(d: int, bits: int = 128) -> arb:
    """The R-norm of e^(-|x|^2/2) on R^d for odd d, as a ball.

    Its Radon transform is (2 pi)^((d-1)/2) e^(-b^2/2), so (-Delta)^((d+1)/2) makes it, up to sign,
    He_(d+1)(b) e^(-b^2/2). With S the area of the unit sphere,
    ``|f|_R = gamma_d S (2 pi)^((d-1)/2) integral of |He_(d+1)| e^(-b^2/2)``, and the integral is
    the sum of |differences| of the primitive -He_d e^(-b^2/2) between the zeros of He_(d+1).

    Examples
    --------
    In one dimension it is the total variation of the derivative, 4 e^(-1/2):

    >>> gaussian_r_norm(1).overlaps(4 * (-arb(1) / 2).exp())
    True
    """
    _odd_or_any(d)
    if d % 2 == 0:
        raise InvalidInput(f"d must be odd, where the operator is local, got {d}")
    with ctx.workprec(bits + 64):
        zeros = [root.real for root, _ in fmpz_poly(_hermite(d + 1)).complex_roots()]
        body = _variation(zeros, d)
        area = PiNumber({(d, 0): 2}) / gamma_half(d)
        power = PiNumber({(d - 1, 0): 2 ** ((d - 1) // 2)})
        return body * (r_norm_constant(d) * area * power).enclosure(ctx.prec)


def _variation(zeros: list[arb], d: int) -> arb:
    """The sum of |P(z_i) - P(z_(i+1))| over all zeros and both infinities, P = He_d e^(-b^2/2)."""
    row = arb_poly(_hermite(d))
    ordered = sorted(zeros, key=lambda z: float(z))
    values = [arb(0), *(row(z) * (-z * z / 2).exp() for z in ordered), arb(0)]
    return sum((abs(b - a) for a, b in pairwise(values)), arb(0))


def _hermite(k: int) -> list[int]:
    (b,) = Polynomial.variables(1)
    p = (b**k).heat(fmpq(-1, 2))
    return [int(p.coefficient((i,)).p) for i in range(k + 1)]


def _odd_or_any(d: int) -> None:
    if isinstance(d, bool) or not isinstance(d, int) or d < 1:
        raise InvalidInput(f"d must be a positive integer, got {d!r}")
