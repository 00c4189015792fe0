"""``relu-theory check``: a certificate, with the independent checker."""

import argparse
from typing import Any

__all__ = ["add_to"]


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    sub = commands.add_parser("check", help="check a certificate, with the independent checker")
    sub.add_argument("file", metavar="FILE")
    sub.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    from relu_theory import check_certificate

    return check_certificate.main([options.file.strip()])
