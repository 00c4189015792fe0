"""Lipschitz constants, exact and bounded, and the discrete modulus of continuity."""

from relu_theory.lipschitz.bounds import METHODS, bound
from relu_theory.lipschitz.dmoc import dmoc
from relu_theory.lipschitz.exact import exact
from relu_theory.lipschitz.formal import formal
from relu_theory.lipschitz.magnitude import Root
from relu_theory.lipschitz.modulus import Modulus
from relu_theory.lipschitz.result import Constant, Witness
from relu_theory.lipschitz.search import Search, search

__all__ = [
    "METHODS",
    "Constant",
    "Modulus",
    "Root",
    "Search",
    "Witness",
    "bound",
    "dmoc",
    "exact",
    "formal",
    "search",
]
