"""Rescaled layers and bounds on their affine maps, in floats: the arithmetic of `regions.layers`.

The bounds of a layer's maps are stacked in one array (4, neurons, d + 1): CENTRE, RADIUS, ERROR,
PARTIAL, as `regions.layers.Maps` describes them.  Sums may be formed in any order.
"""

import math

import numpy as np
from numba import njit

UNIT = 2.0**-53
# Below every error worth knowing and above the underflow of products of scaled numbers.
TINY = 1e-280
CENTRE, RADIUS, ERROR, PARTIAL = range(4)

_OPTIONS = {"nogil": True, "error_model": "numpy"}
jit = njit(**_OPTIONS, no_cpython_wrapper=True, no_cfunc_wrapper=True)


@jit
def _exponent(x):
    """The exponent of the first power of two above x > 0; 0 for 0."""
    return np.int64(math.frexp(x)[1]) if x > 0.0 else np.int64(0)


@jit
def _divide(row, e):
    """Divide a row by 2**e in place; whether nothing is lost."""
    kept = True
    if abs(e) < 1000:
        down, up = math.ldexp(1.0, -e), math.ldexp(1.0, e)
        for j in range(row.size):
            x = row[j] * down
            kept &= x * up == row[j]
            row[j] = x
        return kept
    for j in range(row.size):
        x = math.ldexp(row[j], -e)
        kept &= math.ldexp(x, e) == row[j]
        row[j] = x
    return kept


@jit
def _extent(maps, i, k):
    """Bound on the size of a coefficient; zero only where it vanishes structurally."""
    if not maps[PARTIAL, i, k] > 0.0:
        return 0.0
    size = abs(maps[CENTRE, i, k]) + maps[RADIUS, i, k] + maps[ERROR, i, k]
    return max(size * (1.0 + 2.0**-40), TINY)


@njit(cache=True, **_OPTIONS)
def divide_columns(rows, exponents):
    """Divide the first columns of the rows by powers of two in place; whether nothing is lost."""
    kept, count = True, exponents.size
    down, up = np.empty(count), np.empty(count)
    for j in range(count):
        if abs(exponents[j]) > 1022:
            return False
        down[j], up[j] = math.ldexp(1.0, -exponents[j]), math.ldexp(1.0, exponents[j])
    for i in range(rows.shape[0]):
        for j in range(count):
            x = rows[i, j] * down[j]
            kept &= x * up[j] == rows[i, j]
            rows[i, j] = x
    return kept


@njit(cache=True, **_OPTIONS)
def lowest_bits(rows, low):
    """Per row the exponent of its lowest set bit (0 without any); whether 53 bits hold each row."""
    for i in range(rows.shape[0]):
        bottom, top = 1 << 20, -(1 << 20)
        for x in rows[i]:
            if x != 0.0:
                mantissa, exponent = math.frexp(x)
                whole = np.int64(math.ldexp(mantissa, 53))
                bit = math.frexp(np.float64(whole & -whole))[1] - 1
                bottom, top = min(bottom, exponent - 53 + bit), max(top, exponent)
        if top - bottom > 53:
            return False
        low[i] = bottom if bottom < 1 << 20 else 0
    return True


@jit
def _after_relu(maps, extent, box, i, out):
    """Write lower and upper map of neuron i after its ReLU on a box; whether it is ever active."""
    size = maps.shape[2]
    value, spread = 0.0, TINY
    for k in range(size if box.shape[0] else 0):
        c, r, far = maps[CENTRE, i, k], maps[RADIUS, i, k], abs(box[0, k]) + box[1, k]
        value += c * box[0, k]
        spread += abs(c) * box[1, k] + r * far + extent[i, k] * far * 1e-12
    on, off = value > spread, value < -spread
    for k in range(size):
        low, high = maps[CENTRE, i, k] - maps[RADIUS, i, k], maps[CENTRE, i, k] + maps[RADIUS, i, k]
        if box.shape[0] and (on or off):
            out[0, k], out[1, k] = (low, high) if on else (0.0, 0.0)
        else:
            out[0, k], out[1, k] = min(low, 0.0), max(high, 0.0)
    return not (box.shape[0] and off)


@jit
def _below(maps, extent, box):
    """Per coefficient and neuron below: middle, radius, extent and error; number ever active."""
    count, size = maps.shape[1], maps.shape[2]
    below, ends, active = np.zeros((4, size, count)), np.empty((2, size)), 0
    for j in range(count):
        on = _after_relu(maps, extent, box, j, ends)
        active += on
        for k in range(size):
            below[0, k, j] = (ends[0, k] + ends[1, k]) / 2.0
            below[1, k, j] = (ends[1, k] - ends[0, k]) / 2.0
            if on:
                below[2, k, j], below[3, k, j] = extent[j, k], maps[ERROR, j, k]
    return below, active


