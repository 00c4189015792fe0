"""The shipped tables: complete, unaltered, and rebuilt weight by weight from their descriptions."""

import json
from fractions import Fraction
from importlib import resources

import pytest

from relu_theory import Box, ReluNetwork, WholeSpace, families, regions
from relu_theory.errors import ReluTheoryError
from relu_theory.families import tables

TRAPS = {case.name: case for case in families.load_traps()}
WORKLOADS = {case.name: case for case in families.load_workloads()}


def rows(*lines) -> ReluNetwork:
    return families.arrangement([line[:-1] for line in lines], [line[-1] for line in lines])


def identity_gadget() -> ReluNetwork:
    first = [[1, 0], [-1, 0], [0, 1], [0, -1]]
    second = [[1, -1, 1, -1], [1, -1, -1, 1], [1, -1, 0, 0]]
    return ReluNetwork([first, second, [[1, 1, 1]]], [[0] * 4, ["-1/2", "1/4", "-1/8"], [0]])


def described() -> dict[str, ReluNetwork]:
    half, quarter, eighth = Fraction(1, 2), Fraction(1, 4), Fraction(1, 8)
    lines = [(1, 2, quarter)] * 2 + [(3, 6, 3 * quarter), (-1, -2, -quarter)]
    pencil = [(1, 0), (0, 1), (1, 1), (1, -1), (2, 1), (1, 2)]
    base = families.gaussian(2, [16, 16], seed=0)
    scales = {"1": 0, "2^-27": -27, "2^20": 20, "2^60": 60, "2^-200": -200}
    return {
        "duplicate": rows(*lines, (2, -1, half), (half, -quarter, eighth)),
        "six lines through a point": rows(*((a, b, -a * quarter - b * half) for a, b in pencil)),
        "gap of 1e-9": rows((1, 0, 0.0), (1, 0, -1e-9)),
        "sliver": rows((1, 0, 0), (1, 1e-9, 0)),
        "dead neurons": rows((1, 0, 0.1), (0, 0, -1), (0, 0, 1), (0, 0, 0), (0, 1, 0.2)),
        "grid": families.grid(2, [k * eighth for k in range(-2, 3)]),
        "identity gadget": identity_gadget(),
        **{f"iterated tent, {k} layers": families.iterated_tent(k) for k in (1, 2, 3)},
        "dead layer": families.dead_layer(families.gaussian(2, [8, 8], seed=5), 1, -1000),
        **{f"scaling by {k}": families.scaled(base, Fraction(2) ** e) for k, e in scales.items()},
        "far crossings": rows(*((Fraction(j, 2**20), 1, j * j * eighth - 2) for j in range(8))),
        "resonance 4": families.resonance(4),
        "braid 4": families.braid(4),
    }


def test_every_trap_is_the_one_described():
    assert described() == {name: case.network for name, case in TRAPS.items()}


def test_traps_are_exact_in_floats():
    assert all(case.network.float_exact for case in TRAPS.values())


@pytest.mark.parametrize("case", TRAPS.values(), ids=TRAPS)
def test_trap_counts(case):
    for domain, count in case.counts:
        assert regions.count(case.network, domain) == count


@pytest.mark.parametrize("case", WORKLOADS.values(), ids=WORKLOADS)
def test_workload_counts(case):
    for domain, count in case.counts:
        assert regions.count(case.network, domain) == count


def test_the_tables_are_complete():
    assert sorted(WORKLOADS) == [f"{letter}{seed}" for letter in "abcdef" for seed in (0, 1)]
    assert len(TRAPS) == 19
    kinds = {type(domain) for case in TRAPS.values() for domain, _ in case.counts}
    assert kinds == {Box, WholeSpace}


def test_a_changed_generator_is_noticed(monkeypatch):
    def other(inputs, widths, seed, outputs):
        return families.gaussian(inputs, widths, seed + 1, outputs)

    monkeypatch.setitem(tables._RECIPES, "gaussian", other)
    with pytest.raises(ReluTheoryError, match="workload a0 must have weights with SHA-256"):
        families.load_workloads()


@pytest.mark.parametrize("name", ["traps.json", "workloads.json"])
def test_files_say_what_they_are(name):
    text = (resources.files("relu_theory") / "data" / name).read_text(encoding="utf-8")
    head = json.loads(text)
    assert head["format"] == f"relu_theory {name.removesuffix('.json')} 1"
    assert "proper activation regions" in head["what"]
