"""Placing: the base map under the point of a site, from the data that the package brings; no other server is asked."""

from __future__ import annotations

import json
import math
from functools import lru_cache

from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page

from sivuvirta.report.drawing.basemap import CREDIT, EXTENT, Box, basemap
from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.registry.addresses import register_at
from sivuvirta.web.registry.models import MODELS, Register

_STEP = 0.5  # degrees to which a frame is widened, so that few maps are made
_MARGIN = 0.5  # degrees round the known sites
_BROAD = 2.8  # width of the widest window over its height


@gzip_page
@cache_control(private=True, max_age=3600)
def map_below(request: HttpRequest, slug: str) -> HttpResponse:
    """Land, water and borders round the sites that the viewer may see, as JSON."""
    box = frame(register_at(slug), viewer(request.user))
    return HttpResponse(_map((box.west, box.south, box.east, box.north)), content_type="application/json")


def frame(register: Register, who: Viewer) -> Box:
    """Round the sites whose place the viewer may see; all that is stored where there are none."""
    sites = MODELS["sites"].objects.filter(register=register, lat__isnull=False, lon__isnull=False)
    ends = sites.restrict(who).told(who, "lat", "lon").aggregate(Min("lon"), Min("lat"), Max("lon"), Max("lat"))
    if ends["lon__min"] is None:
        return Box(*EXTENT)
    west, south = (_STEP * ((ends[name] - _MARGIN) // _STEP) for name in ("lon__min", "lat__min"))
    east, north = (-_STEP * ((-ends[name] - _MARGIN) // _STEP) for name in ("lon__max", "lat__max"))
    return Box(west, south, east, north)


@lru_cache(maxsize=16)
def _map(corners: tuple[float, float, float, float]) -> bytes:
    box = Box(*corners)
    wide = (
        _BROAD * (box.north - box.south) / math.cos(math.radians((box.north + box.south) / 2))
    )  # a degree of longitude is short in the north
    margin = max(0.0, (wide - (box.east - box.west)) / 2)
    drawn = {"base": basemap(Box(box.west - margin, box.south, box.east + margin, box.north)), "limits": corners, "credit": CREDIT}
    return json.dumps(drawn, separators=(",", ":")).encode()
