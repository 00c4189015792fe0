"""Walk through the orientations of points in the plane on which labelings may be realised."""

import numpy as np
from numba import njit

jit = njit(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
entry = njit(nogil=True, error_model="numpy", cache=True)


@jit
def _covered(need, pieces, count, parts):
    """Whether at most `parts` <= 3 of the pieces (bit sets) cover `need`."""
    if need == 0:
        return True
    low = need & -need
    for i in range(count):
        if pieces[i] & low:
            rest = need & ~pieces[i]
            if rest == 0:
                return True
            if parts > 1:
                second = rest & -rest
                for j in range(count):
                    if pieces[j] & second:
                        last = rest & ~pieces[j]
                        if last == 0:
                            return True
                        if parts > 2:
                            for k in range(count):
                                if last & ~pieces[k] == 0:
                                    return True
    return False


@jit
def _halfplanes(chi, n, seen, halves):
    """Bit sets that lines cut out of n points in general position with orientations chi."""
    full = (1 << n) - 1
    for s in range(full + 1):
        seen[s] = False
    for i in range(n):
        for j in range(i + 1, n):
            left = 0
            for p in range(n):
                if p < i:
                    left |= (chi[p, i, j] > 0) << p
                elif i < p < j:
                    left |= (chi[i, p, j] < 0) << p
                elif p > j:
                    left |= (chi[i, j, p] > 0) << p
            right = full & ~left & ~(1 << i) & ~(1 << j)
            for q in range(4):
                ends = ((q & 1) << i) | ((q >> 1) << j)
                seen[left | ends] = True
                seen[right | ends] = True
    seen[0] = True
    seen[full] = True
    count = 0
    for s in range(full + 1):
        if seen[s]:
            halves[count] = s
            count += 1
    return count


@jit
def _separated(inside, full, halves, count, parts, pieces):
    """Whether `inside` is an intersection of at most `parts` of the halfplanes."""
    size = 0
    for k in range(count):
        if halves[k] & inside == inside:
            pieces[size] = full & ~halves[k]
            size += 1
    return _covered(full & ~inside, pieces, size, parts)


@jit
def _some_labeling_fails(chi, n, parts, both, seen, halves, pieces, order):
    """Whether neither side (or, unless `both`, not side 1) is such an intersection.

    A labeling that fails is moved to the front of `order`, which makes the next test short.
    """
    full = (1 << n) - 1
    count = _halfplanes(chi, n, seen, halves)
    for at in range(full + 1):
        label = order[n, at]
        if _separated(label, full, halves, count, parts, pieces):
            continue
        if both and _separated(full & ~label, full, halves, count, parts, pieces):
            continue
        for back in range(at, 0, -1):
            order[n, back] = order[n, back - 1]
        order[n, 0] = label
        return True
    return False


@entry
def planar_order_types(n, parts, both, counts):
    """Orientations of up to n points sorted by x on which no labeling fails.

    Points are added one by one. Orientations of four points x_a < x_b < x_c < x_d change sign at
    most once along abc, abd, acd, bcd; all that satisfy this are walked, and cut off as soon as a
    labeling of the points so far is no intersection of `parts` halfplanes (nor, with `both`, the
    complement of one). counts (n + 1, 2): how many were met and how many survived, by points.
    """
    chi = np.zeros((n, n, n), np.int64)
    seen = np.zeros(1 << n, np.bool_)
    halves, pieces = np.zeros(1 << n, np.int64), np.zeros(1 << n, np.int64)
    order = np.zeros((n + 1, 1 << n), np.int64)
    for k in range(n + 1):
        for s in range(1 << k):
            order[k, s] = s
    total = n * (n - 1) * (n - 2) // 6
    triples = np.zeros((total, 3), np.int64)
    t = 0
    for c in range(2, n):
        for b in range(1, c):
            for a in range(b):
                triples[t, 0], triples[t, 1], triples[t, 2] = a, b, c
                t += 1
    tried = np.zeros(total + 1, np.int64)
    t = 0
    while t >= 0:
        a, b, c = triples[t, 0], triples[t, 1], triples[t, 2]
        if tried[t] == 2:
            tried[t], chi[a, b, c] = 0, 0
            t -= 1
            continue
        chi[a, b, c] = 1 - 2 * tried[t]
        tried[t] += 1
        allowed = True
        for d in range(c):
            if d == a or d == b:
                continue
            p, r = min(a, d), max(b, d)
            q = a + b + d - p - r
            one, two, three, four = chi[p, q, r], chi[p, q, c], chi[p, r, c], chi[q, r, c]
            if one * two * three * four != 0:
                changes = (one != two) + (two != three) + (three != four)
                allowed = allowed and changes <= 1
        if not allowed:
            continue
        if a == c - 2 and b == c - 1:
            counts[c + 1, 0] += 1
            if _some_labeling_fails(chi, c + 1, parts, both, seen, halves, pieces, order):
                continue
            counts[c + 1, 1] += 1
            if c + 1 == n:
                continue
        t += 1


@entry
def failing_labeling(chi, n, parts, both, order):
    """A labeling of which no side is an intersection of `parts` halfplanes, or -1.

    chi (n, n, n) is read for increasing indices. Only side 1 counts unless `both`. `order` holds
    all labelings in the order of trial; the one that fails is moved to its front.
    """
    full = (1 << n) - 1
    seen = np.zeros(1 << n, np.bool_)
    halves, pieces = np.zeros(1 << n, np.int64), np.zeros(1 << n, np.int64)
    count = _halfplanes(chi, n, seen, halves)
    for at in range(full + 1):
        label = order[at]
        if _separated(label, full, halves, count, parts, pieces):
            continue
        if both and _separated(full & ~label, full, halves, count, parts, pieces):
            continue
        for back in range(at, 0, -1):
            order[back] = order[back - 1]
        order[0] = label
        return label
    return -1
