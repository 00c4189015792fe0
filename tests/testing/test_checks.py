"""The examination: the exact subject passes, naive and broken ones fail where they should."""

import json
import math
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import Box, ReluNetwork, WholeSpace, families, lipschitz, regions, testing
from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.testing import __main__ as command
from relu_theory.testing.naive import Naive
from relu_theory.testing.region_questions import seen_patterns
from relu_theory.testing.variants import moved, variants
from tests import strategies

ROOT = Path(__file__).resolve().parent.parent.parent
BOX = Box(-1, 1, dim=2)


@pytest.fixture(scope="module")
def naive() -> testing.Report:
    with np.errstate(over="ignore"):
        return testing.check_adapter(Naive(), largest=5)


def failing(report, subject) -> set[tuple[str, str]]:
    return {(row.name, row.case) for row in report.failures if row.subject == subject}


def test_the_exact_adapter_passes():
    report = testing.check_adapter(testing.Exact(), largest=200)
    assert report.ok, report
    assert {row.subject for row in report.rows} == {"count_regions", "lipschitz", "bounds"}
    assert len(report.rows) > 400
    assert report.count("passed") >= len(report.rows) - 2


def test_the_naive_counter_fails_on_named_traps(naive):
    wrong = failing(naive, "count_regions")
    for name in ("gap of 1e-9", "sliver", "dead neurons"):
        assert ("traps", f"{name}, [-1, 1]^2") in wrong
    assert ("traps", "duplicate, [-1, 1]^2") not in wrong


def test_the_naive_constant_fails_on_named_traps(naive):
    wrong = {case for _, case in failing(naive, "lipschitz")}
    assert {"cancel 94906267, R^1, l_2", "steep 9.31e-10, [-1, 1], l_2"} <= wrong
    assert "identity, R^1, l_2" not in wrong


def test_the_naive_bounds_fail_on_named_traps(naive):
    wrong = {case for _, case in failing(naive, "bounds")}
    assert {"pass through 2^53", "underflow", "point 0"} <= wrong
    assert "pass through 2^24" not in wrong


def test_the_table_names_what_is_wrong(naive):
    lines = naive.table().splitlines()
    assert lines[0].split() == ["subject", "property", *testing.report.OUTCOMES]
    (row,) = [line for line in lines if "sliver, [-1, 1]^2" in line]
    assert row.split()[-3:] == ["2", "4", "wrong"]
    assert lines[-1] == naive.summary()
    assert len(naive.table(every=True).splitlines()) > len(lines)


def test_a_report_is_saved(naive, tmp_path):
    naive.save(tmp_path / "report.json")
    data = json.loads((tmp_path / "report.json").read_text())
    assert data["counts"]["wrong"] == len(naive.failures) > 10
    assert data["rows"][0]["case"] == naive.rows[0].case


def test_a_counter_that_is_not_invariant_is_caught():
    def counts_rows(net, domain):
        return regions.count(net, domain) + net.widths[0]

    def sees_the_shift(net, domain):
        return regions.count(net, domain) + (net.biases[0][0] == 2.5)

    net = ReluNetwork([[[1, 2], [2, 1]], [[1, 1]]], [[1, 0], [0]])
    for wrong, caught in (
        (counts_rows, {"adding dead neurons", "repeating a neuron", "splitting a neuron"}),
        (sees_the_shift, {"moving the input"}),
    ):
        report = testing.check_region_counter(wrong, networks=[(net, BOX)], largest=0)
        assert {row.name for row in report.failures} - {"between bounds"} == caught


def test_a_counter_of_unknown_networks_must_lie_between_bounds():
    nets = [(families.gaussian(2, [6, 6], 3), BOX)]
    few = testing.check_region_counter(lambda net, d: 3, networks=nets, largest=0)
    many = testing.check_region_counter(lambda net, d: 10**9, networks=nets, largest=0)
    assert [row.note for row in few.failures] == ["a region is missing"]
    assert [row.note for row in many.failures] == ["too many"]
    assert testing.check_region_counter(regions.count, networks=nets, largest=0).ok


