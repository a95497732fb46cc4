"""The indicators of a network: what each is called, how it is computed, from what, and after whom."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from sivuvirta.assess.network import cycling, structure
from sivuvirta.assess.network.information import Organisation
from sivuvirta.domain.networks import FlowNetwork

_SHAPE = "which node gives to which"
_ALL = "all flows, the border's too"
_ULANOWICZ = "Ulanowicz 1986, Growth and Development"
_FINN = "Finn 1976, J. Theor. Biol. 56"


@frozen(eq=False)
class Indicator:
    """One indicator. `unit` holds {unit} where it has the flows' own."""

    key: str
    label: str
    unit: str
    formula: str
    inputs: str
    source: str
    of: Callable[[FlowNetwork, Organisation], float]
    shape: bool = False  # depends on which links there are alone, and so has no range


STRUCTURE = (
    Indicator("nodes", "Nodes", "", "S", _SHAPE, "", lambda net, _: float(len(net)), True),
    Indicator("links", "Links", "", "L", _SHAPE, "", lambda net, _: float(structure.links(net)), True),
    Indicator("link_density", "Links per node", "", "L / S", _SHAPE, "Dunne et al. 2002", lambda net, _: structure.link_density(net), True),
    Indicator("connectance", "Connectance", "", "L / S²", _SHAPE, "Dunne et al. 2002", lambda net, _: structure.connectance(net), True),
    Indicator(
        "exchange_connectance",
        "Connectance without self-links",
        "",
        "L / (S (S - 1))",
        _SHAPE,
        "Hardy and Graedel 2002, with direction",
        lambda net, _: structure.exchange_connectance(net),
        True,
    ),
    Indicator(
        "cyclicity",
        "Cyclicity",
        "",
        "largest |eigenvalue| of the adjacency matrix",
        _SHAPE,
        "Borrett, Fath and Patten 2007; Layton, Bras and Weissburg 2016",
        lambda net, _: structure.cyclicity(net),
        True,
    ),
    Indicator(
        "cyclic_share", "Nodes on a cycle", "share", "S on a cycle / S", _SHAPE, "", lambda net, _: structure.cyclic_share(net), True
    ),
)

FLOW = (
    Indicator("throughput", "Total system throughput", "{unit}/a", "T.. = Σ T_ij", _ALL, _ULANOWICZ, lambda _, org: org.throughput),
    Indicator(
        "throughflow", "Total system throughflow", "{unit}/a", "Σ T_j", "what nodes take in", _FINN, lambda net, _: cycling.throughflow(net)
    ),
    Indicator("exchanged", "Exchanged between nodes", "{unit}/a", "Σ f_ij", "internal flows", "", lambda net, _: float(net.internal.sum())),
    Indicator(
        "path_length", "Average path length", "", "Σ T_j / Σ z_j", "throughflow, imports", _FINN, lambda net, _: cycling.path_length(net)
    ),
    Indicator(
        "finn_cycling_index",
        "Finn cycling index",
        "share",
        "Σ (n_jj - 1)/n_jj T_j / Σ T_j, N = (I - G)⁻¹",
        "network in balance",
        f"{_FINN}; Finn 1980",
        lambda net, _: cycling.finn_cycling_index(net),
    ),
    Indicator(
        "mutual_information",
        "Average mutual information",
        "bit",
        "Σ T_ij/T.. log2(T_ij T.. / (T_i. T_.j))",
        _ALL,
        "Rutledge et al. 1976",
        lambda _, org: org.mutual_information,
    ),
    Indicator("diversity", "Diversity of flows", "bit", "-Σ T_ij/T.. log2(T_ij/T..)", _ALL, _ULANOWICZ, lambda _, org: org.diversity),
    Indicator("ascendency", "Ascendency", "{unit} bit/a", "A = T.. AMI", _ALL, _ULANOWICZ, lambda _, org: org.ascendency),
    Indicator("capacity", "Development capacity", "{unit} bit/a", "C = T.. H", _ALL, _ULANOWICZ, lambda _, org: org.capacity),
    Indicator("overhead", "Overhead", "{unit} bit/a", "C - A", _ALL, _ULANOWICZ, lambda _, org: org.overhead),
    Indicator(
        "redundancy",
        "Redundancy of internal flows",
        "{unit} bit/a",
        "-Σ f_ij log2(f_ij² / (T_i. T_.j))",
        "internal flows",
        "Ulanowicz and Norden 1990",
        lambda _, org: org.redundancy,
    ),
    Indicator("relative_ascendency", "Relative ascendency", "share", "a = A / C", _ALL, _ULANOWICZ, lambda _, org: org.relative_ascendency),
    Indicator(
        "robustness",
        "Robustness",
        "",
        "-a ln a (natural logarithm; at most 1/e)",
        "relative ascendency",
        "Ulanowicz et al. 2009, Ecol. Complex. 6",
        lambda _, org: org.robustness,
    ),
)

INDICATORS = (*STRUCTURE, *FLOW)
