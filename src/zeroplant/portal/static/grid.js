// The capability envelope: power that could be given more (upwards) and less (downwards) than
// planned, by how long it is held; a line for each probability.

import { words } from "./now.js";

/** @typedef {{hours: number[], probabilities: number[], up: (number|null)[][], down: (number|null)[][]}} Capability */

const tongue = document.documentElement.lang;
const place = document.getElementById("envelope");
const source = document.getElementById("capability");
const ink = getComputedStyle(document.body).color;
const COLOURS = { up: ["#0b6b43", "#2f8f66", "#5db38d", "#96d3b8"], down: ["#1256b0", "#3f7cc9", "#76a5dd", "#b0cdee"] };
if (matchMedia("(prefers-color-scheme: dark)").matches) for (const each of Object.values(COLOURS)) each.reverse(); // the likeliest stands out
let drawn = "";

const number = (value) => value?.toLocaleString(tongue, { maximumSignificantDigits: 3 }) ?? "–";
const axis = (name) => ({ name, nameTextStyle: { color: ink }, axisLabel: { color: ink }, splitLine: { lineStyle: { opacity: 0.25 } } });

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
  const chart = window.echarts.getInstanceByDom(place) ?? window.echarts.init(place);
  chart.setOption({
    animation: false,
    textStyle: { color: ink, fontFamily: "system-ui, sans-serif" },
    legend: { type: "scroll", textStyle: { color: ink }, top: 0 },
    tooltip: { trigger: "axis", confine: true, renderMode: "richText", valueFormatter: (value) => `${number(Math.abs(value))} MW` },
    grid: { left: 8, right: 32, top: 50, bottom: 8, containLabel: true },
    xAxis: { type: "value", ...axis("h"), min: 0 },
    yAxis: { type: "value", ...axis("MW") },
    series: ["up", "down"].flatMap((way) =>
      able.probabilities.map((probability, n) => ({
        name: `${words[way]}, ${words.surely.replace("{}", String(100 * probability))}`,
        type: "line",
        color: COLOURS[way][n % 4],
        lineStyle: { type: n ? "dashed" : "solid" },
        data: able.hours.map((hour, h) => [hour, way === "up" ? able.up[n][h] : -(able.down[n][h] ?? NaN)]),
      })),
    ),
  });
}

document.addEventListener("renewed", draw);
addEventListener("resize", () => place && window.echarts?.getInstanceByDom(place)?.resize());
draw();
