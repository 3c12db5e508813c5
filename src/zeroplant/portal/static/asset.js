// What was planned of a point beside what was measured of it, on the plant's clock.

import { drawChart, frame, hue, ink, number, tongue, unitText, values } from "./charts.js";
import { get, problem, QUIET, words } from "./now.js";

/** @typedef {{form: string, end: string, unit: string, time: number[], value: number[]}} History */
/** @typedef {{time: number[], end: number[], value: number[]}} Planned */

const HOUR = 3600e3;
const AHEAD = 12; // hours of the plan to come
const PLANNED = 60; // hours back for which plans are drawn: each quarter-hour has a file of its own
const SILENCE = 900e3; // ms without a value after which a line is broken: unknown is not level
const DRAWN = 4000; // values: twice the pixels of a wide screen
const AGAIN = 60e3;
const place = document.getElementById("course");
const zone = place?.dataset.zone;
const digits = { hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" };
const wall = new Intl.DateTimeFormat("en", { ...digits, timeZone: zone });
const select = { point: document.getElementById("point"), span: document.getElementById("span") };
const trouble = document.getElementById("course-problem");
/** @type {Map<number, number>} */
const offsets = new Map();
let turn = 0;

/** A moment as the plant's clock shows it, said as if that were UTC: a zone moves at full hours.
 * @param {number} moment */
function shown(moment) {
  const hour = Math.floor(moment / HOUR);
  if (!offsets.has(hour)) {
    const part = Object.fromEntries(wall.formatToParts(hour * HOUR).map(({ type, value }) => [type, Number(value)]));
    offsets.set(hour, Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute) - hour * HOUR);
  }
  return moment + offsets.get(hour);
}

const inUtc = (/** @type {Intl.DateTimeFormatOptions} */ form) => new Intl.DateTimeFormat(tongue, { ...form, timeZone: "UTC" });
const clock = inUtc({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const date = inUtc({ month: "short", day: "numeric" });
const month = inUtc({ year: "numeric", month: "short" });

/** What stands at a mark of the axis: the date where a day begins, the month in a long span.
 * @param {number} moment as it is shown @param {number} hours of the span */
function dated(moment, hours) {
  if (moment % (24 * HOUR)) return clock.format(moment);
  return (hours > 2000 ? month : date).format(moment);
}

const figure = (/** @type {number} */ value, unit = "") => `${number(value)} ${unitText(unit)}`.trimEnd();

/** Measured values, broken where nothing came for long. @param {History} history */
function measured({ time, value }) {
  const points = [];
  time.forEach((moment, place) => {
    const gap = place ? moment - time[place - 1] : 0;
    const usual = place > 1 ? time[place - 1] - time[place - 2] : gap;
    if (gap > SILENCE && gap > 3 * usual) points.push([shown(moment - 1), null]);
    points.push([shown(moment), value[place]]);
  });
  return points;
}

/** A power holds over its step; a level is reached at its end. @param {Planned} plan @param {boolean} stored */
function planned({ time, end, value }, stored) {
  return time.flatMap((start, place) => (stored ? [] : [[shown(start), value[place]]]).concat([[shown(end[place]), value[place]]]));
}

/** @param {string} path @param {RequestInit} [how] @returns {Promise<any>} */
async function fetched(path, how) {
  const answer = await get(path, how);
  if (answer?.ok) return answer.json();
  if (answer?.status === 404) return null;
  throw new Error(await problem(answer));
}

/** Fetch what is chosen and draw it. @param {RequestInit} [how] */
async function draw(how) {
  const mine = ++turn;
  const { value: name, selectedOptions: [{ dataset }] } = select.point;
  const now = Date.parse(document.getElementById("asset-now").dataset.now);
  const hours = Number(select.span.value);
  const span = (start, end) => new URLSearchParams({ start: new Date(start).toISOString(), end: new Date(end).toISOString() });
  const path = encodeURIComponent(name);
  try {
    const back = Math.min(hours, PLANNED);
    const [history, plan] = await Promise.all([
      fetched(`/api/v1/history/${path}?${span(now - hours * HOUR, now + 1000)}&most=${DRAWN}`, how),
      hours <= 72 ? fetched(`/api/v1/planned/${path}?${span(now - back * HOUR, now + AHEAD * HOUR)}`, how) : null,
    ]);
    if (mine !== turn) return;
    trouble.hidden = true;
    paint(history, plan, dataset, now, hours);
  } catch (error) {
    document.getElementById("summary").textContent = "";
    trouble.textContent = error.message;
    trouble.hidden = false;
  }
}

/** @param {History|null} history @param {Planned|null} plan @param {DOMStringMap} point */
function paint(history, plan, point, now, hours) {
  say(history, point.unit);
  const chart = document.getElementById("chart");
  if (!window.echarts) {
    chart.textContent = words["no charts"];
    return;
  }
  const line = (name, color, data, more) => ({ name, type: "line", symbol: "none", data, color, lineStyle: { width: 1.5, ...more } });
  const series = [line(words.measured, ink, history ? measured(history) : [])];
  series[0].markLine = { symbol: "none", silent: true, label: { formatter: words["at present"], color: ink }, lineStyle: { color: hue("--faint") }, data: [{ xAxis: shown(now) }] };
  if (plan?.value.length) series.push(line(words.planned, hue("--orange"), planned(plan, Boolean(point.stored)), { type: "dashed" }));
  const end = plan?.value.length ? now + AHEAD * HOUR : now;
  drawChart(chart, {
    useUTC: true, // moments are the plant's, said as UTC
    tooltip: { ...frame().tooltip, valueFormatter: (value) => (value == null ? "–" : figure(value, point.unit)) },
    xAxis: { type: "time", min: shown(now - hours * HOUR), max: shown(end), axisLabel: { color: ink, hideOverlap: true, formatter: (moment) => dated(moment, hours) } },
    yAxis: values(point.unit),
    series,
  });
  place.dataset.drawn = String(history?.value.length ?? 0);
}

/** What is drawn, for those who hear it. @param {History|null} history */
function say(history, unit) {
  const values = history?.value ?? [];
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const said = [values.length, figure(least, unit), figure(most, unit), figure(values.at(-1) ?? 0, unit)];
  document.getElementById("summary").textContent = values.length ? said.reduce((text, part) => text.replace("{}", part), words.summary) : words["nothing measured"];
}

if (place) {
  for (const each of Object.values(select)) each.addEventListener("change", () => draw());
  await draw(QUIET);
  setInterval(() => document.hidden || draw(QUIET), AGAIN);
}
