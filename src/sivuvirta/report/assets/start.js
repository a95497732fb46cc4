/* Start, and what paper needs: drawings at the paper's width, every section open. */
"use strict";
(() => {
  const PAPER = 680; // px between the margins of A4
  sivu.start();
  sivu.show({});
  sivu.tables.follow();

  let closed = [];
  function paper(on) {
    for (const id of ["map", "sankey"]) {
      const box = document.getElementById(id);
      if (box) box.style.width = on ? `${PAPER}px` : "";
    }
    if (on) {
      closed = [...document.querySelectorAll("details:not([open])")];
      closed.forEach((item) => { item.open = true; });
    } else {
      closed.forEach((item) => { item.open = false; });
    }
    sivu.map?.fit();
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
