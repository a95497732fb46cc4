"""Joining families of what lasts: stocks from period to period, plants from year to year."""

from __future__ import annotations

import numpy as np

from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.program import Label, Rows
from sivuvirta.plan.horizon.investments import Investment
from sivuvirta.plan.horizon.whole import Whole


def stock(at: Whole) -> Rows:
    r"""What lies in a stock is what lay there before, less what is lost, plus what is put in, less what is taken out.

    .. math:: s_{it} = (1 - \lambda_i)^{\Delta_t} s_{i,t-1} + s^+_{it} - s^-_{it}, \quad s_{it} \le s^{max}_i, \qquad
        \sum_{a \in \delta^+(i)} x_{at} + s^+_{it} - s^-_{it} = q_{it} \qquad \text{(P1, P9)}

    The second is the family `supply` of the period. Putting in and taking out cost half of the handling each. What is lost counts as sent
    to the worst of the stream's outlets of today, where that costs: nobody gains by losing.

    Args:
        at: the whole program; lambda is the loss a year, Delta the length of the period in years.

    Returns:
        One row a stock and period.
    """
    kept, held, count, periods = at.keeping, at.kept, len(at.kept), len(at.stages)
    row = np.arange(count * periods).reshape(count, periods)
    terms = (
        Term(row.ravel(), kept.level.ravel(), 1.0),
        Term(row[:, 1:].ravel(), kept.level[:, :-1].ravel(), -held.keep[:, 1:].ravel()),
        Term(row.ravel(), kept.put.ravel(), -1.0),
        Term(row.ravel(), kept.take.ravel(), 1.0),
    )
    first = np.zeros((count, periods))
    first[:, 0] = held.keep[:, 0] * held.start
    return at.lp.rows("stock", gather(row.size, *terms), first.ravel(), first.ravel(), _label(at))


def stock_end(at: Whole) -> Rows:
    r"""No more lies in a stock at the end than at the start, or it counts as sent to the worst of its outlets of today.

    .. math:: s_{iT} - e_i \le s_{i0}, \quad e_i \ge 0 \qquad \text{(P9)}

    Args:
        at: the whole program.

    Returns:
        One row a stock.
    """
    held, count = at.kept, len(at.kept)
    row = np.arange(count)
    terms = Term(row, at.keeping.level[:, -1], 1.0), Term(row, at.keeping.left, -1.0)
    return at.lp.rows("stock_end", gather(count, *terms), upper=held.start, label=held.name.__getitem__)


def stock_room(at: Whole) -> Rows:
    r"""What lies in a stock of goods, of whatever origin, finds room in it.

    .. math:: \sum_{l \in i} s_{lt} \le s^{max}_i \qquad \text{(P9)}

    Goods are kept by lots, one for each way into the plant that makes them, so that a verdict, a content and a recipe hold for what is
    taken out as they do for what leaves at once:

    .. math:: \sum_{b \in \delta^+(g)} f_{abt} + \frac{s^+_{at} - s^-_{at}}{\eta_{ag}} = x_{at}, \qquad
        \sum_{b \in \delta^+(g)} X_{bt} + s^+_{Xt} - s^-_{Xt} = X_{pt} \qquad \text{(P4, P5)}

    are then the families `yields` and `batch` of the period; the second keeps count of the batches of a plant of several slots.

    Args:
        at: the whole program.

    Returns:
        One row a stock of goods of known size, and period.
    """
    made, periods = at.goods, len(at.stages)
    sized = np.flatnonzero(made.sized)
    lot = np.flatnonzero((made.fills > 0) & made.sized[made.stock])
    row = np.searchsorted(sized, made.stock[lot])[:, None] * periods + np.arange(periods)[None, :]
    terms = Term(row.ravel(), at.keeping.level[len(at.stocks) + lot].ravel(), 1.0)
    names = [f"{each.period.name},{name}" for name in made.id[sized].tolist() for each in at.stages]
    return at.lp.rows("stock_room", gather(len(names), terms), upper=np.repeat(made.capacity[sized], periods), label=names.__getitem__)


def stock_cycle(at: Whole) -> Rows:
    r"""A year that stands for several ends with the stock that it began with, so that it can be followed by its like.

    .. math:: s_{i,last(t)} = s_{i,last(t-1)} \qquad \forall t : n_t > 1 \qquad \text{(P9)}

    Args:
        at: the whole program; n is the number of years that a year stands for.

    Returns:
        One row a stock and such year.
    """
    several = [year for year in at.years if year.years > 1]
    held, count = at.kept, len(at.kept)
    row = np.arange(count * len(several)).reshape(len(several), count)
    terms, most = [], np.zeros(row.shape)
    for number, year in enumerate(several):
        terms.append(Term(row[number], at.keeping.level[:, year.first + len(year.periods) - 1], 1.0))
        if year.first:
            terms.append(Term(row[number], at.keeping.level[:, year.first - 1], -1.0))
        else:
            most[number] = held.start
    names = [f"{year.year},{name}" for year in several for name in held.name]
    return at.lp.rows("stock_cycle", gather(row.size, *terms), most.ravel(), most.ravel(), names.__getitem__)


