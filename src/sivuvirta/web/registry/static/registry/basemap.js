/* The base map of a region, from the platform itself, in an element that says where it is and what its buttons are called. */
"use strict";
async function sivuBase(place) {
  const answer = await fetch(place.dataset.base, { credentials: "same-origin" });
  if (!answer.ok) return null;
  const { base, limits: [west, south, east, north], credit } = await answer.json();
  const map = L.map(place.querySelector(".map"), { zoomSnap: 0.25, minZoom: 4, maxZoom: 15, scrollWheelZoom: false, zoomControl: false });
  L.control.zoom({ zoomInTitle: place.dataset.nearer, zoomOutTitle: place.dataset.farther }).addTo(map);
  map.attributionControl.setPrefix("Leaflet").addAttribution(credit);
  L.control.scale({ imperial: false }).addTo(map);
  map.fitBounds([[south, west], [north, east]], { animate: false });
  const flip = (points) => points.map(([x, y]) => [y, x]);
  const renderer = L.svg({ padding: 1 });
  for (const [layer, name] of [["sea", "sea"], ["land", "land"], ["lakes", "lake"]]) {
    for (const ring of base[layer] || []) L.polygon(flip(ring), { renderer, interactive: false, className: name, stroke: false, fillOpacity: 1 }).addTo(map);
  }
  for (const [layer, name] of [["rivers", "river"], ["borders", "border"]]) {
    for (const line of base[layer] || []) L.polyline(flip(line), { renderer, interactive: false, className: name, weight: 1 }).addTo(map);
  }
  return map;
}
