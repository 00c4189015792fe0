"""What is examined: an object with some of three methods, found by name."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

from relu_theory import lipschitz, regions, relaxation
from relu_theory.domain import Box, Polyhedron
from relu_theory.errors import InvalidInput
from relu_theory.network import ReluNetwork

__all__ = ["METHODS", "Exact", "load_adapter"]

#: The methods that are looked for.
METHODS = ("count_regions", "lipschitz", "bounds")


class Exact:
    """The adapter of this package itself, and the pattern of others.

    An adapter is any object, a module too, with at least one of the methods. It may also have the
    attributes ``domains`` (of the counter; `relu_theory.testing.region_questions.DOMAINS`),
    ``lipschitz_claim`` ("upper" unless it says "lower" or "exact"), ``lipschitz_orders`` ((2,)) and
    ``lipschitz_tolerance`` (0).

    Examples
    --------
    >>> net, box = ReluNetwork([[[1], [1]], [[1, -2]]], [[0, -1], [0]]), Box(-1, 2, dim=1)
    >>> exact = Exact()
    >>> exact.count_regions(net, box), exact.lipschitz(net, box, 1), exact.bounds(net, box)
    (3, Fraction(1, 1), ((Fraction(-2, 3),), (Fraction(4, 3),)))
    """

    lipschitz_claim = "exact"
    lipschitz_orders = (1, 2, float("inf"))

    def count_regions(self, net: ReluNetwork, domain: Polyhedron) -> int:
        """The number of proper activation regions in a box or in the whole space."""
        return regions.count(net, domain)

    def lipschitz(self, net: ReluNetwork, domain: Polyhedron, ord: float) -> Any:
        """The Lipschitz constant from l_ord to l_ord: a number, or an exact root."""
        return lipschitz.exact(net, domain, ord, ord).value

    def bounds(self, net: ReluNetwork, box: Box) -> Any:
        """A pair of lists (lower, upper), or an object with these attributes, one end an output."""
        found = relaxation.bounds(net, box, "triangle")
        return found.lower, found.upper


def load_adapter(name: str) -> Any:
    """The object that "module" or "module:attribute" names; a class is called.

    Modules in the current folder are found too.

    Raises
    ------
    InvalidInput
        When there is no such object, or it has none of the methods.

    Examples
    --------
    >>> load_adapter("relu_theory.testing:Exact").lipschitz_claim
    'exact'
    """
    module, _, attributes = name.partition(":")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        found = import_module(module)
        for attribute in filter(None, attributes.split(".")):
            found = getattr(found, attribute)
    except (ImportError, AttributeError, ValueError) as reason:
        raise InvalidInput(
            f"the adapter must be named as module:object, got {name!r} ({reason})"
        ) from reason
    made = found() if isinstance(found, type) else found
    if not any(callable(getattr(made, method, None)) for method in METHODS):
        raise InvalidInput(
            f"the adapter must have one of the methods {', '.join(METHODS)}, and {name!r} has none")
    return made
