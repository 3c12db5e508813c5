// The coming hours, a chart for each carrier: what gives is drawn upwards, what takes downwards,
// the price over both. Powers hold from one moment to the next; levels are of the moment itself.

import { clockAxis, colours, drawChart, frame, ink, inUnit, tongue, unitText, values } from "./charts.js";
import { ago, get, now, problem, QUIET, words } from "./now.js";
import { bandSeries, held, owedSeries, told } from "./outlook.js";

/** @typedef {{key: string, name: string, node: string, gives: boolean, exact: boolean, unit: string, values: number[]}} Line */
/** @typedef {{name: string, label: string, carrier: string, unit: string, price_unit: string}} Place */
/** @typedef {{first: number, last: number, words: string}} Why */
/** @typedef {{now: string, made: string, start: string, step_seconds: number, status: string, note: string,
 *   zone: string, currency: string, nodes: Place[], power: Line[], level: Line[], steps: number, target: number[],
 *   price: Record<string, number[]>, kinds: Record<string, string>, why: Why[], bands: import("./outlook.js").Band[],
 *   commitments: import("./outlook.js").Owed[]}} Schedule */

const shown = document.getElementById("shown");
const slider = document.getElementById("step");
/** The first chart stands over the reasons, the others below. */
const lead = document.getElementById("lead");
const rest = document.getElementById("powers");
const AGAIN = 60e3; // ms between looks for a newer one
const OLD = 3600e3; // ms after which a planner should have made another
const LINES = ["solid", "dashed", "dotted"]; // of the prices: more could not be told apart
const MANY = 20; // lines in one chart: of more those of an asset are one
const NOTHING = 1e-6; // MW, kg/h: less is what arithmetic leaves
const CHOSEN = "chosen"; // the series that marks the step which is told of
/** @type {Schedule|null} */
let plan = null;
let newest = "";

const begin = () => Date.parse(plan.start);
const length = () => 1000 * plan.step_seconds;
const steps = () => plan.steps;

