"""Explicit integral representations of polynomials; the subject of Lee 2026, derived here.

Only the abstract and the table of contents of the paper were read. The identities, constants and
bounds below are ours, and none of them is claimed to be a statement of the paper.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from relu_theory import integral
from relu_theory.certificate import Bracket
from relu_theory.domain import Box
from relu_theory.integral.cubature import outward
from relu_theory.integral.distributions import as_distribution
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["dimension_free", "identity", "isometry", "kernel_interpolation", "least_norm",
           "optimal_importance", "sampling_rate", "square_on_interval", "waves"]  # fmt: skip

derived = partial(theorem, paper="lee2026", arxiv="2604.23260", mark="derived")

_GLOBAL = ("hermite", "spherical", "harmonic", "exponential")
_FORMS = (*_GLOBAL, "hermite-fixed", "funk-hecke")


def _random_polynomial(seed: int, even: bool = False, variables: int = 4) -> str:
    rng = np.random.default_rng(seed)
    terms: list[str] = []
    while len(terms) < 4:
        powers = np.bincount(rng.integers(0, variables, rng.integers(0, 7)), minlength=variables)
        if even and powers.sum() % 2:
            continue
        factors = "*".join(f"x{i + 1}**{p}" for i, p in enumerate(powers))
        terms.append(f"({rng.integers(-5, 6)}/{rng.integers(1, 4)})*{factors}")
    return " + ".join(terms)


def _polynomial(form: str, seed: int) -> Instance:
    expr = _random_polynomial(seed, even=form == "funk-hecke")
    options = {"bias": "1/3"} if form == "hermite-fixed" else {}
    variables = [f"x{i}" for i in range(1, 5)]
    arguments = {"expr": expr, "form": form, "variables": variables, "options": options}
    return Instance(f"{form}, degree <= 6 in 4 variables, seed {seed}", arguments)


def _any_form(seed: int) -> Instance:
    return _polynomial(_FORMS[seed % len(_FORMS)], seed)


def _polynomials(quick: bool) -> Iterator[Instance]:
    for form in _FORMS:
        for seed in range(2 if quick else 8):
            yield _polynomial(form, seed)
    for seed in range(2):
        expr = _random_polynomial(seed, variables=1)
        arguments = {"expr": expr, "form": "taylor", "variables": ["x1"], "options": {}}
        yield Instance(f"taylor, one variable, seed {seed}", arguments)
    wave = "cos(x1 + 2*x2) - 3*sin(x2)*exp(-x1**2) + x1"
    arguments = {"expr": wave, "form": "fourier", "variables": ["x1", "x2"], "options": {}}
    yield Instance("fourier, a sum of waves", arguments)


@derived(
    statement="Every polynomial is the integral of ReLU neurons against the explicit weight of "
    "each form (on the unit sphere: of Funk and Hecke for even ones); the proof is a finite list "
    "of exact equalities, none of which fails.",
    latex=r"f(x) = \int g(w, b) \, (\langle w, x \rangle - b)_+ \, d\mu(w, b) + \text{affine}",
    hypotheses="f a polynomial (for the Fourier form a sum of waves); the domain of each form: "
    "R^d, the unit sphere, or an interval.",
    number="not in the paper",
    relation="==",
    instances=_polynomials,
    seeded=_any_form,
)
def identity(expr: str, form: str, variables: list[str], options: dict[str, Any]) -> Measured:
    """Steps of the proof that fail, against none.

    Examples
    --------
    >>> case = {"expr": "x1**3", "form": "hermite", "variables": ["x1", "x2"], "options": {}}
    >>> identity.check(Instance("a cube", case)).computed
    0
    """
    proof = integral.represent(expr, form, variables, **options).verify()
    return Measured(len(proof.failures), 0, proof)


def _sizes(quick: bool) -> Iterator[Instance]:
    for m in (1, 7) if quick else (1, 7, 100):
        yield Instance(f"m = {m}", {"m": m})


@derived(
    statement="m knots drawn uniformly for t^2 on [0, 1] have the mean squared error 2 / (15 m).",
    latex=r"\mathbb{E} \| f - f_m \|^2 = \tfrac{2}{15 m}",
    hypotheses="m independent uniform knots in [0, 1]; the error is averaged over the interval "
    "and the draws.",
    number="not in the paper",
    relation="==",
    instances=_sizes,
)
def square_on_interval(m: int) -> Measured:
    """The exact expected error of the one-dimensional form.

    Examples
    --------
    >>> square_on_interval.check(Instance("one", {"m": 1})).computed
    Fraction(2, 15)
    """
    rep = integral.represent("t**2", "taylor", interval=(0, 1))
    error: Any = rep.expected_error(m, Box([0], [1]))
    return Measured(error.fraction, Fraction(2, 15 * m))


def _importance(quick: bool) -> Iterator[Instance]:
    yield Instance("t^2 on [0, 1]", {"expr": "t**2", "dim": 1, "share": Fraction(101, 1000)})
    for expr in ("x**2*y",) if quick else ("x**2*y", "x*y", "x**4 - y**4"):
        yield Instance(f"{expr} on the circle", {"expr": expr, "dim": 2, "share": Fraction(3, 4)})


@derived(
    statement="The density proportional to |g| times the L2 norm of the neuron lowers the error "
    "below the stated share of the error of the density of the form.",
    latex=r"\left(\int |g| \|\sigma\|\right)^2 - \|f\|^2 \le c \left(\int g^2 \|\sigma\|^2 / \nu - "
    r"\|f\|^2\right)",
    hypotheses="Neurons drawn independently from a density that is positive where g is not zero.",
    number="not in the paper",
    relation="<=",
    arithmetic="certified enclosures",
    instances=_importance,
)
def optimal_importance(expr: str, dim: int, share: Fraction) -> Measured:
    """A ball around the best error, against a share of the other one."""
    law: Any
    if dim == 1:
        rep, law = integral.represent(expr, "taylor", interval=(0, 1)), Box([0], [1])
    else:
        rep, law = integral.represent(expr, "spherical", ["x", "y"]), integral.UniformSphere(2)
    naive = outward(rep.expected_error(1, law))[0]
    return Measured(_bracket(rep.expected_error(1, law, importance="optimal")), naive * share)


def _dimensions(quick: bool) -> Iterator[Instance]:
    for form in ("hermite", "exponential"):
        for d in (2, 50) if quick else (2, 3, 5, 10, 20, 50):
            yield Instance(f"{form}, x1^2 x2 in R^{d}", {"form": form, "dim": d})


@derived(
    statement="At fixed |x| and monomial coefficients the bound of the expected squared error of "
    "the Gaussian forms is one number for all dimensions, and the error stays below it.",
    latex=r"\mathbb{E} |f(x) - f_m(x)|^2 \le \tfrac{8 \cdot 3^k}{(k+1)!\, m} \sum_\alpha \alpha!\, "
    r"c_\alpha^2 \, \mathbb{E}[t_+^{2k+2} e^{2 t_+}]^{1/2}",
    hypotheses="f homogeneous of degree k, x a unit vector, neurons drawn independently from the "
    "density of the form.",
    number="not in the paper",
    relation="<=",
    arithmetic="certified enclosures",
    instances=_dimensions,
)
def dimension_free(form: str, dim: int) -> Measured:
    """The expected error at a unit vector in R^d against the bound computed in R^2."""
    errors = []
    for d in (dim, 2):
        point = integral.Points([["3/5", "4/5", *[0] * (d - 2)]])
        rep = integral.represent("x1**2*x2", form, [f"x{i}" for i in range(1, d + 1)])
        errors.append((rep.expected_error(1, point), rep.bound(1, point)))
    return Measured(_bracket(errors[0][0]), outward(errors[1][1])[0])


#: An expression, options and the law of the inputs for each form.
_RATES: dict[str, tuple[str, list[str], dict[str, Any], Any]] = {
    "taylor": ("x**3 - x**2/2", ["x"], {}, Box([-1], [1])),
    "hermite": ("x*y", ["x", "y"], {"rate": "1/4"}, integral.UniformSphere(2)),
    "hermite-fixed": ("x**2*y", ["x", "y"], {"bias": "1/2"}, integral.UniformSphere(2)),
    "spherical": ("x**2*y", ["x", "y"], {}, integral.UniformSphere(2)),
    "harmonic": ("x**2*y", ["x", "y"], {}, integral.UniformSphere(2)),
    "funk-hecke": ("x*y", ["x", "y"], {}, integral.UniformSphere(2)),
    "exponential": ("x*y", ["x", "y"], {"rate": "1/8"}, integral.UniformSphere(2, Fraction(1, 2))),
    "fourier": ("cos(x + 2*y)", ["x", "y"], {}, Box([-1, -1], [1, 1])),
}


def _rates(quick: bool) -> Iterator[Instance]:
    for form in ("spherical", "taylor") if quick else _RATES:
        yield Instance(f"{form}, {_RATES[form][0]}", {"form": form, "seed": 3})


@derived(
    statement="The root mean squared error of sampled networks falls like m^(-1/2) in every form: "
    "the slope between m = 8 and m = 512, on a fixed seed, differs from -1/2 by at most 0.15.",
    latex=r"\left(\mathbb{E} \|f - f_m\|^2\right)^{1/2} = C m^{-1/2}",
    hypotheses="Neurons drawn independently; the rate is measured on one seed, not proved.",
    number="not in the paper",
    relation="<=",
    arithmetic="floating point, on a fixed seed",
    instances=_rates,
)
def sampling_rate(form: str, seed: int) -> Measured:
    """|slope + 1/2| of a simulation with 60 networks of each size."""
    import sympy

    rng = np.random.default_rng(seed)
    expr, variables, options, law = _RATES[form]
    rep = integral.represent(expr, form, variables, **options)
    points = as_distribution(law, len(variables)).draw(200, rng)
    want = sympy.lambdify(variables, sympy.sympify(expr), "numpy")(*points.T)
    sizes = (8, 512)
    means = [
        np.mean([(rep.sample(m, rng).forward(points)[:, 0] - want) ** 2 for _ in range(60)])
        for m in sizes
    ]
    slope = 0.5 * np.log(means[1] / means[0]) / np.log(sizes[1] / sizes[0])
    return Measured(Fraction(abs(float(slope) + 0.5)).limit_denominator(10**6), Fraction(3, 20))


def _exprs(quick: bool) -> Iterator[Instance]:
    yield from map(_expr, range(3 if quick else 10))


def _expr(seed: int) -> Instance:
    return Instance(f"degree <= 6 in 4 variables, seed {seed}", {"seed": seed})


@derived(
    statement="F = exp(-Delta/2) f has the L2(N(0, I)) norm of f in the space of exp(<x, y>).",
    latex=r"\mathbb{E} F(w)^2 = \sum_\alpha \alpha! \, c_\alpha^2",
    hypotheses="f a polynomial; w a standard normal vector.",
    number="not in the paper",
    relation="==",
    instances=_exprs,
    seeded=_expr,
)
def isometry(seed: int) -> Measured:
    """Both squared norms of a random polynomial, in rationals."""
    expr = _random_polynomial(seed)
    variables = [f"x{i}" for i in range(1, 5)]
    _, proof = integral.rkhs.isometry(expr, variables)
    computed = Fraction(str(proof.steps[0].computed))
    return Measured(computed, integral.rkhs.squared_norm(expr, variables), proof)


def _kernels(quick: bool) -> Iterator[Instance]:
    cases = [("x**2*y", Box([-1, -1], [1, 1])), ("x*y + x", integral.UniformSphere(2))]
    for expr, law in cases:
        for n in (1, 6) if quick else (1, 4, 8, 12):
            yield Instance(f"{expr}, {n} points", {"expr": expr, "law": law, "points": n})


@derived(
    statement="The interpolant s of f of least norm in the space of exp(<x, y>) has a mean squared "
    "error of at most (|f|^2 - |s|^2) times the mean of the squared power function.",
    latex=r"\mathbb{E} (f - s)^2 \le (\|f\|^2 - \|s\|^2) \, \mathbb{E} P^2",
    hypotheses="f a polynomial; s interpolates f at finitely many different points.",
    number="not in the paper",
    relation="<=",
    arithmetic="certified enclosures",
    instances=_kernels,
)
def kernel_interpolation(expr: str, law: Any, points: int) -> Measured:
    """A ball around the error, against the bound.

    Examples
    --------
    >>> case = {"expr": "x*y", "law": Box([-1, -1], [1, 1]), "points": 2}
    >>> kernel_interpolation.check(Instance("two points", case)).verdict.name
    'HOLDS'
    """
    (found,) = integral.compare_with_kernel(expr, [points], law, np.random.default_rng(points))
    return Measured(_bracket(found.kernel), outward(found.kernel_bound)[0])


@derived(
    statement="The interpolant has at most the norm of f, and its share of the squared norm grows "
    "with nested points.",
    latex=r"\|s_n\|^2 \le \|s_{2n}\|^2 \le \|f\|^2",
    hypotheses="f a polynomial; the first n of the 2n points are those of s_n.",
    number="not in the paper",
    relation="<=",
    arithmetic="certified enclosures",
    instances=_kernels,
)
def least_norm(expr: str, law: Any, points: int) -> Measured:
    """The share of n points, against that of 2 n points (whose own share is at most 1)."""
    sizes, rng = [points, 2 * points], np.random.default_rng(points)
    few, more = integral.compare_with_kernel(expr, sizes, law, rng, bits=384)
    return Measured(_bracket(few.captured), min(outward(more.captured)[0], Fraction(1)))


def _waves(quick: bool) -> Iterator[Instance]:
    for expr in ("cos(x + 2*y)", "cos(x)/2 + sin(x - 3*y)"):
        yield Instance(f"{expr} on [-1, 1]^2", {"expr": expr})


@derived(
    statement="With v the integral of |omega|_1^2 |Fourier transform of f|, m neurons have an "
    "expected squared error of at most 4 v^2 / m on [-1, 1]^d.",
    latex=r"\mathbb{E} \|f - f_m\|^2 \le \tfrac{4 v^2}{m}",
    hypotheses="f a finite sum of waves; neurons drawn from the density proportional to "
    "|omega|_1^2 times the transform.",
    number="not in the paper",
    relation="<=",
    arithmetic="certified enclosures",
    instances=_waves,
)
def waves(expr: str) -> Measured:
    """The exact expected error of one neuron against the bound."""
    rep: Any = integral.represent(expr, "fourier", ["x", "y"])
    value = rep.expected_error(1, Box([-1, -1], [1, 1]))
    return Measured(_bracket(value), 4 * outward(rep.barron_constant**2)[0])


def _bracket(value: Any) -> Bracket:
    return Bracket(*outward(value))
