/* What the page shows: read once, shared by map, Sankey and tables. */
"use strict";
const sivu = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const listeners = [];
  const shown = { state: data.state, unit: data.units[0] || "t", measure: data.measured ? data.units[0] : "", rock: false, bought: false };

  function colour(family) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--m-${family || "other"}`).trim() || "#8b8f94";
  }

  function show(change) {
    Object.assign(shown, change);
    for (const [name, value] of Object.entries(shown)) {
      for (const input of document.querySelectorAll(`input[data-show="${name}"]`)) {
        input.checked = input.type === "checkbox" ? value : input.value === value;
      }
      for (const select of document.querySelectorAll(`select[data-show="${name}"]`)) select.value = value;
    }
    for (const place of document.querySelectorAll('[data-told="state"]')) place.textContent = document.querySelector(`input[data-show="state"][value="${shown.state}"] + span`).textContent;
    for (const listener of listeners) listener(shown);
  }

  function start() {
    for (const input of document.querySelectorAll("[data-show]")) {
      input.addEventListener("change", () => {
        show({ [input.dataset.show]: input.type === "checkbox" ? input.checked : input.value });
      });
    }
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show({}));
  }

  /* Builds an element from text alone, so that no name in the data can become markup. */
  function make(tag, text, children = []) {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    element.append(...children);
    return element;
  }

  /* Records that were packed as keys and rows. */
  const unpack = (list) => (Array.isArray(list) ? list : list.rows.map((row) => Object.fromEntries(list.keys.map((key, at) => [key, row[at]]))));

  const word = (key, otherwise = key) => (data.words || {})[key] || otherwise;

  return { data, shown, word, unpack, colour, show, start, make, listen: (listener) => listeners.push(listener) };
})();
