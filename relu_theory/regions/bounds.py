"""Closed-form counts and bounds for linear regions, in exact integers.

Two kinds of formula live here. *Counts* are the exact number of regions of a named object: a
generic arrangement, an iterated tent. *Bounds* take an architecture, the input dimension ``inputs``
and the hidden widths, and limit the number of proper activation regions of every network of it
(``*_upper``) or state a number that some network of it attains (``*_lower``; the networks are in
`relu_theory.families`).

All formulas are classical and were re-derived and cross-checked, not transcribed from the papers:
their mark in the ledger is *known*.
"""

from collections.abc import Sequence
from itertools import product
from math import comb, prod

from relu_theory.errors import InvalidInput, TooLarge

__all__ = [
    "central_arrangement",
    "fold_line",
    "hinz2019_upper",
    "lower_bounds",
    "montufar2014_lower",
    "montufar2017_upper",
    "naive_upper",
    "resonance",
    "serra2018_line",
    "serra2018_lower",
    "serra2018_upper",
    "telgarsky_interval",
    "telgarsky_line",
    "upper_bounds",
    "zaslavsky",
]

_LITERAL_SUM_LIMIT = 10**7

# Row d holds the Betti numbers b_1..b_d of the resonance arrangement in R^d (b_0 = 1).
_RESONANCE_BETTI = {
    1: (1,),
    2: (3, 2),
    3: (7, 15, 9),
    4: (15, 80, 170, 104),
    5: (31, 375, 2130, 5270, 3485),
    6: (63, 1652, 22435, 159460, 510524, 371909),
}
_RESONANCE_CELLS = {7: 347326352, 8: 419172756930}


def zaslavsky(hyperplanes: int, dim: int) -> int:
    r"""Cells of ``hyperplanes`` affine hyperplanes in general position in R^dim.

    ``Z(n, d) = sum_{j <= d} C(n, j)``. It is the maximum over all arrangements of n hyperplanes,
    and so the maximum number of regions of one hidden layer of n neurons with d inputs.

    References
    ----------
    Zaslavsky, *Facing up to arrangements*, 1975, Theorem A (here for general position); Schlaefli,
    1901.

    Examples
    --------
    >>> zaslavsky(30, 4)
    31931
    """
    n, d = _natural("hyperplanes", hyperplanes), _natural("dim", dim)
    return sum(comb(n, j) for j in range(d + 1))


def central_arrangement(hyperplanes: int, dim: int) -> int:
    r"""Cells of generic hyperplanes through the origin of R^dim: any dim normals independent.

    ``2 sum_{j < d} C(n - 1, j)`` for n >= 1: half-space by half-space, the cells are those of n - 1
    generic affine hyperplanes in R^{d-1}. One cell when there is no hyperplane.

    References
    ----------
    Zaslavsky 1975; Cover, *Geometrical and statistical properties of systems of linear
    inequalities*, 1965.

    Examples
    --------
    >>> central_arrangement(4, 2), central_arrangement(3, 3)
    (8, 8)
    """
    n, d = _natural("hyperplanes", hyperplanes), _natural("dim", dim)
    return 1 if n == 0 else 2 * sum(comb(n - 1, j) for j in range(d))


def resonance(dim: int) -> int:
    """Cells of the resonance arrangement: every non-zero 0/1 vector of R^dim is a normal.

    The sum of the Betti numbers of the arrangement, tabulated for dim <= 8 (no formula is known);
    `relu_theory.regions.resonance_characteristic` computes it.

    References
    ----------
    Brysiewicz, Eble, Kuehne, arXiv 2105.14542; OEIS A344494 (table read there).

    Examples
    --------
    >>> [resonance(d) for d in range(1, 7)]
    [2, 6, 32, 370, 11292, 1066044]
    """
    d = _natural("dim", dim)
    if d in _RESONANCE_CELLS:
        return _RESONANCE_CELLS[d]
    if d not in _RESONANCE_BETTI:
        raise InvalidInput(f"dim must be one of 1..{max(_RESONANCE_CELLS)} (tabulated), got {dim}")
    return 1 + sum(_RESONANCE_BETTI[d])


def telgarsky_interval(iterations: int) -> int:
    """Pieces on [0, 1] of the k-fold iterate of the tent map m(x) = 2relu(x) - 4relu(x - 1/2).

    References
    ----------
    Telgarsky, *Benefits of depth in neural networks*, COLT 2016, arXiv 1602.04485.

    Examples
    --------
    >>> telgarsky_interval(20)
    1048576
    """
    return 2 ** _natural("iterations", iterations)


