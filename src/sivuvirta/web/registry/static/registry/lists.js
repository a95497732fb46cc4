/* Lists: rows are chosen for a change of several, and a view that is kept says what the list says now. */
"use strict";
(() => {
  const bar = document.getElementById("bulk");
  const boxes = () => [...document.querySelectorAll('input[name="row"][form="bulk"]')];
  const told = () => {
    if (!bar) return;
    const chosen = boxes().filter((box) => box.checked).length;
    bar.hidden = chosen === 0;
    const text = bar.querySelector("[data-chosen]");
    text.textContent = `${chosen} ${text.dataset.chosen}`;
    const all = document.querySelector("[data-choose]");
    if (all) { all.checked = chosen > 0 && chosen === boxes().length; all.indeterminate = chosen > 0 && !all.checked; }
  };
  document.addEventListener("change", ({ target }) => {
    if (target.matches?.("[data-choose]")) for (const box of boxes()) box.checked = target.checked;
    if (target.matches?.('[data-choose], input[name="row"]')) told();
  });
  document.addEventListener("htmx:afterSwap", () => {
    const query = document.querySelector("[data-query]:not(input)"), kept = document.querySelector("input[data-query]");
    if (query && kept) kept.value = query.dataset.query;
    told();
  });
  told();
})();
