"""Pictures of networks with two inputs, or of planar slices of networks with more.

Every function takes a matplotlib ``Axes`` and returns the artists that it added; none shows a
figure or changes a global setting.  matplotlib is imported when a picture is drawn, not before.
The exact computation ends with :func:`planar`, whose :class:`Planar` holds the floats that are
drawn; the drawing functions accept it in the place of a network, so that one enumeration serves
many pictures.
"""

from relu_theory.plotting.duals import DualArtists, dual2d
from relu_theory.plotting.palettes import LAYER_STYLES, OKABE_ITO, PETROFF10
from relu_theory.plotting.planar import Planar, planar, planar_slice
from relu_theory.plotting.regions import RegionArtists, regions2d, slice2d
from relu_theory.plotting.surfaces import graph3d, values2d

__all__ = [
    "LAYER_STYLES",
    "OKABE_ITO",
    "PETROFF10",
    "DualArtists",
    "Planar",
    "RegionArtists",
    "dual2d",
    "graph3d",
    "planar",
    "planar_slice",
    "regions2d",
    "slice2d",
    "values2d",
]
