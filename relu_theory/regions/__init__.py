"""Linear regions: enumeration, counting, complexes, duals, bounds and certificates."""

from relu_theory.regions import bounds
from relu_theory.regions.activation import activation_patterns
from relu_theory.regions.batches import Batch, batches
from relu_theory.regions.cancellation import (
    Affinity,
    has_one_region,
    jumps,
    surviving_hyperplanes,
)
from relu_theory.regions.cell import Cell, Facet
from relu_theory.regions.certify import certificate_of_cells, certify
from relu_theory.regions.characteristic import Characteristic, characteristic_polynomial
from relu_theory.regions.complex import PolyhedralComplex, complex_of_cells, polyhedral_complex
from relu_theory.regions.convex import ConvexRegions, convex_regions
from relu_theory.regions.dual import dual_graph, dual_graph_of_cells
from relu_theory.regions.enumeration import cells
from relu_theory.regions.expectations import expected_breakpoints, hanin2019_density
from relu_theory.regions.extremal import Extremal, extremal_networks
from relu_theory.regions.finite_field import resonance_characteristic
from relu_theory.regions.flats import face_numbers, flats
from relu_theory.regions.kinds import KINDS, all_counts, count
from relu_theory.regions.machine import Tally
from relu_theory.regions.output_range import OutputRange, output_range
from relu_theory.regions.shrinking import minimise

__all__ = [
    "KINDS",
    "Affinity",
    "Batch",
    "Cell",
    "Characteristic",
    "ConvexRegions",
    "Extremal",
    "Facet",
    "OutputRange",
    "PolyhedralComplex",
    "Tally",
    "activation_patterns",
    "all_counts",
    "batches",
    "bounds",
    "cells",
    "certificate_of_cells",
    "certify",
    "characteristic_polynomial",
    "complex_of_cells",
    "convex_regions",
    "count",
    "dual_graph",
    "dual_graph_of_cells",
    "expected_breakpoints",
    "extremal_networks",
    "face_numbers",
    "flats",
    "hanin2019_density",
    "has_one_region",
    "jumps",
    "minimise",
    "output_range",
    "polyhedral_complex",
    "resonance_characteristic",
    "surviving_hyperplanes",
]
