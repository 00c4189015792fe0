"""Search for parameters with which one layer of ReLUs gives points their labels."""

import numpy as np
from numba import njit

jit = njit(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
entry = njit(nogil=True, error_model="numpy", cache=True)

LABEL, ON, OFF = 0, 1, 2
INFEASIBLE, FEASIBLE, LIMIT, STALLED = 0, 1, 2, 3


@jit
def _column(code, forms, base, signs, labels, c):
    """The row `code` as a unit vector c = (a, -b) of a.theta >= b, and the length it had.

    A label row of point i with units T on: label (base + sum over T of sign * form) >= (label > 0).
    A row ON or OFF of unit u at point i: form >= 0 or form <= 0.
    """
    m, n = base.shape
    kind, rest = code % 3, code // 3
    i, which = rest % m, rest // m
    if kind == LABEL:
        for k in range(n):
            c[k] = base[i, k]
        for u in range(signs.size):
            if (which >> u) & 1:
                for k in range(n):
                    c[k] += signs[u] * forms[i, u, k]
        for k in range(n):
            c[k] *= labels[i]
        c[n] = -1.0 if labels[i] > 0 else 0.0
    else:
        for k in range(n):
            c[k] = forms[i, which, k] if kind == ON else -forms[i, which, k]
        c[n] = 0.0
    length = 0.0
    for k in range(n + 1):
        length += c[k] * c[k]
    length = np.sqrt(length)
    if length > 0:
        for k in range(n + 1):
            c[k] /= length
    return length


@jit
def _worst_row(z, forms, base, signs, labels, decided, values, tolerance):
    """The most violated row at z = (theta, s), or -1; values[i, u] receives the forms.

    Label rows exist for points whose units of the point's own sign are all decided.
    """
    m, n = base.shape
    units = signs.size
    worst, found = -tolerance, np.int64(-1)
    for i in range(m):
        if labels[i] == 0:
            continue
        total = 0.0
        for k in range(n):
            total += base[i, k] * z[k]
        complete, mask = True, np.int64(0)
        for u in range(units):
            value = 0.0
            for k in range(n):
                value += forms[i, u, k] * z[k]
            values[i, u] = value
            state = decided[i, u]
            if signs[u] == labels[i]:
                if state == 0:
                    complete = False
                elif state > 0:
                    mask |= np.int64(1) << u
                    total += signs[u] * value
            elif value > 0:
                mask |= np.int64(1) << u
                total += signs[u] * value
            if state != 0 and state * value < worst:
                worst = state * value
                found = (np.int64(u) * m + i) * 3 + (ON if state > 0 else OFF)
        if complete:
            excess = labels[i] * total - (z[n] if labels[i] > 0 else 0.0)
            if excess < worst:
                worst = excess
                found = (mask * m + i) * 3 + LABEL
    return found


@jit
def _least_squares(gram, right, size, work, solution):
    """Solve the leading size x size system of the Gram matrix by Cholesky; False if singular."""
    for i in range(size):
        for j in range(i + 1):
            value = gram[i, j]
            for k in range(j):
                value -= work[i, k] * work[j, k]
            if i == j:
                if value <= 1e-13:
                    return False
                work[i, i] = np.sqrt(value)
            else:
                work[i, j] = value / work[j, j]
    for i in range(size):
        value = right[i]
        for k in range(i):
            value -= work[i, k] * solution[k]
        solution[i] = value / work[i, i]
    for i in range(size - 1, -1, -1):
        value = solution[i]
        for k in range(i + 1, size):
            value -= work[k, i] * solution[k]
        solution[i] = value / work[i, i]
    return True


@jit
def _refresh(columns, size, gram, right):
    n = columns.shape[1] - 1
    for i in range(size):
        right[i] = -columns[i, n]
        for j in range(i + 1):
            value = 0.0
            for k in range(n + 1):
                value += columns[i, k] * columns[j, k]
            gram[i, j] = value


@jit
def _cone(forms, base, signs, labels, decided, columns, codes, y, size, z, values):
    """Nearest point to (0, ..., 0, -1) in the cone of the rows, by active sets with lazy rows.

    Its residual -z satisfies c.z >= 0 for every row c, and z[n] > 0: a feasible theta. When the
    residual vanishes, the nonnegative y on `columns` are Farkas multipliers. The passive set in
    `columns`, `codes`, `y` of the given size is the warm start. Returns (status, size).
    """
    n = base.shape[1]
    gram = np.zeros((n + 2, n + 2))
    work = np.zeros((n + 2, n + 2))
    right, trial, c = np.zeros(n + 2), np.zeros(n + 2), np.zeros(n + 1)
    last = np.int64(-1)
    for _ in range(60 * (n + 2)):
        for k in range(n + 1):
            value = 0.0 if k < n else 1.0
            for j in range(size):
                value += y[j] * columns[j, k]
            z[k] = value
        # For the exact minimum z[n] = |z|^2, so this is the square of the distance.
        if z[n] < 1e-11:
            return INFEASIBLE, size
        code = _worst_row(
            z, forms, base, signs, labels, decided, values, 1e-6 * z[n] + 2e-16
        )
        if code < 0:
            return FEASIBLE, size
        again = code == last
        for j in range(size):
            again = again or codes[j] == code
        if again or size > n:
            return STALLED, size
        last = code
        _column(code, forms, base, signs, labels, c)
        for k in range(n + 1):
            columns[size, k] = c[k]
        codes[size] = code
        y[size] = 0.0
        size += 1
        while True:
            _refresh(columns, size, gram, right)
            if not _least_squares(gram, right, size, work, trial):
                return STALLED, size
            step, block = 1.0, -1
            for j in range(size):
                if trial[j] <= 0.0:
                    ratio = y[j] / (y[j] - trial[j]) if y[j] > trial[j] else 0.0
                    if ratio < step or block < 0:
                        step, block = ratio, j
            if block < 0:
                for j in range(size):
                    y[j] = trial[j]
                break
            if block == size - 1 and y[block] == 0.0:
                return STALLED, size
            for j in range(size):
                y[j] += step * (trial[j] - y[j])
            size -= 1
            for j in range(block, size):
                codes[j] = codes[j + 1]
                y[j] = max(y[j + 1], 0.0)
                for k in range(n + 1):
                    columns[j, k] = columns[j + 1, k]
    return STALLED, size


@jit
def _violated(z, base, signs, labels, decided, values, slack):
    """The undecided point that the network at z mislabels most, or -1."""
    m, n = base.shape
    worst, found = -slack * z[n], -1
    for i in range(m):
        if labels[i] == 0:
            continue
        total = 0.0
        for k in range(n):
            total += base[i, k] * z[k]
        open_unit = False
        for u in range(signs.size):
            if values[i, u] > 0:
                total += signs[u] * values[i, u]
            if signs[u] == labels[i] and decided[i, u] == 0:
                open_unit = True
        excess = labels[i] * total - (z[n] if labels[i] > 0 else 0.0)
        if open_unit and excess < worst:
            worst, found = excess, i
    return found


@jit
def _interchangeable(i, u, signs, kinds, decided, chosen):
    """Units like u: of its kind, with its history; those, with u first, are written to chosen."""
    chosen[0] = u
    count = 1
    if kinds[u] >= 0:
        for v in range(signs.size):
            if v != u and kinds[v] == kinds[u] and signs[v] == signs[u]:
                same = True
                for j in range(decided.shape[0]):
                    if decided[j, v] != decided[j, u]:
                        same = False
                        break
                if same:
                    chosen[count] = v
                    count += 1
    return count


@entry
def realise(forms, base, signs, kinds, labels, slack, limit, theta, support, transcript):
    """Parameters theta with label_i f_i(theta) >= (label_i > 0), or a tree of infeasible systems.

    f_i(theta) = base[i].theta + sum_u signs[u] * relu(forms[i, u].theta); forms (m, U, n), base
    (m, n), labels (m,) of 1, -1 and 0 (any label). Units of one kind >= 0 may be exchanged.
    The search branches on the sign of a form whose relu helps its point, because a lower bound of
    relu is not convex; upper bounds are, and need no branch. A label may be missed by slack.

    theta (n + 1,) receives the parameters and their scale, support (n + 2,) the number and the
    codes of the rows tight there. transcript receives the tree in preorder: -1, point, number of
    units, units for a branch (first unit on; all units off), and number of rows, codes for a leaf.
    Returns status, length of the transcript (as if there were room), nodes.
    """
    m, units, n = forms.shape
    decided = np.zeros((m, units), np.int64)
    deepest = m * units + 2
    columns = np.zeros((deepest, n + 2, n + 1))
    codes = np.zeros((deepest, n + 2), np.int64)
    y = np.zeros((deepest, n + 2))
    sizes = np.zeros(deepest, np.int64)
    at_point = np.zeros(deepest, np.int64)
    at_units = np.zeros((deepest, max(units, 1)), np.int64)
    at_count = np.zeros(deepest, np.int64)
    second = np.zeros(deepest, np.bool_)
    values = np.zeros((m, max(units, 1)))
    z = np.zeros(n + 1)
    depth, length, nodes = 0, 0, 0
    while True:
        nodes += 1
        if nodes > limit:
            return LIMIT, length, nodes
        status, size = _cone(
            forms, base, signs, labels, decided,
            columns[depth], codes[depth], y[depth], sizes[depth], z, values,
        )
        sizes[depth] = size
        if status == STALLED:
            return STALLED, length, nodes
        i = -1
        if status == FEASIBLE:
            i = _violated(z, base, signs, labels, decided, values, slack)
            if i < 0:
                for k in range(n + 1):
                    theta[k] = z[k]
                support[0] = size
                for k in range(size):
                    support[k + 1] = codes[depth, k]
                return FEASIBLE, length, nodes
        if i >= 0:
            best, u = -np.inf, -1
            for v in range(units):
                if signs[v] == labels[i] and decided[i, v] == 0 and abs(values[i, v]) > best:
                    best, u = abs(values[i, v]), v
            count = _interchangeable(i, u, signs, kinds, decided, at_units[depth])
            at_point[depth], at_count[depth], second[depth] = i, count, False
            if length + 3 + count <= transcript.size:
                transcript[length] = -1
                transcript[length + 1] = i
                transcript[length + 2] = count
                for k in range(count):
                    transcript[length + 3 + k] = at_units[depth, k]
            length += 3 + count
            decided[i, u] = 1
        else:
            if length + 1 + size <= transcript.size:
                transcript[length] = size
                for k in range(size):
                    transcript[length + 1 + k] = codes[depth, k]
            length += 1 + size
            depth -= 1
            while depth >= 0 and second[depth]:
                for k in range(at_count[depth]):
                    decided[at_point[depth], at_units[depth, k]] = 0
                depth -= 1
            if depth < 0:
                return INFEASIBLE, length, nodes
            second[depth] = True
            for k in range(at_count[depth]):
                decided[at_point[depth], at_units[depth, k]] = -1
        sizes[depth + 1] = sizes[depth]
        for j in range(sizes[depth]):
            codes[depth + 1, j] = codes[depth, j]
            y[depth + 1, j] = y[depth, j]
            for k in range(n + 1):
                columns[depth + 1, j, k] = columns[depth, j, k]
        depth += 1
