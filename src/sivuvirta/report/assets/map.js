/* The map: land and water, markers, and flows as curved lines. Width tells the amount, colour the material, dashes what is new. */
"use strict";
sivu.map = (box, corners) => {
  const data = sivu.data.map;
  if (!box || !data.whole) return null;

  const bounds = ([west, south, east, north]) => L.latLngBounds([south, west], [north, east]);
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  /* Whole numbers of a text: five bits a letter, the lowest first, the sixth says that more follow; the lowest bit of a number is its sign. */
  function numbers(text) {
    const found = [];
    let bits = 0, shift = 0;
    for (const letter of text) {
      const part = LETTERS.indexOf(letter);
      bits |= (part & 31) << shift;
      shift += 5;
      if (part < 32) { found.push(bits & 1 ? -(bits >> 1) - 1 : bits >> 1); bits = shift = 0; }
    }
    return found;
  }
  /* Points of a line, which may be packed as a text of steps of a thousandth of a degree. */
  const flip = (points) => {
    if (typeof points !== "string") return points.map(([lon, lat]) => [lat, lon]);
    const found = [], steps = numbers(points);
    for (let at = 0, lon = 0, lat = 0; at < steps.length; at += 2) found.push([(lat += steps[at + 1]) / 1e3, (lon += steps[at]) / 1e3]);
    return found;
  };
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(box, {
    zoomSnap: 0.25, minZoom: 4, maxZoom: 15, maxBounds: bounds(data.limits), maxBoundsViscosity: 1,
    zoomAnimation: !still, fadeAnimation: !still, scrollWheelZoom: false, attributionControl: true, zoomControl: false,
  });
  L.control.zoom({ zoomInTitle: sivu.word("nearer", "Zoom in"), zoomOutTitle: sivu.word("farther", "Zoom out") }).addTo(map);
  map.attributionControl.setPrefix("Leaflet").addAttribution(data.credit);
  L.control.scale({ imperial: false }).addTo(map);
  const fit = (to) => map.fitBounds(bounds(to || data.whole), { animate: false });
  fit(corners);

  for (const [name, layer, rank] of [["base", "tilePane", 150], ["ways", "overlayPane", 410], ["dots", "overlayPane", 420]]) {
    map.createPane(name, map.getPane(layer)).style.zIndex = rank;
  }
  const base = L.svg({ pane: "base", padding: 1 });
  const quiet = { pane: "base", renderer: base, interactive: false };
  for (const ring of data.base.sea || []) L.polygon(flip(ring), { ...quiet, className: "sea", stroke: false, fillOpacity: 1 }).addTo(map);
  for (const ring of data.base.land || []) L.polygon(flip(ring), { ...quiet, className: "land", stroke: false, fillOpacity: 1 }).addTo(map);
  for (const ring of data.base.lakes || []) L.polygon(flip(ring), { ...quiet, className: "lake", stroke: false, fillOpacity: 1 }).addTo(map);
  for (const line of data.base.rivers || []) L.polyline(flip(line), { ...quiet, className: "river", weight: 1 }).addTo(map);
  for (const line of data.base.borders || []) L.polyline(flip(line), { ...quiet, className: "border", weight: 1 }).addTo(map);
  const towns = data.towns.map((town) =>
    L.marker([town.lat, town.lon], { pane: "base", interactive: false, keyboard: false, icon: L.divIcon({ className: "town", html: sivu.make("span", town.name), iconSize: null }) }).addTo(map));

  /* A quadratic arc to the right of its way, so that there and back lie apart; each further line between two ends bends more. */
  function curve(from, to, bend) {
    const start = map.project(from, 12), end = map.project(to, 12);
    const across = L.point(-(end.y - start.y), end.x - start.x).multiplyBy(bend);
    const middle = start.add(end).divideBy(2).add(across);
    return Array.from({ length: 25 }, (_, step) => {
      const t = step / 24, u = 1 - t;
      return map.unproject(L.point(u * u * start.x + 2 * u * t * middle.x + t * t * end.x, u * u * start.y + 2 * u * t * middle.y + t * t * end.y), 12);
    });
  }

  const ways = L.layerGroup().addTo(map);
  const dots = L.layerGroup().addTo(map);
  const renderer = L.svg({ pane: "ways", padding: 1 });
  const width = (amount, most) => Math.max(1.5, 16 * Math.sqrt(amount / most));

  /* Lines of three round amounts, so that a width can be read. */
  function explain(unit) {
    const { most, steps } = sivu.data.widths[unit];
    document.getElementById("widths").replaceChildren(...steps.map(({ amount, text }) => {
      const line = document.createElement("span");
      line.className = "width";
      line.style.height = `${width(amount, most)}px`;
      return sivu.make("span", "", [line, document.createTextNode(text)]);
    }));
  }

  function popup(title, texts, more) {
    const list = sivu.make("ul", "", texts.map((text) => sivu.make("li", text)));
    const parts = [sivu.make("h4", title)];
    if (texts.length) parts.push(list);
    if (more) parts.push(sivu.make("p", sivu.word("more", "and %(many)s more in the tables below").replace("%(many)s", more)));
    return sivu.make("div", "", parts);
  }

  function draw({ state, unit }) {
    ways.clearLayers();
    dots.clearLayers();
    const told = data.ways[state]; // a state that is drawn as another names it
    const rows = ((typeof told === "string" ? data.ways[told] : told) || {})[unit] || [];
    const most = sivu.data.widths[unit].most;
    explain(unit);
    const between = new Map();
    for (const way of rows) {
      const ends = [way.from, way.to].join();
      const turn = between.get(ends) || 0;
      between.set(ends, turn + 1);
      L.polyline(curve(way.from, way.to, 0.14 + 0.07 * turn), {
        pane: "ways", renderer, className: `way ${way.new ? "new" : "old"} ${way.evidence}`, color: sivu.colour(way.family), weight: width(way.amount, most),
        opacity: way.evidence === "potential" ? 0.55 : 0.85, dashArray: way.new ? `${4 + width(way.amount, most)} ${5 + width(way.amount, most)}` : null, lineCap: way.new ? "butt" : "round",
      }).bindTooltip(way.text, { sticky: true }).bindPopup(() => popup(way.text, way.flows, 0)).addTo(ways);
    }
    for (const point of data.points) {
      const busy = point.flows[state].length > 0;
      L.circleMarker([point.lat, point.lon], { pane: "dots", renderer: spots, className: "marker", radius: busy ? 6 : 3.5 })
        .bindPopup(() => popup(point.names.join(" · "), point.flows[state], point.more[state])).addTo(dots)
        .getElement().setAttribute("aria-label", point.names.join(", "));
    }
    reach();
    label();
  }
  const spots = L.svg({ pane: "dots", padding: 1 });

  /* Markers take the keyboard: Tab to move, Enter to open. */
  function reach() {
    for (const layer of dots.getLayers()) {
      const element = layer.getElement();
      element.setAttribute("tabindex", "0");
      element.setAttribute("role", "button");
      element.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); layer.openPopup(); }
      });
    }
  }

  /* Names of markers, the busiest first, then of towns; none over another or over a marker. */
  function label() {
    const size = map.getSize();
    const at = (place) => map.latLngToContainerPoint([place.lat, place.lon]);
    const taken = data.points.map((point) => { const { x, y } = at(point); return [x - 5, y - 5, x + 5, y + 5]; });
    const free = (area) => area[0] > 0 && area[1] > 0 && area[2] < size.x && area[3] < size.y
      && !taken.some((other) => area[0] < other[2] && other[0] < area[2] && area[1] < other[3] && other[1] < area[3]);
    dots.getLayers().forEach((layer, row) => {
      const name = data.points[row].short, { x, y } = at(data.points[row]);
      const wide = 7.2 * name.length + 20;
      const side = [["right", [x + 7, y - 11, x + wide, y + 11]], ["left", [x - wide, y - 11, x - 7, y + 11]]].find(([, area]) => free(area));
      layer.unbindTooltip();
      layer.bindTooltip(name, side ? { permanent: true, direction: side[0], offset: [side[0] === "right" ? 6 : -6, 0], className: "name" } : { className: "name" });
      if (side) taken.push(side[1]);
    });
    towns.forEach((layer, row) => {
      const { x, y } = at(data.towns[row]), half = 3.8 * data.towns[row].name.length;
      const area = [x - half, y - 9, x + half, y + 9];
      layer.getElement().style.visibility = free(area) ? "" : "hidden";
      if (free(area)) taken.push(area);
    });
  }
  map.on("zoomend moveend", label);

  sivu.listen(draw);
  draw(sivu.shown);
  return { fit: (to) => { map.invalidateSize({ animate: false }); fit(to || corners); }, to: (name) => fit(data[name]) };
};
