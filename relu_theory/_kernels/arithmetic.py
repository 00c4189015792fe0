"""Values, error bounds and signs of neurons at rays."""

import numpy as np
from numba import njit

from relu_theory._kernels.layout import (
    BY_FLOAT, BY_INTEGER, NQUERY, P_CLASS, P_D, P_ERROR, P_EXTENT, P_FILTER, P_LARGEST, P_MAGNITUDE,
    P_NEURON_AT, P_QNEURON, P_QRAY, P_QUERIES, P_QVALUE, P_WIDTH, TWO53, UNIT,
)

# Without reference counts: counting them at every call costs more than the shorter functions do.
OPTIONS = {"nogil": True, "error_model": "numpy", "_nrt": False}
jit = njit(**OPTIONS, no_cpython_wrapper=True, no_cfunc_wrapper=True)
inlined = njit(**OPTIONS, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
# An unsigned index spares numba's test for negative ones, which also keeps loops from vectorising.
U = np.uint64
ALL_BUT_SIGN = np.int64((1 << 63) - 1)
# The keys of the infinities.
GREATEST = np.int64(0x7FF << 52)
LEAST = np.int64(-1 - (0x7FF << 52))


@inlined
def popcount(word):
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + (
        (word >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@jit
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


@jit
def product_compare(a, b, c, d):
    """Sign of a*b - c*d for integers below 2**53 held in floats, by error-free products."""
    p, q = a * b, c * d
    split = 134217729.0
    t = split * a
    ah = t - (t - a)
    al = a - ah
    t = split * b
    bh = t - (t - b)
    bl = b - bh
    pe = ((ah * bh - p) + ah * bl + al * bh) + al * bl
    t = split * c
    ch = t - (t - c)
    cl = c - ch
    t = split * d
    dh = t - (t - d)
    dl = d - dh
    qe = ((ch * dh - q) + ch * dl + cl * dh) + cl * dl
    if p != q:
        # Exact products that round apart keep their order.
        return 1.0 if p > q else -1.0
    return np.sign(pe - qe)


@inlined
def bound(f, n, level, neuron, rho, delta):
    """Error bound of the float value of a neuron at a ray; 0 when that value is exact."""
    if delta == 0.0 and f[n[P_LARGEST] + level] * rho < TWO53:
        return 0.0
    o = n[n[P_NEURON_AT] + level] + neuron
    return f[n[P_FILTER] + o] * rho + f[n[P_MAGNITUDE] + o] * delta


@inlined
def value(f, maps, width, neuron, ray, size):
    total = 0.0
    for k in range(size):
        total += f[U(maps + k * width + neuron)] * f[U(ray + k)]
    return total


@jit
def fine_bound(f, n, level, maps, neuron, ray):
    """Component-wise error bound; vanishes where only structural zeros meet the ray.

    It goes by the coefficients at hand: far smaller ones than the bound over all patterns are
    ordinary in deep networks.
    """
    size = n[P_D] + 1
    width = n[n[P_WIDTH] + level]
    at = size * n[n[P_NEURON_AT] + level] + neuron
    extent, error = n[P_EXTENT] + at, n[P_ERROR] + at
    delta = f[ray + size + 1]
    total = 0.0
    for k in range(size):
        if f[extent + k * width] > 0.0:
            a, e = abs(f[maps + k * width + neuron]), f[error + k * width]
            c = abs(f[ray + k])
            if c > 0.0:
                total += ((size + 2) * UNIT * a + e) * c + 1e-285
            total += (a + e) * delta
    return total * (1.0 + 1e-12)


@jit
def exact_here(f, n, level, maps, neuron, ray):
    """Whether the float value at this very ray is exact, where the general bound is too coarse."""
    size, width = n[P_D] + 1, n[n[P_WIDTH] + level]
    if f[ray + size + 1] != 0.0 or f[n[P_LARGEST] + level] == np.inf:
        return False
    total = 0.0
    for k in range(size):
        total += abs(f[maps + k * width + neuron] * f[ray + k])
    return total < TWO53


@jit
def _decide_finely(f, n, level, maps, neuron, index, ray, v):
    if exact_here(f, n, level, maps, neuron, ray):
        n[BY_INTEGER] += 1
        return v, True
    b = fine_bound(f, n, level, maps, neuron, ray)
    if b == 0.0 or abs(v) > b:
        n[BY_FLOAT] += 1
        return (0.0 if b == 0.0 else v), True
    for q in range(n[NQUERY]):
        if n[n[P_QRAY] + q] == index and n[n[P_QNEURON] + q] == neuron:
            return f[n[P_QVALUE] + q], True
    return v, False


@jit
def decide(f, n, level, maps, neuron, index, ray):
    """Value with the right sign (0.0 exactly when zero) and whether it is decided."""
    size = n[P_D] + 1
    v = value(f, maps, n[n[P_WIDTH] + level], neuron, ray, size)
    b = bound(f, n, level, neuron, f[U(ray + size)], f[U(ray + size + 1)])
    if b == 0.0:
        n[BY_INTEGER] += 1
        return v, True
    if abs(v) > b:
        n[BY_FLOAT] += 1
        return v, True
    return _decide_finely(f, n, level, maps, neuron, index, ray, v)


@jit
def ask(n, index, neuron):
    q = n[NQUERY]
    if q >= n[P_QUERIES]:
        return False
    n[n[P_QRAY] + q] = index
    n[n[P_QNEURON] + q] = neuron
    n[NQUERY] = q + 1
    return True


@jit
def integer_cut(f, size, p, q, vp, vq, o):
    """The exact integer ray vp*q - vq*p, or False when it would not fit in 53 bits."""
    a, b = np.int64(abs(vp)), np.int64(abs(vq))
    g = gcd(a, b)
    fa, fb = np.float64(a // g), np.float64(b // g)
    if fa * f[q + size] + fb * f[p + size] >= TWO53:
        return False
    g = np.int64(0)
    for k in range(size):
        f[o + k] = fa * f[q + k] + fb * f[p + k]
        if g != 1:
            g = gcd(np.int64(abs(f[o + k])), g)
    top = 0.0
    for k in range(size):
        if g > 1:
            f[o + k] /= np.float64(g)
        top = max(top, abs(f[o + k]))
    f[o + size] = top
    f[o + size + 1] = 0.0
    return True


@jit
def repeats(n, level, cross, x):
    """Whether an earlier crossing neuron shares the hyperplane of the one at position x."""
    classes = n[P_CLASS] + n[n[P_NEURON_AT] + level]
    mine = n[classes + n[cross + x]]
    for j in range(x):
        if n[classes + n[cross + j]] == mine:
            return True
    return False


@inlined
def _key(x):
    """An integer that orders as the float does: loops that seek its extremes can be vectorised."""
    bits = np.float64(x).view(np.int64)
    return bits ^ ((bits >> 63) & ALL_BUT_SIGN)


@inlined
def _float_of(key):
    return np.int64(key ^ ((key >> 63) & ALL_BUT_SIGN)).view(np.float64)


@jit
def quotient_extremes(f, rays, a, b):
    """Greatest and least b/|a| where a > 0, and where a < 0."""
    high, low, other_high, other_low = LEAST, GREATEST, GREATEST, LEAST
    for r in range(rays):
        v = f[U(a + r)]
        key = _key(f[U(b + r)] / (v if v != 0.0 else 1.0))
        high = max(high, key if v > 0.0 else LEAST)
        low = min(low, key if v > 0.0 else GREATEST)
        other_high = min(other_high, key if v < 0.0 else GREATEST)
        other_low = max(other_low, key if v < 0.0 else LEAST)
    return _float_of(high), _float_of(low), -_float_of(other_high), -_float_of(other_low)
