// What all charts have in common: ink, numbers, the plant's clock along the axis, and a colour for
// each kind of asset, the same on every page.

export const tongue = document.documentElement.lang;
export const dark = matchMedia("(prefers-color-scheme: dark)").matches;
export const ink = getComputedStyle(document.body).color;
/** A colour of the style sheet, which knows light and dark. @param {string} name */
export const hue = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A number with three digits and a true minus. @param {number|null|undefined} value */
export const number = (value, digits = 3) =>
  value === null || value === undefined || Number.isNaN(value)
    ? "–"
    : (value || 0).toLocaleString(tongue, { maximumSignificantDigits: digits }).replace("-", "−"); // no −0

/** What units count, in the visitor's language where that is not English. @type {Record<string, string>} */
const counted = JSON.parse(document.getElementById("units")?.textContent ?? "{}");
const counts = new RegExp(`\\s?\\b(${Object.keys(counted).join("|") || "$^"})(?:e?s)?\\b`, "g");

/** A unit as people write it: hm³, /h, 辆, and nothing for what is only counted. @param {string} unit */
export const unitText = (unit) =>
  unit.replace(/^1(?=\/|$)/, "").replace("m3", "m³").replace(counts, (_, each) => counted[each]);

/** By kind, on light and on dark ground: what shines is yellow, what blows is sky blue, … */
const KINDS = {
  solar: ["#e3a600", "#f5c73d"], roofs: ["#e3a600", "#f5c73d"],
  wind: ["#2b9bd0", "#62c4f0"],
  hydro_reservoir: ["#1f57b8", "#6f9dff"], run_of_river: ["#1f57b8", "#6f9dff"], pumped_storage: ["#3c3fa8", "#9a9dff"],
  battery: ["#7d43ab", "#bd8ae6"],
  grid: ["#6b7684", "#a4b0bd"],
  demand: ["#0f7a4d", "#4fb98a"],
  electrolyser: ["#008c82", "#45cfc2"], fuel_cell: ["#00695f", "#2fa79c"],
  heat_pump: ["#b23a70", "#f08bb6"], thermal_store: ["#8c2f4f", "#d9708f"],
  boiler: ["#c2571a", "#ff9c5f"], chp: ["#a0410d", "#e8793a"],
  tank: ["#5c6bc0", "#a5b0ff"], synthesis: ["#827717", "#d4e157"], waste_heat: ["#c98a5e", "#e8b78f"],
  supply: ["#6d4c41", "#bfa093"], offtake: ["#37474f", "#90a4ae"],
  home_fleet: ["#8a6d1b", "#d4b95a"], charger_hub: ["#5b8a1f", "#a3d05c"], swap_station: ["#3f6f12", "#84b547"],
};
const SPARE = [
  ["#c2571a", "#ff9c5f"], ["#00796b", "#45cfc2"], ["#ad1457", "#f48fb1"], ["#5d4037", "#bf9b8c"],
  ["#33691e", "#9ccc65"], ["#283593", "#8c9eff"], ["#827717", "#d4e157"], ["#37474f", "#90a4ae"],
  ["#e57373", "#e06666"], ["#4dd0c4", "#1f8f86"], ["#9575cd", "#7e57c2"], ["#a1887f", "#8d6e63"],
  ["#f0a95e", "#b8732e"], ["#81a34f", "#6b8e23"],
];

