"""Networks with known properties: random ones with a recorded seed, and constructions from proofs.

===================  ==========================================================================
`random`             Gaussian networks and arrangements, exactly as their seed gives them
`arrangements`       one hidden layer from a hyperplane arrangement: generic, resonance, braid, grid
`deformations`       arrangements of type B and D, threshold, Shi, Catalan and Linial
`reductions`         graphs and formulas whose regions count orientations and models
`separating`         networks on which the six definitions of a region disagree
`maximal`            the networks with the most regions that are known
`folding`            tents and folds composed: Telgarsky, Montufar et al., Serra et al.
`transforms`         the same function, or nearly, written differently: scaled, duplicated, dead
`tables`             the workloads and traps that ship as data, with their exact counts
===================  ==========================================================================
"""

from relu_theory.families.arrangements import (
    arrangement,
    braid,
    central_arrangement,
    generic_arrangement,
    grid,
    resonance,
)
from relu_theory.families.deformations import (
    catalan,
    linial,
    shi,
    threshold,
    type_b,
    type_d,
)
from relu_theory.families.folding import folding, iterated_tent, montufar, sawtooth, serra, zigzag
from relu_theory.families.maximal import maximal
from relu_theory.families.random import gaussian, gaussian_arrangement, random_integer
from relu_theory.families.reductions import (
    deepen,
    graph_network,
    model_count,
    multiply_regions,
    sat_network,
)
from relu_theory.families.separating import SeparatingExample, separating_examples
from relu_theory.families.tables import Case, load_integers, load_traps, load_workloads
from relu_theory.families.transforms import (
    add_dead_neurons,
    dead_layer,
    duplicate,
    permute,
    rescale,
    scaled,
    split_neuron,
)

__all__ = [
    "Case",
    "SeparatingExample",
    "add_dead_neurons",
    "arrangement",
    "braid",
    "catalan",
    "central_arrangement",
    "dead_layer",
    "deepen",
    "duplicate",
    "folding",
    "gaussian",
    "gaussian_arrangement",
    "generic_arrangement",
    "graph_network",
    "grid",
    "iterated_tent",
    "linial",
    "load_integers",
    "load_traps",
    "load_workloads",
    "maximal",
    "model_count",
    "montufar",
    "multiply_regions",
    "permute",
    "random_integer",
    "rescale",
    "resonance",
    "sat_network",
    "sawtooth",
    "scaled",
    "separating_examples",
    "serra",
    "shi",
    "split_neuron",
    "threshold",
    "type_b",
    "type_d",
    "zigzag",
]
