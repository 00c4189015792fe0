"""Input distributions under which errors are measured, with exact means of polynomials.

Each computes ``E[Q(x) |x|^e]`` for homogeneous Q (exactly where a closed form exists) and
``E[Q(x/|x|) psi(|x|)]`` for a `RadialFunction` psi (a certified enclosure).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import acb, arb, fmpq
from numpy.typing import NDArray

from relu_theory.domain import Ball, Box
from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.exact import fraction, rational, rational_matrix
from relu_theory.integral.box_moments import box_mean_of, box_power_mean
from relu_theory.integral.closed import PiNumber, gamma_half
from relu_theory.integral.cubature import certified_integral
from relu_theory.integral.moments import box_mean, sphere_mean
from relu_theory.integral.polynomial import Polynomial
from relu_theory.integral.radial import RadialFunction

__all__ = ["Distribution", "Points", "StandardGaussian", "UniformBall", "UniformBox",
           "UniformSphere", "as_distribution"]  # fmt: skip

Value = PiNumber | arb


class Distribution:
    """A law of the input x in R^dim."""

    dim: int
    #: The least upper bound of |x|^2, or None when there is none.
    square_radius: Fraction | None

    def mean(self, q: Polynomial, support: Sequence[int], power: int = 0) -> Value:
        """E[Q(x_S) |x|^power] for a homogeneous polynomial Q in the coordinates ``support``."""
        raise NotImplementedError

    def mean_of(self, q: Polynomial, support: Sequence[int], psi: RadialFunction) -> arb:
        """E[Q(x_S) psi(|x|) / |x|^deg(Q)] for a homogeneous polynomial Q, as a ball."""
        raise NotImplementedError

    def mean_polynomial(self, p: Polynomial, support: Sequence[int]) -> PiNumber:
        """E[p(x_S)], exactly, for any polynomial."""
        values = (self.mean(part, support) for part in p.parts().values())
        return sum(values, PiNumber({}))

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """A random sample of shape (count, dim), in floats."""
        raise NotImplementedError


class _Rotational(Distribution):
    """Laws that rotations leave alone: Q is replaced by its spherical mean."""

    def mean(self, q: Polynomial, support: Sequence[int], power: int = 0) -> Value:
        angular = sphere_mean(q, self.dim)
        if not angular:
            return PiNumber({})
        return self.radial_moment(q.degree + power) * angular

    def radial_moment(self, power: int) -> PiNumber:
        """E[|x|^power]."""
        raise NotImplementedError


@dataclass(frozen=True)
class UniformSphere(_Rotational):
    """The uniform law on the sphere of a rational radius about the origin.

    Examples
    --------
    >>> x, y = Polynomial.variables(2)
    >>> UniformSphere(3, 2).mean(x * x, (0, 1))
    4/3
    """

    dim: int
    radius: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        object.__setattr__(self, "radius", _positive("radius", self.radius))
        _dimension(self.dim)

    @property
    def square_radius(self) -> Fraction:  # type: ignore[override]
        return self.radius**2

    def radial_moment(self, power: int) -> PiNumber:
        return PiNumber.of(self.radius**power)

    def mean_of(self, q: Polynomial, support: Sequence[int], psi: RadialFunction) -> arb:
        return psi(acb(rational(self.radius))).real * sphere_mean(q, self.dim)

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
        z = rng.standard_normal((count, self.dim))
        return float(self.radius) * z / np.linalg.norm(z, axis=1, keepdims=True)


@dataclass(frozen=True)
class UniformBall(_Rotational):
    """The uniform law on the Euclidean ball of a rational radius about the origin."""

    dim: int
    radius: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        object.__setattr__(self, "radius", _positive("radius", self.radius))
        _dimension(self.dim)

    @property
    def square_radius(self) -> Fraction:  # type: ignore[override]
        return self.radius**2

    def radial_moment(self, power: int) -> PiNumber:
        return PiNumber.of(self.radius**power * Fraction(self.dim, self.dim + power))

    def mean_of(self, q: Polynomial, support: Sequence[int], psi: RadialFunction) -> arb:
        radius, angular = rational(self.radius), sphere_mean(q, self.dim)
        if not angular:
            return arb(0)
        total = certified_integral(lambda r, _: psi(r) * r ** (self.dim - 1), 0, radius)
        return total * (angular * self.dim / radius**self.dim)

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
        z = UniformSphere(self.dim, self.radius).draw(count, rng)
        return z * rng.random((count, 1)) ** (1 / self.dim)


@dataclass(frozen=True)
class StandardGaussian(_Rotational):
    """The standard normal law N(0, I).

    Examples
    --------
    >>> StandardGaussian(3).radial_moment(2), StandardGaussian(3).radial_moment(1)
    (3, 2*sqrt(2)*pi^(-1/2))
    """

    dim: int
    square_radius = None

    def __post_init__(self) -> None:
        _dimension(self.dim)

    def radial_moment(self, power: int) -> PiNumber:
        root = PiNumber({(0, power % 2): fmpq(2) ** (power // 2)})
        return root * gamma_half(self.dim + power) * gamma_half(self.dim).inverse()

    def mean_of(self, q: Polynomial, support: Sequence[int], psi: RadialFunction) -> arb:
        angular = sphere_mean(q, self.dim)
        return psi.gaussian_mean(self.dim) * angular if angular else arb(0)

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
        return rng.standard_normal((count, self.dim))


@dataclass(frozen=True)
class UniformBox(Distribution):
    """The uniform law on a box of positive volume."""

    box: Box

    def __post_init__(self) -> None:
        if any(low >= high for low, high in zip(self.box.lower, self.box.upper, strict=True)):
            raise InvalidInput(f"the box must have positive volume, got {self.box}")

    @property
    def dim(self) -> int:  # type: ignore[override]
        return self.box.dim

    @property
    def ends(self) -> tuple[list[fmpq], list[fmpq]]:
        """Lower and upper ends as rationals."""
        return list(map(rational, self.box.lower)), list(map(rational, self.box.upper))

    @property
    def square_radius(self) -> Fraction:  # type: ignore[override]
        ends = zip(self.box.lower, self.box.upper, strict=True)
        return sum((max(abs(low), abs(high)) ** 2 for low, high in ends), Fraction(0))

    def mean(self, q: Polynomial, support: Sequence[int], power: int = 0) -> Value:
        if power >= 0 and power % 2 == 0:
            return PiNumber.of(box_mean(q, support, *self.ends, power))
        return box_power_mean(q, support, *self.ends, power)

    def mean_of(self, q: Polynomial, support: Sequence[int], psi: RadialFunction) -> arb:
        return box_mean_of(q, support, *self.ends, psi)

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
        low, high = (np.array([float(v) for v in end]) for end in (self.box.lower, self.box.upper))
        return low + (high - low) * rng.random((count, self.dim))


class Points(Distribution):
    """Finitely many rational points with rational weights that sum to one.

    Parameters
    ----------
    points : (n, d) numbers
    weights : n positive numbers, optional
        Equal by default.

    Examples
    --------
    >>> x, y = Polynomial.variables(2)
    >>> Points([[3, 4], [0, 0]]).mean(x, (0, 1), 1)
    15/2
    """

    def __init__(self, points: Any, weights: Any = None) -> None:
        matrix = rational_matrix(points, name="points")
        self.points = matrix.table()
        if not self.points or not self.points[0]:
            raise ShapeError("points must be a non-empty list of vectors")
        count = len(self.points)
        given = [fmpq(1, count)] * count if weights is None else list(map(rational, weights))
        if len(given) != count or any(w <= 0 for w in given) or sum(given, fmpq(0)) != 1:
            raise InvalidInput(
                f"weights must be {count} positive numbers with sum 1, got {weights}"
            )
        self.weights, self.dim = given, len(self.points[0])

    @property
    def square_radius(self) -> Fraction:  # type: ignore[override]
        return fraction(max(_square(p) for p in self.points))

    def mean(self, q: Polynomial, support: Sequence[int], power: int = 0) -> Value:
        total: Value = PiNumber({})
        for point, weight in zip(self.points, self.weights, strict=True):
            value = q.evaluate([point[i] for i in support]) * weight
            if value:
                radius = _root_power(_square(point), power)
                exact = isinstance(total, PiNumber) and isinstance(radius, PiNumber)
                total = total + radius * value if exact else _ball(total) + _ball(radius) * value
        return total

    def mean_of(self, q: Polynomial, support: Sequence[int], psi: RadialFunction) -> arb:
        total = arb(0)
        for point, weight in zip(self.points, self.weights, strict=True):
            value = q.evaluate([point[i] for i in support]) * weight
            if value:
                radius = arb(_square(point)).sqrt()
                total += psi(acb(radius)).real * value / radius ** q.degree
        return total

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
        table = np.array([[float(fraction(v)) for v in p] for p in self.points])
        return table[rng.choice(len(table), count, p=[float(fraction(w)) for w in self.weights])]


def as_distribution(given: Any, dim: int) -> Distribution:
    """The distribution that an argument means: a Box or a centred Ball is its uniform law.

    Raises
    ------
    InvalidInput
        For anything else, or a Ball that is not Euclidean and centred at the origin.
    ShapeError
        When its dimension is not ``dim``.
    """
    found = given
    if isinstance(given, Box):
        found = UniformBox(given)
    elif isinstance(given, Ball):
        if given.ord != 2 or any(given.center):
            raise InvalidInput(f"a Ball must be Euclidean and centred at 0 here, got {given}")
        found = UniformBall(given.dim, given.radius)
    if not isinstance(found, Distribution):
        raise InvalidInput(
            f"distribution must be a Box, a Ball, UniformSphere, StandardGaussian or Points, "
            f"got {given!r}"
        )
    if found.dim != dim:
        raise ShapeError(f"the distribution has dimension {found.dim}, the function {dim} inputs")
    return found


def _ball(value: Value) -> arb:
    return value.enclosure() if isinstance(value, PiNumber) else value


def _square(point: Sequence[fmpq]) -> fmpq:
    return sum((v * v for v in point), fmpq(0))


def _root_power(square: fmpq, power: int) -> Value:
    if power % 2 == 0:
        return PiNumber.of(square ** (power // 2))
    p, q = math.isqrt(int(square.p)), math.isqrt(int(square.q))
    if p * p == square.p and q * q == square.q:
        return PiNumber.of(fmpq(p, q) ** power)
    return arb(square).sqrt() ** power


def _positive(name: str, value: Any) -> Fraction:
    number = fraction(value)
    if number <= 0:
        raise InvalidInput(f"{name} must be positive, got {value}")
    return number


def _dimension(dim: int) -> None:
    if not isinstance(dim, int) or dim < 1:
        raise InvalidInput(f"dim must be a positive integer, got {dim!r}")