/** How unlike two colours are: the distance of their red, green and blue. */
function distance(/** @type {string} */ one, /** @type {string} */ other) {
  const parts = (/** @type {string} */ colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const [a, b] = [parts(one), parts(other)];
  return Math.hypot(...a.map((part, n) => part - b[n]));
}

/** The spare colour least like those in use; where none is left, they begin anew.
 * @param {Set<string>} taken @param {number} place of the line that it is for */
function unlike(taken, place) {
  const spares = SPARE.map((shades) => shades[dark ? 1 : 0]);
  const near = (spare) => Math.min(...[...taken].map((each) => distance(each, spare)), 500);
  const best = spares.reduce((one, other) => (near(other) > near(one) ? other : one));
  return near(best) > 0 ? best : spares[place % spares.length];
}

/** A colour for each line: that of its asset's kind. What an asset gives and what it takes have one
 * colour; another asset of that kind, and a further line of one asset, get one unlike the others.
 * @param {{key: string, gives?: boolean}[]} lines @param {Record<string, string>} kinds @returns {string[]} */
export function colours(lines, kinds) {
  const at = dark ? 1 : 0;
  const owners = new Map(); // the colour of each asset
  const sides = new Set(); // those of its lines that have it
  const ownerOf = (/** @type {string} */ key) => key.slice(0, key.lastIndexOf(".")) || key;
  const taken = new Set(lines.flatMap(({ key }) => KINDS[kinds[key]]?.[at] ?? []));
  const given = new Set();
  for (const { key } of lines) {
    const own = KINDS[kinds[key]]?.[at];
    if (owners.has(ownerOf(key)) || !own || given.has(own)) continue;
    owners.set(ownerOf(key), own);
    given.add(own);
  }
  return lines.map(({ key, gives }, place) => {
    const owner = ownerOf(key);
    const side = `${owner} ${gives}`;
    const colour = owners.has(owner) && !sides.has(side) ? owners.get(owner) : unlike(taken, place);
    if (!owners.has(owner)) owners.set(owner, colour);
    sides.add(side);
    taken.add(colour);
    return colour;
  });
}

const FONT = "system-ui, sans-serif";
const ROW = 22; // px of a row of the legend
const MOST = 8; // rows; a longer one is turned over
const ICON = 40; // px that an entry of it takes beside its name

/** What every chart begins with; ``more`` goes before it. @param {object} more */
export const frame = (more) => ({
  animation: false,
  textStyle: { color: ink, fontFamily: FONT },
  legend: { textStyle: { color: ink }, pageTextStyle: { color: ink }, pageIconColor: ink, top: 0 },
  // Rich text is painted: as HTML the tooltip would need styles that our headers forbid.
  tooltip: {
    trigger: "axis", confine: true, renderMode: "richText", valueFormatter: (value) => number(value),
    backgroundColor: hue("--card"), borderColor: hue("--line"), textStyle: { color: ink },
  },
  grid: { left: 8, right: 16, bottom: 16, containLabel: true },
  ...more,
});

/** How a series says its values where a chart is pointed at: with their unit. @param {string} unit */
export const inUnit = (unit) => ({ valueFormatter: (value) => `${number(value)} ${unitText(unit)}`.trimEnd() });

/** An axis of values in a unit. @param {string} unit */
export const values = (unit, more = {}) => ({
  type: "value", name: unitText(unit), nameTextStyle: { color: ink }, splitLine: { lineStyle: { opacity: 0.25 } },
  axisLabel: { color: ink, formatter: (value) => number(value, 6) }, ...more,
});

/** An axis of steps by the plant's clock: full hours are written, the date where a day begins, as
 * many as there is room for in its place.
 * @param {number[]} moments @param {string} zone @param {HTMLElement} place */
export function clockAxis(moments, zone, place) {
  const part = new Intl.DateTimeFormat("en", { timeZone: zone, hour: "numeric", minute: "numeric", hourCycle: "h23" });
  const date = { timeZone: zone, month: "long", day: "numeric" };
  const day = new Intl.DateTimeFormat(tongue, { ...date, month: "short" }); // 07/08 is two days to two readers
  const whole = new Intl.DateTimeFormat(tongue, { ...date, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const clocks = moments.map((moment) => part.format(moment).split(":").map(Number));
  const hours = (moments.at(-1) - moments[0]) / 3600e3;
  const every = () => [1, 2, 3, 6, 12, 24].find((each) => (hours / each) * 56 <= place.clientWidth - 80) ?? 24;
  const interval = (step) => clocks[step][1] === 0 && clocks[step][0] % every() === 0;
  const formatter = (_, step) => (clocks[step][0] ? `${String(clocks[step][0]).padStart(2, "0")}:00` : day.format(moments[step]));
  return {
    type: "category", boundaryGap: false, data: moments.map((moment) => whole.format(moment)),
    axisLabel: { color: ink, interval, formatter }, axisTick: { interval },
  };
}

/** How many rows the legend of a chart takes in its place, all its names side by side.
 * @param {any} option @param {HTMLElement} place */
function rows({ legend, series }, place) {
  if (legend.show === false) return 1;
  const names = legend.data ?? series.flatMap(({ name }) => name ?? []);
  const width = place.clientWidth - 10;
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `12px ${FONT}`;
  let [count, used] = [1, 0];
  for (const name of names) {
    const needed = pen.measureText(name).width + ICON;
    if (used && used + needed > width) [count, used] = [count + 1, 0];
    used += needed;
  }
  return count;
}

/** What each place shows, and the height it has with a legend of one row.
 * @type {WeakMap<HTMLElement, {option: any, height: number}>} */
const drawn = new WeakMap();

/** Give a chart the room that its legend takes at its width. @param {HTMLElement} place */
function fit(place) {
  const { option, height } = drawn.get(place);
  const more = option.legend.type === "scroll" ? 0 : ROW * (rows(option, place) - 1);
  place.style.height = `${height + more}px`;
  const chart = window.echarts.getInstanceByDom(place);
  chart.resize();
  if (option.grid.top === undefined) chart.setOption({ grid: { top: 60 + more } });
}

/** Draw a chart in its place, made if there is none, instead of what was there; lines that somebody
 * has put out stay out.
 * @param {HTMLElement} place @param {object} more than what every chart has @param {number} height px */
export function drawChart(place, more, height = drawn.get(place)?.height ?? place.clientHeight) {
  const chart = window.echarts.getInstanceByDom(place) ?? window.echarts.init(place);
  const option = frame(more);
  const selected = chart.getOption()?.legend?.[0]?.selected ?? {};
  option.legend = { ...option.legend, selected, type: rows(option, place) > MOST ? "scroll" : "plain" };
  chart.setOption(option, true);
  drawn.set(place, { option, height });
  fit(place);
  return chart;
}

addEventListener("resize", () => {
  for (const place of document.querySelectorAll(".chart")) if (drawn.has(place)) fit(place);
});
