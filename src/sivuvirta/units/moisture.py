"""Dry and as sent: balances are in tonnes dry, transport and fees are paid as sent."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Number = TypeVar("Number", float, npt.NDArray[np.float64])


def sent_per_dry(moisture: Number) -> Number:
    r"""Tonnes as sent per tonne dry.

    .. math:: m_i = 1 / (1 - w_i)    (U)

    >>> sent_per_dry(20.0)
    1.25

    Args:
        moisture: w, per cent of water by mass as sent, below 100.

    Returns:
        m, t as sent per t dry, same shape.
    """
    return 100.0 / (100.0 - moisture)


def dry_amount(sent: Number, moisture: Number) -> Number:
    """Tonnes dry in an amount as sent, x (1 - w).

    >>> dry_amount(1000.0, 20.0)
    800.0

    Args:
        sent: t as sent.
        moisture: w, per cent of water by mass as sent.
    """
    return sent * (1.0 - moisture / 100.0)


def sent_amount(dry: Number, moisture: Number) -> Number:
    """Tonnes as sent of an amount dry, x / (1 - w).

    >>> sent_amount(800.0, 20.0)
    1000.0

    Args:
        dry: t dry.
        moisture: w, per cent of water by mass as sent.
    """
    return dry * sent_per_dry(moisture)
