"""The report: links that lead somewhere, nothing from outside, and pages that fit a phone."""

import shutil
import subprocess
import threading
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

import pytest

from relu_theory import figures, report, theorems
from relu_theory.certificate import Verdict
from relu_theory.report import paper
from relu_theory.report.html import number, prose
from relu_theory.theorems import Check, Ledger, Plan

PAPERS = ("pauli2021", "jordan2020", "nakhleh2025", "baader2024_expressivity.maximum_of_two")
LOADED = {("img", "src"), ("link", "href"), ("script", "src"), ("source", "srcset"),
          ("iframe", "src"), ("object", "data"), ("video", "src"), ("audio", "src")}  # fmt: skip
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")


class Page(HTMLParser):
    """What a page refers to and what it can be referred to by."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path, self.links, self.loaded, self.ids = path, [], [], []
        self.headings, self.images, self.tags = [], [], set()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.tags.add(tag)
        self.loaded += [value for name, value in attrs if (tag, name) in LOADED]
        if "id" in named:
            self.ids.append(named["id"])
        if tag == "a":
            self.links.append(named["href"])
        if tag == "img":
            self.images.append(named)
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    ledger = theorems.run(Plan(PAPERS, quick=True), evidence=folder / "certificates")
    report.write_report(ledger, folder)
    return folder


@pytest.fixture(scope="module")
def pages(site) -> dict[Path, Page]:
    return {path.resolve(): Page(path) for path in site.rglob("*.html")}


def test_there_is_a_page_for_each_paper_and_one_of_figures(site, pages):
    names = {path.relative_to(site.resolve()).as_posix() for path in pages}
    assert names == {"index.html", "figures.html", *(f"papers/{p.split('_')[0]}.html"
                                                     for p in PAPERS)}  # fmt: skip


def test_every_internal_link_leads_to_a_file_and_an_anchor(pages):
    for path, page in pages.items():
        for link in [*page.links, *page.loaded]:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), f"{path.name}: {link}"
            if parts.fragment:
                assert parts.fragment in pages[target].ids, f"{path.name}: {link}"


def test_nothing_is_loaded_from_outside_and_nothing_is_a_script(site, pages):
    for page in pages.values():
        assert not {"script", "iframe", "object"} & page.tags
        assert [link for link in page.loaded if urlsplit(link).scheme not in ("", "data")] == []
        outside = [link for link in page.links if urlsplit(link).scheme]
        assert all(link.startswith("https://arxiv.org/abs/") for link in outside)
    style = (site / "style.css").read_text()
    assert "url(" not in style
    assert "@import" not in style


def test_pages_can_be_read_without_eyes_or_mouse(pages):
    for page in pages.values():
        assert len(page.ids) == len(set(page.ids))
        assert "main" in page.ids
        assert page.links[0] == "#main"
        assert page.headings[0] == 1
        assert page.headings.count(1) == 1
        assert all(image.get("alt") for image in page.images)


def test_a_page_has_statements_formulas_numbers_and_how_to_repeat_them(site):
    text = (site / "papers/pauli2021.html").read_text("utf-8")
    assert "<math" in text
    assert "coupled multipliers give no upper bound." in text
    assert "relu-theory verify pauli2021_couplings.couplings_prove_too_much" in text
    assert "--instance</span> 'gap 1/7' <span class=\"flag\">--quick</span>" in text
    assert "../figures.html#unsound_bounds" in text
    assert (site / "figures/unsound_bounds.png").exists()


def test_certificates_can_be_downloaded(site):
    text = (site / "papers/baader2024.html").read_text("utf-8")
    files = list((site / "certificates").iterdir())
    linked = [file for file in files if f"../certificates/{file.name}" in text]
    assert len(linked) == 4
    from relu_theory.relaxation.bounds import BoundsCertificate

    assert all(BoundsCertificate.load(file).check() for file in linked)


@pytest.mark.parametrize("stated", [t for t in theorems.theorems() if t.has_seeds],
                         ids=lambda stated: stated.name)  # fmt: skip
def test_the_seed_of_a_row_is_read_off_its_name(stated):
    for case in stated.seeded([23, 10_007]):
        assert paper._seed(case.name) in (23, 10_007)
        (again,) = stated.seeded([paper._seed(case.name)])
        assert again.name == case.name


def test_rows_that_do_not_hold_are_open_and_named(tmp_path):
    row = Check("zaslavsky1975_arrangements.braid", "n = 4", 23, 24, "==", "exact", Verdict.FAILS,
                None, 0.5)  # fmt: skip
    report.write_report(Ledger((row,)), tmp_path, draw=False)
    assert "✗</span> 1 FAILS" in (tmp_path / "index.html").read_text("utf-8")
    assert '<details class="rows" open>' in (tmp_path / "papers/zaslavsky1975.html").read_text()


def test_long_runs_are_cut_and_say_so(tmp_path):
    rows = tuple(Check("zaslavsky1975_arrangements.braid", f"n = {n}", 1, 1, "==", "exact",
                       Verdict.HOLDS, None, 0.0) for n in range(301))  # fmt: skip
    report.write_report(Ledger(rows), tmp_path, draw=False)
    assert "1 more rows are in" in (tmp_path / "papers/zaslavsky1975.html").read_text("utf-8")


def test_numbers_are_escaped_and_rounded_ones_are_marked():
    assert number("<b>") == "&lt;b&gt;"
    assert number(2**100) == "≈&nbsp;1.267651e+30"
    assert number("x" * 40) == "x" * 27 + "…"
    assert number(None) == "-"
    assert prose("2 * 3 * 4 <= 24") == "2 * 3 * 4 ≤ 24"


class Recorder(SimpleHTTPRequestHandler):
    """Serves a folder and remembers what was not found."""

    missing: ClassVar[list[str]] = []

    def log_message(self, *arguments):
        pass

    def send_error(self, code, *arguments, **options):
        self.missing.append(f"{code} {self.path}")
        super().send_error(code, *arguments, **options)


@pytest.fixture
def served(site):
    Recorder.missing.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Recorder, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


MEASURE = """<!DOCTYPE html><link rel="icon" href="data:,"><title>measuring</title>
<iframe src="{page}" width="{width}" height="900"></iframe><script>
document.querySelector("iframe").onload = event => {{
  const shown = event.target.contentDocument;
  document.title = [shown.documentElement.scrollWidth, shown.querySelectorAll("math").length,
    [...shown.images].filter(i => i.loading = "eager").length].join(" ");
}};
</script>"""


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("page", ["index.html", "figures.html", "papers/nakhleh2025.html"])
def test_a_browser_shows_the_page_in_its_width_and_misses_nothing(
    site, served, tmp_path, page, width
):
    (site / "measure.html").write_text(MEASURE.format(page=page, width=width))
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
               "--no-first-run", "--disable-background-networking", "--disable-component-update",
               "--disable-sync", f"--user-data-dir={tmp_path}", "--window-size=1400,1000",
               "--virtual-time-budget=8000", "--dump-dom", f"{served}/measure.html"]  # fmt: skip
    try:
        shown = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    finally:
        (site / "measure.html").unlink()
    title = shown.stdout.split("<title>")[1].split("</title>")[0]
    scrolled, formulas, _ = map(int, title.split())
    assert scrolled <= width
    assert formulas == (10 if "nakhleh" in page else 0)
    assert Recorder.missing == []


def test_figures_of_the_report_are_those_of_its_theorems(site):
    names = {path.stem for path in (site / "figures").glob("*.png")}
    expected = set()
    for stated in Plan(PAPERS).theorems:
        expected |= set(figures.showing(stated.name))
    assert names == expected