def telgarsky_line(iterations: int) -> int:
    """Activation regions on all of R of the k-fold tent with two units in each layer.

    The 2^k pieces of [0, 1], the dead piece left of it and, from the second layer on, the piece
    right of it, where the first fold is negative. Derived here; Telgarsky counts on [0, 1].

    Examples
    --------
    >>> [telgarsky_line(k) for k in (0, 1, 2, 3)]
    [1, 3, 6, 10]
    """
    return fold_line(2, iterations)


def fold_line(folds: int, depth: int) -> int:
    """Activation regions on all of R of ``depth`` layers that each fold [0, 1] ``folds`` times.

    ``q^L`` pieces inside [0, 1] and one left of it; right of it the last piece goes on when q is
    odd and leaves the next layers dead when q is even, so there ``q^L + 2`` for L >= 2. Derived
    here.

    Examples
    --------
    >>> fold_line(3, 4), fold_line(4, 3), fold_line(4, 1)
    (82, 66, 5)
    """
    q, depth = _natural("folds", folds), _natural("depth", depth)
    if q == 0:
        raise InvalidInput("folds must be at least 1, got 0")
    if depth == 0:
        return 1
    return q**depth + (2 if q % 2 == 0 and depth >= 2 else 1)


def naive_upper(inputs: int, widths: Sequence[int]) -> int:
    """Upper bound 2^N: one region for each activation pattern of the N neurons.

    Examples
    --------
    >>> naive_upper(2, [4, 4])
    256
    """
    _, widths = _architecture(inputs, widths)
    return 2 ** sum(widths)


def montufar2017_upper(inputs: int, widths: Sequence[int]) -> int:
    r"""Upper bound ``prod_l sum_{j <= d_l} C(n_l, j)`` with ``d_l = min(n_0, ..., n_l)``.

    References
    ----------
    Montufar, *Notes on the number of linear regions of deep neural networks*, SampTA 2017.

    Examples
    --------
    >>> montufar2017_upper(2, [2, 4]), montufar2017_upper(2, [4, 4])
    (44, 121)
    """
    inputs, widths = _architecture(inputs, widths)
    dims = [min(inputs, *widths[: layer + 1]) for layer in range(len(widths))]
    return prod(zaslavsky(n, d) for n, d in zip(widths, dims, strict=True))


def serra2018_upper(inputs: int, widths: Sequence[int]) -> int:
    r"""Upper bound ``sum_{(j_1..j_L) in J} prod_l C(n_l, j_l)``, summed term by term.

    ``J`` holds the tuples with ``0 <= j_l <= min(n_0, n_1 - j_1, ..., n_{l-1} - j_{l-1}, n_l)``: a
    region with j_l inactive neurons in layer l leaves an image of dimension at most n_l - j_l. The
    sum is the literal one, ``(n_0 + 1)^L`` terms; `hinz2019_upper` gives the same number by a
    recursion.

    Raises
    ------
    TooLarge
        When the sum has more than ten million terms.

    References
    ----------
    Serra, Tjandraatmadja, Ramalingam, ICML 2018, arXiv 1711.02114, Theorem 1 (number recalled).

    Examples
    --------
    >>> serra2018_upper(1, [3, 3]), serra2018_upper(2, [2, 4]), serra2018_upper(2, [6, 6, 6])
    (16, 22, 10648)
    """
    inputs, widths = _architecture(inputs, widths)
    ranges = [range(min(inputs, n) + 1) for n in widths]
    terms = prod(len(r) for r in ranges)
    if terms > _LITERAL_SUM_LIMIT:
        raise TooLarge(
            f"the sum has {terms} terms, more than {_LITERAL_SUM_LIMIT}; use hinz2019_upper"
        )
    return sum(
        prod(comb(n, j) for n, j in zip(widths, js, strict=True))
        for js in product(*ranges)
        if _admissible(inputs, widths, js)
    )


def hinz2019_upper(inputs: int, widths: Sequence[int]) -> int:
    r"""The bound of `serra2018_upper` as a recursion on histograms of image dimensions.

    One region of dimension n_0 is pushed through the layers: ``e_i -> sum_{j <= min(i, n)} C(n, j)
    e_{min(i, n - j)}``; the bound is the number of regions at the end. ``O(L n_0^2)`` operations on
    integers.

    References
    ----------
    Hinz, van de Geer, IEEE Trans. Inf. Theory 2019, arXiv 1806.01918 (the choice of parameters that
    gives the bound of Serra et al.).

    Examples
    --------
    >>> hinz2019_upper(2, [6, 6, 6]), hinz2019_upper(784, [64] * 3) <= 2**192
    (10648, True)
    """
    inputs, widths = _architecture(inputs, widths)
    histogram = {inputs: 1}
    for n in widths:
        image: dict[int, int] = {}
        for dim, regions in histogram.items():
            for j in range(min(dim, n) + 1):
                reached = min(dim, n - j)
                image[reached] = image.get(reached, 0) + comb(n, j) * regions
        histogram = image
    return sum(histogram.values())


