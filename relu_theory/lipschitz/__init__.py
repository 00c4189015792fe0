"""Lipschitz constants, exact and bounded, and the discrete modulus of continuity."""

from relu_theory.lipschitz.bounds import METHODS, bound
from relu_theory.lipschitz.brackets import (
    compare,
    fill_distance,
    grid_fill_distance,
    modulus_bracket,
)
from relu_theory.lipschitz.dmoc import dmoc
from relu_theory.lipschitz.exact import exact
from relu_theory.lipschitz.formal import formal
from relu_theory.lipschitz.magnitude import Root
from relu_theory.lipschitz.minibatch import minibatch, pair_statement
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
    "compare",
    "dmoc",
    "exact",
    "fill_distance",
    "formal",
    "grid_fill_distance",
    "minibatch",
    "modulus_bracket",
    "pair_statement",
    "search",
]