@njit(cache=True, fastmath={"reassoc", "contract"}, **_OPTIONS)
def bound_maps(rows, wrong, maps, extent, box, out):
    """Write at `out` the bounds for the maps of `rows` from those, `maps`, of the layer below.

    `extent` bounds the coefficients below, `wrong` the errors of the rows themselves (empty:
    none); `box` holds middle and half-widths of the domain, homogeneous (empty: all of space).
    """
    below, active = _below(maps, extent, box)
    count, last = rows.shape[1] - 1, out.shape[2] - 1
    slack = (count + 4) * 2.0**-52
    for i in range(rows.shape[0]):
        for k in range(last + 1):
            c, r, p, carried, misread, present = 0.0, 0.0, 0.0, 0.0, 0.0, 0
            for j in range(count):
                x = abs(rows[i, j])
                c += rows[i, j] * below[0, k, j]
                r += x * below[1, k, j]
                p += x * below[2, k, j]
                carried += x * below[3, k, j]
                present += (x > 0.0) & (below[2, k, j] > 0.0)
            if wrong.size:
                for j in range(count):
                    misread += wrong[i, j] * below[2, k, j]
            if k == last:
                c += rows[i, count]
                p += abs(rows[i, count])
                misread += wrong[i, count] if wrong.size else 0.0
            # A product may underflow to zero; the coefficient is not structurally zero for that.
            p = max(p, TINY) if present else p
            # Products, sums in any order, and the rounding of the bound itself.
            out[CENTRE, i, k], out[PARTIAL, i, k] = c, p * (1.0 + slack)
            out[RADIUS, i, k] = (r + misread + slack * p) * (1.0 + slack)
            out[ERROR, i, k] = (carried + misread + (active + 4) * UNIT * p) * (1.0 + slack)


@njit(cache=True, **_OPTIONS)
def scale_rows(rows, wrong, exponents):
    """Divide each row by a power of two, its exponent, so that its largest entry is about 1.

    Returns whether nothing is lost.
    """
    kept = True
    for i in range(rows.shape[0]):
        e = _exponent(np.abs(rows[i]).max())
        exponents[i] = e
        kept = _divide(rows[i], e) and kept
        if wrong.size:
            _divide(wrong[i], e)
    return kept


@njit(cache=True, **_OPTIONS)
def surely_distinct(rows):
    """A quick look that tells generic rows apart: proportional ones agree in their first ratios."""
    count, last = rows.shape[0], rows.shape[1] - 1
    ratios, size = np.empty(count), 0.0
    for i in range(count):
        lead = rows[i, 0]
        first, second = rows[i, 1] / lead, 1e3 * (rows[i, last] / lead)
        ratios[i] = first + second
        size = max(size, abs(first) + abs(second))
        if not (abs(lead) > 1e-300 and abs(ratios[i]) < np.inf):
            return False
    gap = np.inf
    for i in range(count):
        for j in range(i):
            gap = min(gap, abs(ratios[i] - ratios[j]))
    return gap > 2e-12 * size


@njit(cache=True, **_OPTIONS)
def scale_maps(rows, maps, exponents):
    """The same for each row and the bounds of its map, so that its extents sum to about 1.

    These powers of two are added to the exponents.
    """
    kept = True
    for i in range(rows.shape[0]):
        total = 0.0
        for k in range(maps.shape[2]):
            total += _extent(maps, i, k)
        e = _exponent(total)
        exponents[i] += e
        kept = _divide(rows[i], e) and kept
        for b in range(4):
            _divide(maps[b, i], e)
    return kept


@njit(cache=True, **_OPTIONS)
def unit_bounds(maps, exact, extent, error, neuron):
    """Write the bounds that a search needs of maps that are `exact` (free of rounding) or not.

    Coefficients at `extent`, their float errors at `error`; per neuron the value at a ray of size
    1, its float error, and the largest error of a coefficient at `neuron`.
    """
    for i in range(maps.shape[1]):
        size, wrong, worst = 0.0, 0.0, 0.0
        for k in range(maps.shape[2]):
            extent[i, k] = _extent(maps, i, k)
            e = maps[ERROR, i, k]
            error[i, k] = e + TINY if e > 0.0 and not exact else 0.0
            size, wrong, worst = size + extent[i, k], wrong + error[i, k], max(worst, error[i, k])
        neuron[0, i], neuron[1, i], neuron[2, i] = size * (1.0 + 1e-12), 0.0, worst
        if size > 0.0:
            neuron[1, i] = wrong * (1.0 + 1e-12) + (
                maps.shape[2] + 2) * UNIT * neuron[0, i] + TINY
