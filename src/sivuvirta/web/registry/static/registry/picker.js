/* A map on which the place of a site is set by a click; latitude and longitude can be written as well. */
"use strict";
for (const place of document.querySelectorAll(".picker")) {
  (async () => {
    const lat = document.getElementById(place.dataset.lat), lon = document.getElementById(place.dataset.lon);
    if (!lat || !lon) return;
    const map = await sivuBase(place);
    if (!map) return;
    const icon = L.divIcon({ className: "pin", iconSize: [18, 18] });
    let mark = null;
    const number = (field) => { const value = parseFloat(field.value.replace(",", ".")); return Number.isFinite(value) ? value : null; };
    const written = () => (number(lat) === null || number(lon) === null ? null : L.latLng(number(lat), number(lon)));
    const set = (at) => {
      lat.value = at.lat.toFixed(5);
      lon.value = at.lng.toFixed(5);
      for (const field of [lat, lon]) field.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const show = (at, move) => {
      if (mark) mark.remove();
      mark = null;
      if (!at) return;
      mark = L.marker(at, { icon, draggable: true, title: place.dataset.here, alt: place.dataset.here }).addTo(map);
      mark.on("dragend", () => set(mark.getLatLng()));
      if (move && !map.getBounds().contains(at)) map.panTo(at, { animate: false });
    };
    map.on("click", ({ latlng }) => set(latlng));
    for (const field of [lat, lon]) field.addEventListener("change", () => show(written(), true));
    show(written(), true);
    if (written()) map.setView(written(), Math.max(map.getZoom(), 9), { animate: false });
    place.closest("details")?.addEventListener("toggle", () => map.invalidateSize({ animate: false }));
  })();
}
