"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const { pool, rows, severities, states } = JSON.parse($("data").textContent);
  const FIELDS = ["severity", "state", "file", "sheet", "cell", "row", "column", "key", "value",
    "expected", "message", "clause", "suggestion", "rule", "name", "fix", "confidence"];
  const AT = Object.fromEntries(FIELDS.map((name, index) => [name, index]));
  const SEARCHED = ["sheet", "cell", "column", "key", "value", "expected", "message", "clause", "suggestion", "rule", "name", "fix"];
  const PICKS = ["file", "sheet", "column", "rule", "state"];
  const PRINTED = 3000;
  const CUT = 160;
  const collator = new Intl.Collator("zh-CN", { numeric: true });
  const text = (row, name) => pool[row[AT[name]]];
  const shown = new Set(severities.map((_, index) => index));
  const sort = { by: "severity", down: false };
  const haystacks = [];
  let order = [];
  let page = 0;
  let words = [];

  // ---- what is wanted
  const haystack = (index) => haystacks[index] ??= SEARCHED.map((name) => text(rows[index], name)).join("\n").toLowerCase();
  const picked = () => PICKS.map((name) => [AT[name], $(`f-${name}`)]).filter(([, box]) => box && box.value !== "")
    .map(([at, box]) => [at, Number(box.value)]);

  const wanted = () => {
    words = $("q").value.toLowerCase().split(/\s+/).filter(Boolean);
    const picks = picked();
    const found = [];
    rows.forEach((row, index) => {
      if (shown.has(row[AT.severity]) && picks.every(([at, value]) => row[at] === value)
        && words.every((word) => haystack(index).includes(word))) found.push(index);
    });
    return found;
  };

  // ---- order
  const ranks = (name) => {
    const distinct = [...new Set(rows.map((row) => row[AT[name]]))];
    distinct.sort((a, b) => collator.compare(pool[a], pool[b]));
    return new Map(distinct.map((id, rank) => [id, rank]));
  };
  const keys = {};
  const keyOf = (name) => {
    if (name === "severity" || name === "place") return name === "place" ? (index) => index : (index) => rows[index][AT.severity];
    keys[name] ??= ranks(name);
    return (index) => keys[name].get(rows[index][AT[name]]);
  };
  const sorted = (found) => {
    const key = keyOf(sort.by);
    const sign = sort.down ? -1 : 1;
    return found.sort((a, b) => sign * (key(a) - key(b)) || a - b);
  };

  // ---- drawing
  const element = (tag, name, content) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (content !== undefined) made.append(content);
    return made;
  };
  const marked = (content) => {
    const whole = document.createDocumentFragment();
    const low = content.toLowerCase();
    if (!words.length || low.length !== content.length) { whole.append(content); return whole; }
    let from = 0;
    while (from < content.length) {
      const hits = words.map((word) => [low.indexOf(word, from), word.length]).filter(([at]) => at >= 0);
      if (!hits.length) break;
      const [at, length] = hits.reduce((best, hit) => (hit[0] < best[0] || (hit[0] === best[0] && hit[1] > best[1]) ? hit : best));
      whole.append(content.slice(from, at), element("mark", "", content.slice(at, at + length)));
      from = at + length;
    }
    whole.append(content.slice(from));
    return whole;
  };
  const cut = (content) => (content.length > CUT ? `${content.slice(0, CUT)}…` : content);
  const valueCell = (content) => {
    const box = content === "" ? element("span", "void", "（空）") : element("span", "value", marked(cut(content)));
    if (content.length > CUT) box.title = content;
    return box;
  };
  const advice = (label, content) => {
    const line = element("p", "say2");
    line.append(element("b", "", label), marked(cut(content)));
    return line;
  };

  const draw = {
    severity: (row, cell) => {
      const [name, label] = severities[row[AT.severity]];
      cell.append(element("span", `badge ${name}`, label));
      if (row[AT.state]) cell.append(element("br"), element("span", "badge state", states[row[AT.state]]));
    },
    place: (row, cell) => {
      const address = text(row, "cell") || (row[AT.row] ? `第 ${row[AT.row]} 行` : "");
      if (address) cell.append(element("div", "cell", marked(address)));
      cell.append(element("div", address ? "sub" : "", marked(text(row, "sheet") || "（工作簿）")));
      if ($("f-file")) cell.append(element("div", "sub path", text(row, "file")));
    },
    key: (row, cell) => cell.append(marked(text(row, "key"))),
    column: (row, cell) => cell.append(marked(text(row, "column"))),
    value: (row, cell) => cell.append(valueCell(text(row, "value"))),
    message: (row, cell) => {
      cell.append(element("p", "", marked(cut(text(row, "message")))));
      for (const [label, name] of [["应为", "expected"], ["建议", "suggestion"]]) {
        if (text(row, name)) cell.append(advice(label, text(row, name)));
      }
    },
    rule: (row, cell) => {
      cell.append(element("div", "code", marked(text(row, "rule"))));
      cell.append(element("div", "sub", marked(text(row, "clause"))));
    },
    fix: (row, cell) => {
      if (!row[AT.confidence]) return;
      const [name, label] = row[AT.confidence] === 2 ? ["safe", "可自动修复"] : ["review", "须人工确认"];
      cell.append(element("span", `badge ${name}`, label), element("div"), valueCell(text(row, "fix")));
    },
  };
  const COLUMNS = Object.keys(draw);
  const line = (index) => {
    const made = document.createElement("tr");
    for (const name of COLUMNS) {
      const cell = made.insertCell();
      cell.className = `c-${name}`;
      draw[name](rows[index], cell);
    }
    return made;
  };

  const size = () => Number($("size").value);
  const show = (indexes) => {
    const body = document.createDocumentFragment();
    indexes.forEach((index) => body.append(line(index)));
    $("body").replaceChildren(body);
  };
  const turn = (to) => {
    const last = Math.max(0, Math.ceil(order.length / size()) - 1);
    page = Math.min(Math.max(0, to), last);
    show(order.slice(page * size(), (page + 1) * size()));
    $("page").textContent = `第 ${page + 1} / ${last + 1} 页`;
    $("back").disabled = page === 0;
    $("next").disabled = page === last;
    $("nothing").hidden = order.length > 0;
  };
  const refresh = () => {
    order = sorted(wanted());
    $("count").textContent = order.length === rows.length ? `共 ${rows.length} 条` : `${order.length} / ${rows.length} 条`;
    for (const name of PICKS) $(`f-${name}`)?.classList.toggle("set", $(`f-${name}`).value !== "");
    for (const head of document.querySelectorAll(".grid th")) {
      const on = head.dataset.by === sort.by;
      head.setAttribute("aria-sort", on ? (sort.down ? "descending" : "ascending") : "none");
    }
    turn(0);
  };

  // ---- what a person does
  let waiting = 0;
  $("q").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(refresh, 120); });
  for (const name of PICKS) $(`f-${name}`)?.addEventListener("change", refresh);
  for (const chip of document.querySelectorAll(".chips button")) {
    chip.addEventListener("click", () => {
      const level = Number(chip.dataset.level);
      if (!shown.delete(level)) shown.add(level);
      chip.setAttribute("aria-pressed", String(shown.has(level)));
      refresh();
    });
  }
  for (const head of document.querySelectorAll(".grid th button")) {
    head.addEventListener("click", () => {
      const by = head.parentElement.dataset.by;
      sort.down = sort.by === by && !sort.down;
      sort.by = by;
      refresh();
    });
  }
  const clear = () => {
    $("q").value = "";
    for (const name of PICKS) if ($(`f-${name}`)) $(`f-${name}`).value = "";
    severities.forEach((_, level) => shown.add(level));
    for (const chip of document.querySelectorAll(".chips button")) chip.setAttribute("aria-pressed", "true");
  };
  $("clear").addEventListener("click", () => { clear(); refresh(); $("q").focus(); });
  for (const pick of document.querySelectorAll(".pick")) {
    pick.addEventListener("click", () => {
      clear();
      for (const [name, value] of Object.entries(pick.dataset)) {
        const id = pool.indexOf(value);
        if ($(`f-${name}`)) $(`f-${name}`).value = id < 0 ? "" : String(id);
      }
      refresh();
      $("list").scrollIntoView({ block: "start" });
      $("q").focus({ preventScroll: true });
    });
  }
  $("back").addEventListener("click", () => turn(page - 1));
  $("next").addEventListener("click", () => turn(page + 1));
  $("size").addEventListener("change", () => turn(0));
  $("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
  $("print").addEventListener("click", () => print());
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      $("q").focus();
    }
  });
  addEventListener("beforeprint", () => {
    show(order.slice(0, PRINTED));
    $("printed").hidden = order.length <= PRINTED;
    $("printed").textContent = `清单很长，只打印前 ${PRINTED} 条（共 ${order.length} 条）；请先筛选，或使用 xlsx 报告。`;
  });
  addEventListener("afterprint", () => { $("printed").hidden = true; turn(page); });

  // ---- start
  const options = (name, labels) => {
    const box = $(`f-${name}`);
    if (!box) return;
    const tally = new Map();
    for (const row of rows) tally.set(row[AT[name]], (tally.get(row[AT[name]]) ?? 0) + 1);
    const ids = [...tally.keys()].sort((a, b) => (labels ? a - b : collator.compare(pool[a], pool[b])));
    for (const id of ids) {
      const label = labels ? labels[id] : pool[id] || "（无）";
      box.append(new Option(`${cut(label)}（${tally.get(id)}）`, id));
    }
  };
  options("state", states);
  for (const name of ["file", "sheet", "column", "rule"]) options(name);
  if (rows.some((row) => row[AT.state]) && rows.some((row) => !row[AT.state])) $("f-state").value = "0";
  refresh();
  document.documentElement.dataset.ready = "yes";
})();
