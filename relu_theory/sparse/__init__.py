"""Sparsest interpolation: the ReLU networks with the fewest neurons that fit given data."""

from relu_theory.sparse.atoms import MinimalNorm, minimal_l1
from relu_theory.sparse.family import Family
from relu_theory.sparse.interpolant import Interpolant, interpolate
from relu_theory.sparse.intervals import Interval
from relu_theory.sparse.multivariate import SparsestNetwork, sparsest_network
from relu_theory.sparse.neurons import MinimalNetwork, min_neurons
from relu_theory.sparse.path import Segment, SolutionPath, solution_path
from relu_theory.sparse.penalised import PenalisedInterpolant, interpolate_penalised
from relu_theory.sparse.training import TrainedNetwork, train
from relu_theory.sparse.vertices import PowerNetwork, minimal_lp, power_threshold, reweighted

__all__ = [
    "Family",
    "Interpolant",
    "Interval",
    "MinimalNetwork",
    "MinimalNorm",
    "PenalisedInterpolant",
    "PowerNetwork",
    "Segment",
    "SolutionPath",
    "SparsestNetwork",
    "TrainedNetwork",
    "interpolate",
    "interpolate_penalised",
    "min_neurons",
    "minimal_l1",
    "minimal_lp",
    "power_threshold",
    "reweighted",
    "solution_path",
    "sparsest_network",
    "train",
]
