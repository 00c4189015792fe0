"""Expected errors are numbers, infinite ones included, or refused."""

import pytest
import sympy
from flint import arb

from relu_theory.errors import Undecided
from relu_theory.integral import StandardGaussian, represent
from relu_theory.integral.representation import _finite

X = sympy.Symbol("x")


@pytest.mark.parametrize("form", ["hermite", "exponential"])
@pytest.mark.parametrize("expr", [X**2, X**3, X**2 + 1])
def test_neurons_that_outgrow_a_gaussian_law_have_an_infinite_error(form, expr) -> None:
    assert represent(expr, form).expected_error(100, StandardGaussian(1)) == arb.pos_inf()


def test_an_affine_function_is_exact() -> None:
    assert represent(X, "hermite").expected_error(100, StandardGaussian(1)) == 0


def test_what_says_nothing_is_refused() -> None:
    with pytest.raises(Undecided, match="no enclosure"):
        _finite(arb("nan"))
