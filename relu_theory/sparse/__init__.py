"""Sparsest interpolation: the ReLU networks with the fewest neurons that fit given data."""

from relu_theory.sparse.family import Family
from relu_theory.sparse.interpolant import Interpolant, interpolate
from relu_theory.sparse.intervals import Interval
from relu_theory.sparse.neurons import MinimalNetwork, min_neurons
from relu_theory.sparse.path import Segment, SolutionPath, solution_path

__all__ = [
    "Family",
    "Interpolant",
    "Interval",
    "MinimalNetwork",
    "Segment",
    "SolutionPath",
    "interpolate",
    "min_neurons",
    "solution_path",
]
