"""Which product of which site is meant."""

from __future__ import annotations

from attrs import frozen

from sivuvirta.domain.region import Region
from sivuvirta.errors import OptionError


@frozen
class Subject:
    """A product of a site."""

    site: str
    material: str

    @property
    def key(self) -> str:
        """As table `footprints` writes it."""
        return f"{self.site}/{self.material}"


def subjects(region: Region) -> tuple[Subject, ...]:
    """Products of sites that the register names: what sites make by `activities`, each once."""
    products = region.table("products")
    found: dict[Subject, None] = {}
    for row in region.table("activities").rows():
        if row["kind"] == "production":
            made = row["product"]
            found[Subject(row["site"], products["material"][products.index[made]] if made in products.index else made)] = None
    return tuple(found)


def subject(region: Region, product: str, site: str | None = None) -> Subject:
    """The product that a name means.

    Args:
        region: a checked region.
        product: key of a material or product, the last part of the key, or a name; blanks and capitals do not count.
        site: its key, where several sites make it.

    Raises:
        OptionError: no site makes it, or several do; the message lists what there is.
    """
    every = subjects(region)
    meant = [each for each in every if _plain(product) in _names(region, each.material) and site in (None, each.site)]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise OptionError(f"'{product}' is made by several sites: {', '.join(each.site for each in meant)}. Name one of them.")
    at = f" at site '{site}'" if site else ""
    known = "; ".join(f"{each.material} at {each.site}" for each in every) or "none, for table 'activities' has no production"
    raise OptionError(f"No production of '{product}'{at} is in table 'activities' of '{region.name}'. There are: {known}.")


def _names(region: Region, material: str) -> set[str]:
    """Everything that a product may be called, in plain letters."""
    materials, products = region.table("materials"), region.table("products")
    found = {material, material.rpartition(".")[2]}
    if material in materials.index:
        row = materials.index[material]
        found |= {str(materials[name][row]) for name in ("name_en", "name_fi", "name_sv", "name_es") if materials[name][row]}
    for each in products.rows():
        if each["material"] == material:
            found |= {each["product"], each["name"]}
    return {_plain(each) for each in found}


def _plain(name: str) -> str:
    """Small letters, one underscore between words."""
    return "_".join(name.lower().replace("_", " ").replace("-", " ").split())
