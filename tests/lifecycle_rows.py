"""A small inventory by hand: one outlet displaces a product, one need buys less of another."""

from __future__ import annotations

from sivuvirta.lifecycle.draft import Draft


def small():
    """A plan sends 100 t more to an outlet that replaces 0.5 (sd 0.05) of rock at 10 (sd 2) kg, hauled 20 km at 0.1 (sd 0.02) kg, and
    buys 10 less of cement at 800 (sd 40) kg: 100 x 20 x 0.1 - 100 x 0.5 x 10 - 10 x 800 = 200 - 500 - 8000 = -8300 kg."""
    draft = Draft()
    rock, cement = draft.process("product:rock", "Rock", "t"), draft.process("product:cement", "Cement", "t")
    haul, outlet = draft.process("haul:truck", "Truck", "t km"), draft.process("outlet:road", "Road", "t")
    for product in (rock, cement):
        draft.replaceable(product)
    draft.emits(rock, 10.0, 2.0)
    draft.emits(cement, 800.0, 40.0)
    draft.emits(haul, 0.1, 0.02)
    sends, buys = draft.process("arc:0", "Slag → Road", "t"), draft.process("arc:1", "Cement → Works", "t")
    draft.takes(sends, haul, 20.0)
    draft.takes(sends, outlet, 1.0)
    draft.takes(sends, rock, -0.5, 0.05)
    draft.takes(buys, cement, 1.0)
    for name, sent, bought in (("planned", 300.0, 90.0), ("reference", 200.0, 100.0), ("change", 100.0, -10.0)):
        system = draft.process(f"system:{name}", name, "a")
        draft.takes(system, sends, sent)
        draft.takes(system, buys, bought)
    return draft.inventory("Small")
