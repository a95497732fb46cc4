"""Draws of a Brightway calculation's matrices: the same numbers as its own Monte Carlo, written straight into the matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from stats_arrays import MCRandomNumberGenerator

from sivuvirta.domain.links import Floats, Ints

MATRICES = ("technosphere", "biosphere", "characterization")


def seed(lca: Any, number: int) -> None:
    """Give every group of uncertain figures a generator of its own, so that none repeats another's draws.

    Brightway itself starts all groups from one seed, and so draws the same standard numbers for the first exchange and the first emission.

    Args:
        lca: a `bw2calc.LCA` with distributions, after `lci` and `lcia`.
        number: the seed of them all.
    """
    groups = [group for name in MATRICES for group in getattr(lca, f"{name}_mm").groups]
    for group, child in zip(groups, np.random.SeedSequence(number).spawn(len(groups)), strict=True):
        if isinstance(getattr(group, "rng", None), MCRandomNumberGenerator):
            group.rng = MCRandomNumberGenerator(params=group.data_original, seed=int(child.generate_state(1)[0]))


class Drawn:
    """One matrix with its groups of entries."""

    def __init__(self, mapped: Any) -> None:
        pattern = mapped.matrix.tocsr()
        self.shape = pattern.shape
        self.indices, self.indptr, self.count = pattern.indices, pattern.indptr, pattern.nnz
        self._mapped = mapped
        self._groups = [(group, self._places(group)) for group in mapped.groups if not group.empty]

    def _places(self, group: Any) -> Ints:
        """Where the entries of a group stand in the matrix's data."""
        lookup = sparse.csr_matrix((np.arange(1, self.count + 1), self.indices, self.indptr), shape=self.shape)
        simple = _plain(group)
        row, column = (group.row_masked, group.col_masked) if simple else (group.row_matrix, group.col_matrix)
        return np.asarray(lookup[row, column]).ravel() - 1

    def data(self) -> Floats:
        """Values of the next draw. Shape (entries of the matrix,)."""
        self._mapped.iterate_indexers()
        data = np.zeros(self.count)
        for group, place in self._groups:
            values = _next(group) if _plain(group) else group.calculate()[2]
            kept = ~np.isnan(values)
            if not kept.all():
                values, place = values[kept], place[kept]  # noqa: PLW2901 - what is not a number leaves what stood there
            if group.package.metadata["sum_inter_duplicates"]:
                data += np.bincount(place, weights=values, minlength=self.count)
            elif group.aggregate and _plain(group):
                data[place] = np.bincount(place, weights=values, minlength=self.count)[place]
            else:
                data[place] = values
        return data

    def matrix(self, data: Floats) -> Any:
        """The matrix with these values."""
        return sparse.csr_matrix((data, self.indices, self.indptr), shape=self.shape)


def _plain(group: Any) -> bool:
    """A fixed vector, with or without distributions; the others are left to the library."""
    return bool(group.vector and not hasattr(group.data_original, "__next__"))


def _next(group: Any) -> Floats:
    """Next values of a group, signed and scaled as it enters the matrix, before duplicates are added up."""
    uncertain = group.use_distributions and group.has_distributions
    values: Floats = group.apply_masks(np.array(next(group.rng) if uncertain else group.data_original, dtype=np.float64))
    if group.has_flip:
        values[group.flip] *= -1
    if group.has_rescale:
        values *= group.rescale
    return values
