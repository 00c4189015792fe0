"""Domains: where a question about a network is asked.

`Box`, `Polytope` and `WholeSpace` are polyhedra with exact half-spaces; `Ball` is for radii and
norms. `reduce` passes to the affine hull, so that lower-dimensional domains are ordinary.
"""

from __future__ import annotations

from typing import Any

from relu_theory.domain.ball import Ball
from relu_theory.domain.box import Box
from relu_theory.domain.polyhedron import Polyhedron
from relu_theory.domain.polytope import Polytope
from relu_theory.domain.reduction import Reduced, reduce
from relu_theory.domain.whole import WholeSpace
from relu_theory.errors import InvalidInput, ShapeError

__all__ = [
    "Ball",
    "Box",
    "Polyhedron",
    "Polytope",
    "Reduced",
    "WholeSpace",
    "reduce",
    "resolve",
]


def resolve(domain: Any, dim: int) -> Polyhedron:
    """The polyhedral domain that an argument means for a network with ``dim`` inputs.

    None is all of the space. This is where every room checks its ``domain`` argument.

    Raises
    ------
    InvalidInput
        When it is not a Box, Polytope or WholeSpace.
    ShapeError
        When its dimension is not ``dim``.

    Examples
    --------
    >>> resolve(None, 2)
    WholeSpace(dim=2)
    """
    if domain is None:
        return WholeSpace(dim)
    if not isinstance(domain, Polyhedron):
        raise InvalidInput(f"domain must be a Box, a Polytope or a WholeSpace, got {domain!r}")
    if domain.dim != dim:
        raise ShapeError(
            f"domain has dimension {domain.dim} but the network has {dim} inputs; "
            "give a domain of the network's dimension"
        )
    return domain
