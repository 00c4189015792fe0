"""Symbolic bounds, evaluated at box ends, against the bounds of the boxes."""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import Box, ReluNetwork, regions
from relu_theory.errors import InvalidInput
from relu_theory.relaxation import bounds, parametric_bounds
from tests.relaxation.test_bounds import MAX
from tests.strategies import networks

DOMAIN = Box(-3, 3, dim=1)
ABSOLUTE = ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])


@settings(max_examples=12)
@given(st.data(), st.sampled_from(("ibp", "deeppoly0", "deeppoly1", "triangle", "true")))
def test_values(data, method):
    net = data.draw(networks(1, max_width=3, outputs=1).filter(lambda n: n.depth == 1))
    symbolic = parametric_bounds(net, DOMAIN, method)
    for _ in range(4):
        low, up = sorted(Fraction(data.draw(st.integers(-12, 12)), 4) for _ in range(2))
        at = {"l": sympy.Rational(low), "u": sympy.Rational(up)}
        values = tuple(Fraction(int(v.p), int(v.q)) for v in (s.subs(at) for s in symbolic))
        box = Box([low], [up])
        if method == "true":
            assert values == regions.output_range(net, box)[0][:2]
        else:
            found = bounds(net, box, method, precision=None)
            assert values == (found.lower[0], found.upper[0])


def test_a_closed_form():
    l, u = sympy.symbols("l u")  # noqa: E741
    lower, _ = parametric_bounds(ABSOLUTE, Box(-1, 1, dim=1), "ibp")
    crossing = lower.subs({l: sympy.Rational(-1, 2), u: sympy.Rational(1, 3)})
    assert crossing == 0
    deep = ReluNetwork([[[1]], [[-1]], [[-1]]], [[0], [1], [1]])
    assert parametric_bounds(deep, DOMAIN, "ibp")[1].subs({l: 0, u: sympy.Rational(1, 2)}) * 2 == 1


def test_bad_input():
    with pytest.raises(InvalidInput, match="needs one input"):
        parametric_bounds(MAX, Box(0, 1, dim=2), "ibp")
    with pytest.raises(InvalidInput, match="domain an interval"):
        parametric_bounds(ABSOLUTE, Box(0, 0, dim=1), "ibp")
    with pytest.raises(InvalidInput, match="method must be"):
        parametric_bounds(ABSOLUTE, DOMAIN, "crown")
    with pytest.raises(InvalidInput, match="output must be"):
        parametric_bounds(ABSOLUTE, DOMAIN, "ibp", output=1)
