/* Tables that sort by a click on a column's head and filter by words. */
"use strict";
sivu.tables = (() => {
  const value = (row, column) => {
    const cell = row.cells[column];
    const text = cell.dataset.sort ?? (cell.classList.contains("n") ? plain(cell) : cell.textContent.trim().toLowerCase());
    if (text === "") return null;
    const figure = Number(text);
    return Number.isNaN(figure) ? text : figure;
  };

  /* A number as it stands, in full where that is told on hover. */
  const plain = (cell) => ((cell.title || cell.textContent).trim().replace("\u2212", "-").replace("+", "").match(/^-?[\d,]*\.?\d+/)?.[0] ?? "").replaceAll(",", "");

  /* What is not known comes last either way. */
  function compare(one, other, way) {
    if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1;
    return way * (typeof one === "number" && typeof other === "number" ? one - other : String(one).localeCompare(String(other)));
  }

  function sort(table, head) {
    const column = head.cellIndex;
    const body = table.tBodies[0];
    const down = head.getAttribute("aria-sort") === "ascending" || (!head.hasAttribute("aria-sort") && head.classList.contains("n"));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = [...body.rows].sort((one, other) => compare(value(one, column), value(other, column), down ? -1 : 1));
    body.append(...rows);
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    for (const head of table.tHead.rows[0].cells) head.querySelector("button")?.addEventListener("click", () => sort(table, head));
  }

  function find(input) {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const target = document.getElementById(input.dataset.find);
    const items = target.tBodies ? target.tBodies[0].rows : target.querySelectorAll(":scope > details");
    for (const item of items) item.hidden = !words.every((word) => item.textContent.toLowerCase().includes(word));
  }
  for (const input of document.querySelectorAll("input[data-find]")) input.addEventListener("input", () => find(input));

  function all(open) {
    for (const item of document.querySelectorAll("#stream-list > details")) item.open = open;
  }
  for (const button of document.querySelectorAll("button[data-all]")) button.addEventListener("click", () => all(button.dataset.all === "open"));

  /* A link to what is closed, or to a section whose table is folded, opens it. */
  function follow() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = target && (target.tagName === "DETAILS" ? target : target.querySelector(".fold"));
    if (fold) { fold.open = true; target.scrollIntoView(); }
  }
  addEventListener("hashchange", follow);
  return { follow, all, plain };
})();
