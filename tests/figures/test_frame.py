"""The frame: figures are found by themselves, and the same data gives the same bytes."""

import dataclasses
import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from matplotlib import rcParams

import relu_theory.figures as package
from relu_theory import figures
from relu_theory.errors import InvalidInput

ROOT = Path(__file__).resolve().parents[2]
PLAIN = '''"""A caption of one line.

And more.
"""

SEED = 11


def data(rng, fast):
    return {"y": rng.standard_normal(3 if fast else 5)}


def draw(data, ax):
    ax.plot(data["y"])
    ax.set_title("plain")
'''
TWO_PANELS = '''"""Two panels."""

SIZE = (3, 2)


def data(rng, fast):
    return [1, 2, 3]


def draw(data, fig):
    for ax in fig.subplots(1, 2):
        ax.plot(data)
'''


@pytest.fixture
def extra(tmp_path: Path, monkeypatch) -> None:
    folder = tmp_path / "extra"
    folder.mkdir()
    (folder / "frame_plain.py").write_text(PLAIN)
    (folder / "frame_panels.py").write_text(TWO_PANELS)
    (folder / "_frame_helper.py").write_text("")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])


@pytest.mark.usefixtures("extra")
def test_a_file_dropped_into_the_package_is_a_figure():
    names = figures.names()
    assert {"frame_plain", "frame_panels", "folding", "bounds_vs_counts"} <= set(names)
    assert names == sorted(names)
    assert not any(name.startswith("_") for name in names)


@pytest.mark.usefixtures("extra")
def test_the_seed_and_the_fast_flag_reach_the_data():
    _, full = figures.figure("frame_plain")
    _, fast = figures.figure("frame_plain", fast=True)
    assert np.array_equal(full["y"], np.random.default_rng(11).standard_normal(5))
    assert np.array_equal(fast["y"], full["y"][:3])


@pytest.mark.usefixtures("extra")
def test_draw_gets_an_axes_or_a_figure_by_the_name_of_its_argument():
    one, _ = figures.figure("frame_plain")
    two, _ = figures.figure("frame_panels")
    assert [ax.get_title() for ax in one.axes] == ["plain"]
    assert len(two.axes) == 2
    assert tuple(two.get_size_inches()) == (3, 2)


@pytest.mark.usefixtures("extra")
def test_regeneration_is_deterministic_and_leaves_settings_alone(tmp_path):
    before = dict(rcParams)
    for folder in ("one", "two"):
        figures.regenerate(["frame_plain", "frame_panels"], tmp_path / folder)
    assert dict(rcParams) == before
    one, two = (sorted((tmp_path / f).iterdir()) for f in ("one", "two"))
    assert [p.name for p in one] == [p.name for p in two]
    assert len(one) == 8
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


FRESH = """import sys
from relu_theory import figures
figures.regenerate(["neuron_relaxations", "subbox_gaps"], sys.argv[1], fast=True)
"""


def test_two_fresh_processes_write_the_same_bytes(tmp_path):
    for seed, folder in (("1", "one"), ("2", "two")):
        subprocess.run([sys.executable, "-c", FRESH, str(tmp_path / folder)], cwd=ROOT, check=True,
                       env={**os.environ, "PYTHONHASHSEED": seed})  # fmt: skip
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / f).iterdir()} for f in ("one", "two"))
    assert len(one) == 8
    assert one == two


def test_two_processes_at_work_write_what_one_writes(tmp_path):
    names = ["neuron_relaxations", "unsound_bounds"]
    figures.regenerate(names, tmp_path / "one", fast=True)
    drawn = []
    figures.regenerate(names, tmp_path / "two", fast=True, jobs=2, report=drawn.append)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / f).iterdir()} for f in ("one", "two"))
    assert drawn == names
    assert one == two


@pytest.mark.usefixtures("extra")
def test_the_gallery_leads_to_caption_theorem_files_and_command(tmp_path):
    figures.regenerate(["frame_plain"], tmp_path)
    figures.regenerate(["unsound_bounds"], tmp_path, fast=True, formats=["png", "pdf"])
    text = (tmp_path / "README.md").read_text("utf-8")
    assert text.index("## frame plain") < text.index("## unsound bounds")
    assert "![A caption of one line.](frame_plain.png)" in text
    assert "- shows: an illustration" in text
    assert "`pauli2021_couplings.couplings_prove_too_much`" in text
    assert "- command: `relu-theory figures unsound_bounds --fast`" in text
    assert all((tmp_path / link).exists() for link in re.findall(r"\]\((.+?)\)", text))


@pytest.mark.usefixtures("extra")
def test_the_manifest_keeps_what_was_not_asked_for(tmp_path):
    figures.regenerate(["frame_plain"], tmp_path, formats=["png"])
    _, data = figures.figure("frame_plain")
    figures.regenerate(["frame_panels"], tmp_path, fast=True, formats=["svg"])
    manifest = json.loads((tmp_path / "MANIFEST.json").read_text())
    assert set(manifest["versions"]) >= {"python", "matplotlib", "numpy"}
    assert manifest["figures"]["frame_plain"] == {
        "caption": "A caption of one line.",
        "data_sha256": figures.digest(data),
        "fast": False,
        "files": ["frame_plain.png"],
        "seed": 11,
        "theorems": [],
    }
    assert manifest["figures"]["frame_panels"]["fast"] is True


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"wanted": ["nothing"]}, "figure must be one of .*, got 'nothing'"),
        ({"wanted": ["folding"], "formats": ["gif"]}, "format must be one of pdf, png, svg"),
        ({"wanted": ["folding"], "jobs": 0}, "jobs must be at least 1, got 0"),
    ],
)
def test_unknown_names_are_refused_before_anything_is_written(tmp_path, arguments, message):
    with pytest.raises(InvalidInput, match=message):
        figures.regenerate(out=tmp_path / "new", **arguments)
    assert not (tmp_path / "new").exists()


@dataclasses.dataclass
class Point:
    x: int
    y: float


def test_the_digest_reads_values_and_not_containers():
    same = [
        {"a": [1, 2.5], "b": Point(1, 0.5), "c": "1/2"},
        {"c": Fraction(1, 2), "b": {"y": np.float64(0.5), "x": np.int8(1)}, "a": (1, 2.5)},
    ]
    assert figures.digest(same[0]) == figures.digest(same[1])
    assert figures.digest([0.1]) != figures.digest([np.nextafter(0.1, 1)])
    assert figures.digest(None) != figures.digest(False)


def test_the_digest_refuses_what_has_no_value():
    with pytest.raises(InvalidInput, match="plain values are needed, got object"):
        figures.digest([object()])


@pytest.mark.parametrize("name", figures.names())
def test_every_figure_regenerates_in_its_fast_version(name, tmp_path):
    (done,) = figures.regenerate([name], tmp_path, fast=True)
    assert all(path.stat().st_size > 2000 for path in done.files)
    assert done.record["caption"].endswith(".")
