"""Networks with known properties: random ones with a recorded seed, and constructions from proofs.

===================  ==========================================================================
`random`             Gaussian networks and arrangements, exactly as their seed gives them
`arrangements`       one hidden layer from a hyperplane arrangement: generic, resonance, braid, grid
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
from relu_theory.families.folding import folding, iterated_tent, montufar, sawtooth, serra, zigzag
from relu_theory.families.random import gaussian, gaussian_arrangement, random_integer
from relu_theory.families.tables import Case, load_traps, load_workloads
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
    "add_dead_neurons",
    "arrangement",
    "braid",
    "central_arrangement",
    "dead_layer",
    "duplicate",
    "folding",
    "gaussian",
    "gaussian_arrangement",
    "generic_arrangement",
    "grid",
    "iterated_tent",
    "load_traps",
    "load_workloads",
    "montufar",
    "permute",
    "random_integer",
    "rescale",
    "resonance",
    "sawtooth",
    "scaled",
    "serra",
    "split_neuron",
    "zigzag",
]
