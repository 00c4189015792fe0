"""Doelz, Multerer and Palma (2026): the discrete modulus of continuity against the true one.

The statements are derived here; the paper's own were not read. Samples are grids of dyadic points,
values of integer networks and the l_inf metric make every float exact where exactness is claimed.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from relu_theory import families, lipschitz
from relu_theory.domain import Box
from relu_theory.network import ReluNetwork
from relu_theory.regions import cells
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = [
    "constant_at_a_step",
    "from_below",
    "independent_pairs",
    "majorant",
    "recovery",
    "seminorm",
    "two_sided",
    "uniform_error",
]

_FINE = 64
_PAPER: dict[str, Any] = {"paper": "doelz2026", "arxiv": "2605.28729", "mark": "derived"}


def _integer(quick: bool) -> Iterator[Instance]:
    for seed in range(3 if quick else 10):
        for cells_ in (4, 8):
            yield _sampled(seed, cells_)


def _sampled(seed: int, cells_: int = 4) -> Instance:
    net = families.random_integer(1 + seed % 2, [4, 3], seed)
    name = f"{net.input_dim} inputs, seed {seed}, {cells_} cells"
    return Instance(name, {"network": net, "cells_": cells_})


def _grid(net: ReluNetwork, cells_: int) -> Any:
    axis = -1 + 2 * np.arange(cells_ + 1) / cells_
    axes = np.meshgrid(*[axis] * net.input_dim, indexing="ij")
    return np.stack(axes, -1).reshape(-1, net.input_dim)


def _modulus(net: ReluNetwork, cells_: int, order: Any = "inf") -> Any:
    x = _grid(net, cells_)
    return lipschitz.dmoc(x, net.forward(x), order, order)


def _fine(net: ReluNetwork) -> int:
    return _FINE if net.input_dim == 1 else _FINE // 2


def _constant(net: ReluNetwork) -> Fraction:
    box = Box(-1, 1, dim=net.input_dim)
    return Fraction(lipschitz.exact(net, box, "inf", "inf").value)


def _largest(values: Any) -> Fraction:
    return Fraction(float(np.max(values)))


@theorem(
    statement="The discrete modulus of a subset is nowhere above that of the set.",
    latex=r"w_X(t)\le w_{X'}(t)\le w(t),\quad X\subset X'",
    hypotheses="A finite sample X contained in X'; any metrics; w is the largest difference of "
    "values at distance at most t.",
    number="not in the paper",
    relation="<=",
    instances=_integer,
    seeded=_sampled,
    **_PAPER,
)
def from_below(network: ReluNetwork, cells_: int) -> Measured:
    """The largest excess of a coarse grid's modulus over a fine one's.

    Examples
    --------
    >>> tent = families.iterated_tent(1, 1)
    >>> from_below.check(Instance("tent", {"network": tent, "cells_": 4})).computed
    Fraction(0, 1)
    """
    coarse, fine = _modulus(network, cells_), _modulus(network, _fine(network))
    times = np.concatenate([[0.0], coarse.distances, fine.distances])
    return Measured(_largest(coarse(times) - fine(times)), Fraction(0))


@theorem(
    statement="With fill distance h and constant L the modulus is at most w_X(t + 2 h) + 2 L h.",
    latex=r"w(t)\le w_X(t+2h)+2Lh",
    hypotheses="Every point of the domain is within h of X; f has the Lipschitz constant L.",
    number="not in the paper",
    relation="<=",
    instances=_integer,
    seeded=_sampled,
    **_PAPER,
)
def two_sided(network: ReluNetwork, cells_: int) -> Measured:
    """The largest excess of a fine grid's modulus over the upper bound from a coarse one."""
    coarse, fine = _modulus(network, cells_), _modulus(network, _fine(network))
    fill = 1.0 / cells_
    upper = coarse(fine.distances + 2 * fill) + 2 * float(_constant(network)) * fill
    return Measured(_largest(np.append(fine.values - upper, -1.0)), Fraction(0))


