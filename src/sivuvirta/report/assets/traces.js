/* The panel that tells what made a figure: parts, coefficients, rows of the register, sources. Works from the data in the page alone. */
"use strict";
sivu.traces = (() => {
  const data = sivu.data.traces;
  const dialog = document.getElementById("trace");
  if (!data || !dialog) return null;
  const { make } = sivu;
  const body = dialog.querySelector(".trace-body");
  const title = dialog.querySelector("h2");
  const back = dialog.querySelector("[data-back]");
  const path = [];
  const MOST = 40; // rows that stand behind a figure's parts, told at once
  const STATES = ["Today", "Plan, proven", "Plan, with potential"];

  const three = ([today, proven = today, potential = proven]) => [today, proven, potential]; // the same is said once
  const cell = (tag, text, name, children) => { const item = make(tag, text, children); if (name) item.className = name; return item; };

  function grade(letter) {
    const chip = cell("span", letter, `grade grade-${letter}`);
    chip.setAttribute("aria-label", `evidence grade ${letter}`);
    return chip;
  }

  /* Rows are told as steps from one to the next; a run of neighbours as its length with a minus. */
  function unpacked(steps) {
    const found = [];
    let last = 0;
    for (const step of steps || []) for (let left = step < 0 ? -step : 1; left > 0; left -= 1) found.push(last += step < 0 ? 1 : step);
    return found;
  }

  const named = (key) => data.figures[key]?.head || key;

  /* Rows of the register behind a figure, numbered as they are first named. */
  function numbered() {
    const order = new Map();
    const number = (row) => { if (!order.has(row)) order.set(row, order.size + 1); return order.get(row); };
    const marks = (rows) => [...new Set(rows)].map((row) => {
      const link = make("a", String(number(row)));
      link.href = `#trace-row-${number(row)}`;
      link.addEventListener("click", (event) => { event.preventDefault(); const target = document.getElementById(`trace-row-${number(row)}`); target.focus(); target.scrollIntoView({ block: "nearest" }); });
      return link;
    });
    return { order, marks };
  }

  function line(item, marks, plain) {
    const row = make("tr");
    if (typeof item[0] === "string") {
      const [key, values] = item;
      const more = cell("button", named(key), "trace");
      more.type = "button";
      more.addEventListener("click", () => open(key));
      row.append(cell("th", "", "", [more]), ...(plain ? [] : [cell("td"), cell("td")]));
      row.firstChild.scope = "row";
      row.append(...three(values).map((text) => cell("td", text, "n")), ...(plain ? [] : [cell("td")]));
      return row;
    }
    const [driver, coefficient, values, sign] = item;
    const [origin, destination, what, amounts, amountRows] = data.drivers[driver];
    const [words, rate, formula, rateRows] = data.coefficients[coefficient];
    const name = cell("th", destination ? `${origin} → ${destination}` : origin, "", what ? [cell("span", what, "small")] : []);
    name.scope = "row";
    const amount = three(amounts);
    const shown = amount[0] === amount[2] ? amount[2] : `${amount[0]} → ${amount[2]}`;
    const times = cell("td", "", "long", [make("b", `${sign < 0 ? "− " : ""}${rate}`), ...(rate || words ? [cell("span", words, "small")] : []), ...(formula ? [cell("span", `= ${formula}`, "small")] : [])]);
    row.append(name, cell("td", shown, "t"), times, ...three(values).map((text) => cell("td", text, "n")), cell("td", "", "marks", marks([...unpacked(amountRows), ...unpacked(rateRows)])));
    return row;
  }

  function parts(figure, marks) {
    const plain = figure.lines.every((item) => typeof item[0] === "string"); // made of other figures alone
    const heads = plain ? ["Part", ...STATES] : ["Part", "Amount, today → with potential", "Times", ...STATES, "Rows"];
    const headRow = make("tr", "", heads.map((text) => { const head = cell("th", text, STATES.includes(text) ? "n plain" : "plain"); head.scope = "col"; return head; }));
    const rows = figure.lines.map((item) => line(item, marks, plain));
    const gap = () => (plain ? [] : [cell("td"), cell("td")]);
    if (figure.others) {
      const [count, values] = figure.others;
      rows.push(make("tr", "", [cell("th", `${count} smaller parts`), ...gap(), ...three(values).map((text) => cell("td", text, "n")), ...gap().slice(1)]));
    }
    const foot = make("tr", "", [cell("th", "Sum"), ...gap(), ...three(figure.values).map((text) => cell("td", text, "n")), ...gap().slice(1)]);
    const table = make("table", "", [make("thead", "", [headRow]), make("tbody", "", rows), make("tfoot", "", [foot])]);
    const box = cell("div", "", "sheet", [table]);
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", `Parts of: ${figure.head}`);
    return box;
  }

  /* Rows behind figures, through all that they are made of, each once. */
  function behindAll(keys) {
    const seen = new Set(), rows = new Set(), waiting = [...keys];
    while (waiting.length) {
      const key = waiting.shift();
      const one = data.figures[key];
      if (!one || seen.has(key)) continue;
      seen.add(key);
      unpacked(one.rows).forEach((row) => rows.add(row));
      waiting.push(...(one.of || []));
      for (const item of one.lines || []) {
        if (typeof item[0] === "string") waiting.push(item[0]);
        else [data.drivers[item[0]][4], data.coefficients[item[1]][3]].flatMap(unpacked).forEach((row) => rows.add(row));
      }
    }
    return [...rows];
  }

  /* A citation with what it says of itself. */
  function source(at) {
    const [citation, url, page, opened] = data.sources[at];
    const link = make(url ? "a" : "span", citation);
    if (url) { link.href = url; link.rel = "noopener"; }
    return [link, cell("span", [page, opened ? `opened ${opened}` : "not opened"].filter(Boolean).map((text) => `, ${text}`).join(""), "soft")];
  }

  /* Figures of the assessment that a number is made of, each with its own panel. */
  function made(figures) {
    return make("p", "Rests on: ", figures.flatMap((key, at) => {
      const more = cell("button", named(key), "trace");
      more.type = "button";
      more.addEventListener("click", () => open(key));
      return at ? [", ", more] : [more];
    }));
  }

  /* What holds for the whole part of the page that a number stands in. */
  function around(key) {
    const { note, of } = data.figures[key] || {};
    return [...(note >= 0 ? [cell("p", data.notes[note], "soft")] : []), ...(of ? [made(of)] : [])];
  }

  function cited(order) {
    return [...order].map(([row, number]) => {
      const [table, key, words, letter, from] = data.origins[row];
      const item = make("li", "", [make("span", `${data.tables[table]}: ${words ? `${words} (${key})` : key} `)]);
      item.id = `trace-row-${number}`;
      item.tabIndex = -1;
      if (letter) item.append(grade(letter), " ");
      if (from < 0) { item.append("no source is named"); return item; }
      item.append(...source(from));
      return item;
    });
  }

  /* Rows of a figure by their numbers, where there are not too many to read. */
  function stands(links, values) {
    return links.length > MOST ? make("p", `Rests on ${links.length} rows, which follow.`) : make("p", values ? "It stands in rows " : "Rests on rows ", links);
  }

  function fill([key, name, outer]) {
    const figure = data.figures[key];
    const { order, marks } = numbered();
    title.textContent = figure.head || name || "What made this figure";
    back.hidden = path.length < 2;
    const values = figure.values && three(figure.values);
    const lead = values && make("p", STATES.map((state, at) => `${state} ${values[at]}`).join(" · "));
    const children = values ? [lead] : [];
    for (const text of [data.notes[figure.note], figure.lacks && `Not known: ${figure.lacks.map((at) => data.lacks[at]).join("; ")}.`]) if (text) children.push(cell("p", text, values ? "note warn" : "note"));
    if (figure.of) children.push(made(figure.of));
    if (outer) children.push(...around(outer));
    if (figure.rows) children.push(stands(marks(unpacked(figure.rows)), values));
    if (figure.lines?.length) children.push(parts(figure, marks));
    if (figure.cited) children.push(make("h3", "Sources"), cell("ul", "", "trace-rows", figure.cited.map((at) => make("li", "", source(at)))));
    const whole = !order.size && !figure.cited ? [...(figure.of || []), ...(data.figures[outer]?.of || []), ...(figure.lines || []).map(([key]) => key)] : [];
    const behind = behindAll(whole);
    marks(behind.slice(0, MOST));
    if (behind.length > MOST) children.push(cell("p", `${behind.length} rows stand behind it; the first ${MOST} follow, the others behind its parts.`, "soft"));
    if (order.size) children.push(make("h3", "Rows of the register, and their sources"), cell("ol", "", "trace-rows", cited(order)));
    body.replaceChildren(...children);
    body.scrollTop = 0;
  }

  function open(key, name, outer) {
    if (!data.figures[key]) return;
    path.push([key, name, outer]);
    fill(path.at(-1));
    if (!dialog.open) dialog.showModal();
    title.focus();
  }

  back.addEventListener("click", () => { path.pop(); fill(path.at(-1)); title.focus(); });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => { path.length = 0; });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.trace, .mark-trace");
    const holder = button && !dialog.contains(button) && button.closest("[data-trace]");
    if (!holder) return;
    const outer = holder.parentElement.closest("[data-trace]");
    open(holder.dataset.trace, titled(button, holder), data.figures[holder.dataset.trace]?.values ? "" : outer?.dataset.trace);
  });
  document.addEventListener("keydown", (event) => {
    if (!["Enter", " "].includes(event.key) || !event.target.matches(".mark-trace")) return;
    event.preventDefault();
    event.target.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  });
  /* What a number is of: the head of its row, of its picture, its card. */
  function titled(button, holder) {
    const row = button.closest("tr, li, figure");
    const head = row?.querySelector("th[scope=row], .bars-label, .use strong, figcaption") || row?.cells?.[0] || holder.querySelector("h2, h3");
    return head?.textContent.trim();
  }

  for (const chip of document.querySelectorAll(".grade")) chip.title = `Evidence ${chip.textContent.trim().slice(-1)}: ${data.grades?.[chip.textContent.trim().slice(-1)] ?? ""}`;

  /* Every number that rests on something becomes a button; built here, as there are thousands. */
  for (const item of document.querySelectorAll("[data-trace] td.n, [data-trace] .num")) {
    if (!item.textContent.trim() || item.closest("button, summary, a, svg") || item.querySelector("button, .num")) continue;
    const button = cell("button", "", "trace");
    button.type = "button";
    button.setAttribute("aria-haspopup", "dialog");
    button.append(...item.childNodes);
    item.replaceChildren(button);
  }
  return { open };
})();
