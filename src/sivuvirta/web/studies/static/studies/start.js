/* Starts map and Sankey once their scripts are there. */
"use strict";
{
  const map = sivu.map(document.getElementById("map"), sivu.data.map.core || sivu.data.map.whole);
  for (const button of document.querySelectorAll("button[data-fit]")) button.addEventListener("click", () => map.to(button.dataset.fit));
  sivu.start();
  sivu.show({});
}
