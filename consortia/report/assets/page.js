"use strict";
// Tables that sort and search, and a choice of colours. The page is complete without any of it.
(() => {
  const words = document.body.dataset;

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // A block is a row with those that belong to it; blocks move and are found as one.
  const blocks = (body) => {
    const found = [];
    for (const row of body.rows) {
      if (row.classList.contains("group")) continue;
      if (row.classList.contains("more") && found.length) found.at(-1).push(row);
      else found.push([row]);
    }
    return found;
  };

  const cell = (row, column) => {
    // a row that goes on with the one above lacks the first cell
    const columns = row.closest("table").tHead.rows[0].cells.length;
    return row.cells[column - (columns - row.cells.length)];
  };

  const number = (text) => {
    const digits = text.replace(/\u2212/g, "-").replace(new RegExp(`[^0-9\\-${words.decimal}]`, "g"), "");
    const value = parseFloat(digits.replace(words.decimal, "."));
    return Number.isNaN(value) ? null : value;
  };

  const key = (block, column, numeric) => {
    for (const row of block) {
      const text = (cell(row, column) || {textContent: ""}).textContent.trim();
      if (text) return numeric ? number(text) : text;
    }
    return null;
  };

  const compare = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b, document.documentElement.lang));

  const sort = (table, column, order) => {
    const numeric = table.tHead.rows[0].cells[column].classList.contains("num");
    for (const body of table.tBodies) {
      const entries = blocks(body).map((rows) => ({rows, key: key(rows, column, numeric), at: +rows[0].dataset.at}));
      entries.sort((a, b) => {
        if (order === "none") return a.at - b.at;
        if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.at - b.at;
        return (order === "ascending" ? 1 : -1) * compare(a.key, b.key) || a.at - b.at;
      });
      for (const entry of entries) body.append(...entry.rows);
    }
  };

  const sortable = (table) => {
    for (const body of table.tBodies) blocks(body).forEach((rows, at) => (rows[0].dataset.at = at));
    const next = {none: "ascending", ascending: "descending", descending: "none"};
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = make("button", {type: "button"}, head.textContent);
      head.dataset.name = head.textContent;
      head.replaceChildren(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const order = next[head.getAttribute("aria-sort")];
        for (const other of table.tHead.rows[0].cells) other.setAttribute("aria-sort", "none");
        head.setAttribute("aria-sort", order);
        sort(table, column, order);
      });
    });
  };

  // as names are compared everywhere: without regard to case, and to ё and е
  const folded = (text) => text.normalize("NFC").toLocaleLowerCase().replaceAll("ё", "е").trim();

  const searchable = (table, frame, number) => {
    const id = `search-${number}`;
    const input = make("input", {type: "search", id, autocomplete: "off"});
    const status = make("span", {className: "found"});
    status.setAttribute("role", "status");
    const label = make("label", {htmlFor: id}, words.search);
    frame.before(make("div", {className: "search"}, label, input, status));
    input.addEventListener("input", () => {
      const wanted = folded(input.value);
      let shown = 0;
      for (const body of table.tBodies) {
        let any = false;
        for (const rows of blocks(body)) {
          const hit = rows.some((row) => folded(row.textContent).includes(wanted));
          rows.forEach((row) => (row.hidden = !hit));
          any ||= hit;
          shown += hit;
        }
        body.hidden = !any;
      }
      if (table.tFoot) table.tFoot.hidden = wanted !== "";
      status.textContent = wanted === "" ? "" : shown ? `${shown}` : words.none;
    });
  };

  const colours = () => {
    const names = {system: words.system, light: words.light, dark: words.dark};
    const select = make("select", {id: "colours"});
    for (const [value, text] of Object.entries(names)) select.append(make("option", {value}, text));
    select.addEventListener("change", () => (document.documentElement.dataset.colours = select.value));
    const label = make("label", {htmlFor: "colours"}, words.colours);
    document.querySelector("header").prepend(make("div", {className: "colours"}, label, select));
  };

  colours();
  document.querySelectorAll(".frame > table:not(.matrix)").forEach((table, at) => {
    const count = [...table.tBodies].reduce((sum, body) => sum + blocks(body).length, 0);
    if (count > 2) sortable(table);
    if (count > 7) searchable(table, table.parentElement, at);
  });

  // a frame that nothing can be scrolled in need not be stopped at by the Tab key
  const stops = () => {
    for (const frame of document.querySelectorAll(".frame")) {
      if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
      else frame.removeAttribute("tabindex");
    }
  };
  stops();
  addEventListener("resize", stops);
})();
