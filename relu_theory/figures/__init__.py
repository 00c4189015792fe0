"""Figures, regenerated from a seed: ``relu-theory figures``.

One module of this package is one figure, found by walking the package. A figure module has

* a docstring whose first line is the caption;
* ``data(rng, fast)``: everything that is drawn, computed from a ``numpy.random.Generator`` and a
  flag that asks for a smaller version; plain values only (numbers, strings, Fractions, numpy
  arrays, and lists, tuples, dicts and dataclasses of these), so that its hash says whether the
  figure changed;
* ``draw(data, fig)`` or ``draw(data, ax)``: draws on an empty ``matplotlib.figure.Figure``, or on
  one ``Axes``, according to the name of the second argument;
* ``THEOREMS``: names of the theorems of the ledger that it shows, if any;
* optionally ``SIZE = (width, height)`` in inches and an integer ``SEED``.

Modules whose names begin with an underscore are helpers.
"""

from relu_theory.figures._frame import caption, figure, names, regenerate, showing, theorems_of
from relu_theory.theorems.plain import digest

__all__ = ["caption", "digest", "figure", "names", "regenerate", "showing", "theorems_of"]
