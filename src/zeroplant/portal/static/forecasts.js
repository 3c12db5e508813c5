// One forecast: its band and middle, and what was measured before and after it was made.

import { get, problem, words } from "./now.js";

/** @typedef {{name: string, unit: string, start: string, step_seconds: number, levels: number[],
 *   values: (number|null)[][], mean: (number|null)[], measured_start: string,
 *   measured: (number|null)[], made: string}} Forecast */

const tongue = document.documentElement.lang;
const place = document.getElementById("chart");
const ink = getComputedStyle(document.body).color;
const blue = getComputedStyle(document.documentElement).getPropertyValue("--focus").trim();
const AGAIN = 60e3; // ms: a newer issue, or more that was measured

/** Moments in the plant's zone. @param {number} moment */
function clock(moment) {
  const form = { timeZone: place.dataset.zone, month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat(tongue, form).format(moment);
}

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
  const times = Array.from({ length: count }, (_, each) => clock(first + each * step));
  const shades = bands(said).flatMap(([low, high], each) => {
    const name = words.band.replace("{}", String(Math.round(100 * said.levels[low]))).replace("{}", String(Math.round(100 * said.levels[high])));
    const under = { type: "line", stack: `band${each}`, symbol: "none", silent: true, lineStyle: { width: 0 }, tooltip: { show: false } };
    const wide = said.values[high].map((value, at) => (value === null || said.values[low][at] === null ? null : value - said.values[low][at]));
    return [
      { ...under, name: `${name} `, data: laid(said.values[low], offset, count), areaStyle: { opacity: 0 } },
      { ...under, name, data: laid(wide, offset, count), areaStyle: { opacity: 0.22, color: blue }, itemStyle: { color: blue } },
    ];
  });
  const line = (name, data, color, width) => ({ name, type: "line", symbol: "none", data, lineStyle: { width, color }, itemStyle: { color } });
  const drawn = window.echarts.getInstanceByDom(place) ?? window.echarts.init(place);
  drawn.setOption({
    animation: false,
    textStyle: { color: ink, fontFamily: "system-ui, sans-serif" },
    legend: { type: "scroll", top: 0, textStyle: { color: ink }, data: [words.measured, words.middle, ...shades.filter((_, each) => each % 2).map((each) => each.name)] },
    tooltip: {
      trigger: "axis", confine: true, renderMode: "richText",
      formatter: (rows) => [rows[0].axisValue, ...rows.filter((row) => [words.measured, words.middle].includes(row.seriesName) && row.value != null)
        .map((row) => `${row.seriesName} ${row.value.toLocaleString(tongue, { maximumSignificantDigits: 3 })} ${said.unit}`)].join("\n"),
    },
    grid: { left: 8, right: 16, top: 60, bottom: 8, containLabel: true },
    xAxis: { type: "category", boundaryGap: false, data: times, axisLabel: { color: ink } },
    yAxis: { type: "value", name: said.unit, nameTextStyle: { color: ink }, axisLabel: { color: ink }, splitLine: { lineStyle: { opacity: 0.25 } } },
    series: [
      ...shades,
      line(words.middle, laid(said.mean, offset, count), blue, 2),
      line(words.measured, said.measured, ink, 2),
    ],
  });
}

async function look() {
  const asked = new URLSearchParams({ key: place.dataset.key, made: place.dataset.made });
  const answer = await get(`/api/v1/forecasts/one?${asked}`);
  const failed = document.getElementById("failed");
  failed.hidden = Boolean(answer?.ok);
  if (answer?.ok) draw(await answer.json());
  else failed.textContent = await problem(answer);
}

if (place) {
  await look();
  setInterval(() => document.hidden || look(), AGAIN);
  window.addEventListener("resize", () => window.echarts?.getInstanceByDom(place)?.resize());
}
