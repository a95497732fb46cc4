"""Folders of results: each chunk of draws is kept as soon as it is done, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen
from scipy.sparse import csr_array

from sivuvirta.errors import OptionError, ReadError
from sivuvirta.futures.ensemble.worker import Piece

_MANIFEST = "manifest.json"
_TIME = (1980, 1, 1, 0, 0, 0)  # of files in an archive, so that equal results are equal bytes


@frozen(eq=False)
class Folder:
    """A folder of results of one ensemble."""

    path: Path

    @classmethod
    def of(cls, path: Path, manifest: dict[str, Any]) -> Folder:
        """The folder, made where it is not there.

        Args:
            path: where.
            manifest: what the results rest on; one that is there must say the same.

        Raises:
            OptionError: it holds results of something else.
            ReadError: what is there is no such folder.
        """
        place = path / _MANIFEST
        if place.exists():
            try:
                known = json.loads(place.read_text(encoding="utf-8"))
            except ValueError as error:
                raise ReadError(f"'{place}' is no manifest of an ensemble: {error}.") from error
            other = [name for name in manifest if known.get(name) != manifest[name]]
            if other:
                raise OptionError(
                    f"The folder '{path}' holds results of another ensemble: {', '.join(other)} differ. "
                    "Name another folder, or ask with the same region, options and seed."
                )
            return cls(path)
        if path.exists() and any(path.iterdir()):
            raise OptionError(f"The folder '{path}' is not empty and holds no ensemble. Name a new one.")
        path.mkdir(parents=True, exist_ok=True)
        _whole(place, json.dumps(manifest, indent=1, sort_keys=True).encode())
        return cls(path)

    def read(self, name: str) -> Piece | None:
        """Results that are there; None where they are not."""
        place = self.path / f"{name}.npz"
        if not place.exists():
            return None
        with np.load(place) as held:
            count = int(held["flows"])
            flows = [
                csr_array((held[f"data{at}"], held[f"indices{at}"], held[f"indptr{at}"]), shape=tuple(held[f"shape{at}"]))
                for at in range(count)
            ]
            return Piece(held["objective"], held["benefit"], held["carbon"], tuple(flows))

    def write(self, name: str, piece: Piece) -> None:
        """Keeps results; the file is there whole, or not at all."""
        arrays = {"objective": piece.objective, "benefit": piece.benefit, "carbon": piece.carbon, "flows": np.array(len(piece.flows))}
        for at, flow in enumerate(piece.flows):
            arrays |= {f"data{at}": flow.data, f"indices{at}": flow.indices, f"indptr{at}": flow.indptr, f"shape{at}": np.array(flow.shape)}
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for key, values in arrays.items():
                inner = io.BytesIO()
                np.save(inner, values)
                archive.writestr(zipfile.ZipInfo(f"{key}.npy", _TIME), inner.getvalue(), zipfile.ZIP_DEFLATED)
        _whole(self.path / f"{name}.npz", buffer.getvalue())


def _whole(path: Path, content: bytes) -> None:
    """Writes beside, then puts in place."""
    beside = path.with_suffix(f".{os.getpid()}.part")
    beside.write_bytes(content)
    beside.replace(path)
