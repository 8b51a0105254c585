"use strict";
(() => {
  // Everything on the page stands without this: it filters, orders and opens what is there. Text is only ever set as
  // text; nothing is parsed as HTML.
  const PAGE = 50;
  const list = document.getElementById("docs");
  const rows = [...list.children];
  const search = document.getElementById("search");
  const order = document.getElementById("order");
  const matches = document.getElementById("matches");
  const more = document.getElementById("more");
  const place = new Map(rows.map((row, at) => [row, at]));
  const texts = new Map();
  const rules = new Map();
  for (const link of document.querySelectorAll("#pipeline dt[id]")) {
    rules.set(link.id.slice(5), link.querySelector("code").textContent);
  }
  const make = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const number = (value) => Number(value).toLocaleString("en");

  const textOf = (row) => {
    if (!texts.has(row)) {
      const names = ruleCounts(row).map(([rule]) => rules.get(rule) ?? "").join(" ");
      texts.set(row, (row.textContent + " " + names).toLowerCase());
    }
    return texts.get(row);
  };
  const ruleCounts = (row) => (row.dataset.rules ?? "").split(";").filter(Boolean).map((count) => count.split(" "));

  let shown = PAGE;
  let ordered = "";
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const status = document.querySelector("[name=status]:checked").value;
    const found = rows.filter(
      (row) => (!status || row.classList.contains(status)) && words.every((word) => textOf(row).includes(word)),
    );
    const key = order.value;
    if (key) found.sort((left, right) => (right.dataset[key] ?? 0) - (left.dataset[key] ?? 0) || place.get(left) - place.get(right));
    const visible = new Set(found.slice(0, shown));
    for (const row of rows) row.hidden = !visible.has(row);
    if (key || ordered) list.append(...(key ? found : rows));
    ordered = key;
    matches.textContent = `${number(found.length)} of ${number(rows.length)} documents`;
    more.parentElement.hidden = found.length <= shown;
    more.textContent = `Show ${Math.min(PAGE, found.length - shown)} more`;
  };
  let waiting = 0;
  const again = () => {
    shown = PAGE;
    clearTimeout(waiting);
    waiting = setTimeout(apply, 60);
  };
  search.addEventListener("input", again);
  order.addEventListener("change", again);
  for (const radio of document.querySelectorAll("[name=status]")) radio.addEventListener("change", again);
  more.addEventListener("click", () => {
    const first = rows.find((row) => row.hidden);
    shown += PAGE;
    apply();
    first?.querySelector("summary")?.focus();
  });
  document.querySelector(".controls").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
      event.preventDefault();
      search.focus();
    }
  });

  // The first time a document is opened: what its rules did, and the ways to look at it.
  const dress = (row) => {
    const view = row.querySelector(".v");
    if (view.dataset.dressed) return;
    view.dataset.dressed = "1";
    const legend = make("ul", "legend");
    for (const [rule, edits, bytes] of ruleCounts(row)) {
      const item = make("li");
      item.append(make("span", `swatch r${rule}`));
      const link = make("a", "", rules.get(rule) ?? "another rule");
      link.href = `#rule-${rule}`;
      item.append(link, make("span", "soft", ` ${number(edits)} × · ${number(bytes)} B`));
      legend.append(item);
    }
    const text = view.querySelector("pre");
    if (legend.children.length) view.insertBefore(legend, text);
    if (!text || !text.querySelector("del, ins")) return;
    for (const mark of text.querySelectorAll("del, ins")) mark.title = rules.get(mark.className.slice(1)) ?? "";
    const buttons = make("div", "view");
    buttons.setAttribute("role", "group");
    buttons.setAttribute("aria-label", "How to look at it");
    const side = make("div");
    view.insertBefore(side, text);
    const show = (how) => {
      for (const button of buttons.children) button.setAttribute("aria-pressed", String(button.textContent === how));
      side.className = how === "Side by side" ? "side" : "";
      text.className = how === "Before" ? "before" : how === "After" ? "after" : "";
      side.replaceChildren(text);
      if (how === "Side by side") {
        const after = text.cloneNode(true);
        text.className = "before";
        after.className = "after";
        const [left, right] = [make("div"), make("div")];
        left.append(make("h4", "", "Before"), text);
        right.append(make("h4", "", "After"), after);
        side.replaceChildren(left, right);
      }
    };
    for (const how of ["Marked", "Side by side", "Before", "After"]) {
      const button = make("button", "", how);
      button.type = "button";
      button.addEventListener("click", () => show(how));
      buttons.append(button);
    }
    view.insertBefore(buttons, side);
    show("Marked");
  };
  list.addEventListener("toggle", (event) => event.target.open && dress(event.target.closest("li")), true);

  // A link to a document or to a rule's text opens what it stands in.
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.parentElement === list) {
      if (target.hidden) {
        search.value = "";
        document.querySelector("[name=status]").checked = true;
        order.value = "";
        shown = Math.max(PAGE, place.get(target) + 1);
        apply();
      }
      const details = target.querySelector("details");
      if (details) details.open = true;
    }
    for (let above = target.parentElement; above; above = above.parentElement) {
      if (above.tagName === "DETAILS") above.open = true;
    }
    target.scrollIntoView({ block: "start" });
  };
  addEventListener("hashchange", follow);

  document.querySelector(".controls").hidden = false;
  apply();
  if (location.hash) follow();
})();
