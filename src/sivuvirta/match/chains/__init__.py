"""Chains: routes of two and more plants, found without going through all of them."""

from sivuvirta.match.chains.finding import ALTERNATIVES, STEPS, chains, with_chains

__all__ = ["ALTERNATIVES", "STEPS", "chains", "with_chains"]
