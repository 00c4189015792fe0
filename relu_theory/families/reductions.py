"""Networks that encode counting problems: acyclic orientations of graphs, models of formulas.

Both constructions count exactly ("parsimoniously"), so counting linear regions is as hard as
counting these.  Formulas are lists of clauses in the usual integer notation: literal i > 0 is
variable i, -i its negation, variables are 1, ..., n.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product

from relu_theory.errors import InvalidInput
from relu_theory.families.arrangements import arrangement
from relu_theory.network import ReluNetwork

__all__ = ["deepen", "graph_network", "model_count", "multiply_regions", "sat_network"]

Clauses = Sequence[Sequence[int]]
EPSILON, HALF = Fraction(1, 4), Fraction(1, 2)


def graph_network(vertices: int, edges: Iterable[tuple[int, int]]) -> ReluNetwork:
    """The network sum of relu(x_u - x_v) over the edges uv, u < v, of a graph on 0..vertices-1.

    Its regions, by each of the six definitions, correspond to the acyclic orientations of the
    graph, whose number is |chi(-1)| for the chromatic polynomial chi [Stanley 1973].

    Raises
    ------
    InvalidInput
        When there is no edge, or an edge is a loop or has an end outside the graph.

    Notes
    -----
    All edges follow one order of the vertices; an oriented cycle of neurons would vanish together
    on more activation regions than there are cells.

    Examples
    --------
    >>> graph_network(3, [(0, 1), (2, 1)]).weights[0].astype(int).tolist()
    [[1, -1, 0], [0, 1, -1]]
    """
    chosen = sorted({(min(edge), max(edge)) for edge in edges})
    for u, v in chosen:
        if u == v or u < 0 or v >= vertices:
            raise InvalidInput(
                f"edges must join two different vertices of 0..{vertices - 1}, got {(u, v)}")
    if not chosen:
        raise InvalidInput("edges must name at least one edge: a network needs a neuron")
    return arrangement([[(k == u) - (k == v) for k in range(vertices)] for u, v in chosen])


def sat_network(variables: int, clauses: Clauses) -> ReluNetwork:
    r"""A network with two hidden layers that is zero except for a bump at each model of a formula.

    ``f(x) = relu(1/4 - sum_i 2^i p(x_i) - sum_j q_j(x))``, where p(t) is the distance of t to
    {0, 1} and ``q_j = relu(1/2 - sum of the literals of clause j)``, a negated variable counting as
    1 - x_i.  Widths are ``(4 n + m, 1)``.

    Where f > 0, x is within 1/4 of a unique 0/1 vector b.  If b violates clause j, the literals add
    up to less than 1/4 and q_j exceeds 1/4; if b satisfies all clauses, all q_j vanish and f is a
    bump with 2^n pieces, whose gradients differ from those of all other bumps or whose constants
    do.  Hence for n >= 2 variables the open connected, closed connected and affine regions number
    ``1 + 2^n #SAT``; for one variable the bumps cut the line, and the counts are 3 #SAT + 1 for
    connected and 2 #SAT + 1 for affine regions.

    Parameters
    ----------
    variables : int
        n >= 1.
    clauses : sequence of sequences of int

    Examples
    --------
    >>> net = sat_network(2, [[1, 2]])
    >>> net.widths, net.forward_exact([1, 0]), net.forward_exact([0, 0])
    ((9, 1), (Fraction(1, 4),), (Fraction(0, 1),))
    """
    n = _check_formula(variables, clauses)
    axis = [[int(k == i) for k in range(n)] for i in range(n)]
    rows = [[s * a for a in axis[i]] for i in range(n) for s in (-1, 1, 1, 1)]
    offsets = [0, 0, -HALF, -1] * n
    for clause in clauses:
        signs = dict.fromkeys(clause)
        rows.append([(-i in signs) - (i in signs) for i in range(1, n + 1)])
        offsets.append(HALF - sum(literal < 0 for literal in signs))
    distances = [-(2**i) * c for i in range(n) for c in (1, 1, -2, 2)]
    return ReluNetwork(
        [rows, [distances + [-1] * len(clauses)], [[1]]], [offsets, [EPSILON], [0]])


def model_count(variables: int, clauses: Clauses) -> int:
    """The number of satisfying assignments, by trying all of them.

    Examples
    --------
    >>> model_count(2, [[1, 2], [-1, -2]])
    2
    """
    n = _check_formula(variables, clauses)
    return sum(
        all(any(bits[abs(x) - 1] == (x > 0) for x in clause) for clause in clauses)
        for bits in product((False, True), repeat=n)
    )


def multiply_regions(net: ReluNetwork, factor: int) -> ReluNetwork:
    """The network f(x) + sum_{k=1}^{factor-1} relu(relu(z - k)) with a new last input z.

    The new summand has `factor` pieces with different slopes, so each affine, open connected and
    closed connected region of f becomes `factor` of them.

    Raises
    ------
    InvalidInput
        When f has not two hidden layers and one output, or factor is below 1.

    Examples
    --------
    >>> multiply_regions(sat_network(1, []), 3).widths
    (6, 3)
    """
    if net.depth != 2 or net.output_dim != 1:
        raise InvalidInput(
            f"net must have two hidden layers and one output, got {net.depth} and {net.output_dim}")
    if factor < 1:
        raise InvalidInput(f"factor must be at least 1, got {factor}")
    inner, middle, outer = (w.tolist() for w in net.exact.weights)
    first, second, third = net.exact.biases
    new = range(factor - 1)
    weights = [
        [[*row, 0] for row in inner] + [[0] * net.input_dim + [1] for _ in new],
        [[*row, *(0 for _ in new)] for row in middle]
        + [[0] * len(inner) + [int(i == k) for i in new] for k in new],
        [[*outer[0], *(1 for _ in new)]],
    ]
    steps = [-k - 1 for k in new]
    return ReluNetwork(weights, [[*first, *steps], [*second, *(0 for _ in new)], third])


def deepen(net: ReluNetwork, depth: int) -> ReluNetwork:
    """The same function with more hidden layers of one neuron, for a network that is >= 0.

    Raises
    ------
    InvalidInput
        When the network has not one output or is deeper already.

    Notes
    -----
    relu(f) = f where f >= 0, which is not checked; `sat_network` is of this kind.

    Examples
    --------
    >>> deepen(sat_network(1, [[1]]), 4).widths
    (5, 1, 1, 1)
    """
    if net.output_dim != 1 or depth < net.depth:
        raise InvalidInput(
            f"net must have one output and at most depth = {depth} hidden layers, got "
            f"{net.output_dim} and {net.depth}")
    weights = [w.tolist() for w in net.exact.weights] + [[[1]]] * (depth - net.depth)
    return ReluNetwork(weights, [*net.exact.biases, *[[0]] * (depth - net.depth)])


def _check_formula(variables: int, clauses: Clauses) -> int:
    if isinstance(variables, bool) or not hasattr(variables, "__index__") or variables < 1:
        raise InvalidInput(f"variables must be a positive integer, got {variables!r}")
    for clause in clauses:
        names = {abs(x) for x in clause}
        if not names <= set(range(1, variables + 1)) or len(names) < len(set(clause)):
            raise InvalidInput(
                f"a clause must hold literals +-1..+-{variables}, no variable in both signs, got "
                f"{list(clause)}")
    return variables.__index__()