@theorem(
    statement="On a convex domain, for t >= 2 h, the discrete modulus is at most 4 L h too small.",
    latex=r"0\le w(t)-w_X(t)\le 4Lh,\quad t\ge 2h",
    hypotheses="A convex domain, every point of it within h of X; f has the Lipschitz constant L.",
    number="not in the paper",
    relation="<=",
    instances=_integer,
    seeded=_sampled,
    **_PAPER,
)
def uniform_error(network: ReluNetwork, cells_: int) -> Measured:
    """The largest difference of a fine and a coarse grid's moduli beyond 2 h."""
    coarse, fine = _modulus(network, cells_), _modulus(network, _fine(network))
    fill = Fraction(1, cells_)
    times = np.append(fine.distances, 2.0)
    times = times[times >= 2 * float(fill)]
    return Measured(_largest(fine(times) - coarse(times)), 4 * _constant(network) * fill)


def _recovered(quick: bool) -> Iterator[Instance]:
    for seed in (0,) if quick else (0, 3):
        for cells_ in (40, 80) if quick else (40, 80, 160):
            name = f"Gaussian, 2 inputs, [6], seed {seed}, {cells_} cells"
            net = families.gaussian(2, [6], seed)
            yield Instance(name, {"network": net, "cells_": cells_})


@theorem(
    statement="Where the region of the largest slope L contains a ball of radius r >= 2 h, the "
    "discrete constant is at least L (1 - 2 h / r).",
    latex=r"L(1-2h/r)\le L_X\le L",
    hypotheses="f is affine with slope norm L on a ball of radius r >= 2 h, h the fill distance; "
    "Euclidean norms.",
    number="not in the paper",
    relation=">=",
    arithmetic="float",
    instances=_recovered,
    **_PAPER,
)
def recovery(network: ReluNetwork, cells_: int) -> Measured:
    """L_X of a grid against the rate, with r measured around an interior point of the region."""
    box = Box(-1, 1, dim=network.input_dim)
    found = lipschitz.exact(network, box)
    assert found.witness is not None
    region = next(c for c in cells(network, box) if c.pattern == found.witness.pattern)
    point = found.witness.point
    radius = min(
        float(sum(a * x for a, x in zip(f.normal, point, strict=True)) + f.offset)
        / float(np.linalg.norm([float(a) for a in f.normal]))
        for f in region.facets()
    )
    fill = lipschitz.grid_fill_distance(box, cells_)
    if radius < 2 * fill:
        return Measured(None, None)
    x = _grid(network, cells_)
    discrete = lipschitz.dmoc(x, network.forward(x)).lipschitz
    if discrete > float(found.upper) * (1 + 1e-12):
        return Measured(Fraction(0), Fraction(1))
    return Measured(Fraction(discrete), Fraction(float(found.lower) * (1 - 2 * fill / radius)))


def _lines(quick: bool) -> Iterator[Instance]:
    yield from map(_line, range(3 if quick else 12))
    yield Instance("iterated tents", {"network": families.iterated_tent(3, 1)})


def _line(seed: int) -> Instance:
    return Instance(f"seed {seed}", {"network": families.random_integer(1, [4, 3], seed)})


@theorem(
    statement="On a grid of an interval the least concave majorant is at most twice the modulus.",
    latex=r"w\le w^*\le 2w",
    hypotheses="Equally spaced points of an interval.",
    number="not in the paper",
    relation="<=",
    arithmetic="float",
    instances=_lines,
    seeded=_line,
    **_PAPER,
)
def majorant(network: ReluNetwork) -> Measured:
    """The largest excess of the majorant over twice the modulus, at the multiples of the step."""
    w = _modulus(network, _FINE)
    times = 2 * np.arange(1, _FINE + 1) / _FINE
    return Measured(_largest(w.concave_majorant()(times) - 2 * w(times)), Fraction(0))


