"""A progress bar, or nothing in its place."""

from __future__ import annotations

from typing import Any

__all__ = ["progress_bar"]


class _NoBar:
    def __enter__(self) -> _NoBar:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def update(self, _: int) -> None:
        return None

    def set_postfix(self, **_: object) -> None:
        return None


def progress_bar(progress: bool, **options: Any) -> Any:
    """A tqdm bar with these options on a terminal or in a notebook; a silent twin otherwise.

    Examples
    --------
    >>> with progress_bar(False, total=3, desc="parts") as bar:
    ...     bar.update(1)
    """
    if not progress:
        return _NoBar()
    from tqdm.auto import tqdm

    return tqdm(disable=None, **options)
