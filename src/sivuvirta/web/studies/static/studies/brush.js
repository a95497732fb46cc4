/* Brushing: what is chosen in the Sankey, on the map or in a table is told apart in all three. Names join them; Escape lets go. */
"use strict";
sivu.brush = (() => {
  const box = document.getElementById("sankey"), map = document.getElementById("map");
  const note = document.getElementById("brushed");
  let chosen = null; // { names: Set, family: string, label: string }

  const drawing = () => {
    const { state, unit, rock, bought } = sivu.shown;
    const scope = rock ? (bought ? "with rock and bought" : "with rock") : bought ? "with bought" : "side streams";
    return ((sivu.data.sankey[scope] || {})[unit] || {})[state] || { nodes: [], links: [] };
  };
  const labels = () => new Map(drawing().nodes.map((node) => [node.name, node.label]));
  const ways = () => (sivu.data.map.ways?.[sivu.shown.state] || {})[sivu.shown.unit] || [];

  /* The two ends of a flow as the map says it: "A → B: 12 kt/a, 3 km". */
  const ends = (text) => {
    const [from, rest = ""] = text.split(" → ");
    return [from, rest];
  };
  const touches = (text, names) => {
    const [from, rest] = ends(text);
    return [...names].some((name) => from === name || rest.startsWith(`${name}:`) || rest.startsWith(`${name} `));
  };
  const fits = (way) => (!chosen.family || way.family === chosen.family) && (!chosen.names.size || way.flows.some((text) => touches(text, chosen.names)));

  function onMap() {
    const lines = map ? [...map.querySelectorAll("path.way")] : [];
    ways().forEach((way, row) => {
      if (lines[row]) lines[row].classList.toggle("faint", Boolean(chosen) && !fits(way));
    });
  }

  function onSankey() {
    const chart = box && echarts.getInstanceByDom(box);
    if (!chart) return;
    chart.dispatchAction({ type: "downplay", seriesIndex: 0 });
    if (!chosen) return;
    const named = labels(), all = drawing();
    const links = all.links.flatMap((link, row) => {
      const mine = !chosen.names.size || chosen.names.has(named.get(link.source)) || chosen.names.has(named.get(link.target));
      return mine && (!chosen.family || link.family === chosen.family) ? [row] : [];
    });
    const nodes = new Set(links.flatMap((row) => [all.links[row].source, all.links[row].target]));
    chart.setOption({
      series: [{
        data: all.nodes.map((node) => ({ name: node.name, label_: node.label, text: node.text, depth: node.depth, itemStyle: { color: sivu.colour(node.family), borderWidth: 0, opacity: nodes.has(node.name) ? 1 : 0.15 }, label: { opacity: nodes.has(node.name) ? 1 : 0.3 } })),
        links: all.links.map((link, row) => ({ ...link, lineStyle: { color: sivu.colour(link.family), curveness: 0.5, opacity: links.includes(row) ? 0.75 : 0.06 } })),
      }],
    });
  }

  function inTables() {
    for (const row of document.querySelectorAll(".sheet tbody tr")) {
      const cells = [...row.cells].map((cell) => cell.textContent.trim());
      const family = !chosen?.family || row.querySelector(`.m-${CSS.escape(chosen.family)}`) !== null;
      const named = !chosen?.names.size || cells.some((cell) => chosen.names.has(cell));
      row.classList.toggle("brushed", Boolean(chosen) && family && named);
    }
  }

  function say() {
    if (!note) return;
    note.hidden = !chosen;
    if (chosen) note.querySelector("span").textContent = chosen.label;
  }

  function show() { onMap(); onSankey(); inTables(); say(); }

  function choose(names, family, label) {
    const same = chosen && chosen.label === label;
    chosen = same ? null : { names: new Set(names), family, label };
    if (!chosen) sivu.show({});
    else show();
  }

  const familyName = (id) => document.querySelector(`.legend .m-${CSS.escape(id)}`)?.parentElement.textContent.trim() || id;

  function listen() {
    const chart = box && echarts.getInstanceByDom(box);
    chart?.on("click", ({ dataType, data }) => {
      if (dataType === "node") choose([data.label_], "", data.label_);
      else choose([labels().get(data.source), labels().get(data.target)], data.family, familyName(data.family));
    });
    map?.addEventListener("click", ({ target }) => {
      if (!target.matches?.("path.way")) return;
      const row = [...map.querySelectorAll("path.way")].indexOf(target), way = ways()[row];
      if (way) choose(way.flows.map((text) => ends(text)[0]), way.family, familyName(way.family));
    });
    for (const item of document.querySelectorAll(".legend li")) {
      const id = [...(item.querySelector(".dot")?.classList || [])].find((name) => name.startsWith("m-"))?.slice(2);
      if (!id) continue;
      item.tabIndex = 0;
      item.setAttribute("role", "button");
      const pick = () => choose([], id, item.textContent.trim());
      item.addEventListener("click", pick);
      item.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pick(); } });
    }
    document.addEventListener("click", ({ target }) => {
      const row = target.closest?.(".sheet tbody tr");
      if (!row || target.closest("a")) return;
      const known = new Set([...labels().values(), ...ways().flatMap((way) => way.flows.map((text) => ends(text)[0]))]);
      const names = [...row.cells].map((cell) => cell.textContent.trim()).filter((text) => known.has(text));
      const first = row.cells[0].textContent.trim(); // a flow too small to be drawn by itself is told apart in the tables
      choose(names.length ? names : [first], "", names.join(" → ") || first);
    });
    document.addEventListener("keydown", ({ key }) => { if (key === "Escape" && chosen) { chosen = null; sivu.show({}); } });
    note?.querySelector("button")?.addEventListener("click", () => { chosen = null; sivu.show({}); });
    sivu.listen(() => { if (chosen) requestAnimationFrame(show); else { inTables(); say(); } });
  }
  return { listen };
})();
sivu.brush.listen();
