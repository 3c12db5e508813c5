// What a schedule stands on and must keep, as series for its charts: bands of the forecasts it was
// made with, and promises to others over the planned exchange.

import { inUnit, number } from "./charts.js";
import { words } from "./now.js";

/** @typedef {{key: string, name: string, unit: string, low: number, high: number,
 *   least: (number|null)[], most: (number|null)[], middle: (number|null)[]}} Band */
/** @typedef {{name: string, kind: string, words: string, source: string, start: string,
 *   until: string, values: (number|null)[], tolerance: number, price: number|null}} Owed */

/** Values that hold from one moment to the next, up to the end. @param {(number|null)[]} values */
export const held = (values) => [...values, values.at(-1)];

/** The values of one sign or another over each other. */
const both = (ones, others, join) => ones.map((one, at) => (one === null || others[at] === null ? null : join(one, others[at])));

/** Bands around what is expected. @param {Band[]} bands @param {string[]} colours */
export function bandSeries(bands, colours) {
  return bands.flatMap((band, each) => {
    const color = colours[each];
    const under = { type: "line", stack: band.key, stackStrategy: "all", step: "end", symbol: "none", silent: true, lineStyle: { width: 0 }, itemStyle: { color }, tooltip: { show: false } };
    return [
      { ...under, name: `${band.key} least`, data: held(band.least), areaStyle: { opacity: 0 } },
      { ...under, name: `${band.key} most`, data: held(both(band.most, band.least, (most, least) => most - least)), areaStyle: { opacity: 0.28, color } },
      { name: band.name, tooltip: inUnit(band.unit), type: "line", step: "end", symbol: "none", data: held(band.middle), lineStyle: { width: 2, color }, itemStyle: { color } },
    ];
  });
}

/** What a promise asks of the net export; none for a reduction, which is against a baseline.
 * @param {Owed} owed @param {number[]} target */
function asked(owed, target) {
  if (owed.kind === "response") return null;
  if (owed.kind === "reserve up") return both(target, owed.values, (planned, ready) => planned + ready);
  if (owed.kind === "reserve down") return both(target, owed.values, (planned, ready) => planned - ready);
  return owed.values;
}

/** The planned exchange, and over it what was promised.
 * @param {number[]} target @param {Owed[]} promises @param {string[]} colours @param {string} ink */
export function owedSeries(target, promises, colours, ink) {
  const line = { tooltip: inUnit("MW"), type: "line", step: "end", symbol: "none" };
  return [
    { ...line, name: words["net export"], data: held(target), lineStyle: { width: 3, color: ink }, itemStyle: { color: ink } },
    ...promises.flatMap((owed, each) => {
      const values = asked(owed, target);
      const color = colours[each % colours.length];
      const name = `${owed.name} (${owed.words})`;
      if (values === null) return [];
      const promised = { ...line, name, data: held(values), lineStyle: { width: 2, type: "dashed", color }, itemStyle: { color } };
      if (owed.kind !== "schedule" || !owed.tolerance) return [promised];
      const under = { ...line, stack: name, stackStrategy: "all", silent: true, lineStyle: { width: 0 }, tooltip: { show: false } };
      const low = values.map((value) => (value === null ? null : value - owed.tolerance));
      const wide = values.map((value) => (value === null ? null : 2 * owed.tolerance));
      return [promised, { ...under, name: `${name} least`, data: held(low), areaStyle: { opacity: 0 } }, { ...under, name: `${name} most`, data: held(wide), areaStyle: { opacity: 0.2, color } }];
    }),
  ];
}

/** A promise in words. @param {Owed} owed @param {string} currency @param {(moment: string) => string} clock */
export function told(owed, currency, clock) {
  const known = owed.values.filter((value) => value !== null);
  const ends = [...new Set([Math.min(...known), Math.max(...known)])];
  const said = ends.map((value) => number(value)).join(" … ");
  const price = owed.price === null ? "" : ` · ${words["if missed"].replace("{}", `${owed.price.toLocaleString(document.documentElement.lang)} ${currency}/MWh`)}`;
  return `${owed.name}: ${owed.words} ${said} MW · ${clock(owed.start)} – ${clock(owed.until)}${price}`;
}