@given(strategies.networks(2, max_width=3), strategies.boxes(2, flat=False))
@settings(max_examples=25)
def test_seen_patterns_are_regions(net, box):
    for domain in (box, WholeSpace(2)):
        assert seen_patterns(net, domain) <= {cell.pattern for cell in regions.cells(net, domain)}


@given(strategies.networks(max_width=3, max_depth=2), st.data())
@settings(max_examples=40)
def test_variants_have_the_same_answers(net, data):
    if not net.depth:
        return
    box = data.draw(strategies.boxes(net.input_dim, flat=False))
    true = regions.output_range(net, box)
    for variant in variants(net, box):
        assert regions.count(variant.network, variant.domain) == regions.count(net, box)
        found = regions.output_range(variant.network, variant.domain)
        assert [(r.minimum, r.maximum) for r in found] == [(r.minimum, r.maximum) for r in true]
    for variant in variants(net, box, stretch=1):
        value = lipschitz.exact(variant.network, variant.domain, 1, 1).value
        assert value == lipschitz.exact(net, box, 1, 1).value


def test_variants_are_exact_in_floats():
    for net in (families.gaussian(3, [5, 5], 0), families.random_integer(2, [4, 4], 0)):
        for variant in variants(net, WholeSpace(net.input_dim)):
            assert variant.network.float_exact, variant.name
            assert variant.network != net


def test_moving_keeps_floats_exact_without_a_shift():
    net = families.gaussian(2, [4], 0)
    other, box = moved(net, BOX)
    assert other.float_exact
    assert (box.lower[0], box.upper[0]) == (Fraction(-1, 2), Fraction(1, 2))


@pytest.mark.parametrize(
    ("answer", "outcome", "note"),
    [
        (None, "declined", ""),
        (NotImplemented, "declined", ""),
        (2.0, "wrong", "float is no integer"),
        (np.int64(2), "passed", ""),
        ("two", "wrong", "str is no integer"),
    ],
)
def test_answers_of_a_counter(answer, outcome, note):
    judged = testing.Question(
        "count_regions", "p", "c", [(None, None)],
        lambda found: testing.region_questions._is(2, found))
    row = judged.ask(lambda net, d: answer)
    assert (row.outcome, row.note) == (outcome, note)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(NotImplementedError("d > 3"), "declined"), (TooLarge("many"), "declined"),
     (RuntimeError("solver"), "raised"), (ZeroDivisionError(), "raised")],
)
def test_errors_of_a_subject(error, outcome):
    def subject(net, box):
        raise error

    report = testing.check_bounds(subject)
    assert {row.outcome for row in report.rows} == {outcome}
    assert report.ok == (outcome == "declined")


@pytest.mark.parametrize(
    ("answer", "note"),
    [
        (([0, 0], [1, 1]), "1 outputs, and as many bounds, are expected"),
        ((math.nan, 1), "no pair of lists of numbers: cannot convert NaN"),
        ((0, 0.5), "a true value is outside of the bounds"),
        (3, "no pair of lists of numbers: cannot unpack"),
        ((0, -math.inf), "a true value is outside of the bounds"),
    ],
)
def test_wrong_bounds(answer, note):
    row = testing.check_bounds(lambda net, box: answer).rows[0]
    assert row.case == "pass through 2^24"
    assert row.outcome == "wrong"
    assert row.note.startswith(note)


def test_right_bounds_of_every_form():
    class Pair:
        lower, upper = np.array([-math.inf]), np.array([math.inf])

    for answer in (Pair(), (0, 1), ([0], ["1"]), (np.zeros(1), np.ones(1)), (0, math.inf)):
        row = testing.check_bounds(lambda net, box, answer=answer: answer).rows[0]
        assert row.outcome == "passed"


def test_bounds_of_further_networks():
    net = families.gaussian(2, [4, 4], 0)
    tight = testing.check_bounds(lambda n, box: regions_range(n, box), networks=[(net, BOX)])
    assert tight.ok
    middle = net.forward_exact([0, 0])
    report = testing.check_bounds(lambda n, box: (middle, middle), networks=[(net, BOX)])
    assert report.rows[-1].name == "encloses values"
    assert report.rows[-1].outcome == "wrong"


