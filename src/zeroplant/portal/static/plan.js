// The plan, live: each move of a slider asks for a new optimum, and only the newest answer counts.

import { drawChart, frame, hue, ink, unitText } from "./charts.js";
import { get, problem, words } from "./now.js";

/** @typedef {{key: string, name: string, value: number, unit: string}} Amount */
/** @typedef {{problems: string[], currency: string, cost: number, npv: number, equity_irr: number,
 *   project_irr: number, lcoe: number, dscr: number, emissions: number, matched: number,
 *   sizes: Amount[], energy: Amount[], seconds: number,
 *   rules: {rule: string, title: string, value: number|null, limit: number, sense: string, met: boolean|null}[]}} Planned */

const studio = document.querySelector(".studio");
const zone = document.documentElement.lang;
const formKey = studio.dataset.formKey;
/** @type {Map<string, number>} */
const moved = new Map();
/** What is shown, and what was moved for it. @type {{found: Planned, title: string}|null} */
let shown = null;
const keep = document.getElementById("keep");
const solving = document.getElementById("solving");
/** How long a year is being solved already: a great plant takes its time. */
const elapsed = document.getElementById("elapsed");
let ticking = 0;
const outcome = document.querySelector(".outcome");
/** @type {AbortController|null} */
let asking = null;
let kept = 0;

/** With a true minus. @param {string} text */
const signed = (text) => text.replace("-", "−");

/** @param {number} value @param {number} digits */
const plain = (value, digits = 3) =>
  signed(value.toLocaleString(zone, { maximumSignificantDigits: digits }));

/** @param {number} value */
const percent = (value) =>
  signed(value.toLocaleString(zone, { style: "percent", maximumFractionDigits: 1 }));

/** @param {number} value @param {string} currency */
const money = (value, currency) =>
  `${signed(value.toLocaleString(zone, { notation: "compact", maximumSignificantDigits: 4 }))} ${currency}`;

/** @type {Record<string, (found: Planned) => string>} */
const FIGURES = {
  cost: (found) => money(found.cost, found.currency),
  npv: (found) => money(found.npv, found.currency),
  equity_irr: (found) => percent(found.equity_irr),
  lcoe: (found) => `${plain(found.lcoe, 4)} ${found.currency}/MWh`,
  dscr: (found) => plain(found.dscr),
  matched: (found) => percent(found.matched),
  emissions: (found) => `${plain(found.emissions, 4)} tCO₂`,
};

/** What a figure says, or a dash where the plan has none. */
const figure = (key, found) => {
  const value = found[key];
  return value === null || value === undefined ? "–" : FIGURES[key](found);
};

/** @param {string} path */
const post = (path, signal) =>
  get(path, {
    method: "POST",
    signal,
    headers: { "content-type": "application/json", "form-key": formKey },
    body: JSON.stringify({ moved: Object.fromEntries(moved) }),
  });

async function ask() {
  asking?.abort();
  const mine = (asking = new AbortController());
  studio.classList.add("busy");
  solving.hidden = false;
  const begin = performance.now();
  clearInterval(ticking);
  ticking = setInterval(() => (elapsed.textContent = `${plain(Math.round((performance.now() - begin) / 1000))} s`), 1000);
  elapsed.textContent = "";
  keep.disabled = true; // what is shown is no longer what was asked for
  const title = titled();
  try {
    const answer = await post("/api/v1/plan", mine.signal);
    const found = answer?.ok && !answer.redirected ? await answer.json() : null;
    if (found && !found.problems.length) draw(found, title);
    else fail(found ? found.problems.join(" · ") : await problem(answer));
  } catch (error) {
    if (error.name === "AbortError") return; // a newer move has been asked about
    fail(words.failed);
    throw error;
  } finally {
    if (asking === mine) {
      studio.classList.remove("busy");
      solving.hidden = true;
      clearInterval(ticking);
    }
  }
}

/** What was moved, as the title of a plan: "wind capacity 350 MW". */
function titled() {
  const parts = [...moved].map(([place, value]) => {
    const knob = document.querySelector(`.knob[data-place="${CSS.escape(place)}"]`);
    return `${knob.dataset.owner} ${knob.querySelector("label").textContent.toLowerCase()} ${plain(value)} ${knob.querySelector(".unit").textContent}`;
  });
  return parts.join(", ") || words["as the file"];
}

/** There is no plan: what stands there is of an earlier one. @param {string} what */
function fail(what) {
  shown = null;
  outcome.classList.add("void");
  const problems = document.getElementById("problems");
  problems.hidden = false;
  problems.textContent = `${what} · ${words["no plan"]}`;
}

/** @param {Planned} found @param {string} title */
function draw(found, title) {
  document.getElementById("problems").hidden = true;
  outcome.classList.remove("void");
  shown = { found, title };
  keep.disabled = false;
  for (const place of document.querySelectorAll("[data-figure]"))
    place.textContent = figure(place.dataset.figure, found);
  bars("sizes", found.sizes);
  for (const { key, value } of found.sizes) {
    const knob = document.querySelector(`[data-place="assets.${key}"][data-kind=size]`);
    if (!knob || moved.has(knob.dataset.place)) continue;
    knob.querySelector("input").value = String(value);
    knob.querySelector("output").textContent = plain(value);
    speak(knob);
  }
  bars("energy", found.energy.map((each) => ({ ...each, value: each.value / 1000, unit: "GWh" })));
  const rules = document.getElementById("rules");
  rules.replaceChildren(
    ...found.rules.map((rule) => {
      const item = document.createElement("li");
      const sense = rule.sense === ">=" ? "≥" : "≤";
      const judged = rule.met === null ? "?" : rule.met ? "✓" : "✗";
      item.className = rule.met === false ? "broken" : "";
      item.title = rule.rule;
      const value = rule.met === null ? words["not judged"] : plain(rule.value);
      item.textContent = `${judged} ${rule.title}: ${value} (${sense} ${plain(rule.limit)})`;
      return item;
    }),
  );
  document.getElementById("took").textContent = `${plain(found.seconds, 2)} s`;
  document.getElementById("summary").textContent = ["cost", "equity_irr"]
    .map((key) => `${words[key]} ${figure(key, found)}`)
    .join(", ");
}

