"""Accounting: what each organisation of the region saves in each draw of `ranges`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Floats, Links
from sivuvirta.futures.measured.money import organisations
from sivuvirta.futures.measured.network import networks
from sivuvirta.futures.measured.quoting import chunks


def saved(links: Links, planned: Mapping[str, Ledger], reference: Ledger | None) -> dict[str, dict[str, Floats]]:
    """Draws of what each organisation saves, EUR/a: rows of table `organisations` of `ranges`.

    Args:
        links: of all of them.
        planned: ledgers by name.
        reference: what flows today; None: nobody knows, and nothing is drawn.

    Returns:
        By ledger and organisation ("" for what is not in the register), shape (draws,).
    """
    over = networks(links, planned, reference, lambda setting: (organisations(setting),))
    if not over.compared:
        return {}
    parts = [over.figures(delta)[0] for delta in chunks(over)]
    whole = {name: np.concatenate([part[name] for part in parts]) for name in over.planned}
    return {name: {row.key: values[:, at] for at, (_, row) in enumerate(over.rows)} for name, values in whole.items()}
