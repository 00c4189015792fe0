"""The commands in one process, and the module in a fresh one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import relu_theory
from relu_theory import ReluNetwork, cli, families, theorems
from relu_theory.certificate import Verdict
from relu_theory.theorems import Check, Ledger

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def tents(tmp_path) -> Path:
    path = tmp_path / "tents.json"
    families.iterated_tent(2, 2).save(path)
    return path


def test_regions_over_the_whole_space(tents, capsys):
    assert cli.main(["regions", str(tents)]) == 0
    out = capsys.readouterr().out
    assert "tents.json: 2 inputs, widths [4, 4]" in out
    assert "proper activation regions in R^2: 36" in out


@pytest.mark.parametrize(
    ("ends", "count"),
    [
        (["0", "1"], 16),
        (["-1", "1/2"], 9),
        (["-1,0", "0,1"], 4),
        (["-.5,-1/2", "1e0,1"], 25),
    ],
)
def test_regions_in_a_box(tents, capsys, ends, count):
    assert cli.main(["regions", str(tents), "--box", *ends]) == 0
    assert capsys.readouterr().out.splitlines()[1].endswith(f": {count}")


def test_regions_of_a_slice_of_a_network_with_five_inputs(tmp_path, capsys):
    path = tmp_path / "braid.npz"
    families.braid(5).save(path)
    arguments = ["--slice", "0,0,0,0,0", "1,0,0,0,0", "0,-1,0,0,0", "--box", "-1", "1"]
    assert cli.main(["regions", str(path), *arguments]) == 0
    out = capsys.readouterr().out
    assert "slice: (0,0,0,0,0) + s (1,0,0,0,0) + t (0,-1,0,0,0)" in out
    # The plane meets x1 = 0, x2 = 0 and x1 = x2: six sectors.
    assert "in the box [-1, 1]^2: 6" in out


def test_regions_by_all_definitions(tmp_path, capsys):
    path = tmp_path / "paper.json"
    ReluNetwork([[[1, 0], [0, 1], [0, -1]], [[1, -1, 1], [1, 0, 0]], [[1, -1]]],
                [[0, 0, 0], [0, 0], [0]]).save(path)
    assert cli.main(["regions", str(path), "--all"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-6:] == [
        "activation regions: 7", "proper regions: 5", "convex regions: 4",
        "open connected regions: 3", "closed connected regions: 3", "affine regions: 3",
    ]


def test_regions_draws_a_picture(tents, tmp_path, capsys):
    out = tmp_path / "tents.png"
    assert cli.main(["regions", str(tents), "--box", "0", "1", "--plot", str(out)]) == 0
    assert out.read_bytes().startswith(b"\x89PNG")
    assert f"wrote {out}" in capsys.readouterr().out


def test_regions_writes_a_certificate_that_check_accepts(tents, tmp_path, capsys):
    certificate = tmp_path / "tents.cert"
    command = ["regions", str(tents), "--box", "0", "1", "--certificate", str(certificate)]
    assert cli.main(command) == 0
    capsys.readouterr()
    assert cli.main(["check", str(certificate)]) == 0
    assert "exactly 16 proper activation regions" in capsys.readouterr().out
    certificate.write_bytes(certificate.read_bytes()[:-9])
    assert cli.main(["check", str(certificate)]) == 1
    assert "refused" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["regions", "FILE", "--box", "1", "0"], "lower"),
        (
            ["regions", "FILE", "--box", "0,0,0", "1,1,1"],
            "--box must give two numbers or two lists",
        ),
        (["regions", "FILE", "--box", "zero", "1"], "zero"),
        (["regions", "FILE", "--slice", "0", "1", "1"], "ORIGIN of --slice must be a list of 2"),
        (["regions", "FILE", "--plot", "out.png"], "--plot needs a bounded part"),
        (["regions", "missing.json"], "missing.json"),
        (["regions", "net.onnx"], "must end in .json, .npz or .nnet"),
        (["verify", "nobody1900", "--json", "OUT"], "paper must be one of"),
        (["show", "nothing"], "theorem must be the name of one theorem"),
        (["list", "nobody1900"], "paper must be one of"),
        (["figures", "nothing"], "figure must be one of"),
    ],
)
def test_wrong_input_is_one_line_and_exit_2(tents, capsys, arguments, message):
    places = {"FILE": str(tents), "OUT": str(tents.with_name("ledger.json"))}
    arguments = [places.get(a, a) for a in arguments]
    assert cli.main(arguments) == 2
    err = capsys.readouterr().err.strip().splitlines()
    assert len(err) == 1
    assert err[0].startswith("relu-theory: ")
    assert message in err[0]


def test_plot_of_three_inputs_asks_for_a_slice(tmp_path, capsys):
    path = tmp_path / "cube.json"
    families.grid(3, [0]).save(path)
    command = ["regions", str(path), "--box", "-1", "1", "--plot", str(tmp_path / "x.png")]
    assert cli.main(command) == 2
    assert "give --slice ORIGIN U V" in capsys.readouterr().err


def test_verify_prints_writes_and_succeeds(tmp_path, capsys):
    report = tmp_path / "out" / "ledger.json"
    command = ["verify", "zaslavsky1975", "--quick", "--rows", "--json", str(report)]
    assert cli.main([*command, "--no-figures"]) == 0
    out = capsys.readouterr().out
    assert "zaslavsky1975_arrangements.general_position" in out
    assert " 0 FAILS" in out
    assert json.loads(report.read_text())["counts"]["FAILS"] == 0


def test_verify_repeats_one_row_from_its_seed(tmp_path, capsys):
    command = ["verify", "sauer1972_growth.sauer", "--instances", "5", "--seed", "40"]
    command += ["--instance", "22 random concepts on 6 points, seed 40", "--no-figures"]
    assert cli.main([*command, "--json", str(tmp_path / "l.json")]) == 0
    assert "1 checks: 1 HOLDS" in capsys.readouterr().out


def test_list_names_theorems_marks_and_instances(capsys):
    assert cli.main(["list", "zaslavsky1975"]) == 0
    lines = capsys.readouterr().out.splitlines()
    braid = ["zaslavsky1975_arrangements.braid", "known", "==", "6"]
    assert braid in [line.split() for line in lines]
    assert lines[-1] == "7 theorems; + marks the 3 that draw more instances from seeds"


def test_show_leads_to_code_tests_and_figure(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    names = ["couplings_prove_too_much", "montufar2014_lower_bound.lower_bound"]
    assert cli.main(["show", *names]) == 0
    out = capsys.readouterr().out
    assert "figures     unsound_bounds" in out
    assert "relu_theory/theorems/pauli2021_couplings.py:" in out
    assert "[pauli2021_couplings.couplings_prove_too_much]" in out
    assert "(∏_{l=1}^{L-1}⌊n_l/n_0⌋^{n_0})Σ_{j=0}^{n_0} C(n_L, j)" in out


def test_verify_fails_when_a_theorem_fails(tmp_path, capsys, monkeypatch):
    row = Check("montufar2014.x", "case", 3, 4, "==", "exact", Verdict.FAILS, None, 0.0)
    monkeypatch.setattr(theorems, "run", lambda *a, **k: Ledger((row,)))
    report = str(tmp_path / "ledger.json")
    assert cli.main(["verify", "--json", report, "--no-figures"]) == 1
    assert "FAILS: montufar2014.x on case" in capsys.readouterr().err


def test_verify_does_not_fail_on_undecided(tmp_path, capsys, monkeypatch):
    row = Check("montufar2014.x", "case", None, 4, "==", "exact", Verdict.UNDECIDED, None, 0.0)
    monkeypatch.setattr(theorems, "run", lambda *a, **k: Ledger((row,)))
    assert cli.main(["verify", "--json", str(tmp_path / "l.json"), "--no-figures"]) == 0
    assert "1 UNDECIDED" in capsys.readouterr().out


def test_verify_draws_the_figures_where_it_is_told(tmp_path, capsys, monkeypatch):
    from relu_theory import figures

    asked = {}

    def regenerate(names, out, fast, report, jobs):
        asked.update(names=names, out=out, fast=fast)
        return []

    monkeypatch.setattr(figures, "regenerate", regenerate)
    command = ["verify", "hinz2019", "--quick", "--json", str(tmp_path / "l.json")]
    assert cli.main([*command, "--figures", str(tmp_path / "pictures")]) == 0
    assert asked == {"names": figures.names(), "out": tmp_path / "pictures", "fast": True}


def test_figures_lists_and_regenerates(tmp_path, capsys):
    assert cli.main(["figures", "--list"]) == 0
    assert "folding" in capsys.readouterr().out.split()
    assert cli.main(["figures", "folding", "--fast", "--out", str(tmp_path)]) == 0
    assert (tmp_path / "folding.svg").exists()
    assert list(json.loads((tmp_path / "MANIFEST.json").read_text())["figures"]) == ["folding"]


def test_an_interrupt_is_one_line(tmp_path, monkeypatch, capsys):
    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(theorems, "run", interrupted)
    assert cli.main(["verify", "--json", str(tmp_path / "l.json")]) == 130
    shown = capsys.readouterr()
    assert shown.err == "relu-theory: interrupted\n"
    assert f"0 rows are in {tmp_path / 'l.journal'}; go on with --resume" in shown.out


def test_the_module_runs_and_knows_its_version():
    command = [sys.executable, "-m", "relu_theory", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == f"relu_theory {relu_theory.__version__}"
