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
    : value.toLocaleString(tongue, { maximumSignificantDigits: digits }).replace("-", "−");

/** A unit as people write it: hm³, /h, and nothing for what is only counted. @param {string} unit */
export const unitText = (unit) => unit.replace(/^1(?=\/|$)/, "").replace("m3", "m³");

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
  home_fleet: ["#8a6d1b", "#d4b95a"], charger_hub: ["#5b8a1f", "#a3d05c"], swap_station: ["#3f6f12", "#84b547"],
};
const SPARE = [
  ["#c2571a", "#ff9c5f"], ["#00796b", "#45cfc2"], ["#ad1457", "#f48fb1"], ["#5d4037", "#bf9b8c"],
  ["#33691e", "#9ccc65"], ["#283593", "#8c9eff"], ["#827717", "#d4e157"], ["#37474f", "#90a4ae"],
];

/** A colour for each line: that of its asset's kind. What an asset gives and what it takes have one
 * colour; another asset of that kind, and a further line of one asset, get a spare one.
 * @param {{key: string, gives?: boolean}[]} lines @param {Record<string, string>} kinds @returns {string[]} */
export function colours(lines, kinds) {
  const owners = new Map(); // the shades of each asset
  const taken = new Set();
  let spare = 0;
  return lines.map(({ key, gives }) => {
    const owner = key.slice(0, key.lastIndexOf(".")) || key;
    let shades = owners.get(owner) ?? KINDS[kinds[key]];
    const side = `${owner} ${gives}`;
    if (!shades || taken.has(side) || (!owners.has(owner) && taken.has(shades[0]))) shades = SPARE[spare++ % SPARE.length];
    if (!owners.has(owner)) owners.set(owner, shades);
    taken.add(side).add(shades[0]);
    return shades[dark ? 1 : 0];
  });
}

/** What every chart begins with; ``more`` goes before it. @param {object} more */
export const frame = (more) => ({
  animation: false,
  textStyle: { color: ink, fontFamily: "system-ui, sans-serif" },
  legend: { type: "scroll", textStyle: { color: ink }, pageTextStyle: { color: ink }, pageIconColor: ink, top: 0 },
  // Rich text is painted: as HTML the tooltip would need styles that our headers forbid.
  tooltip: { trigger: "axis", confine: true, renderMode: "richText", valueFormatter: (value) => number(value) },
  grid: { left: 8, right: 16, top: 60, bottom: 16, containLabel: true },
  ...more,
});

/** An axis of values in a unit. @param {string} unit */
export const values = (unit, more = {}) => ({
  type: "value", name: unit, nameTextStyle: { color: ink }, splitLine: { lineStyle: { opacity: 0.25 } },
  axisLabel: { color: ink, formatter: (value) => number(value, 6) }, ...more,
});

/** An axis of steps by the plant's clock: full hours are written, the date where a day begins.
 * @param {number[]} moments @param {string} zone @param {number} width px */
export function clockAxis(moments, zone, width) {
  const part = new Intl.DateTimeFormat("en", { timeZone: zone, hour: "numeric", minute: "numeric", hourCycle: "h23" });
  const day = new Intl.DateTimeFormat(tongue, { timeZone: zone, month: "2-digit", day: "2-digit" });
  const whole = new Intl.DateTimeFormat(tongue, { timeZone: zone, month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const hours = (moments.at(-1) - moments[0]) / 3600e3;
  const every = [1, 2, 3, 6, 12, 24].find((each) => (hours / each) * 56 <= width) ?? 24;
  const said = moments.map((moment) => {
    const [hour, minute] = part.format(moment).split(":").map(Number);
    if (minute !== 0 || hour % every !== 0) return "";
    return hour === 0 ? day.format(moment) : `${String(hour).padStart(2, "0")}:00`;
  });
  return {
    type: "category", boundaryGap: false, data: moments.map((moment) => whole.format(moment)),
    axisLabel: { color: ink, interval: (place) => said[place] !== "", formatter: (_, place) => said[place] },
    axisTick: { interval: (place) => said[place] !== "" },
  };
}

/** The chart of a place, made if there is none, and as wide as it. @param {HTMLElement} place */
export const chartOf = (place) => window.echarts.getInstanceByDom(place) ?? window.echarts.init(place);

addEventListener("resize", () => {
  for (const place of document.querySelectorAll(".chart")) window.echarts?.getInstanceByDom(place)?.resize();
});