/** A moment in the plant's zone; ``day`` is how its day is said. @param {number} moment */
function local(moment, day = { month: "long", day: "numeric" }) {
  const form = { timeZone: plan.zone, ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat(tongue, form).format(moment);
}

/** A step from its beginning to its end; the day is said once. @param {number} step */
const spanOf = (step) => `${local(begin() + length() * step)} – ${local(begin() + length() * (step + 1), {})}`;

/** @param {HTMLElement} place @param {object} option */
function chart(place, option) {
  if (!window.echarts) {
    place.textContent = words["no charts"];
    return null;
  }
  const moments = Array.from({ length: steps() + 1 }, (_, step) => begin() + step * length());
  return drawChart(place, { xAxis: clockAxis(moments, plan.zone, place), ...option });
}

/** Nodes of one carrier in one unit: they share a chart. @returns {Place[][]} */
function groups() {
  /** @type {Map<string, Place[]>} */
  const found = new Map();
  for (const node of plan.nodes) {
    const key = `${node.carrier}|${node.unit}`;
    found.set(key, [...(found.get(key) ?? []), node]);
  }
  return [...found.values()];
}

/** What flows at some nodes; what arithmetic leaves is nothing. @param {Place[]} nodes @returns {Line[]} */
function flowing(nodes) {
  const here = plan.power.filter((line) => nodes.some((node) => node.name === line.node));
  const moving = here.map((line) => ({ ...line, values: line.values.map((value) => (Math.abs(value) < NOTHING ? 0 : value)) }));
  return moving.length > MANY ? bundled(moving) : moving;
}

/** What each asset gives, and what it takes, as one line. @param {Line[]} lines @returns {Line[]} */
function bundled(lines) {
  /** @type {Map<string, Line>} */
  const found = new Map();
  for (const line of lines) {
    const asset = line.key.slice(0, line.key.indexOf("."));
    const before = found.get(`${asset} ${line.gives}`);
    const values = before ? before.values.map((value, step) => value + line.values[step]) : line.values;
    found.set(`${asset} ${line.gives}`, { ...line, name: asset, exact: line.exact && (before?.exact ?? true), values });
  }
  return [...found.values()];
}

/** The chart of a carrier, or its name where nothing of it flows.
 * @param {Place[]} nodes @returns {string[]} */
function power(nodes) {
  const labels = new Map(nodes.map((node) => [node.name, node.label]));
  const lines = flowing(nodes);
  const names = lines.map((line) => line.name);
  const twice = (/** @type {string} */ name) => names.indexOf(name) !== names.lastIndexOf(name);
  if (lines.every((line) => line.values.every((value) => value === 0))) return lines.length ? [nodes[0].carrier] : [];
  const colour = colours(lines, plan.kinds);
  const priced = nodes.length > LINES.length ? [] : nodes;
  const title = priced.length ? words.dispatch : words["dispatch alone"];
  const place = card(`${title}: ${nodes[0].carrier}`, "chart tall", lead.childElementCount ? rest : lead);
  const drawn = chart(place, {
    yAxis: [values(nodes[0].unit), ...priced.slice(0, 1).map((node) => values(node.price_unit, { splitLine: { show: false } }))],
    series: [
      ...lines.map((line, each) => ({
        name: `${line.exact ? "" : "≈ "}${line.name}${twice(line.name) ? ` (${labels.get(line.node)})` : ""}`,
        tooltip: inUnit(line.unit), type: "line", stack: line.gives ? "gives" : "takes", step: "end", symbol: "none",
        // what an asset takes has the colour of what it gives, paler
        color: colour[each], itemStyle: { opacity: line.gives ? 0.9 : 0.55 }, lineStyle: { width: 0 }, areaStyle: { opacity: line.gives ? 0.9 : 0.55 },
        data: held(line.values.map((value) => (line.gives ? value : -value))),
      })),
      ...priced.map((node, each) => ({
        name: `${words.price} ${node.label}`, tooltip: inUnit(node.price_unit), type: "line", yAxisIndex: 1, step: "end", symbol: "none",
        lineStyle: { width: 2, color: ink, type: LINES[each] }, itemStyle: { color: ink },
        data: held(plan.price[node.name]),
      })),
      { id: CHOSEN, type: "line", data: [] },
    ],
  });
  drawn?.getZr().on("click", (event) => choose(drawn, event.offsetX, event.offsetY));
  return [];
}

/** Show in the charts of powers which step is told of. @param {number} step */
function mark(step) {
  for (const place of document.querySelectorAll(".chart.tall"))
    window.echarts?.getInstanceByDom(place)?.setOption({
      series: [{ id: CHOSEN, markArea: { silent: true, itemStyle: { color: ink, opacity: 0.2 }, data: [[{ xAxis: step }, { xAxis: step + 1 }]] } }],
    });
}

/** Go to the step in which a chart was clicked. */
function choose(drawn, x, y) {
  const [near] = drawn.convertFromPixel({ seriesIndex: 0 }, [x, y]);
  const step = near - (drawn.convertToPixel({ xAxisIndex: 0 }, near) > x ? 1 : 0);
  if (step < 0 || step >= steps()) return;
  slider.value = String(step);
  why();
}

function draw() {
  for (const place of document.querySelectorAll(".chart")) window.echarts?.getInstanceByDom(place)?.dispose();
  lead.replaceChildren();
  rest.replaceChildren();
  const still = groups().flatMap(power);
  if (still.length) {
    const told = document.createElement("p");
    told.textContent = words["nothing flows"].replace("{}", still.join(", "));
    rest.append(told);
  }
  exchange();
  new Set(plan.bands.map((band) => band.unit)).forEach(expected);
  new Set(plan.level.map((line) => line.unit)).forEach(level);
}

/** The planned exchange with the grid, and what was promised of it. */
function exchange() {
  if (!plan.target.length) return; // not for who sees a part of the plant
  const place = card(words.exchange, "chart");
  const series = owedSeries(plan.target, plan.commitments, colours(plan.commitments.map(({ name }) => ({ key: name })), {}), ink);
  chart(place, { yAxis: values("MW"), legend: legend(series), series });
  const list = document.createElement("ul");
  const lines = plan.commitments.map((each) => told(each, plan.currency, (moment) => local(Date.parse(moment))));
  for (const line of lines.length ? lines : [words["nothing promised"]]) {
    const item = document.createElement("li");
    item.textContent = line;
    list.append(item);
  }
  place.after(list);
}

/** Forecasts the plan was made with, as bands, in one unit. @param {string} unit */
function expected(unit) {
  const bands = plan.bands.filter((band) => band.unit === unit);
  const [{ low, high, made }] = bands;
  const percent = (level) => Math.round(100 * level);
  const title = words.expected.replace("{}", percent(low)).replace("{}", percent(high)).replace("{}", local(Date.parse(made)));
  const series = bandSeries(bands, colours(bands, plan.kinds));
  chart(card(title, "chart"), { yAxis: values(unit), legend: legend(series), series });
}

/** The lines that have a name for people; the edges of bands have none. @param {{name: string, silent?: boolean}[]} series */
const legend = (series) => ({ ...frame().legend, data: series.filter((each) => !each.silent).map((each) => each.name) });

/** Levels of all stores that are counted in a unit. @param {string} unit */
function level(unit) {
  const lines = plan.level.filter((line) => line.unit === unit);
  const colour = colours(lines, plan.kinds);
  chart(card(`${words["stored at"]} (${unitText(unit) || lines[0].name})`, "chart"), {
    yAxis: values(unit),
    series: lines.map((line, each) => ({ name: line.name, tooltip: inUnit(line.unit), type: "line", symbol: "none", color: colour[each], data: [null, ...line.values] })),
  });
}

/** A place for a chart under its title. @param {string} title @param {string} kind @param {HTMLElement} where */
function card(title, kind, where = rest) {
  const section = document.createElement("section");
  section.className = "card wide";
  const head = document.createElement("h2");
  head.textContent = title;
  const place = document.createElement("div");
  place.className = kind;
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", title);
  section.append(head, place);
  where.append(section);
  return place;
}

/** What binds in a step, in words. */
function why() {
  const step = Number(slider.value);
  const span = spanOf(step);
  document.getElementById("when").textContent = span;
  slider.setAttribute("aria-valuetext", span);
  mark(step);
  const found = plan.why.filter((each) => each.first <= step && step <= each.last);
  const told = found.length ? found.map((each) => each.words) : [words["nothing binds"]];
  document.getElementById("why").replaceChildren(
    ...told.map((each) => {
      const item = document.createElement("li");
      item.textContent = each;
      return item;
    }),
  );
}

/** Tell of the step a moment falls in, or of the nearest one. @param {number} moment */
function go(moment) {
  const step = Math.floor((moment - begin()) / length());
  slider.value = String(Math.min(Math.max(step, 0), steps() - 1));
  why();
}

/** When it was made and how; and whether it is over, or nobody has made a newer one. */
function state() {
  const then = Date.parse(plan.now); // the plant's clock may be another than the wall's
  const age = then - Date.parse(plan.made);
  const made = new Intl.DateTimeFormat(tongue, { timeZone: plan.zone, dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
  const note = plan.note ? ` · ${plan.note}` : "";
  const status = words[`is ${plan.status}`] ?? plan.status;
  document.getElementById("made").textContent =
    `${words.made} ${made.format(new Date(plan.made))} (${ago(now() - Math.max(0, age))}) · ${status}${note}`;
  const over = then >= begin() + steps() * length();
  const old = document.getElementById("old");
  old.hidden = !over && age < OLD;
  const text = over ? words["schedule over"] : words["schedule old"];
  if (old.textContent !== text) old.textContent = text;
}

/** Look for a newer one. @param {RequestInit} [how] */
async function look(how) {
  const answer = await get("/api/v1/schedule", how);
  const none = answer?.status === 404;
  const failed = document.getElementById("failed");
  failed.hidden = answer === null || answer.ok || none || answer.status === 401;
  if (!failed.hidden) failed.textContent = await problem(answer);
  if (answer?.ok && !answer.redirected) {
    const text = await answer.text();
    const chosen = plan && begin() + Number(slider.value) * length();
    plan = JSON.parse(text);
    document.getElementById("silent").hidden = true;
    shown.hidden = false;
    const content = JSON.stringify({ ...plan, now: "" });
    if (content !== newest) {
      newest = content;
      draw();
      slider.max = String(Math.max(0, steps() - 1));
      go(chosen ?? Date.parse(plan.now));
    }
  } else if (none) {
    plan = null;
    newest = "";
    document.getElementById("silent").hidden = false;
    shown.hidden = true;
  }
  if (plan) state();
}

slider.addEventListener("input", why);
document.getElementById("now").addEventListener("click", async () => {
  await look(); // the plant's clock has gone on
  if (plan) go(Date.parse(plan.now));
});
await look(QUIET);
setInterval(() => look(QUIET), AGAIN);
