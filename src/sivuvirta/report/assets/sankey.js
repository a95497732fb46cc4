/* The Sankey: sources, plants, uses, fates. Pale links are potential: a test or decision is missing. */
"use strict";
sivu.sankey = (() => {
  const box = document.getElementById("sankey");
  if (!box) return null;
  const chart = echarts.init(box, null, { renderer: "svg" });
  const LEFT = 4, EDGE = 8; // px beside, above and below the drawing
  const LENGTHS = [36, 28, 20, 13]; // letters of a name, tried in this order
  const ends = sivu.unpack(sivu.data.ends || []); // what nodes of several drawings are

  const onPaper = () => document.documentElement.classList.contains("paper");
  const letters = () => (onPaper() ? 10 : 13); // px
  const clip = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
  const named = (node, most) => `${clip(node.label, most)}  ${node.text}`;

  function option(drawing, places) {
    const narrow = box.clientWidth < 900;
    const paper = onPaper();
    const ink = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
    return {
      animation: false,
      tooltip: {
        trigger: "item", confine: true, renderMode: "richText", textStyle: { fontSize: 13 },
        formatter: ({ dataType, data }) => (dataType === "edge" ? `${label(drawing, data.source)} → ${label(drawing, data.target)}\n${data.text}${data.evidence ? `, ${sivu.word(data.evidence)}` : ""}${data.new ? `, ${sivu.word("new")}` : ""}${data.made ? `\n${data.made}` : ""}` : `${data.label_}\n${data.text}`),
      },
      series: [{
        type: "sankey", left: LEFT, right: paper ? 150 : narrow ? 190 : 245, top: EDGE, bottom: EDGE, nodeWidth: 12, nodeGap: paper ? 9 : 15, nodeAlign: "left", layoutIterations: 64, draggable: false,
        emphasis: { focus: "adjacency" },
        label: { fontSize: letters(), color: ink },
        data: drawing.nodes.map((node, at) => ({
          label: places[at] ? { formatter: () => places[at].name, offset: [0, places[at].shift] } : { show: false },
          name: node.name, label_: node.label, text: node.text, depth: node.depth,
          itemStyle: { color: paint(node.family), borderWidth: 0 },
        })),
        links: drawing.links.map((link) => ({
          ...link, lineStyle: { color: paint(link.family), opacity: link.evidence === "potential" ? 0.28 : 0.55, curveness: 0.5 },
        })),
      }],
    };
  }

  /* Where names stand so that none meets another: the largest first, moved a little or shortened; none for a node without room. */
  function placed(nodes) {
    const data = chart.getModel().getSeriesByIndex(0).getData();
    const ruler = document.createElement("canvas").getContext("2d");
    ruler.font = `${letters()}px ${getComputedStyle(box).fontFamily}`;
    const tall = letters() + 2;
    const taken = [];
    const room = (name, layout, shift) => {
      const left = LEFT + layout.x + layout.dx + 5;
      const top = EDGE + layout.y + layout.dy / 2 - tall / 2 + shift;
      const place = { name, shift, left, top, right: left + ruler.measureText(name).width * 1.02 + 4, bottom: top + tall };
      const meets = (other) => place.left < other.right && other.left < place.right && place.top < other.bottom && other.top < place.bottom;
      return place.top < 0 || place.bottom > box.clientHeight || place.right > box.clientWidth || taken.some(meets) ? null : place;
    };
    return nodes.map((node, at) => {
      for (const most of LENGTHS) {
        for (const shift of [0, -tall / 2, tall / 2, -tall, tall]) {
          const place = room(named(node, most), data.getItemLayout(at), shift);
          if (place) {
            taken.push(place);
            return place;
          }
        }
      }
      return null;
    });
  }

  function tellUnnamed(nodes) {
    const line = document.getElementById("sankey-unnamed");
    if (!line) return;
    line.hidden = !nodes.length;
    line.lastElementChild.textContent = nodes.map((node) => `${node.label} ${node.text}`).join("; ");
  }

  /* Grey hatching for what nobody knows. */
  const hatch = { image: `data:image/svg+xml,${encodeURIComponent("<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'><rect width='8' height='8' fill='#d3d5d8'/><path d='M-2 2l4-4M0 8l8-8M6 10l4-4' stroke='#6f757b' stroke-width='1.5'/></svg>")}`, repeat: "repeat", imageWidth: 8, imageHeight: 8 };
  const paint = (family) => (family === "unknown" ? hatch : sivu.colour(family));

  const label = (drawing, name) => (drawing.nodes.find((node) => node.name === name) || { label: name }).label;

  function draw({ state, unit, measure, rock, bought }) {
    const scope = rock ? (bought ? "with rock and bought" : "with rock") : bought ? "with bought" : "side streams";
    const other = sivu.data.measured?.[measure];
    const states = other || (sivu.data.sankey[scope] || {})[measure || unit] || {};
    const found = states[states[state]] || states[state] || { nodes: [], links: [] }; // one that is as an earlier one is named by it
    const nodes = sivu.unpack(found.nodes).map((node) => ({ ...ends[node.end], ...node }));
    const end = (name) => (typeof name === "number" ? nodes[name].name : name);
    const drawing = { nodes, links: sivu.unpack(found.links).map((link) => ({ ...link, source: end(link.source), target: end(link.target) })) };
    const told = document.getElementById("sankey-told");
    if (told) told.textContent = found.told || "";
    for (const tick of document.querySelectorAll("#sankey-section .ticks")) tick.hidden = Boolean(other);
    for (const legend of document.querySelectorAll("#sankey-section .legend")) legend.hidden = measure === "EUR";
    const columns = [0, 1, 2, 3].map((depth) => drawing.nodes.filter((node) => node.depth === depth).length);
    box.style.height = `${document.documentElement.classList.contains("paper") ? 780 : Math.max(320, 32 * Math.max(...columns) + 60)}px`;
    chart.resize();
    chart.setOption(option(drawing, []), { notMerge: true });
    const places = placed(drawing.nodes);
    chart.setOption(option(drawing, places), { notMerge: true });
    tellUnnamed(drawing.nodes.filter((node, at) => !places[at]));
    const words = sivu.word("sankey", "Sankey diagram, %(nodes)s nodes and %(flows)s flows; the same figures are in the tables below");
    box.setAttribute("aria-label", words.replace("%(nodes)s", drawing.nodes.length).replace("%(flows)s", drawing.links.length));
  }

  sivu.listen(draw);
  let wait = 0;
  addEventListener("resize", () => { clearTimeout(wait); wait = setTimeout(() => draw(sivu.shown), 120); });
  return { fit: () => draw(sivu.shown) };
})();
