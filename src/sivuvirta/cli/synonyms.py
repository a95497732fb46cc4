"""Words that people try as commands, and the command that shows what they mean; light, since it is read only where no command is meant."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

MEANT: Mapping[str, tuple[str, ...]] = {
    "assess": ("plan", "economy", "ranges"),
    "balance": ("reconcile", "ledger"),
    "carbon": ("footprint", "plan", "lifecycle"),
    "circularity": ("indicators",),
    "co2": ("footprint", "plan", "lifecycle"),
    "costs": ("economy",),
    "emissions": ("plan", "lifecycle", "roads"),
    "ensemble": ("futures",),
    "explore": ("alternatives", "pareto", "structures", "why"),
    "export": ("convert", "plan --export", "lifecycle --export"),
    "find": ("search", "match"),
    "horizon": ("pathway",),
    "import": ("check", "convert", "serve"),
    "init": ("new",),
    "jobs": ("economy",),
    "lab": ("unknowns",),
    "lca": ("lifecycle",),
    "life-cycle": ("lifecycle",),
    "load": ("check", "convert"),
    "map": ("report",),
    "money": ("economy",),
    "monte-carlo": ("ranges", "futures"),
    "montecarlo": ("ranges", "futures"),
    "network": ("metrics", "plan"),
    "optimise": ("plan",),
    "optimize": ("plan",),
    "pcf": ("footprint",),
    "pooling": ("pool",),
    "refusal": ("alternatives",),
    "resilience": ("shock",),
    "run-server": ("serve",),
    "save": ("convert", "plan --save"),
    "scenario": ("compare", "plan --scenario"),
    "scenarios": ("compare", "plan --scenario"),
    "sensitivity": ("ranges", "futures"),
    "share": ("benefits",),
    "solve": ("plan",),
    "sobol": ("ranges",),
    "stan": ("reconcile",),
    "template": ("new",),
    "tests": ("unknowns",),
    "tornado": ("ranges",),
    "traffic": ("roads",),
    "transport": ("roads",),
    "uncertainty": ("ranges", "futures"),
    "validate": ("check",),
    "web": ("serve",),
}
"""By a word in lower case with hyphens: commands, the likeliest first, with the option where one is meant."""

_NEAR = 0.6  # likeness of letters from which a name may have been meant


def meant(word: str, commands: Iterable[str]) -> str:
    """What may have been meant by a word that is no command, as a sentence; "" where nobody can tell.

    >>> meant("tornado", ["ranges", "plan"])
    "See 'sivuvirta ranges'."
    >>> meant("mach", ["match", "plan"])
    "Did you mean 'match'?"

    Args:
        word: what was typed.
        commands: the names that there are.
    """
    typed = word.lower().replace("_", "-")
    near = get_close_matches(typed, list(commands), n=2, cutoff=_NEAR)
    if typed in MEANT:
        return f"See {_listed(f'sivuvirta {name}' for name in MEANT[typed])}."
    if near:
        return f"Did you mean {_listed(near)}?"
    likely = get_close_matches(typed, list(MEANT), n=1, cutoff=0.8)
    return f"See {_listed(f'sivuvirta {name}' for name in MEANT[likely[0]])}." if likely else ""


def _listed(names: Iterable[str]) -> str:
    return " or ".join(f"'{name}'" for name in names)
