"""Equations: the mathematics of a plan as a page for readers, made from the docstrings of the constraint families."""

from __future__ import annotations

import sys
from collections.abc import Callable
from inspect import cleandoc
from typing import Any

from sivuvirta.lp.model import Model
from sivuvirta.plan.explain.marginals import marginals
from sivuvirta.plan.horizon.families import JOINING, horizon_program
from sivuvirta.plan.horizon.investments import investment
from sivuvirta.plan.horizon.times import discount
from sivuvirta.plan.program.blends import blend
from sivuvirta.plan.program.curves import curves
from sivuvirta.plan.program.families import FAMILIES
from sivuvirta.plan.program.objective import first_objective, value_objective

_HEAD = """# The mathematics of a plan

This page is made from the docstrings of the constraint families in `sivuvirta.plan`; it cannot differ from the code. Write it anew with
`python -m sivuvirta.plan.explain.equations > docs/explanation/mathematics.md`.

A plan chooses flows for one year, or for each period of a horizon (below). It is solved twice from one program: on **proven** evidence,
where only routes with verdict pass or blend may carry anything, and on **potential** evidence, where likely and unknown routes may too.
Fail never does.

## Symbols

| symbol | meaning | unit |
|---|---|---|
| $x_a$ | flow over an arc | t dry, MWh or m3 a year |
| $f_{ab}$ | what entered a plant by way a and leaves it, as one output, over arc b | units that enter, a year |
| $v_j$ | primary product that a need still buys | product units a year |
| $X_p$, $X_b$ | activity of a plant, and the part of it whose output leaves over b | activity a year |
| $z_p$, $y_p$ | size of a candidate plant, and whether it is built | activity a year; 0 or 1 |
| $w_{pk}$, $u_{pk}$ | size on a piece of the cost curve, and whether it lies there | activity a year; 0 or 1 |
| $q_i$, $D_j$ | supply of a stream, demand of a need | units a year |
| $e_a$ | primary product replaced by a unit sent | product units per unit |
| $\\eta_{ag}$ | yield of output g per unit that enters over a | units per unit |
| $u_{ak}$, $l_{ak}$, $L_{jk}$ | upper and lower confidence bound of a component, and its limit | of the limit |
| $r^{lo}_s$, $r^{hi}_s$ | least and largest amount of a slot per activity | units per activity |
| $c_a$, $f_a$ | cost and emission of a unit on an arc | EUR, kg CO2e per unit |

What may enter a plant at all is settled before: an arc into a plant is in the program if at least one admissible route uses it,
and what entered over it may leave towards a need only where the route over both arcs is admissible. Residues may always leave to
their fates. Routes of several steps are in it where they were found (`sv.plan(region, steps=3)`): each beginning of an admissible one is
a way into the next plant of its own, and what came that way leaves towards a need or a further plant only where such a route does. So no
stream reaches a need through a plant that it may not reach, and nothing is diluted by a detour.
"""

_HORIZON = """## Over several periods

A plan over a horizon is the programs of its periods side by side, each with the families above, joined by the families below. Amounts of
a period are those of its months, plants and ways do their part of the year $\\Delta_t$; outlets, contracts, permits and promised minima
hold for the year. A period's `size` and `built` are what stands in it. A route whose answer of the law comes later than a period begins
is not in the program of that period. Years share their matches among their seasons.

| symbol | meaning | unit |
|---|---|---|
| $s_{it}$, $s^+_{it}$, $s^-_{it}$ | level of a stock at the end of a period, what is put in and taken out | units, dry |
| $z_{p\\tau}$, $y_{p\\tau}$ | size decided in year tau, and whether it is | activity a year; 0 or 1 |
| $\\Delta_t$, $n_t$ | length of a period; years that a year stands for | years |
| $W_t$ | discount factors of those years, added up | 1 |
| $\\lambda_i$, $h_i$ | loss of a stock; its handling | 1 a year; EUR per unit |
"""

_MORE: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("What comes first", first_objective),
    ("Cost", value_objective),
    ("Cost curves", curves),
    ("Marginal values", marginals),
)

_SECTIONS = ("Args:", "Returns:", "Raises:", "References:")


def page() -> str:
    """The whole page, Markdown with TeX equations."""
    parts = [_HEAD, "## Objective\n"]
    parts += [entry(title, made) for title, made in _MORE[:2]]
    parts.append("## Constraint families\n\nA family has one name: function, solver row, golden file.\n")
    parts += [entry(f"`{family.__name__}`", family) for family in FAMILIES]
    parts.append("## Cost curves and marginal values\n")
    parts += [entry(title, made) for title, made in _MORE[2:]]
    parts.append(_HORIZON)
    parts += [entry("What is minimised", horizon_program), entry("Discount", discount), entry("Investment of a year", investment)]
    parts += [entry(f"`{family.__name__}`", family) for family in JOINING]
    parts.append(_foot())
    return "\n".join(parts)


def entry(title: str, made: Callable[..., Any]) -> str:
    """One function: what holds, its equation, what comes back, where it is from."""
    sections = docstring_parts(cleandoc(made.__doc__ or ""))
    lines = [f"### {title}", "", _with_equations(sections[""])]
    for name, head in (("Returns:", "*Rows.* " if made in (*FAMILIES, *JOINING) else "*Gives.* "), ("References:", "*Source.* ")):
        if name in sections:
            lines += ["", head + " ".join(sections[name].split())]
    return "\n".join([*lines, ""])


def docstring_parts(text: str) -> dict[str, str]:
    """A docstring by section; what comes before the first has the name ""."""
    found: dict[str, list[str]] = {"": []}
    current = ""
    for line in text.splitlines():
        if line.strip() in _SECTIONS and not line.startswith(" "):
            current = line.strip()
            found[current] = []
        else:
            found[current].append(line)
    return {name: "\n".join(lines).strip() for name, lines in found.items()}


def _with_equations(text: str) -> str:
    """Turns `.. math::` blocks into TeX between double dollars."""
    lines: list[str] = []
    equation: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith(".. math::"):
            equation = [line.removeprefix(".. math::").strip()]
        elif equation and line.strip():
            equation.append(line.strip())
        else:
            if equation:
                lines += ["$$", *equation, "$$"]
                equation = []
            lines.append(line)
    return "\n".join(lines).strip()


def _foot() -> str:
    return f"""## How it is solved

{_plain(Model)} Columns are scaled by the most that can flow and rows by their largest entry, both by powers of two, so that the solver's
tolerance of 1e-9 is relative to each node's own throughput. The simplex solves small programs, interior point with crossover large ones.
Where plants may be built, the program is solved once more with the builds fixed: that answer is exact at its vertex, and has duals.

Not in the program of one year: periods and storage, for which see above. Batches keep their inputs apart, and the family
`{blend.__name__}` mixes them at the need; [exact pooling](pooling.md) gives every output of a plant that mixes one composition.
"""


def _plain(made: Callable[..., Any]) -> str:
    return cleandoc(made.__doc__ or "").splitlines()[0]


if __name__ == "__main__":
    sys.stdout.write(page())
