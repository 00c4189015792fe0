"""WholeSpace, Ball, and the meaning of a domain argument."""

import math
from fractions import Fraction

import pytest

from relu_theory import Ball, Box, Polytope, WholeSpace
from relu_theory.domain import resolve
from relu_theory.errors import InvalidInput, ShapeError


def test_whole_space() -> None:
    space = WholeSpace(2)
    assert space.contains(["1e100", -1])
    assert (space.halfspaces(), space.equalities()) == ([], [])
    assert not space.is_bounded
    assert not space.is_empty
    assert space.generators().rays == ((0, 0, 1),)
    assert len(space.generators().lines) == 2
    with pytest.raises(ShapeError, match="x must have 2 entries"):
        space.contains([1])


@pytest.mark.parametrize("dim", [-1, 1.5, True, None])
def test_bad_dimensions(dim: object) -> None:
    with pytest.raises(InvalidInput, match="dim must be a nonnegative int"):
        WholeSpace(dim)


@pytest.mark.parametrize(
    ("ord_", "inside", "outside"),
    [
        (1, ("1/2", "1/2"), ("1/2", "0.5000001")),
        (2, ("3/5", "4/5"), ("3/5", "0.8000001")),
        (math.inf, (1, -1), (1, "-1.0000001")),
    ],
)
def test_balls(ord_: float, inside: tuple, outside: tuple) -> None:
    ball = Ball([0, 0], 1, ord_)
    assert ball.contains(inside)
    assert not ball.contains(outside)
    assert (ball.dim, ball.is_bounded, ball.is_empty) == (2, True, False)
    assert ball == Ball(["0", 0.0], Fraction(1), ord=ord_)


def test_bad_balls() -> None:
    with pytest.raises(InvalidInput, match="radius must not be negative"):
        Ball([0], "-1/2")
    with pytest.raises(InvalidInput, match=r"ord must be 1, 2 or math\.inf, got 3"):
        Ball([0], 1, ord=3)
    with pytest.raises(InvalidInput, match=r"center\[0\]"):
        Ball([math.nan], 1)
    with pytest.raises(ShapeError, match="x must have 1 entries"):
        Ball([0], 1).contains([0, 0])


def test_resolve() -> None:
    box = Box(0, 1, dim=2)
    assert resolve(box, 2) is box
    assert resolve(None, 3) == WholeSpace(3)
    with pytest.raises(ShapeError, match="dimension 2 but the network has 3 inputs"):
        resolve(box, 3)
    for value in ([0, 1], Ball([0], 1), Polytope):
        with pytest.raises(InvalidInput, match="must be a Box, a Polytope or a WholeSpace"):
            resolve(value, 1)
