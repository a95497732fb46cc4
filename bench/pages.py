"""Pages: a part of docs/reference/benchmarks.md written anew, with the others as they are."""

from __future__ import annotations


def replaced(page: str, part: str) -> str:
    """The page with one part anew, told by its first line, a heading; at the end where it was not there before."""
    before, _, rest = page.partition(part.partition("\n")[0] + "\n")
    after = rest.partition("\n## ")[2]
    return f"{before.rstrip()}\n\n{part.rstrip()}\n" + (f"\n## {after}" if after else "")