/** One colour for each unit. */
const HUES = ["--green", "--focus", "--orange", "--amber"];

/** Horizontal bars, with their numbers; a list where the charts are missing. What is counted in
 * another unit has another colour and a scale of its own: MW are not longer or shorter than MWh.
 * @param {string} id @param {Amount[]} amounts */
function bars(id, amounts) {
  const place = document.getElementById(id);
  const said = amounts.map((each) => `${each.name} ${plain(each.value)} ${unitText(each.unit)}`);
  place.setAttribute("aria-label", said.join(", "));
  if (!window.echarts) {
    place.classList.remove("chart");
    place.textContent = said.join(" · ");
    return;
  }
  const units = [...new Set(amounts.map((each) => each.unit))];
  const height = 16 * Math.max(4, 1.9 * amounts.length + 2);
  drawChart(place, {
    legend: { show: false },
    tooltip: { show: false },
    grid: { ...frame().grid, right: 90, top: 4 },
    xAxis: units.map(() => ({ type: "value", show: false })),
    yAxis: {
      type: "category",
      inverse: true,
      data: amounts.map((each) => each.name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: ink },
    },
    series: units.map((unit, number) => ({
      type: "bar",
      xAxisIndex: number,
      data: amounts.map((each) => (each.unit === unit ? each.value : null)),
      itemStyle: { color: hue(HUES[number % HUES.length]) },
      barMaxWidth: 18,
      barGap: "-100%", // those of another unit stand in rows of their own
      label: {
        show: true,
        position: "right",
        color: ink,
        formatter: ({ value }) => (value === null ? "" : `${plain(value)} ${unitText(unit)}`),
      },
    })),
  }, height);
}

/** What a slider says when it is reached by ear. @param {HTMLElement} knob */
function speak(knob) {
  const text = `${knob.querySelector("output").textContent} ${knob.querySelector(".unit").textContent}`;
  knob.querySelector("input").setAttribute("aria-valuetext", text);
}

let timer = 0;
for (const knob of document.querySelectorAll(".knob")) {
  const slider = knob.querySelector("input");
  const output = knob.querySelector("output");
  const reset = knob.querySelector(".reset");
  const begin = { value: slider.value, text: output.textContent };
  speak(knob);
  slider.addEventListener("input", () => {
    moved.set(knob.dataset.place, Number(slider.value));
    output.textContent = plain(Number(slider.value));
    speak(knob);
    reset.hidden = false;
    keep.disabled = true;
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  reset.addEventListener("click", () => {
    moved.delete(knob.dataset.place);
    slider.value = begin.value;
    output.textContent = begin.text;
    speak(knob);
    reset.hidden = true;
    slider.focus(); // the button is gone
    clearTimeout(timer);
    ask();
  });
}

/** A row of the comparison; plans that do not have it get a dash there. */
function row(body, key, name, columns) {
  const found = [...body.rows].find((each) => each.dataset.key === key);
  if (found) return found;
  const made = body.insertRow();
  made.dataset.key = key;
  const th = document.createElement("th");
  th.scope = "row";
  th.textContent = name;
  made.append(th);
  for (let each = 0; each < columns; each += 1) made.insertCell().textContent = "–";
  return made;
}

keep.addEventListener("click", () => {
  if (!shown) return;
  const table = document.getElementById("compared");
  table.hidden = false;
  const [head, body] = [table.tHead, table.tBodies[0]];
  if (!head.rows.length) head.insertRow().insertCell();
  const column = document.createElement("th");
  column.scope = "col";
  column.textContent = `${String.fromCharCode(65 + (kept % 26))}: ${shown.title}`;
  head.rows[0].append(column);
  const said = [
    ...[...document.querySelectorAll("[data-figure]")].map((each) => [
      each.dataset.figure,
      each.previousElementSibling.textContent,
      figure(each.dataset.figure, shown.found),
    ]),
    ...shown.found.sizes.map((each) => [`size ${each.key}`, each.name, `${plain(each.value)} ${unitText(each.unit)}`]),
  ];
  for (const [key, name, text] of said) row(body, key, name, kept).insertCell().textContent = text;
  kept += 1;
  for (const each of body.rows) if (each.cells.length === kept) each.insertCell().textContent = "–";
});

document.getElementById("save").addEventListener("click", async () => {
  const wrong = document.getElementById("save-problem");
  const answer = await post("/api/v1/plan/file");
  wrong.hidden = Boolean(answer?.ok && !answer.redirected);
  if (!wrong.hidden) {
    wrong.textContent = await problem(answer);
    return;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = "plant.yaml";
  link.click();
  URL.revokeObjectURL(link.href);
});

ask();