def standing(at: Whole) -> Rows:
    r"""A plant does in a period no more than what stands of it can do in its part of the year.

    .. math:: Z_{pt} \le \Delta_t \sum_{\tau : t \in stands(\tau)} z_{p\tau}, \qquad Y_{pt} \le \sum_{\tau : t \in stands(\tau)} y_{p\tau}
        \qquad \text{(P7)}

    with Z and Y the columns `size` and `built` of the period's own program, so that its families hold for what stands. What is decided
    in year tau stands from tau + lead for its lifetime, from the year that the register says it may be built to that in which it closes.

    Args:
        at: the whole program.

    Returns:
        Two rows a candidate and period: its size, and whether it is there.
    """
    terms: list[Term] = []
    names: list[str] = []
    for each in at.stages:
        found, curves, blocks = each.at.found, each.at.curves, each.at.blocks
        ids = found.links.nodes.id[found.links.works.node[curves.work]]
        for position, key in enumerate(ids.tolist()):
            row = len(names)
            names += [f"{each.period.name},{key},{what}" for what in ("size", "built")]
            for side, block in enumerate((blocks.size, blocks.built)):
                column = at.columns(each.part, np.array([block.start + position]))
                terms.append(Term(np.array([row + side]), column, 1.0))
            for built, number in _decided(at, str(key), each.year):
                for side, (block, times) in enumerate(((built.columns.size, each.share), (built.columns.built, 1.0))):
                    column = at.columns(built.part, np.array([block.start + number]))
                    terms.append(Term(np.array([row + side]), column, -times))
    return at.lp.rows("standing", gather(len(names), *terms), upper=0.0, label=names.__getitem__)


def once(at: Whole) -> Rows:
    r"""Of one candidate no more than one stands at a time.

    .. math:: \sum_{\tau : t \in stands(\tau)} y_{p\tau} \le 1 \qquad \text{(P7)}

    Args:
        at: the whole program.

    Returns:
        One row a candidate and year in which decisions of several years could stand.
    """
    terms: list[Term] = []
    names: list[str] = []
    plants = sorted({key for built in at.investments for key in built.plant})
    for number, year in enumerate(at.years):
        for key in plants:
            several = _decided(at, key, number)
            if len(several) > 1:
                row = np.full(len(several), len(names))
                columns = [at.columns(built.part, np.array([built.columns.built.start + place]))[0] for built, place in several]
                terms.append(Term(row, np.array(columns), 1.0))
                names.append(f"{year.year},{key}")
    return at.lp.rows("once", gather(len(names), *terms), upper=1.0, label=names.__getitem__)


def change_lasts(at: Whole) -> Rows:
    r"""A link that is new against today is used in no period unless it is counted.

    .. math:: u_{lt} \le u_l \qquad \text{(P10)}

    Args:
        at: the whole program; nothing is counted without `options.changes`.

    Returns:
        One row a new link and period.
    """
    terms: list[Term] = []
    names: list[str] = []
    for each, number in zip(at.stages, at.anew.number, strict=True):
        row = np.arange(len(names), len(names) + len(number))
        terms += [Term(row, at.columns(each.part, each.at.blocks.changed.columns), 1.0), Term(row, at.anew.column[number], -1.0)]
        names += [f"{each.period.name},{at.anew.name[link]}" for link in number.tolist()]
    return at.lp.rows("change_lasts", gather(len(names), *terms), upper=0.0, label=names.__getitem__)


def all_changes(at: Whole) -> Rows:
    r"""The course makes no more changes than asked for, each link counted once.

    .. math:: \sum_l u_l \le N \qquad \text{(P10)}

    Args:
        at: the whole program; N is `options.changes`.

    Returns:
        One row where a number is given.
    """
    most = at.options.changes
    count = int(most is not None)
    terms = Term(np.zeros(len(at.anew.column) * count, dtype=np.int32), at.anew.column[: len(at.anew.column) * count], 1.0)
    return at.lp.rows("all_changes", gather(count, terms), upper=np.inf if most is None else float(most), label=lambda _: "horizon")


def _decided(at: Whole, key: str, year: int) -> list[tuple[Investment, int]]:
    """Investments in a plant that stand in a year, each with the plant's position in it."""
    places = ((built, built.plant.index(key)) for built in at.investments if key in built.plant)
    return [(built, place) for built, place in places if built.stands[place, year]]


def _label(at: Whole) -> Label:
    periods, names = len(at.stages), at.kept.name
    return lambda n: f"{at.stages[n % periods].period.name},{names[n // periods]}"
