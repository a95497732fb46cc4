"""What streams give off, by hand."""

import numpy as np
import pytest
from link_rows import amount

from builders import region
from sivuvirta.links.demand import demand
from sivuvirta.links.supply import supply


def streams(**parts):
    """Streams by name: (parent, part)."""
    return [
        {"stream": key, "name": key, "site": "s", "material": "m", "parent": parent, "part": part} for key, (parent, part) in parts.items()
    ]


def effective(amounts, **parts):
    table = streams(**parts)
    found = supply(region(streams=table, quantities=[amount("streams", key, value) for key, value in amounts.items()]))
    return dict(zip([row["stream"] for row in table], found.value.tolist(), strict=True)), found


def test_a_plain_stream_gives_what_its_row_says_and_one_without_a_row_is_not_in_the_vintage():
    value, found = effective({"slag": 1000, "ended": 0}, slag=(None, None), ended=(None, None), unknown=(None, None))
    assert value == {"slag": 1000, "ended": 0, "unknown": 0}
    assert found.present.tolist() == [True, True, False]


def test_split_parts_flow_instead_of_their_parent():
    value, found = effective(
        {"slag": 1000, "coarse": 700, "fines": 300}, slag=(None, None), coarse=("slag", "split"), fines=("slag", "split")
    )
    assert value == {"slag": 0, "coarse": 700, "fines": 300}
    assert found.split.tolist() == [True, False, False]


def test_split_parts_without_an_amount_leave_their_parent_whole():
    value, _ = effective({"slag": 1000}, slag=(None, None), coarse=("slag", "split"), fines=("slag", "split"))
    assert value == {"slag": 1000, "coarse": 0, "fines": 0}


def test_a_subset_lowers_its_parent():
    value, _ = effective({"slag": 1000, "metal": 50}, slag=(None, None), metal=("slag", "subset"))
    assert value == {"slag": 950, "metal": 50}


def test_a_subset_of_a_split_parent_lowers_the_parts_in_proportion():
    parts = {"slag": (None, None), "coarse": ("slag", "split"), "fines": ("slag", "split"), "metal": ("slag", "subset")}
    value, _ = effective({"slag": 1000, "coarse": 600, "fines": 400, "metal": 100}, **parts)
    assert value == pytest.approx({"slag": 0, "coarse": 540, "fines": 360, "metal": 100})


def test_a_subset_is_handed_down_through_parts_of_parts():
    parts = {"a": (None, None), "b": ("a", "split"), "c": ("a", "split"), "d": ("b", "split"), "e": ("b", "split"), "x": ("a", "subset")}
    value, _ = effective({"a": 100, "b": 60, "c": 40, "d": 45, "e": 15, "x": 10}, **parts)
    # c loses 4 of 10; b loses 6, shared 3 : 1 between its own parts
    assert value == pytest.approx({"a": 0, "b": 0, "c": 36, "d": 40.5, "e": 13.5, "x": 10})


def test_a_subset_larger_than_its_parent_leaves_nothing_and_is_told():
    value, found = effective({"slag": 10, "metal": 50}, slag=(None, None), metal=("slag", "subset"))
    assert value == {"slag": 0, "metal": 50}
    assert found.overdrawn.tolist() == [True, False]


def test_parts_of_the_year_add_up_unless_the_whole_year_is_given():
    table = streams(ash=(None, None), sludge=(None, None))
    summer, winter = {"period": "summer"}, {"period": "winter"}
    rows = [amount("streams", "ash", 10, **summer), amount("streams", "ash", 20, **winter)]
    rows += [amount("streams", "sludge", 7), amount("streams", "sludge", 3, **winter)]
    assert supply(region(streams=table, quantities=rows)).value.tolist() == [30, 7]


def test_ranges_and_grades_come_with_the_amount_and_ranges_shrink_with_it():
    table = streams(slag=(None, None), metal=("slag", "subset"))
    rows = [amount("streams", "slag", 100, low=80, high=130, grade="C"), amount("streams", "metal", 50)]
    found = supply(region(streams=table, quantities=rows))
    assert (found.low[0], found.high[0], found.grade[0]) == (40, 65, 2)
    assert (found.low[1], found.high[1], found.grade[1]) == (50, 50, 1)


def test_another_vintage_and_another_table_do_not_count():
    rows = [amount("streams", "slag", 5), {**amount("streams", "slag", 9), "vintage": "then"}, amount("needs", "slag", 7)]
    assert supply(region(streams=streams(slag=(None, None)), quantities=rows)).value.tolist() == [5]


def test_needs_that_are_shut_or_without_an_amount_take_nothing():
    needs = [
        {"need": "open", "name": "o", "material": "m", "minimum": 3},
        {"need": "planned", "name": "p", "material": "m", "status": "planned", "minimum": 4},
        {"need": "closed", "name": "c", "material": "m", "status": "closed"},
        {"need": "silent", "name": "s", "material": "m", "minimum": 5},
        {"need": "market", "name": "k", "material": "m", "kind": "market"},
    ]
    rows = [amount("needs", key, 10) for key in ("open", "planned", "closed", "market")]
    found = demand(region(needs=needs, quantities=rows), np.arange(5, dtype=np.int32))
    assert found.demands.amounts.value.tolist() == [10, 0, 0, 0, 10]
    assert found.demands.minimum.tolist() == [3, 0, 0, 0, 0]
    assert found.demands.market.tolist() == [False, False, False, False, True]
    assert found.shut.tolist() == [False, True, True, False, False]
    assert found.unstated.tolist() == [False, False, False, True, False]
