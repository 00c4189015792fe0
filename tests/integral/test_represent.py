"""Every form: its proof, its values, and that altered representations are refused."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import Verdict, integral
from relu_theory.errors import InvalidInput, ShapeError, TooLarge
from relu_theory.integral.polynomial import Polynomial, read_polynomial

X = sympy.symbols("x1:5")
x, y = sympy.symbols("x y")
GLOBAL = ("hermite", "spherical", "harmonic", "exponential")
CUBIC = x**2 * y + x * y / 3 - 2 * x + 1


def monomials(variables: int, degree: int) -> st.SearchStrategy:
    """Exponents of a product of at most ``degree`` variables."""
    chosen = st.lists(st.integers(0, variables - 1), max_size=degree)
    return chosen.map(lambda c: tuple(c.count(i) for i in range(variables)))


def encloses(ball: arb, value: fmpq) -> bool:
    """Whether the ball contains the rational, which has no exact binary form."""
    with ctx.workprec(400):
        return bool(ball.contains(arb(value)))


@st.composite
def polynomials(draw: st.DrawFn, variables: int = 4, degree: int = 6) -> sympy.Expr:
    powers = draw(st.lists(monomials(variables, degree), min_size=1, max_size=4, unique=True))
    values = st.fractions(-3, 3, max_denominator=4)
    return sum(
        sympy.Rational(str(draw(values))) * sympy.Mul(*(v**p for v, p in zip(X, e, strict=False)))
        for e in powers
    )


@pytest.mark.parametrize("form", [*GLOBAL, "hermite-fixed"])
@settings(max_examples=12, deadline=None)
@given(expr=polynomials(), more=st.integers(0, 2))
def test_random_polynomials_are_proved(form: str, expr: sympy.Expr, more: int) -> None:
    variables = [*X, *sympy.symbols(f"z1:{more + 1}")] if more else X
    options = {"bias": "1/3"} if form == "hermite-fixed" else {}
    rep = integral.represent(expr, form, variables, **options)
    assert rep.verify().verdict is Verdict.HOLDS


@settings(max_examples=12, deadline=None)
@given(expr=polynomials(3, 3))
def test_funk_hecke_of_even_functions(expr: sympy.Expr) -> None:
    even = sympy.expand(expr.subs({v: -v for v in X}, simultaneous=True) + expr)
    rep = integral.represent(even, "funk-hecke", X[:3])
    assert rep.verify().verdict is Verdict.HOLDS


@pytest.mark.parametrize("form", GLOBAL)
@pytest.mark.parametrize("dimension", [2, 3, 7])
def test_quadrature_encloses_the_polynomial(form: str, dimension: int) -> None:
    rep = integral.represent(CUBIC, form, [x, y, *sympy.symbols(f"z1:{dimension - 1}")])
    point = [Fraction(1, 2), Fraction(-1, 3), *[Fraction(1, 10)] * (dimension - 2)]
    value = CUBIC.subs({x: sympy.Rational(1, 2), y: sympy.Rational(-1, 3)})
    ball = rep.evaluate(point)
    assert encloses(ball, fmpq(int(value.p), int(value.q)))
    assert float(ball.rad()) < 1e-12


@pytest.mark.parametrize("form", ["hermite-fixed", "funk-hecke"])
def test_quadrature_on_the_sphere(form: str) -> None:
    expr = x**2 - 3 * x * y + y**4 + x
    rep = integral.represent(expr, form, [x, y])
    ball = rep.evaluate(["3/5", "4/5"])
    value = expr.subs({x: sympy.Rational(3, 5), y: sympy.Rational(4, 5)})
    assert encloses(ball, fmpq(int(value.p), int(value.q)))
    with pytest.raises(InvalidInput, match="norm 1"):
        rep.evaluate([1, 1])


def test_one_dimension() -> None:
    rep = integral.represent(x**4 - x, "taylor", interval=(-1, 2))
    assert rep.verify().verdict is Verdict.HOLDS
    assert encloses(rep.evaluate(["3/2"]), fmpq(81, 16) - fmpq(3, 2))
    assert encloses(rep.evaluate(["-1/2"]), fmpq(9, 16))
    assert integral.represent(x**2, "taylor", interval=(1, 2)).centre == 1
    altered = replace(rep, second=rep.second * 2)
    assert altered.verify().verdict is Verdict.FAILS


def test_waves() -> None:
    expr = sympy.cos(x + 2 * y) / 2 + sympy.sin(x) * sympy.exp(-(y**2)) - x + 3
    rep = integral.represent(expr, "fourier", [x, y])
    assert rep.verify().verdict is Verdict.HOLDS
    value = float(expr.subs({x: 0.5, y: 0.25}))
    ball = rep.evaluate([0.5, 0.25])
    assert abs(float(ball) - value) < 1e-13
    assert float(ball.rad()) < 1e-12
    wave = replace(rep.waves[0], amplitude=rep.waves[0].amplitude * 2)
    altered = replace(rep, waves=(wave, *rep.waves[1:]))
    assert altered.verify().verdict is Verdict.FAILS
    tilted = replace(rep, slope=(fmpq(1), fmpq(0)))
    assert tilted.verify().verdict is Verdict.FAILS


@pytest.mark.parametrize("form", [*GLOBAL, "hermite-fixed", "funk-hecke"])
def test_altered_representations_fail(form: str) -> None:
    rep = integral.represent(x**2 * y**2 + x * y + x, form, [x, y])
    assert rep.verify().verdict is Verdict.HOLDS
    first, *others = rep.terms
    bump = Polynomial.constant(first.c.size, 1) + Polynomial.variables(first.c.size)[0]
    changes = [
        {"terms": (first._replace(c=first.c + bump), *others)},
        {"terms": (first._replace(scale=first.scale * 2), *others)},
        {"affine": rep.affine + 1},
        {"target": rep.target * 2},
        {"terms": tuple(others)},
    ]
    if form in ("spherical", "harmonic"):
        changes.append({"radius": Fraction(2)})
    if form == "hermite-fixed":
        changes.append({"exponent": Fraction(1)})
    for change in changes:
        if form == "exponential" and change.get("terms") == tuple(others):
            continue
        assert rep.replace(**change).verify().verdict is Verdict.FAILS, change


@pytest.mark.parametrize("dimension", [2, 10, 50, 1000])
def test_dimension_costs_nothing(dimension: int) -> None:
    variables = sympy.symbols(f"v1:{dimension + 1}")
    for form in GLOBAL:
        rep = integral.represent(variables[0] ** 2 * variables[1], form, variables)
        assert rep.verify().verdict is Verdict.HOLDS


@pytest.mark.parametrize("form", [*GLOBAL, "hermite-fixed"])
def test_affine_functions_and_constants(form: str) -> None:
    rep = integral.represent(2 * x - y + 3, form, [x, y])
    assert rep.verify().verdict is Verdict.HOLDS
    if form != "exponential":
        net = rep.sample(3, np.random.default_rng(0))
        assert net.forward_exact(["1/2", 2])[0] == 2
    assert integral.represent(5, form, [x]).verify().verdict is Verdict.HOLDS


def test_spelling() -> None:
    rep = integral.represent(x**2, "spherical", [x, y])
    w1, b = sympy.symbols("w1 b", real=True)
    assert sympy.expand(rep.weight() - (32 * w1**2 - 8)) == 0 or rep.weight().has(w1)
    assert sympy.simplify(rep.coefficient() * rep.density() - rep.weight()) == 0
    assert r"\mathrm{U}(S^{1})" in rep.latex()
    waves = integral.represent("sin(x) + exp(-x**2)", "fourier", ["x"]).latex()
    assert waves.startswith(r"\sin{\left(x \right)} + e^{- x^{2}} = ")
    assert r"N(\left[ 0\right], \left[ 2\right])" in waves
    assert "b from 0 to 1" in rep.support
    assert b not in rep.weight().free_symbols


def test_bad_input() -> None:
    represent = integral.represent
    with pytest.raises(InvalidInput, match="form must be one of"):
        represent(x, "fouriér")
    with pytest.raises(InvalidInput, match="must be a polynomial"):
        represent(sympy.sin(x), "hermite")
    with pytest.raises(InvalidInput, match="rational coefficients"):
        represent(sympy.sqrt(2) * x**2, "hermite")
    with pytest.raises(InvalidInput, match="is missing"):
        represent(x * y, "hermite", [x])
    with pytest.raises(InvalidInput, match="different symbols"):
        represent(x, "hermite", [x, x])
    with pytest.raises(InvalidInput, match="at least one input"):
        represent(3, "hermite")
    with pytest.raises(InvalidInput, match="has the options rate"):
        represent(x, "hermite", radius=2)
    with pytest.raises(InvalidInput, match="zero of He_1"):
        represent(x**3, "hermite-fixed", bias=0)
    with pytest.raises(InvalidInput, match="no odd harmonic"):
        represent(x**3, "funk-hecke", [x, y])
    with pytest.raises(InvalidInput, match="one variable"):
        represent(x * y, "taylor")
    with pytest.raises(InvalidInput, match="low < high"):
        represent(x, "taylor", interval=(1, 1))
    with pytest.raises(InvalidInput, match="two numbers"):
        represent(x, "taylor", interval=1)
    with pytest.raises(InvalidInput, match="radius must be positive"):
        represent(x, "spherical", radius=0)
    with pytest.raises(InvalidInput, match="no sine"):
        represent(x, "fourier")
    with pytest.raises(InvalidInput, match="the summand"):
        represent(sympy.cos(x + 1), "fourier")
    with pytest.raises(InvalidInput, match="affine"):
        represent(sympy.cos(x) + x**2, "fourier")
    with pytest.raises(TooLarge, match="degree must be at most"):
        represent(x**30, "hermite")
    with pytest.raises(TooLarge, match="monomials"):
        represent(sum(sympy.symbols("q1:13")) ** 12, "hermite")
    rep = represent(x**2, "spherical")
    with pytest.raises(ShapeError, match="1 entries"):
        rep.evaluate([1, 2])
    with pytest.raises(InvalidInput, match="norm at most 1"):
        rep.evaluate([2])


def test_reading_is_exact() -> None:
    p, symbols, support = read_polynomial(0.1 * x**2 + y, [y, x])
    assert p.coefficient((0, 2)) == fmpq(*(0.1).as_integer_ratio())
    assert symbols == (y, x)
    assert support == (0, 1)
    assert [str(s) for s in read_polynomial(sum(sympy.symbols("x1:12")))[1]][-1] == "x11"
