// The capability envelope: power that could be given more (upwards) and less (downwards) than
// planned, by how long it is held; a line for each probability.

import { dark, drawChart, frame, number, values } from "./charts.js";
import { words } from "./now.js";

/** @typedef {{hours: number[], probabilities: number[], up: (number|null)[][], down: (number|null)[][]}} Capability */

const place = document.getElementById("envelope");
const source = document.getElementById("capability");
const COLOURS = { up: ["#0b6b43", "#2f8f66", "#5db38d", "#96d3b8"], down: ["#1256b0", "#3f7cc9", "#76a5dd", "#b0cdee"] };
if (dark) for (const each of Object.values(COLOURS)) each.reverse(); // the likeliest stands out
const LINES = ["solid", "dashed", "dotted"];
let drawn = "";

function draw() {
  const text = source.dataset.capability;
  if (!place || text === drawn) return;
  drawn = text;
  /** @type {Capability|null} */
  const able = JSON.parse(text);
  if (!able) return;
  if (!window.echarts) {
    place.classList.remove("chart");
    place.textContent = words["no charts"];
    return;
  }
  drawChart(place, {
    tooltip: { ...frame().tooltip, valueFormatter: (value) => `${number(value === null ? null : Math.abs(value))} MW` },
    grid: { ...frame().grid, bottom: 28 },
    xAxis: { ...values(words["held for"]), min: 0, nameLocation: "middle", nameGap: 28 },
    yAxis: values("MW"),
    series: ["up", "down"].flatMap((way) =>
      able.probabilities.map((probability, n) => ({
        name: `${words[way]}, ${words.surely.replace("{}", String(100 * probability))}`,
        type: "line",
        symbol: "circle",
        color: COLOURS[way][n % 4],
        lineStyle: { type: LINES[n % 3] },
        data: able.hours.map((hour, h) => [hour, way === "up" ? able.up[n][h] : -(able.down[n][h] ?? NaN)]),
      })),
    ),
  });
}

document.addEventListener("renewed", draw);
draw();
