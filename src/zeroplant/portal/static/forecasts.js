// One forecast: its band and middle, and what was measured before and after it was made.

import { clockAxis, drawChart, frame, hue, ink, number, unitText, values } from "./charts.js";
import { get, problem, QUIET, words } from "./now.js";

/** @typedef {{name: string, unit: string, start: string, step_seconds: number, levels: number[],
 *   values: (number|null)[][], mean: (number|null)[], measured_start: string,
 *   measured: (number|null)[], made: string}} Forecast */

const place = document.getElementById("chart");
const blue = hue("--focus");
const AGAIN = 60e3; // ms: a newer issue, or more that was measured

/** A value for each step that is shown, nothing outside. @param {(number|null)[]} values */
function laid(values, offset, count) {
  return Array.from({ length: count }, (_, step) => values[step - offset] ?? null);
}

/** Bands between a level and its mirror image, the widest first. @param {Forecast} said */
function bands(said) {
  const half = Math.floor(said.levels.length / 2);
  return Array.from({ length: half }, (_, low) => [low, said.levels.length - 1 - low])
    .filter(([low, high]) => Math.abs(said.levels[low] + said.levels[high] - 1) < 1e-6);
}

/** What a band is called. @param {Forecast} said @param {number} low @param {number} high */
const named = (said, low, high) =>
  [low, high].reduce((text, each) => text.replace("{}", String(Math.round(100 * said.levels[each]))), words.band);

/** What is said of a step that is pointed at: the lines, and the widest band.
 * @param {Forecast} said @param {any[]} rows @param {number} step of the forecast @returns {string[]} */
function pointed(said, rows, step) {
  const lines = rows.filter((row) => [words.measured, words.middle].includes(row.seriesName) && row.value != null);
  const told = lines.map((row) => `${row.seriesName} ${number(row.value)} ${unitText(said.unit)}`);
  for (const [low, high] of bands(said).slice(0, 1))
    if (said.values[low][step] != null) told.push(`${named(said, low, high)} ${number(said.values[low][step])} … ${number(said.values[high][step])} ${unitText(said.unit)}`);
  return [rows[0].axisValue, ...told];
}

/** Where it begins: what is measured to the right of it was not yet known. @param {number} step */
const issued = (step) => ({
  symbol: "none", silent: true, lineStyle: { color: hue("--faint") },
  label: { formatter: words.issue, color: ink }, data: [{ xAxis: step }],
});

/** @param {Forecast} said */
function draw(said) {
  if (!window.echarts) {
    place.textContent = words["no charts"];
    return;
  }
  const step = 1000 * said.step_seconds;
  const first = Date.parse(said.measured_start);
  const offset = Math.round((Date.parse(said.start) - first) / step);
  const count = said.measured.length;
  const moments = Array.from({ length: count }, (_, each) => first + each * step);
  const shades = bands(said).flatMap(([low, high], each) => {
    const name = named(said, low, high);
    const under = { type: "line", stack: `band${each}`, symbol: "none", silent: true, lineStyle: { width: 0 }, tooltip: { show: false } };
    const wide = said.values[high].map((value, at) => (value === null || said.values[low][at] === null ? null : value - said.values[low][at]));
    return [
      { ...under, name: `${name} `, data: laid(said.values[low], offset, count), areaStyle: { opacity: 0 } },
      { ...under, name, data: laid(wide, offset, count), areaStyle: { opacity: 0.22, color: blue }, itemStyle: { color: blue, opacity: 0.3 + 0.3 * each } },
    ];
  });
  const line = (name, data, color, width) => ({ name, type: "line", symbol: "none", data, lineStyle: { width, color }, itemStyle: { color } });
  drawChart(place, {
    legend: { ...frame().legend, data: [words.measured, words.middle, ...shades.filter((_, each) => each % 2).map((each) => each.name)] },
    tooltip: {
      ...frame().tooltip,
      formatter: (rows) => pointed(said, rows, rows[0].dataIndex - offset).join("\n"),
    },
    xAxis: clockAxis(moments, place.dataset.zone, place),
    yAxis: values(said.unit),
    series: [
      ...shades,
      line(words.middle, laid(said.mean, offset, count), blue, 2),
      { ...line(words.measured, said.measured, ink, 2), markLine: issued(offset) },
    ],
  });
}

async function look() {
  const asked = new URLSearchParams({ key: place.dataset.key, made: place.dataset.made });
  const answer = await get(`/api/v1/forecasts/one?${asked}`, QUIET);
  const failed = document.getElementById("failed");
  failed.hidden = Boolean(answer?.ok);
  if (answer?.ok) draw(await answer.json());
  else failed.textContent = await problem(answer);
}

if (place) {
  await look();
  setInterval(() => document.hidden || look(), AGAIN);
}