def montufar2014_lower(inputs: int, widths: Sequence[int]) -> int:
    r"""Lower bound ``prod_{l<L} floor(n_l / n_0)^{n_0} * Z(n_L, n_0)``, for ``n_l >= n_0``.

    Attained exactly, inside the unit cube, by `relu_theory.families.montufar`.

    References
    ----------
    Montufar, Pascanu, Cho, Bengio, NIPS 2014, arXiv 1402.1869.

    Examples
    --------
    >>> montufar2014_lower(2, [4, 4])
    44
    """
    inputs, widths = _wide_architecture(inputs, widths, 1)
    folds = prod((n // inputs) ** inputs for n in widths[:-1])
    return folds * zaslavsky(widths[-1], inputs)


def serra2018_lower(inputs: int, widths: Sequence[int]) -> int:
    r"""Lower bound ``prod_{l<L} (floor(n_l / n_0) + 1)^{n_0} * Z(n_L, n_0)``, for ``n_l >= 3 n_0``.

    Attained exactly, on all of R^{n_0}, by `relu_theory.families.serra`.

    References
    ----------
    Serra, Tjandraatmadja, Ramalingam, ICML 2018, arXiv 1711.02114.

    Examples
    --------
    >>> serra2018_lower(1, [3, 3]), serra2018_lower(2, [6, 6])
    (16, 352)
    """
    inputs, widths = _wide_architecture(inputs, widths, 3)
    folds = prod((n // inputs + 1) ** inputs for n in widths[:-1])
    return folds * zaslavsky(widths[-1], inputs)


def serra2018_line(widths: Sequence[int]) -> int:
    """The maximum number of regions for one input, ``prod_l (n_l + 1)``, for widths ``n_l >= 3``.

    References
    ----------
    Serra, Tjandraatmadja, Ramalingam, ICML 2018, arXiv 1711.02114.

    Examples
    --------
    >>> serra2018_line([3, 4, 5])
    120
    """
    _, widths = _wide_architecture(1, widths, 3)
    return prod(n + 1 for n in widths)


def upper_bounds(inputs: int, widths: Sequence[int]) -> dict[str, int]:
    """Every upper bound of this module that speaks about the architecture, loosest first.

    Examples
    --------
    >>> upper_bounds(2, [2, 4])
    {'naive': 64, 'montufar2017': 44, 'hinz2019': 22}
    """
    rules = {
        "naive": naive_upper,
        "montufar2017": montufar2017_upper,
        "hinz2019": hinz2019_upper,
    }
    return {name: rule(inputs, widths) for name, rule in rules.items()}


def lower_bounds(inputs: int, widths: Sequence[int]) -> dict[str, int]:
    """Every lower bound on the maximum whose hypothesis on the widths the architecture meets.

    Examples
    --------
    >>> lower_bounds(1, [3, 3]), lower_bounds(2, [4, 4]), lower_bounds(3, [2])
    ({'montufar2014': 12, 'serra2018': 16}, {'montufar2014': 44}, {})
    """
    inputs, widths = _architecture(inputs, widths)
    rules = (("montufar2014", 1, montufar2014_lower), ("serra2018", 3, serra2018_lower))
    return {
        name: rule(inputs, widths)
        for name, factor, rule in rules
        if widths and min(widths) >= factor * inputs
    }


def _admissible(inputs: int, widths: tuple[int, ...], inactive: tuple[int, ...]) -> bool:
    rank = inputs
    for n, j in zip(widths, inactive, strict=True):
        if j > rank:
            return False
        rank = min(rank, n - j)
    return True


def _natural(name: str, value: int) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__") or value < 0:
        raise InvalidInput(f"{name} must be a non-negative integer, got {value!r}")
    return value.__index__()


def _architecture(inputs: int, widths: Sequence[int]) -> tuple[int, tuple[int, ...]]:
    inputs = _natural("inputs", inputs)
    if inputs == 0:
        raise InvalidInput("inputs must be at least 1, got 0")
    return inputs, tuple(_natural(f"widths[{i}]", n) for i, n in enumerate(widths))


def _wide_architecture(
    inputs: int, widths: Sequence[int], factor: int
) -> tuple[int, tuple[int, ...]]:
    inputs, widths = _architecture(inputs, widths)
    if not widths:
        raise InvalidInput("widths must name at least one hidden layer, got none")
    for layer, n in enumerate(widths):
        if n < factor * inputs:
            raise InvalidInput(
                f"widths[{layer}] must be at least {factor} x inputs = {factor * inputs}, got {n}: "
                "the bound is stated for such widths only"
            )
    return inputs, widths
