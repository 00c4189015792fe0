"""Expected errors are finite, or refused."""

from contextlib import suppress

import pytest
import sympy
from flint import arb

from relu_theory.errors import Undecided
from relu_theory.integral import StandardGaussian, represent
from relu_theory.integral.representation import _finite, as_ball

X = sympy.Symbol("x")


@pytest.mark.parametrize("form", ["hermite", "exponential"])
def test_a_gaussian_law_gives_a_finite_error_or_none(form: str) -> None:
    rep = represent(X**2, form)
    with suppress(Undecided):
        assert as_ball(rep.expected_error(100, StandardGaussian(1))).is_finite()


def test_what_says_nothing_is_refused() -> None:
    with pytest.raises(Undecided, match="no finite enclosure"):
        _finite(arb("nan"))
