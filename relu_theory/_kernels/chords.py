"""Distinct crossing points on a chord: the innermost question of the counts."""


from relu_theory._kernels.arithmetic import inlined, jit, product_compare
from relu_theory._kernels.layout import P_LINES, P_ORDER, P_VALUES, TWO53, UNIT


@inlined
def _same_point(f, lines, width, a, b):
    """Whether two exact crossings s/(s - t) of one chord coincide."""
    sa, ta = f[lines + a], f[lines + width + a]
    sb, tb = f[lines + b], f[lines + width + b]
    return product_compare(sa, sb - tb, sb, sa - ta) == 0.0


@jit
def _sort(f, n, first, count):
    """Sort `count` floats in place: quicksort with an explicit stack, insertion for short runs."""
    low, high = n[P_ORDER], n[P_ORDER] + 64
    n[low], n[high] = first, first + count - 1
    top = 0
    while top >= 0:
        i, j = n[low + top], n[high + top]
        top -= 1
        while j - i > 16:
            m = (i + j) // 2
            pivot = max(min(f[i], f[j]), min(max(f[i], f[j]), f[m]))
            p, q = i, j
            while p <= q:
                while f[p] < pivot:
                    p += 1
                while f[q] > pivot:
                    q -= 1
                if p <= q:
                    f[p], f[q] = f[q], f[p]
                    p += 1
                    q -= 1
            # The longer part waits, so that the stack stays logarithmic.
            top += 1
            if q - i < j - p:
                n[low + top], n[high + top] = p, j
                j = q
            else:
                n[low + top], n[high + top] = i, q
                i = p
        for p in range(i + 1, j + 1):
            value = f[p]
            q = p - 1
            while q >= i and f[q] > value:
                f[q + 1] = f[q]
                q -= 1
            f[q + 1] = value


@jit
def _clusters(f, n, width, count, worst, ordered):
    """Distinct exact crossings: one per cluster of close values, or -1 when a cluster is mixed."""
    values, lines, start = n[P_VALUES], n[P_LINES], n[P_ORDER]
    distinct = 0
    for j in range(count):
        if j > 0 and f[ordered + j] - f[ordered + j - 1] <= worst:
            n[start + j] = n[start + j - 1]
        else:
            n[start + j] = j
            distinct += 1
        n[start + count + j] = -1
    for j in range(count):
        t, i, k = f[values + j], 0, count - 1
        while i < k:
            m = (i + k) // 2
            if f[ordered + m] < t:
                i = m + 1
            else:
                k = m
        first = start + count + n[start + i]
        if n[first] < 0:
            n[first] = j
        elif not _same_point(f, lines, width, n[first], j):
            return -1
    return distinct


@jit
def _distinct_sorted(f, n, width, count, worst, exact):
    """Distinct crossings among many: sort, then compare what lies close together."""
    values = n[P_VALUES]
    ordered = values + width
    for j in range(count):
        f[ordered + j] = f[values + j]
    _sort(f, n, ordered, count)
    for j in range(1, count):
        if f[ordered + j] - f[ordered + j - 1] <= worst:
            return _clusters(f, n, width, count, worst, ordered) if exact else -1
    return count


@jit
def distinct(f, n, width, count):
    """Number of distinct crossings on a chord, or -1 when floats cannot tell.

    The line area holds, in rows of `width`: value s at one end, value t at the other, and the two
    error bounds; the crossing sits at s / (s - t).
    """
    if count < 2:
        return count
    values, lines = n[P_VALUES], n[P_LINES]
    worst, exact = 0.0, True
    for j in range(count):
        s, t = f[lines + j], f[lines + width + j]
        bs, bt = f[lines + 2 * width + j], f[lines + 3 * width + j]
        f[values + j] = s / (s - t)
        gap = abs(s) + abs(t)
        if bs > 0.0 or bt > 0.0:
            exact = False
            slack = gap - bs - bt
            worst = max(worst, (bs + bt) / slack if slack > 0.0 else 1.0)
        elif gap >= TWO53:
            exact = False
    worst = 2.0 * worst * (1.0 + 1e-12) + 8.0 * UNIT
    if count > 2:
        return _distinct_sorted(f, n, width, count, worst, exact)
    if abs(f[values] - f[values + 1]) > worst:
        return 2
    if not exact:
        return -1
    return 1 if _same_point(f, lines, width, 0, 1) else 2
