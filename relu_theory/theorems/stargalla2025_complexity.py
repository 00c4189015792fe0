"""Stargalla, Hertrich, Reichman (2025): what is easy, what is hard, and reductions that show it.

The reductions are networks of `relu_theory.families`; that they count exactly is checked against
independent counters of the combinatorial objects.
"""

from collections.abc import Callable, Iterator
from itertools import combinations

import networkx as nx
import numpy as np

from relu_theory import families, regions
from relu_theory.certificate import Verdict
from relu_theory.network import ReluNetwork
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = [
    "acyclic_orientations",
    "deeper",
    "gap",
    "many_regions",
    "models",
    "models_of_one_variable",
    "one_region",
    "satisfiable",
]

_ARXIV = "2505.16716"
Clauses = list[list[int]]


def _one_layers(quick: bool) -> Iterator[Instance]:
    for seed in range(5 if quick else 15):
        net = families.random_integer(2, [4], seed, bound=1)
        yield Instance(f"small integers, seed {seed}", {"network": net, "many": False})
        yield _all_cancelled(seed)
    for neurons in [500] if quick else [500, 4000]:
        rng = np.random.default_rng(neurons)
        first = rng.integers(-5, 6, (neurons // 2, 20)), rng.integers(-5, 6, neurons // 2)
        net = ReluNetwork([first[0], rng.integers(1, 5, (1, neurons // 2))], [first[1], [0]])
        yield Instance(f"{neurons} neurons, 20 inputs, cancelled",
                       {"network": _cancelled(net), "many": True})


def _all_cancelled(seed: int) -> Instance:
    net = _cancelled(families.random_integer(2, [4], seed, bound=1))
    return Instance(f"with all jumps cancelled, seed {seed}", {"network": net, "many": False})


def _cancelled(net: ReluNetwork) -> ReluNetwork:
    """2 relu(u) - relu(-2 u) = 2 u for every neuron."""
    first, last = (w.tolist() for w in net.exact.weights)
    start, end = net.exact.biases
    return ReluNetwork(
        [first + [[-2 * x for x in row] for row in first],
         [[2 * x for x in row] + [-x for x in row] for row in last]],
        [start + [-2 * b for b in start], end])


@theorem(
    statement="Whether a network with one hidden layer has a single region is decided in "
    "polynomial time: it has one exactly when all gradient jumps cancel.",
    latex=r"f\ \text{affine} \iff \sum_{i\in H} a_i|\lambda_i| = 0\ \ \forall H",
    hypotheses="One hidden layer, rational weights, one output.",
    number="number not read",
    paper="stargalla2025",
    arxiv=_ARXIV,
    mark="reconstructed",
    relation="==",
    instances=_one_layers,
    seeded=_all_cancelled,
)
def one_region(network: ReluNetwork, many: bool) -> Measured:
    """The verdict of the cancellation test, against the number of affine regions.

    With thousands of neurons there are far too many regions to count; what is predicted then is
    known from the construction.
    """
    found = regions.has_one_region(network)
    one = True if many else regions.count(network, kind="affine") == 1
    if found.verdict is Verdict.FAILS and not found.check(network):
        return Measured("a witness that shows nothing", "holds" if one else "fails")
    return Measured(found.verdict.value, "holds" if one else "fails", found)


def _graphs(quick: bool) -> Iterator[Instance]:
    named = {"K4": nx.complete_graph(4), "C5": nx.cycle_graph(5), "path of 5": nx.path_graph(5),
             "K2,3": nx.complete_bipartite_graph(2, 3)}
    for name, graph in named.items():
        yield Instance(name, {"vertices": len(graph), "edges": sorted(map(tuple, graph.edges))})
    rng = np.random.default_rng(0)
    for k in range(4 if quick else 12):
        yield _graph(rng, str(k))


def _graph(rng: np.random.Generator, label: str) -> Instance:
    n = int(rng.integers(3, 6))
    pairs = list(combinations(range(n), 2))
    edges = [p for p in pairs if rng.random() < 0.5] or pairs[:1]
    return Instance(f"random graph {label}, {n} vertices", {"vertices": n, "edges": edges})


def _seeded_graph(seed: int) -> Instance:
    return _graph(np.random.default_rng(seed), f"of seed {seed}")


@theorem(
    statement="The network sum over edges uv, u < v, of relu(x_u - x_v) has as many regions, by "
    "each of the six definitions, as the graph has acyclic orientations, |chi(-1)|.",
    latex=r"R_1=\dots=R_6=|\chi_G(-1)|",
    hypotheses="A finite graph without loops and multiple edges.",
    paper="stargalla2025",
    arxiv=_ARXIV,
    number="reduction for one hidden layer",
    mark="derived",
    relation="==",
    instances=_graphs,
    seeded=_seeded_graph,
)
def acyclic_orientations(vertices: int, edges: list[tuple[int, int]]) -> Measured:
    """The six counts, against the chromatic polynomial of networkx.

    Examples
    --------
    >>> triangle = {"vertices": 3, "edges": [(0, 1), (1, 2), (0, 2)]}
    >>> acyclic_orientations.check(Instance("K3", triangle)).computed
    (6, 6, 6, 6, 6, 6)
    """
    graph = nx.Graph(edges)
    graph.add_nodes_from(range(vertices))
    found = regions.all_counts(families.graph_network(vertices, edges))
    value = abs(int(nx.chromatic_polynomial(graph).subs({"x": -1})))
    return Measured(tuple(found.values()), (value,) * 6)


def _formulas(sizes: tuple[int, ...], quick: bool, each: int) -> Iterator[tuple[int, Clauses]]:
    """For each size the empty formula, unit clauses, a contradiction and random ones."""
    rng = np.random.default_rng(1)
    for n in sizes:
        chosen: list[Clauses] = [[], [[i] for i in range(1, n + 1)], [[1], [-1]]]
        for _ in range(2 if quick else each):
            chosen.append([_clause(rng, n) for _ in range(int(rng.integers(1, 2 * n + 1)))])
        yield from ((n, clauses) for k, clauses in enumerate(chosen) if clauses not in chosen[:k])


def _clause(rng: np.random.Generator, n: int) -> list[int]:
    chosen = rng.permutation(np.arange(1, n + 1))[: int(rng.integers(1, n + 1))]
    return [int(v) * int(rng.choice([1, -1])) for v in chosen]


def _instances(sizes: tuple[int, ...], each: int = 6, **more: list[int]
) -> Callable[[bool], Iterator[Instance]]:
    def instances(quick: bool) -> Iterator[Instance]:
        for n, clauses in _formulas(sizes, quick, each):
            arguments = {"variables": n, "clauses": clauses}
            for name, values in (more or {"": [0]}).items():
                for value in values:
                    extra = {name: value} if name else {}
                    label = f", {name} {value}" if name else ""
                    yield Instance(f"{n} variables, {clauses}{label}", arguments | extra)
    return instances


def _formula(n: int) -> Callable[[int], Instance]:
    """Random formulas on n variables, by seed."""
    def draw(seed: int) -> Instance:
        rng = np.random.default_rng(seed)
        clauses = [_clause(rng, n) for _ in range(int(rng.integers(1, 2 * n + 1)))]
        return Instance(f"{n} variables, {clauses}, seed {seed}",
                        {"variables": n, "clauses": clauses})
    return draw


_KINDS = ("open_connected", "closed_connected", "affine")


def _three(net: ReluNetwork) -> tuple[int, ...]:
    return tuple(regions.count(net, kind=kind) for kind in _KINDS)


@theorem(
    statement="The two-hidden-layer network of a formula on n >= 2 variables has 1 + 2^n #SAT open "
    "connected, closed connected and affine regions.",
    latex=r"R_4=R_5=R_6=1+2^n\,\#\mathrm{SAT}(\varphi)",
    hypotheses="A formula in conjunctive normal form on n >= 2 variables.",
    number="not in the paper",
    paper="stargalla2025",
    arxiv=_ARXIV,
    mark="derived",
    relation="==",
    instances=_instances((2, 3)),
    seeded=_formula(3),
)
def models(variables: int, clauses: Clauses) -> Measured:
    """Three counts of the network, against all assignments tried.

    Examples
    --------
    >>> models.check(Instance("", {"variables": 2, "clauses": [[1, 2]]})).computed
    (13, 13, 13)
    """
    expected = 1 + 2**variables * families.model_count(variables, clauses)
    return Measured(_three(families.sat_network(variables, clauses)), (expected,) * 3)


@theorem(
    statement="For one variable the bumps cut the line: the connected counts are 3 #SAT + 1, the "
    "affine one 2 #SAT + 1.",
    latex=r"R_4=R_5=3\,\#\mathrm{SAT}+1,\quad R_6=2\,\#\mathrm{SAT}+1",
    hypotheses="A formula in conjunctive normal form on one variable.",
    number="not in the paper",
    paper="stargalla2025",
    arxiv=_ARXIV,
    mark="derived",
    relation="==",
    instances=_instances((1,)),
)
def models_of_one_variable(variables: int, clauses: Clauses) -> Measured:
    """Three counts of the network, against all assignments tried."""
    found = families.model_count(variables, clauses)
    return Measured(_three(families.sat_network(variables, clauses)),
                    (3 * found + 1, 3 * found + 1, 2 * found + 1))


@theorem(
    statement="A formula is satisfiable exactly when its two-hidden-layer network has more than "
    "one region: deciding this is NP-hard.",
    latex=r"R > 1 \iff \varphi\ \text{satisfiable}",
    hypotheses="A formula in conjunctive normal form on n >= 2 variables.",
    paper="stargalla2025",
    arxiv=_ARXIV,
    number="Lemma 5.3 (with a construction of our own)",
    mark="reconstructed",
    relation="==",
    instances=_instances((2, 3, 4), each=4),
    seeded=_formula(4),
)
def satisfiable(variables: int, clauses: Clauses) -> Measured:
    """The one-region decision with its witness, against all assignments tried."""
    net = families.sat_network(variables, clauses)
    found = regions.has_one_region(net)
    if found.verdict is Verdict.FAILS and not found.check(net):
        return Measured("a witness that shows nothing", "a bend")
    expected = "fails" if families.model_count(variables, clauses) else "holds"
    return Measured(found.verdict.value, expected, found)


@theorem(
    statement="With one more input and factor - 1 more neurons in each layer the counts are "
    "multiplied by the factor, so 'more than K regions' is hard for every K.",
    latex=r"R(f \oplus \textstyle\sum_{k<K} \sigma(\sigma(z-k))) = K\cdot R(f)",
    hypotheses="A formula in conjunctive normal form on n >= 2 variables; K >= 2.",
    paper="stargalla2025",
    arxiv=_ARXIV,
    number="Theorem 5.2 (with a construction of our own)",
    mark="derived",
    relation="==",
    instances=_instances((2,), each=3, factor=[2, 3]),
)
def many_regions(variables: int, clauses: Clauses, factor: int) -> Measured:
    """Three counts of the enlarged network, against K (1 + 2^n #SAT)."""
    expected = factor * (1 + 2**variables * families.model_count(variables, clauses))
    net = families.multiply_regions(families.sat_network(variables, clauses), factor)
    return Measured(_three(net), (expected,) * 3)


@theorem(
    statement="Identity layers make the reduction as deep as one likes, with the same counts.",
    latex=r"R(\sigma\circ\dots\circ\sigma\circ f)=R(f)\quad(f\ge 0)",
    hypotheses="f >= 0, as it is for the network of a formula.",
    number="not in the paper",
    paper="stargalla2025",
    arxiv=_ARXIV,
    mark="derived",
    relation="==",
    instances=_instances((2,), each=3, depth=[3, 5]),
)
def deeper(variables: int, clauses: Clauses, depth: int) -> Measured:
    """Three counts of the deepened network, against 1 + 2^n #SAT."""
    net = families.deepen(families.sat_network(variables, clauses), depth)
    expected = 1 + 2**variables * families.model_count(variables, clauses)
    return Measured(_three(net), (expected,) * 3)


def _unit(quick: bool) -> Iterator[Instance]:
    for n in (2, 3) if quick else (2, 3, 4):
        clauses = [[i] for i in range(1, n + 1)]
        yield Instance(f"one model, {n} variables", {"variables": n, "clauses": clauses})


@theorem(
    statement="With two hidden layers a single model already makes the count 2^n + 1 times as "
    "large as without one, so no polynomial-time algorithm comes closer than this factor unless "
    "P = NP.",
    latex=r"R(\varphi\ \text{sat}) / R(\varphi\ \text{unsat}) \ge 2^n+1",
    hypotheses="Two hidden layers, n >= 2 variables; definitions 4 to 6 of a region.",
    number="not in the paper",
    paper="stargalla2025",
    arxiv=_ARXIV,
    mark="derived",
    relation=">=",
    instances=_unit,
)
def gap(variables: int, clauses: Clauses) -> Measured:
    """The count with one model, against 2^n + 1; without a model the count is 1 (`models`)."""
    net = families.sat_network(variables, clauses)
    return Measured(regions.count(net, kind="affine"), 2**variables + 1)
