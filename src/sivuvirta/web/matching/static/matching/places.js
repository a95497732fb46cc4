/* Where a stream or need stands, and the others of the page that could go with it. */
"use strict";
(async () => {
  const place = document.querySelector(".places"), told = document.getElementById("places");
  if (!place || !told) return;
  const places = JSON.parse(told.textContent);
  const map = await sivuBase(place);
  if (!map) return;
  const own = places.find((each) => each.own);
  const lines = L.svg({ padding: 1 });
  for (const each of places) {
    const at = [each.lat, each.lon];
    if (own && !each.own) L.polyline([[own.lat, own.lon], at], { renderer: lines, interactive: false, className: "way", weight: 1.5 }).addTo(map);
    const icon = L.divIcon({ className: `spot sign-${each.verdict}${each.own ? " own" : ""}`, html: each.own ? "" : each.sign, iconSize: [22, 22] });
    const mark = L.marker(at, { icon, title: each.name, alt: each.name, zIndexOffset: each.own ? 1000 : 0 }).addTo(map);
    mark.bindTooltip(each.name, { direction: "top", offset: [0, -10], permanent: each.own });
    const box = document.createElement("div");
    const head = document.createElement("strong");
    head.textContent = each.name;
    box.append(head);
    for (const [id, name] of each.cards) {
      const link = document.createElement("a");
      link.href = `#${id}`;
      link.textContent = name;
      box.append(document.createElement("br"), link);
    }
    if (each.cards.length) mark.bindPopup(box);
  }
  map.fitBounds(places.map((each) => [each.lat, each.lon]), { padding: [48, 48], maxZoom: 11, animate: false });
})();
