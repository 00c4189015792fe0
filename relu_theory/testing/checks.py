"""Examinations of functions and adapters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from relu_theory.domain import Box, Polyhedron
from relu_theory.network import ReluNetwork
from relu_theory.progress import progress_bar
from relu_theory.testing.bound_questions import bound_questions, lipschitz_questions
from relu_theory.testing.questions import Question
from relu_theory.testing.region_questions import DOMAINS, region_questions
from relu_theory.testing.report import Report, Row

__all__ = [
    "check_adapter",
    "check_bounds",
    "check_lipschitz",
    "check_region_counter",
    "questions_for",
]


def check_region_counter(
    count: Callable[[ReluNetwork, Polyhedron], Any],
    domains: Iterable[str] = DOMAINS,
    networks: Iterable[tuple[ReluNetwork, Polyhedron]] = (),
    *,
    largest: int = 2000,
    progress: bool = False,
) -> Report:
    """Examine a function that counts the proper activation regions of a network.

    Parameters
    ----------
    count : callable (net, domain) -> int or None
        `net` is a `ReluNetwork` (``weights`` and ``biases`` are its float64 arrays, which are
        exact), `domain` a `Box` (``lower``, ``upper``) or `WholeSpace`. None declines.
    domains : {"box", "space"}
        What the function can be asked about.
    networks : pairs of a network and a domain
        Further networks. Their counts need not be known: they must lie between the number of
        patterns seen at points and the bounds of the architecture, and must not change when the
        network is rewritten.
    largest : int
        Cases with more regions are left out.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Report

    Notes
    -----
    Asked are the traps, sixty networks of small integers, seeded Gaussian networks, and five of
    these after permuting, rescaling, repeating and splitting neurons, adding dead ones, scaling the
    network and an affine change of the input.

    Examples
    --------
    >>> from relu_theory import regions
    >>> check_region_counter(regions.count, ["box"], largest=30).ok
    True
    """
    return _asked(region_questions(domains, networks, largest), count, progress)


def check_lipschitz(
    constant: Callable[[ReluNetwork, Polyhedron, float], Any],
    claim: str = "upper",
    orders: Iterable[float] = (2,),
    *,
    tolerance: float = 0,
    progress: bool = False,
) -> Report:
    """Examine a Lipschitz constant, or a bound on it.

    Parameters
    ----------
    constant : callable (net, domain, ord) -> number or None
        Inputs and outputs are measured in the norm l_ord. Fractions are compared exactly, floats as
        the numbers that they are.
    claim : {"upper", "lower", "exact"}
        What the number is said to be.
    orders : norms among 1, 2 and inf
    tolerance : float
        A relative error that is forgiven; an "exact" float needs some.

    Returns
    -------
    Report

    Examples
    --------
    The product of the norms of the layers, in floats:

    >>> import numpy as np
    >>> def product(net, domain, ord):
    ...     return np.prod([np.linalg.norm(w, ord) for w in net.weights])
    >>> check_lipschitz(product).ok, check_lipschitz(product, "exact", tolerance=1e-9).ok
    (True, False)
    """
    return _asked(lipschitz_questions(claim, orders, tolerance), constant, progress)


def check_bounds(
    bounds: Callable[[ReluNetwork, Box], Any],
    networks: Iterable[tuple[ReluNetwork, Box]] = (),
    *,
    progress: bool = False,
) -> Report:
    """Examine bounds on the outputs of a network on a box: must enclose the exact range.

    Parameters
    ----------
    bounds : callable (net, box) -> (lower, upper) or None
        Lists with an end for each output, or an object with these attributes.
    networks : pairs of a network and a Box
        Further networks, whose bounds must enclose exact values at points.

    Returns
    -------
    Report

    Examples
    --------
    Interval arithmetic in floats is not sound:

    >>> import numpy as np
    >>> def intervals(net, box):
    ...     low, high = np.array(box.lower, float), np.array(box.upper, float)
    ...     for w, b in zip(net.weights, net.biases):
    ...         plus, minus = np.maximum(w, 0), np.minimum(w, 0)
    ...         ends = plus @ low + minus @ high + b, plus @ high + minus @ low + b
    ...         low, high = (np.maximum(end, 0) for end in ends)
    ...     return ends
    >>> print(check_bounds(intervals).failures[0])
    encloses the range: pass through 2^53: ((0.0), (0.0)), expected [0, 1]: wrong \
(a true value is outside of the bounds)
    """
    return _asked(bound_questions(networks), bounds, progress)


def questions_for(
    adapter: Any, *, largest: int = 2000
) -> Iterator[tuple[Question, Callable[..., Any]]]:
    """Every question for the methods that an adapter has, each with the method.

    Examples
    --------
    >>> from relu_theory.testing import Exact
    >>> sorted({question.subject for question, _ in questions_for(Exact())})
    ['bounds', 'count_regions', 'lipschitz']
    """
    asked: dict[str, Callable[[], Iterator[Question]]] = {
        "count_regions": lambda: region_questions(
            getattr(adapter, "domains", DOMAINS), largest=largest),
        "lipschitz": lambda: lipschitz_questions(
            getattr(adapter, "lipschitz_claim", "upper"),
            getattr(adapter, "lipschitz_orders", (2,)),
            getattr(adapter, "lipschitz_tolerance", 0)),
        "bounds": bound_questions,
    }
    for name, questions in asked.items():
        method = getattr(adapter, name, None)
        if callable(method):
            for question in questions():
                yield question, method


def check_adapter(adapter: Any, *, largest: int = 2000, progress: bool = False) -> Report:
    """Examine every method that an adapter has; see `Exact` for what an adapter is.

    Examples
    --------
    >>> from relu_theory.testing import Exact
    >>> check_adapter(Exact(), largest=30).ok
    True
    """
    pairs = list(questions_for(adapter, largest=largest))
    rows: list[Row] = []
    with progress_bar(progress, total=len(pairs), desc="questions") as bar:
        for question, method in pairs:
            rows.append(question.ask(method))
            bar.update(1)
    return Report(tuple(rows))


def _asked(
    questions: Iterable[Question], subject: Callable[..., Any], progress: bool
) -> Report:
    listed = list(questions)
    rows = []
    with progress_bar(progress, total=len(listed), desc="questions") as bar:
        for question in listed:
            rows.append(question.ask(subject))
            bar.update(1)
    return Report(tuple(rows))