def regions_range(net, box):
    found = regions.output_range(net, box)
    return [r.minimum for r in found], [r.maximum for r in found]


def test_claims_about_constants():
    exact = testing.Exact().lipschitz
    orders = (1, 2, math.inf)
    assert testing.check_lipschitz(exact, "exact", orders).ok
    low = testing.check_lipschitz(lambda *args: 0, "upper")
    high = testing.check_lipschitz(lambda *args: math.inf, "lower")
    assert {row.note for row in low.failures} == {"a slope of the network is larger"}
    assert {row.note for row in high.failures} == {"no slope of the network is so large"}
    assert testing.check_lipschitz(lambda *args: 0, "lower").ok
    assert testing.check_lipschitz(lambda *args: math.inf, "upper", orders).ok
    assert not testing.check_lipschitz(lambda *args: -1, "lower").ok
    assert testing.check_lipschitz(lambda *args: "x").rows[0].note.startswith("no number")


def test_a_tolerance_forgives_roundings():
    def rounded(net, domain, order):
        return float(lipschitz.exact(net, domain, order, order).value)

    assert testing.check_lipschitz(rounded, "exact", tolerance=1e-12).ok
    assert not testing.check_lipschitz(rounded, "exact").ok


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: testing.check_lipschitz(None, "best"), "claim must be one of upper, lower, exact"),
        (lambda: testing.check_lipschitz(None, orders=[3]), "orders must be taken from 1, 2"),
        (lambda: testing.check_region_counter(None, ["ball"]), "domains must be taken from"),
        (lambda: testing.check_region_counter(
            None, networks=[(families.grid(1, [0]), Box(1, 1, dim=1))]), "must have an interior"),
        (lambda: testing.load_adapter("no_such_module:x"), "must be named as module:object"),
        (lambda: testing.load_adapter("math:no_such"), "must be named as module:object"),
        (lambda: testing.load_adapter("math"), "must have one of the methods count_regions"),
        (lambda: testing.load_adapter(""), "must be named as module:object"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(InvalidInput, match=message):
        call()


def test_a_module_may_be_the_adapter(tmp_path, monkeypatch):
    (tmp_path / "my_tool.py").write_text(
        "lipschitz_claim = 'lower'\ndef lipschitz(net, domain, ord):\n    return 0\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    found = testing.load_adapter("my_tool")
    assert {row.subject for row in testing.check_adapter(found).rows} == {"lipschitz"}
    assert testing.check_adapter(found).ok


def test_the_command(tmp_path, capsys):
    path = tmp_path / "report.json"
    arguments = ["relu_theory.testing.naive:Naive", "--largest", "3", "--json", str(path)]
    with np.errstate(over="ignore"):
        assert command.main(arguments) == 1
    assert "gap of 1e-9" in capsys.readouterr().out
    assert json.loads(path.read_text())["format"] == "relu_theory report 1"
    assert command.main(["relu_theory.testing:Exact", "--largest", "30"]) == 0
    assert command.main(["nothing"]) == 2
    assert "must be named as" in capsys.readouterr().err


def test_pytest_examines_an_adapter(tmp_path):
    """As an installed plugin would: the option, a test for each question, and the exit status."""
    (tmp_path / "tools.py").write_text(
        "class Half:\n"
        "    def bounds(self, net, box):\n"
        "        return None if net.depth > 1 else ([0] * net.output_dim, [1] * net.output_dim)\n")
    run = [sys.executable, "-m", "pytest", "-p", "_relu_theory_pytest", "-p", "no:cacheprovider",
           "--rootdir", str(tmp_path), "-q", "-rf", "--pyargs", "relu_theory.testing",
           "--relu-adapter", "tools:Half"]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(tmp_path),
                   "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    last = done.stdout.splitlines()[-1]
    assert "failed" in last, done.stdout
    assert "passed" in last
    assert "skipped" in last
    assert "[bounds: encloses the range: cancel 4097]" in done.stdout
    assert "[bounds: encloses the range: pass through 2^24]" not in done.stdout
