"""The benchmarks run, and what stands beside the engine counts the same."""

import json

import pytest

from benchmarks import geometry
from benchmarks import regions as benchmark
from benchmarks.workloads import WORKLOADS
from relu_theory import Box
from relu_theory.families import gaussian
from relu_theory.regions import count


def test_workloads_have_different_names_and_known_generic_partners():
    names = [workload.name for workload in WORKLOADS]
    keys = {name.split(":")[0] for name in names}
    assert len(set(names)) == len(names)
    assert {workload.like for workload in WORKLOADS} <= {"", *keys}


@pytest.mark.heavy
def test_the_table_and_the_rows_of_two_workloads(tmp_path, capsys):
    path = tmp_path / "rows.json"
    assert benchmark.main(["a0", "tents: L=5", "--json", str(path)]) == 0
    printed = capsys.readouterr().out
    assert "a0: d=2 [16, 16, 16], seed 0           833" in printed
    assert "tents: dearest" not in printed
    first, second = json.loads(path.read_text())
    assert (first["regions"], second["regions"]) == (833, 4**5)
    assert first["wrong"] == second["wrong"] == []
    assert 0 < first["ns"] < first["oracle"]
    assert 0 < first["kernel"] < first["ns"]
    assert first["MB"] < 100


@pytest.mark.heavy
def test_a_wrong_count_is_told(monkeypatch, capsys):
    monkeypatch.setattr(benchmark, "_count", lambda net, domain: 832)
    assert benchmark.main(["a0"]) == 1
    assert "a0: d=2 [16, 16, 16], seed 0: known are 833!" in capsys.readouterr().out


def test_the_table_of_the_exact_geometry(capsys):
    assert geometry.main(["6"]) == 0
    head, row = capsys.readouterr().out.splitlines()[1:]
    assert head.split()[:2] == ["width", "cells"]
    assert row.split()[:2] == ["6", str(count(gaussian(2, [6] * 3, 0), Box(-1, 1, dim=2)))]
    assert len(row.split()) == len(geometry.TASKS) + 2
    assert set(map(str.isdigit, row.split())) == {True}
