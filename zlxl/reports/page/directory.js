"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const { fields, rows } = JSON.parse($("data").textContent);
  const AT = Object.fromEntries(fields.map((name, place) => [name, place]));
  const PICKS = ["province", "system", "status"].filter((name) => name in AT);
  const SIZE = 100;
  const PRINTED = 5000;
  const collator = new Intl.Collator("zh-CN", { numeric: true });
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const searched = rows.map((row) => plain(row.join("\n")));
  const sort = { by: "", down: false };
  let order = [];
  let page = 0;

  // ---- which rows, in which order
  const words = () => plain($("q").value).split(/\s+/).filter(Boolean);
  const wanted = () => {
    const asked = words();
    const picked = PICKS.map((name) => [AT[name], $(`f-${name}`)]).filter(([, box]) => box.selectedIndex > 0);
    return [...rows.keys()].filter((index) =>
      picked.every(([place, box]) => rows[index][place] === box.value) &&
      asked.every((word) => searched[index].includes(word)));
  };
  const sorted = (indexes) => {
    if (!sort.by) return indexes;
    const place = AT[sort.by];
    const sign = sort.down ? -1 : 1;
    return indexes.sort((a, b) => sign * collator.compare(rows[a][place], rows[b][place]) || a - b);
  };

  // ---- drawing: texts only, never markup
  const fill = (cell, text, asked) => {
    const lower = plain(text);
    const word = lower.length === text.length ? asked.find((one) => lower.includes(one)) : undefined;
    if (!word) { cell.textContent = text; return; }
    const from = lower.indexOf(word);
    const hit = document.createElement("mark");
    hit.textContent = text.slice(from, from + word.length);
    cell.append(text.slice(0, from), hit, text.slice(from + word.length));
  };
  const line = (index, asked) => {
    const made = document.createElement("tr");
    fields.forEach((name, place) => {
      const cell = made.insertCell();
      cell.className = `c-${name}`;
      if (name !== "status") { fill(cell, rows[index][place], asked); return; }
      const badge = document.createElement("span");
      badge.className = rows[index][place] === "有效" ? "badge good" : "badge";
      badge.textContent = rows[index][place];
      cell.append(badge);
    });
    return made;
  };
  const show = (indexes) => {
    const asked = words();
    const made = document.createDocumentFragment();
    for (const index of indexes) made.append(line(index, asked));
    $("body").replaceChildren(made);
  };
  const turn = (to) => {
    const last = Math.max(0, Math.ceil(order.length / SIZE) - 1);
    page = Math.min(Math.max(0, to), last);
    show(order.slice(page * SIZE, (page + 1) * SIZE));
    $("page").textContent = `第 ${page + 1} / ${last + 1} 页`;
    $("back").disabled = page === 0;
    $("next").disabled = page === last;
    $("nothing").hidden = order.length > 0;
  };
  const refresh = () => {
    order = sorted(wanted());
    $("count").textContent = order.length === rows.length ? `共 ${rows.length} 张` : `${order.length} / ${rows.length} 张`;
    for (const head of document.querySelectorAll("th")) {
      const on = head.dataset.by === sort.by;
      head.setAttribute("aria-sort", on ? (sort.down ? "descending" : "ascending") : "none");
    }
    turn(0);
  };

  // ---- what a person does
  let waiting = 0;
  $("q").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(refresh, 120); });
  for (const name of PICKS) $(`f-${name}`).addEventListener("change", refresh);
  for (const head of document.querySelectorAll("th")) {
    head.firstElementChild.addEventListener("click", () => {
      sort.down = sort.by === head.dataset.by && !sort.down;
      sort.by = head.dataset.by;
      refresh();
    });
  }
  $("clear").addEventListener("click", () => {
    $("q").value = "";
    for (const name of PICKS) $(`f-${name}`).selectedIndex = 0;
    refresh();
    $("q").focus();
  });
  $("back").addEventListener("click", () => turn(page - 1));
  $("next").addEventListener("click", () => turn(page + 1));
  $("print").addEventListener("click", () => print());
  document.addEventListener("keydown", (event) => {
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) return;
    if (event.key === "/") { event.preventDefault(); $("q").focus(); }
    if (event.key === "PageDown" && event.altKey) turn(page + 1);
    if (event.key === "PageUp" && event.altKey) turn(page - 1);
  });
  addEventListener("beforeprint", () => {
    show(order.slice(0, PRINTED));
    $("printed").hidden = order.length <= PRINTED;
    $("printed").textContent = `名录很长，只打印前 ${PRINTED} 张（共 ${order.length} 张）；请先筛选，或使用 xlsx 格式。`;
  });
  addEventListener("afterprint", () => { $("printed").hidden = true; turn(page); });

  // ---- start
  for (const name of PICKS) {
    const tally = new Map();
    for (const row of rows) tally.set(row[AT[name]], (tally.get(row[AT[name]]) ?? 0) + 1);
    for (const text of [...tally.keys()].sort(collator.compare)) {
      $(`f-${name}`).append(new Option(`${text.slice(0, 40) || "（无）"}（${tally.get(text)}）`, text));
    }
  }
  refresh();
  document.documentElement.dataset.ready = "yes";
})();