@theorem(
    statement="The discrete constant, the largest quotient over all pairs, is attained at a step.",
    latex=r"\max_{i\ne j}\frac{|y_i-y_j|}{|x_i-x_j|}=\max_k\frac{w_X(t_k)}{t_k}",
    hypotheses="A finite sample of distinct points.",
    number="not in the paper",
    relation="==",
    instances=_lines,
    seeded=_line,
    **_PAPER,
)
def constant_at_a_step(network: ReluNetwork) -> Measured:
    """L_X from the steps against the exact quotients of all pairs.

    Examples
    --------
    >>> tent = families.iterated_tent(2, 1)
    >>> constant_at_a_step.check(Instance("tent", {"network": tent})).computed
    Fraction(4, 1)
    """
    x = [Fraction(k, 8) for k in range(-8, 9)]
    y = [network.forward_exact([v])[0] for v in x]
    w = lipschitz.dmoc([float(v) for v in x], [float(v) for v in y])
    best = max(abs(a - b) / abs(s - t)
               for s, a in zip(x, y, strict=True) for t, b in zip(x, y, strict=True) if s != t)
    pair = w.lipschitz_pair
    if pair is None:
        return Measured(Fraction(0), best)
    i, j = pair
    return Measured(abs(y[i] - y[j]) / abs(x[i] - x[j]), best)


@theorem(
    statement="f -> max over t of w_f(t) / w(t) is a seminorm: that of a sum is at most the sum.",
    latex=r"|f+g|_{w,X}\le|f|_{w,X}+|g|_{w,X},\quad|f|_{w,X}=\max_{t\ge q_X}w_{X,f}(t)/w(t)",
    hypotheses="A finite sample X of distinct points; w positive from the separation q_X on.",
    number="not in the paper",
    relation="<=",
    instances=_lines,
    **_PAPER,
)
def seminorm(network: ReluNetwork) -> Measured:
    """With w(t) = min(t, 1/2) and g = |x|, on a grid of dyadic points."""
    x = _grid(network, _FINE)
    f, g = network.forward(x), np.abs(x)
    whole, *parts = (_exact_seminorm(x, y) for y in (f + g, f, g))
    return Measured(whole, sum(parts, Fraction(0)))


def _exact_seminorm(x: Any, y: Any) -> Fraction:
    w = lipschitz.dmoc(x, y, "inf", "inf")
    quotients = [Fraction(v) / min(Fraction(t), Fraction(1, 2))
                 for t, v in zip(w.distances.tolist(), w.values.tolist(), strict=True)]
    return max(quotients, default=Fraction(0))


def _draws(quick: bool) -> Iterator[Instance]:
    for pairs in (50, 200) if quick else (20, 50, 200, 500):
        yield Instance(f"{pairs} pairs, 400 times", {"pairs": pairs})


@theorem(
    statement="Of M independent pairs at most t apart let E be the largest value; in no more than "
    "a share delta of all draws do more than ln(1 / delta) / M of such pairs exceed E.",
    latex=r"P\{P(|y-y'|>E)>\ln(1/\delta)/M\}\le\delta",
    hypotheses="Pairs drawn independently from one law on the pairs at most t apart; 0 < delta < "
    "1.",
    number="not in the paper",
    relation="<=",
    arithmetic="float",
    instances=_draws,
    **_PAPER,
)
def independent_pairs(pairs: int) -> Measured:
    """How many of 400 draws fail, against 400 delta and four standard deviations of chance."""
    rng = np.random.default_rng(pairs)
    x, delta, draws = rng.standard_normal((80, 2)), 0.1, 400
    y = np.abs(x[:, 0]) + np.sin(5 * x[:, 1])
    first, second = np.triu_indices(len(x), 1)
    near = np.linalg.norm(x[first] - x[second], axis=1) <= 1.0
    jumps = np.abs(y[first] - y[second])[near]
    allowed = lipschitz.pair_statement(pairs, 1, delta).exceeding
    drawn = rng.choice(jumps, (draws, pairs)).max(axis=1)
    shares = (jumps[None] > drawn[:, None]).mean(axis=1)
    room = draws * delta + 4 * (draws * delta * (1 - delta)) ** 0.5
    return Measured(Fraction(int((shares > allowed).sum())), Fraction(int(room)))
