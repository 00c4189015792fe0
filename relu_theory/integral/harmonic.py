"""Harmonic polynomials: decomposition, extension, and the constants of Funk and Hecke.

Conventions: theta is uniform on the unit sphere of R^n, with mass 1; Y_l is a homogeneous harmonic
polynomial of degree l; r = |x|.
"""

from __future__ import annotations

from math import factorial

from flint import fmpq

from relu_theory.errors import InvalidInput
from relu_theory.integral.closed import PiNumber, gamma_half
from relu_theory.integral.polynomial import Polynomial

__all__ = ["decompose", "extension", "gegenbauer", "power_constant", "relu_constant"]


def decompose(f: Polynomial, n: int) -> dict[int, Polynomial]:
    """Harmonic components of a homogeneous polynomial, restricted to the unit sphere of R^n.

    Parameters
    ----------
    f : Polynomial
        Homogeneous of degree k, in some of the n coordinates.
    n : int

    Returns
    -------
    dict from l to Polynomial
        ``f = sum of |x|^(k - l) Y_l`` with Y_l harmonic; here |x| = 1 has been put into Y_l, which
        keeps it a polynomial in the coordinates of f, whatever n is. Zero components are absent.

    Examples
    --------
    >>> x, y = Polynomial.variables(2)
    >>> decompose(x * x * y, 3)[1].terms == {(0, 1): "1/5"}
    False
    >>> decompose(x * x * y, 3)[1]
    Polynomial(2, {(0, 1): '1/5'})
    """
    k = f.degree
    images = [f]
    while images[-1].laplacian().terms:
        images.append(images[-1].laplacian())
    # components[i] lists the coefficients of |x|^0, |x|^2, ... in Y_(k - 2 i).
    components: dict[int, list[Polynomial]] = {}
    for i in reversed(range(len(images))):
        powers = [images[i]]
        for above, parts in components.items():
            step = _laplacian_scale(n, k - 2 * above, above, i)
            for p, part in enumerate(parts):
                at = above - i + p
                powers += [f * 0] * (at + 1 - len(powers))
                powers[at] = powers[at] - part * step
        scale = 1 / _laplacian_scale(n, k - 2 * i, i, i)
        components[i] = [part * scale for part in powers]
    found = {k - 2 * i: sum(parts, f * 0) for i, parts in components.items()}
    return {degree: y for degree, y in sorted(found.items()) if y.terms}


def _laplacian_scale(n: int, degree: int, power: int, times: int) -> fmpq:
    """The factor c in Delta^times (|x|^(2 power) Y) = c |x|^(2 (power - times)) Y, Y of degree."""
    scale = fmpq(1)
    for s in range(power - times + 1, power + 1):
        scale *= 2 * s * (n + 2 * degree + 2 * s - 2)
    return scale


def power_constant(n: int, k: int, degree: int) -> fmpq:
    """mu with E[Y_l(theta) <theta, x>^k] = mu |x|^(k - l) Y_l(x), for k - l even and >= 0.

    Examples
    --------
    >>> power_constant(3, 2, 2), power_constant(3, 2, 0)
    (2/15, 1/3)
    """
    if k < degree or (k - degree) % 2:
        raise InvalidInput(f"k - degree must be even and not negative, got {k} and {degree}")
    ratio = gamma_half(n) * gamma_half(k + degree + n).inverse()
    mu = ratio * fmpq(factorial(k), 2**k * factorial((k - degree) // 2))
    return mu.terms[0, 0]


def relu_constant(n: int, degree: int) -> PiNumber:
    """lambda with E[Y_l(theta) relu(<theta, x>)] = lambda |x|^(1 - l) Y_l(x) (Funk and Hecke).

    Zero for odd l >= 3.

    Examples
    --------
    >>> [relu_constant(3, l) for l in (0, 1, 2, 3, 4)]
    [1/4, 1/6, 1/16, 0, -1/96]
    >>> relu_constant(2, 2)
    1/3*pi^-1
    """
    if degree == 1:
        return PiNumber.of(fmpq(1, 2 * n))
    if degree % 2:
        return PiNumber.of(0)
    if degree == 0:
        return gamma_half(n) / (gamma_half(1) * gamma_half(n + 1)) * fmpq(1, 2)
    sign = (-1) ** ((degree - 2) // 2)
    below = gamma_half(1) * gamma_half(degree) * gamma_half(degree + n + 1)
    return gamma_half(n) / below * fmpq(sign * factorial(degree - 2), 2**degree)


def extension(f: Polynomial) -> Polynomial:
    """The harmonic extension H(x, y) = sum of (-1)^j y^(2j)/(2j)! Delta^j f(x), last variable y.

    H is harmonic, H(x, 0) = f(x), H is even in y, and homogeneous when f is.

    Examples
    --------
    >>> (x,) = Polynomial.variables(1)
    >>> extension(x * x).terms == {(2, 0): 1, (0, 2): -1}
    True
    """
    y = Polynomial.variables(f.size + 1)[-1]
    total, image, j = f.extend(1) * 0, f, 0
    while image.terms:
        total = total + image.extend(1) * y ** (2 * j) * fmpq((-1) ** j, factorial(2 * j))
        image, j = image.laplacian(), j + 1
    return total


def gegenbauer(n: int, degree: int) -> list[fmpq]:
    """Coefficients of the polynomial G of the degree with E[Y(theta) | tau] = Y(x/r) G(tau).

    tau = <theta, x/r>, n >= 2; G(1) = 1 and the G are orthogonal for the law of tau.

    Examples
    --------
    >>> gegenbauer(3, 2)
    [-1/2, 0, 3/2]
    """
    before, now = [fmpq(1)], [fmpq(0), fmpq(1)]
    if degree == 0:
        return before
    for k in range(1, degree):
        shifted = [fmpq(0), *now]
        above = [c * (2 * k + n - 2) for c in shifted]
        for i, c in enumerate(before):
            above[i] -= k * c
        before, now = now, [c / (k + n - 2) for c in above]
    return now
