"""Markdown files whose code runs: their blocks, sessions and commands."""

import doctest
import re
import shlex
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block: its language, the file that it is said to be, and its text."""

    kind: str
    title: str | None
    text: str


class Document:
    """A Markdown file."""

    def __init__(self, path: Path) -> None:
        self.name = path.relative_to(ROOT).as_posix()
        self.folder = path.parent
        self.text = path.read_text(encoding="utf-8")
        self.blocks = [Block(*match) for match in BLOCK.findall(self.text)]

    def __repr__(self) -> str:
        return self.name

    def fences(self) -> int:
        """The number of fences; twice that of the blocks, if all were understood."""
        return len(re.findall(r"^```", self.text, re.MULTILINE))

    def session(self) -> doctest.DocTest:
        """All interactive blocks as one session that knows the lines of the file."""
        lines, inside = [], False
        for line in self.text.splitlines():
            inside = line == "```pycon" or (inside and line != "```")
            lines.append(line if inside and line != "```pycon" else "")
        parser = doctest.DocTestParser()
        return parser.get_doctest("\n".join(lines), {}, self.name, self.name, 0)

    def commands(self) -> list[tuple[str, str | None]]:
        """The lines of the shell blocks, each with what the file says it prints, or None."""
        found = []
        for block, after in zip(self.blocks, [*self.blocks[1:], None], strict=True):
            if block.kind == "sh":
                output = after.text if after is not None and after.kind == "text" else None
                found += [(line, output) for line in block.text.splitlines()]
        return found

    def links(self) -> list[str]:
        """Targets of links inside of the repository, without anchors."""
        return re.findall(r"\]\((?!http)([^)#]+)\)", self.text)

    def dead_links(self) -> list[str]:
        """Those that lead nowhere."""
        return [link for link in self.links() if not (self.folder / link).exists()]


def run_session(document: Document) -> int:
    """Run the session; AssertionError with a report where it prints something else."""
    session = document.session()
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    result = runner.run(session, out=report.append, clear_globs=False)
    assert not result.failed, "".join(report)
    return len(session.examples)


def words_of(line: str) -> list[list[str]]:
    """The commands of a line, without the folder of the program."""
    commands = [shlex.split(command) for command in line.split("&&")]
    return [[words[0].removeprefix(".venv/bin/"), *words[1:]] for words in commands]


def as_in_script(words: list[str]) -> str:
    """A command as .ci/run writes it, which works elsewhere and with less noise."""
    program = '"$python"' if words[0] == "python3" else f'"$bin/{words[0]}"'
    if words[:2] == ["pip", "install"]:
        return f'{program} install --quiet "$work/source{words[2].removeprefix(".")}"'
    return " ".join([program, *words[1:]]).replace(" .venv", ' "$work/venv"')
