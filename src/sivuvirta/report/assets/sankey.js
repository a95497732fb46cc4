/* The Sankey: sources, plants, uses, fates. Pale links are potential: a test or decision is missing. */
"use strict";
sivu.sankey = (() => {
  const box = document.getElementById("sankey");
  if (!box) return null;
  const chart = echarts.init(box, null, { renderer: "svg" });
  const ends = sivu.unpack(sivu.data.ends || []); // what nodes of several drawings are

  function option(drawing) {
    const narrow = box.clientWidth < 900;
    const paper = document.documentElement.classList.contains("paper");
    const ink = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
    const clip = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
    return {
      animation: false,
      tooltip: {
        trigger: "item", confine: true, renderMode: "richText", textStyle: { fontSize: 13 },
        formatter: ({ dataType, data }) => (dataType === "edge" ? `${label(drawing, data.source)} → ${label(drawing, data.target)}\n${data.text}${data.evidence ? `, ${sivu.word(data.evidence)}` : ""}${data.new ? `, ${sivu.word("new")}` : ""}${data.made ? `\n${data.made}` : ""}` : `${data.label_}\n${data.text}`),
      },
      series: [{
        type: "sankey", left: 4, right: paper ? 150 : narrow ? 190 : 245, top: 8, bottom: 8, nodeWidth: 12, nodeGap: paper ? 9 : 15, nodeAlign: "left", layoutIterations: 64, draggable: false,
        emphasis: { focus: "adjacency" },
        label: { fontSize: paper ? 10 : 13, color: ink, formatter: ({ data }) => `${clip(data.label_, narrow ? 28 : data.depth === 0 ? 36 : 32)}  ${data.text}` },
        data: drawing.nodes.map((node) => ({
          name: node.name, label_: node.label, text: node.text, depth: node.depth,
          itemStyle: { color: paint(node.family), borderWidth: 0 },
        })),
        links: drawing.links.map((link) => ({
          ...link, lineStyle: { color: paint(link.family), opacity: link.evidence === "potential" ? 0.28 : 0.55, curveness: 0.5 },
        })),
      }],
    };
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
    chart.setOption(option(drawing), { notMerge: true });
    const words = sivu.word("sankey", "Sankey diagram, %(nodes)s nodes and %(flows)s flows; the same figures are in the tables below");
    box.setAttribute("aria-label", words.replace("%(nodes)s", drawing.nodes.length).replace("%(flows)s", drawing.links.length));
  }

  sivu.listen(draw);
  let wait = 0;
  addEventListener("resize", () => { clearTimeout(wait); wait = setTimeout(() => draw(sivu.shown), 120); });
  return { fit: () => draw(sivu.shown) };
})();
