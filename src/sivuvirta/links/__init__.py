"""Links: once per region and vintage, the table of candidate arcs with what each costs and emits per unit sent."""

from sivuvirta.links.assembly import build

__all__ = ["build"]
