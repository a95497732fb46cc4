"""Scopes: of which vintage and network a section and its pictures are, said beside their titles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import evolve

from sivuvirta.report.studies.blocks import Bars, Block, Pictures, Plot, Section
from sivuvirta.report.studies.frames import NETWORKS

BOTH = "plan, proven and with potential"
LESS = f"{BOTH}, less today"
_NAMED = ("today", "proven", "potential")  # a title that says one of these names its network itself


def _evidence(name: str) -> str:
    return NETWORKS.get(name, name)


_NETWORKS: Mapping[str, Callable[[Any], str]] = {
    "vintages": lambda found: f"today; {BOTH}",
    "compare": lambda found: f"{BOTH}, of each scenario",
    "shock": lambda found: _evidence(found.network.evidence),
    "pareto": lambda found: f"{_evidence(found.evidence)}, less today",
    "alternatives": lambda found: _evidence(found.evidence),
    "best": lambda found: _evidence(found.evidence),
    "futures": lambda found: LESS,
    "pathway": lambda found: LESS,
    "ranges": lambda found: LESS,
    "economy": lambda found: f"today; {LESS}",
    "benefits": lambda found: LESS,
    "lifecycle": lambda found: LESS,
    "footprint": lambda found: "today",
    "indicators": lambda found: f"today; {BOTH}",
    "metrics": lambda found: f"today; {BOTH}",
    "roads": lambda found: f"today; {BOTH}",
}


def scoped(section: Section, name: str, study: Any, vintage: str) -> Section:
    """A section that says of which vintage and network it is, and so do its pictures.

    Args:
        section: as made.
        name: of the study.
        study: what it shows.
        vintage: of the plan; "" leaves it out.
    """
    years = {"vintages": lambda: _span(study.names), "pathway": lambda: _span(study.years)}
    of = years[name]() if name in years else vintage
    network = _NETWORKS[name](study)
    blocks = tuple(_block(block, of, network) for block in section.blocks)
    return evolve(section, scope=_joined(of, network), blocks=blocks)


def _span(names: Any) -> str:
    first, last = str(names[0]), str(names[-1])
    return first if first == last else f"{first} to {last}"


def _joined(vintage: str, network: str) -> str:
    return ": ".join(part for part in (vintage, network) if part)


def _block(block: Block, vintage: str, network: str) -> Block:
    if isinstance(block, Pictures):
        return Pictures(tuple(_picture(item, vintage, network) for item in block.items))
    return _picture(block, vintage, network) if isinstance(block, Bars | Plot) else block


def _picture(item: Bars | Plot, vintage: str, network: str) -> Bars | Plot:
    own = any(word in item.title for word in _NAMED)
    return evolve(item, of=_joined("" if vintage in item.title else vintage, "" if own else network))
