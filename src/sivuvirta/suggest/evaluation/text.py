"""An evaluation as a table in Markdown, for a page."""

from __future__ import annotations

from sivuvirta.domain.evaluations import Evaluation
from sivuvirta.domain.table import Table
from sivuvirta.suggest.evaluation.measures import MEASURES


def markdown(found: Evaluation) -> str:
    """Measures of each method with intervals, and the paired differences to the best baseline."""
    names = ", ".join(found.files)
    parts = [f"{found.exchanges} exchanges of {found.cases} cases ({names}), NACE Rev. {found.revision}, each case left out in turn."]
    parts += list(found.notes)
    for digits in sorted(set(found.scores["digits"].tolist()), reverse=True):
        best = found.best_baselines[digits]
        parts += [f"**{digits} digits**", _table(found.scores, digits, "", best)]
        parts += [f"Less {best}, paired:", _table(found.differences, digits, "+", "")]
    if len(found.unjudged):
        parts.append(f"Rows that cannot be judged: {len(found.unjudged)}.")
    return "\n\n".join(parts)


def _table(table: Table, digits: int, sign: str, marked: str) -> str:
    methods = list(dict.fromkeys(table["method"].tolist()))
    lines = [f"| method | {' | '.join(MEASURES)} |", "|---|" + "---|" * len(MEASURES)]
    for method in methods:
        cells = []
        for measure in MEASURES:
            row = table.index[method, digits, measure]
            value, low, high = (table[column][row] for column in ("value", "low", "high"))
            cells.append(f"{value:{sign}.3f} ({low:{sign}.2f} to {high:{sign}.2f})")
        star = " (best baseline)" if method == marked else ""
        lines.append(f"| {method}{star} | {' | '.join(cells)} |")
    return "\n".join(lines)
