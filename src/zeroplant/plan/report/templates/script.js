"use strict";
(function () {
  const root = document.documentElement;
  const chinese = () => root.classList.contains("show-zh");

  function speak(zh) {
    root.classList.toggle("show-zh", zh);
    root.classList.toggle("show-en", !zh);
    root.lang = zh ? "zh-CN" : "en";
  }
  speak(chinese());
  document.getElementById("language").addEventListener("click", () => {
    speak(!chinese());
    try { localStorage.setItem("zeroplant-language", chinese() ? "zh" : "en"); } catch (e) { /* none */ }
  });

  /* Paper shows all that is folded on the screen. */
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("details").forEach((folded) => { folded.open = true; });
  });

  /* What the pointer, or the arrow keys, tell on a chart over time. */
  const tip = document.getElementById("tip");
  const number = (v) => (v === null ? "–" : v.toLocaleString("en", { maximumSignificantDigits: 4 }));

  function cell(row, text) {
    const td = document.createElement("td");
    td.textContent = text;
    row.append(td);
  }

  function show(svg, table, place) {
    const [left, right, top, bottom] = svg.dataset.plot.split(",").map(Number);
    const count = table.x.length;
    const stepped = table.series[0].v.length > 1;
    const x = left + (right - left) * (svg.dataset.ends ? place / (count - 1) : (place + 0.5) / count);
    let cross = svg.querySelector(".cross");
    if (!cross) {
      cross = document.createElementNS("http://www.w3.org/2000/svg", "line");
      cross.setAttribute("class", "cross");
      svg.append(cross);
    }
    for (const [key, value] of Object.entries({ x1: x, x2: x, y1: top, y2: bottom })) cross.setAttribute(key, value);
    tip.replaceChildren();
    const head = document.createElement("b");
    head.textContent = table.x[place];
    const list = document.createElement("table");
    for (const series of table.series) {
      if (stepped && !series.v[place]) continue;
      const row = list.insertRow();
      cell(row, chinese() ? series.zh : series.en);
      const value = series.v[place] * (chinese() ? table.factor : 1);
      cell(row, number(value) + " " + table.unit[chinese() ? 1 : 0]);
      row.lastChild.className = "n";
    }
    tip.append(head, list);
    tip.hidden = false;
    const box = svg.getBoundingClientRect();
    const at = box.left + (x / svg.viewBox.baseVal.width) * box.width;
    const wanted = at + 14 + tip.offsetWidth > root.clientWidth ? at - 14 - tip.offsetWidth : at + 14;
    const most = root.clientWidth - tip.offsetWidth - 4;
    tip.style.left = Math.min(Math.max(4, wanted), Math.max(4, most)) + window.scrollX + "px";
    tip.style.top = box.top + window.scrollY + 8 + "px";
  }

  function hide(svg) {
    tip.hidden = true;
    tip.style.left = "0";
    const cross = svg.querySelector(".cross");
    if (cross) cross.remove();
  }

  for (const figure of document.querySelectorAll("figure[data-hover]")) {
    const table = JSON.parse(figure.dataset.hover);
    const last = table.x.length - 1;
    for (const svg of figure.querySelectorAll("svg")) {
      let place = 0;
      const [left, right] = svg.dataset.plot.split(",").map(Number);
      svg.addEventListener("pointermove", (event) => {
        const box = svg.getBoundingClientRect();
        const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
        place = Math.min(last, Math.max(0, Math.floor(((x - left) / (right - left)) * (last + 1))));
        show(svg, table, place);
      });
      svg.addEventListener("pointerleave", () => hide(svg));
      svg.addEventListener("blur", () => hide(svg));
      svg.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!step) return;
        event.preventDefault();
        place = Math.min(last, Math.max(0, place + step));
        show(svg, table, place);
      });
    }
  }
})();
