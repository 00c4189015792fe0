"""The gallery of a folder of figures, as Markdown, from the manifest that lies beside them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["GALLERY", "write_gallery"]

GALLERY = "README.md"
_HEAD = """# Figures

Every figure of this folder, with its caption, the theorems of the ledger that it shows, and the
command that draws it again, byte for byte. `relu-theory show THEOREM` leads on to statement, code
and tests; [MANIFEST.json](MANIFEST.json) has seeds, versions and hashes of the data.
"""


def write_gallery(folder: Path, entries: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write the gallery of a manifest's entries and return its file."""
    path = folder / GALLERY
    parts = [_HEAD, *(_entry(name, entry) for name, entry in sorted(entries.items()))]
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


def _entry(name: str, entry: Mapping[str, Any]) -> str:
    files = list(entry["files"])
    picture = next((f for f in files if f.endswith((".png", ".svg"))), None)
    shown = f"![{entry['caption']}]({picture})\n\n" if picture else ""
    theorems = ", ".join(f"`{theorem}`" for theorem in entry.get("theorems", ()))
    links = ", ".join(f"[{Path(f).suffix[1:].upper()}]({f})" for f in files)
    return f"""## {name.replace("_", " ")}

{shown}{entry["caption"]}

- shows: {theorems or "an illustration"}
- files: {links}
- command: `relu-theory figures {name}{" --fast" if entry["fast"] else ""}`
"""
