"""The command line, one module a command: ``relu-theory COMMAND --help``.

Exit status: 0 when the command succeeded, 1 when a theorem FAILS or a certificate is refused, 2
when the input is wrong, 130 when interrupted. Rows that are UNDECIDED are reported and do not fail.
"""

import argparse
import re
import sys
from collections.abc import Sequence

from relu_theory import __version__
from relu_theory.cli import acasxu, check, figures, regions, theorems, verify
from relu_theory.errors import ReluTheoryError

__all__ = ["main"]

_BAD_INPUT, _INTERRUPTED = 2, 130
_COMMANDS = (verify, theorems, figures, regions, acasxu, check)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        ``sys.argv[1:]`` by default.

    Returns
    -------
    int
        The exit status.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    options = _parser().parse_args([_shielded(a) for a in arguments])
    try:
        return int(options.run(options))
    except (ReluTheoryError, OSError) as error:
        print(f"relu-theory: {' '.join(str(error).split())}", file=sys.stderr)
        return _BAD_INPUT
    except KeyboardInterrupt:
        print("relu-theory: interrupted", file=sys.stderr)
        return _INTERRUPTED


def _shielded(argument: str) -> str:
    # argparse takes "-1,2" and "-1/3" for options; a leading blank makes them values.
    return f" {argument}" if re.match(r"-[.\d]", argument) else argument


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="relu-theory", description="The theory of ReLU networks in exact arithmetic."
    )
    parser.add_argument("--version", action="version", version=f"relu_theory {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add_to(commands)
    return parser
