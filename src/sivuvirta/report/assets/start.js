/* Start, and what paper needs: drawings at the paper's width, every section open. */
"use strict";
(() => {
  const PAPER = 686; // px between the margins of A4
  const HEIGHTS = { map: 340, "map-whole": 470, sankey: 0 }; // px; the Sankey finds its own
  const map = sivu.map(document.getElementById("map"), sivu.data.map.core || sivu.data.map.whole);
  for (const button of document.querySelectorAll("button[data-fit]")) button.addEventListener("click", () => map.to(button.dataset.fit));
  sivu.start();
  sivu.show({});
  sivu.tables.follow();

  let closed = [];
  let whole = null; // the second map, on paper only
  function paper(on) {
    document.documentElement.classList.toggle("paper", on);
    for (const [id, height] of Object.entries(HEIGHTS)) {
      const box = document.getElementById(id);
      if (!box) continue;
      box.style.width = on ? `${PAPER}px` : "";
      if (height) box.style.height = on ? `${height}px` : "";
    }
    if (on) {
      closed = [...document.querySelectorAll("details:not([open])")];
      closed.forEach((item) => { item.open = true; });
    } else {
      closed.forEach((item) => { item.open = false; });
    }
    const second = document.getElementById("map-whole");
    if (second) second.style.display = on ? "block" : "";
    if (on && second && !whole) whole = sivu.map(second, sivu.data.map.whole);
    map?.fit();
    if (on) whole?.fit();
    sivu.sankey?.fit();
  }
  addEventListener("beforeprint", () => paper(true));
  addEventListener("afterprint", () => paper(false));

  const links = [...document.querySelectorAll(".nav a")];
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((item) => item.isIntersecting)) {
      for (const link of links) link.toggleAttribute("aria-current", link.hash === `#${entry.target.id}`);
    }
  }, { rootMargin: "-20% 0px -70% 0px" });
  for (const section of document.querySelectorAll("section[id]")) seen.observe(section);
})();
