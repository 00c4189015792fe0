"""The data set of answers that are known exactly: ranges and Lipschitz constants.

Region counts are in `relu_theory.families` (`load_traps`, `load_integers`, `load_workloads`). All
files are JSON in the folder ``relu_theory/data``; every number is the text "p" or "p/q".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from relu_theory.domain import Box, WholeSpace
from relu_theory.families.tables import domain_of, read_cases
from relu_theory.network import ReluNetwork

__all__ = ["ConstantCase", "Known", "RangeCase", "load_constants", "load_ranges"]


@dataclass(frozen=True)
class RangeCase:
    """A network, a box, and the exact range of every output on it.

    Attributes
    ----------
    name, note : str
    network : ReluNetwork
        Its weights are exact in float64.
    box : Box
    ranges : tuple of (Fraction, Fraction)
        The attained minimum and maximum of each output.
    """

    name: str
    note: str
    network: ReluNetwork
    box: Box
    ranges: tuple[tuple[Fraction, Fraction], ...]


@dataclass(frozen=True)
class Known:
    """The square of an exact Lipschitz constant, from l_ord to l_ord.

    Attributes
    ----------
    domain : Box or WholeSpace
    ord : 1, 2 or inf
    squared : Fraction
        The square, since the constant for the Euclidean norm is irrational in general.
    """

    domain: Box | WholeSpace
    ord: float
    squared: Fraction


@dataclass(frozen=True)
class ConstantCase:
    """A network and its exact Lipschitz constants on one or two domains.

    Attributes
    ----------
    name, note : str
    network : ReluNetwork
    constants : tuple of Known
    """

    name: str
    note: str
    network: ReluNetwork
    constants: tuple[Known, ...]


def load_ranges() -> tuple[RangeCase, ...]:
    """Networks on which bounds in floating-point arithmetic exclude true values.

    Examples
    --------
    >>> case = load_ranges()[0]
    >>> case.name, case.box.upper, case.ranges
    ('pass through 2^24', (Fraction(1, 1),), ((Fraction(0, 1), Fraction(1, 1)),))
    """
    return tuple(map(_range_case, read_cases("ranges.json")))


def load_constants() -> tuple[ConstantCase, ...]:
    """Networks on which Lipschitz constants are published or computed wrongly.

    Examples
    --------
    >>> case = load_constants()[0]
    >>> case.name, {str(known.squared) for known in case.constants}
    ('identity', {'1'})
    """
    return tuple(map(_constant_case, read_cases("constants.json")))


def _range_case(entry: dict[str, Any]) -> RangeCase:
    net = ReluNetwork.from_dict(entry["network"])
    ranges = tuple((Fraction(r["minimum"]), Fraction(r["maximum"])) for r in entry["ranges"])
    box = Box(entry["box"]["lower"], entry["box"]["upper"])
    return RangeCase(entry["name"], entry["note"], net, box, ranges)


def _constant_case(entry: dict[str, Any]) -> ConstantCase:
    net = ReluNetwork.from_dict(entry["network"])
    constants = tuple(
        Known(
            domain_of(known["domain"], net.input_dim),
            math.inf if known["ord"] == "inf" else known["ord"],
            Fraction(known["squared"]),
        )
        for known in entry["constants"]
    )
    return ConstantCase(entry["name"], entry["note"], net, constants)
