"""What a region counter is asked."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np

from relu_theory import families
from relu_theory.domain import Box, Polyhedron
from relu_theory.errors import InvalidInput
from relu_theory.families.tables import Case
from relu_theory.network import Pattern, ReluNetwork
from relu_theory.regions import bounds
from relu_theory.testing.questions import Judgement, Question, place
from relu_theory.testing.variants import variants

__all__ = ["DOMAINS", "region_questions", "seen_patterns"]

#: Kinds of domains that the cases have.
DOMAINS = ("box", "space")
_REWRITTEN = ("identity gadget", "iterated tent, 2 layers", "grid", "integers 1", "integers 13")
_SUBJECT = "count_regions"
_POINTS, _DENOMINATOR = 200, 2**12


def region_questions(
    domains: Iterable[str] = DOMAINS,
    networks: Iterable[tuple[ReluNetwork, Polyhedron]] = (),
    largest: int = 2000,
) -> Iterator[Question]:
    """Exact counts on all cases, the same counts for rewritten networks, and bounds on counts.

    Parameters
    ----------
    domains : kinds of `DOMAINS` to ask about
    networks : pairs of a network and a Box or WholeSpace
        Further networks, whose exact count is not known.
    largest : int
        The cases with more regions are left out.
    """
    kinds = tuple(domains)
    if not set(kinds) <= set(DOMAINS):
        raise InvalidInput(f"domains must be taken from {DOMAINS}, got {kinds!r}")
    for name, cases in (
        ("traps", families.load_traps()),
        ("small integers", families.load_integers()),
        ("generic networks", families.load_workloads()),
    ):
        for case, domain, count in _wanted(cases, kinds, largest):
            where = f"{case.name}, {place(domain)}"
            yield Question(_SUBJECT, name, where, [(case.network, domain)], partial(_is, count))
            if case.name in _REWRITTEN:
                yield from _rewritten(case, domain, count)
    for i, (net, domain) in enumerate(networks):
        yield from _unknown(f"network {i}, {place(domain)}", net, domain)


def seen_patterns(net: ReluNetwork, domain: Polyhedron) -> set[Pattern]:
    """Patterns of proper regions that seeded points of a domain with interior lie inside.

    A point at which no pre-activation is zero has its pattern on a neighbourhood; values are exact.

    Examples
    --------
    >>> net = families.grid(1, [0])
    >>> len(seen_patterns(net, Box(-1, 1, dim=1)))
    2
    """
    found = set()
    low, high = (domain.lower, domain.upper) if isinstance(domain, Box) else (None, None)
    for row in np.random.default_rng(0).integers(1, _DENOMINATOR, (_POINTS, net.input_dim)):
        shares = [int(v) for v in row]
        if low is None or high is None:
            point = [(16 * v - 8 * _DENOMINATOR, _DENOMINATOR) for v in shares]
            x = [f"{top}/{bottom}" for top, bottom in point]
        else:
            x = [f"{a + (b - a) * v / _DENOMINATOR}" for a, b, v in zip(
                low, high, shares, strict=True)]
        layers = net.preactivations_exact(x)
        if all(value for layer in layers for value in layer):
            found.add(tuple(tuple(value > 0 for value in layer) for layer in layers))
    return found


def _wanted(
    cases: Iterable[Case], kinds: tuple[str, ...], largest: int
) -> Iterator[tuple[Case, Polyhedron, int]]:
    for case in cases:
        for domain, count in case.counts:
            if count <= largest and ("box" if isinstance(domain, Box) else "space") in kinds:
                yield case, domain, count


def _rewritten(case: Case, domain: Polyhedron, count: int) -> Iterator[Question]:
    for name, net, where in variants(case.network, domain):
        label = f"{case.name}, {place(domain)}"
        yield Question(_SUBJECT, name, label, [(net, where)], partial(_is, count))


def _unknown(label: str, net: ReluNetwork, domain: Polyhedron) -> Iterator[Question]:
    if isinstance(domain, Box) and any(
        a == b for a, b in zip(domain.lower, domain.upper, strict=True)
    ):
        raise InvalidInput(f"a box of networks must have an interior, got {domain}")
    between = partial(_between, net, domain)
    yield Question(_SUBJECT, "between bounds", label, [(net, domain)], between)
    for name, other, where in variants(net, domain) if net.depth else ():
        yield Question(_SUBJECT, name, label, [(net, domain), (other, where)], _the_same)


def _is(count: int, answer: Any) -> Judgement:
    return _counted(answer, lambda found: (found == count, str(count), ""))


def _the_same(first: Any, second: Any) -> Judgement:
    return first == second, f"{second} or {first} for both", "the regions are the same"


def _between(net: ReluNetwork, domain: Polyhedron, answer: Any) -> Judgement:
    lower = max(1, len(seen_patterns(net, domain)))
    upper = min(bounds.upper_bounds(net.input_dim, net.widths).values())
    expected = f"{lower} to {upper}"
    return _counted(answer, lambda found: (
        lower <= found <= upper, expected, "a region is missing" if found < lower else "too many"))


def _counted(answer: Any, judge: Callable[[int], Judgement]) -> Judgement:
    try:
        return judge(operator.index(answer))
    except TypeError:
        return False, "an integer", f"{type(answer).__name__} is no integer"
