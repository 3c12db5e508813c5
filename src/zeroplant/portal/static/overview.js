// The plant now: one stream moves every number; each value keeps its age and its quality.

import { number, tongue, unitText } from "./charts.js";
import { ago, get, moments, now, QUIET, words } from "./now.js";
import { show as alarms } from "./alarms.js";

/** @typedef {{value: number|null, unit: string, quality: number, event: string}} Point */
/** @typedef {{at: string, exchange: number|null, target: number|null, points: Record<string, Point>,
 *   alarms: import("./alarms.js").Alarm[]}} Image */

const place = document.querySelector(".overview");
const clock = moments(place.dataset.zone); // the plant's clock, whatever the browser's
const UNITS = { MW: ["kW", 1000], MWh: ["kWh", 1000] };
const COUNTS = ["1", "1/h", "trucks", "packs"]; // of what is counted a hundredth is enough
const NOTHING = 1e-6; // MW, MWh, m³/s: less is what arithmetic leaves
const OLD = 15e3; // ms after which nobody should act on a value
const READ = 10e3; // ms between changes of the table that is read out
const LOST = 3;
/** @type {Image|null} */
let image = null;
let read = 0;

/** A quantity in the unit people read: 0.35 MW are 350 kW; ``named`` is what a unit is called here.
 * @param {number|null} value @param {string} unit */
function said(value, unit, named = unitText(unit)) {
  if (value === null || value === undefined) return words.unknown;
  const finer = UNITS[unit];
  if (Math.abs(value) < NOTHING) return `${number(0)} ${named}`.trimEnd();
  if (finer && Math.abs(value) < 1) return said(value * finer[1], finer[0]);
  const counted = COUNTS.includes(unit) ? Math.round(100 * value) / 100 : value;
  return `${number(counted)} ${named}`.trimEnd();
}

/** Everything, as the image has it. */
function show() {
  document.getElementById("silent").hidden = true;
  document.getElementById("at").textContent = clock(image.at);
  document.getElementById("at").dateTime = image.at;
  document.getElementById("exchange").textContent = said(image.exchange, "MW");
  document.getElementById("target").textContent = said(image.target, "MW");
  flows();
  document.querySelectorAll(".stock").forEach(stock);
  if (now() - read > READ) aloud();
}

/** Each arrow by what its flow moves at that node, as thick as its share of the node's most. A node
 * at rest has no thick ones: there a hundredth of the plant's most in that unit is the measure. */
function flows() {
  const bars = [...document.querySelectorAll(".node-flows")].map((bar) => {
    const arrows = [...bar.querySelectorAll(".arrow")].map((arrow) => {
      const point = image.points[arrow.dataset.point];
      const value = point?.value ?? null;
      return { arrow, point, value: value === null ? null : value * Number(arrow.dataset.factor) };
    });
    const { unit } = arrows[0].arrow.dataset;
    return { arrows, unit, most: Math.max(...arrows.map(({ value }) => Math.abs(value ?? 0))) };
  });
  for (const { arrows, unit, most: here } of bars) {
    const greatest = Math.max(...bars.filter((bar) => bar.unit === unit).map((bar) => bar.most));
    const most = Math.max(here, greatest / 100, 1e3 * NOTHING);
    for (const { arrow, point, value } of arrows) {
      const doubtful = (point?.quality ?? LOST) > 0;
      const power = (value === null ? "" : arrow.dataset.about) + said(value, arrow.dataset.unit);
      arrow.querySelector(".power").textContent = doubtful && value !== null ? `${power} ?` : power;
      arrow.classList.toggle("idle", value === null || Math.abs(value) < 1e-3 * most);
      arrow.classList.toggle("doubtful", doubtful);
      arrow.querySelector("line").style.strokeWidth = `${1.5 + (7 * Math.abs(value ?? 0)) / most}px`;
    }
  }
}

/** What the stores of a carrier hold: at least what is known of, and of how much if that is known.
 * @param {HTMLElement} tile */
function stock(tile) {
  const parts = JSON.parse(tile.dataset.parts);
  const known = parts.filter(({ point }) => {
    const found = image.points[point];
    return found && found.value !== null && found.quality < LOST;
  });
  const held = known.reduce((sum, { point }) => sum + image.points[point].value, 0);
  const room = parts.reduce((sum, { capacity }) => sum + (capacity ?? NaN), 0);
  const least = known.length < parts.length ? "≥ " : "";
  const share = known.length && !Number.isNaN(room) ? `${least}${(held / room).toLocaleString(tongue, { style: "percent" })}` : "";
  tile.querySelector(".much").textContent = known.length ? `${least}${said(held, tile.dataset.unit, tile.dataset.named)}` : words.unknown;
  tile.querySelector(".share").textContent = share;
  tile.classList.toggle("doubtful", known.some(({ point }) => image.points[point].quality > 0));
}

/** The flows as a table, for those who hear the page: slowly, or it would change while it is read. */
function aloud() {
  read = now();
  document.querySelectorAll(".arrow").forEach((arrow, row) => {
    const doubt = arrow.classList.contains("doubtful") ? `, ${words.doubtful}` : "";
    document.querySelector(`#spoken [data-row="${row}"]`).textContent = arrow.querySelector(".power").textContent + doubt;
  });
}

/** How old it all is, whether or not anything has come: a stream that opens anew brings old news. */
function age() {
  const since = image === null ? null : Date.parse(image.wrote ?? image.at); // a simulated plant has a clock of its own
  const old = since !== null && Math.abs(now() - since) > OLD;
  place.classList.toggle("stale", old);
  document.getElementById("old").hidden = !old;
  const told = document.getElementById("age");
  told.textContent = since === null ? "" : ago(old ? since : Math.min(since, now()));
  told.className = old ? "problem" : "hint";
  alarms(image?.alarms ?? null, old, clock, image?.at);
}

/** Follow the stream; where it breaks off, ask why: a session may have ended. */
function follow() {
  const stream = new EventSource("/api/v1/live/stream");
  stream.addEventListener("message", (event) => {
    image = JSON.parse(event.data);
    show();
    age();
  });
  stream.addEventListener("open", () => {
    document.getElementById("lost").hidden = true;
  });
  stream.addEventListener("error", async () => {
    const ended = stream.readyState === EventSource.CLOSED;
    const answer = await get("/api/v1/live", QUIET);
    if (answer?.status === 401 || answer?.redirected) stream.close();
    else if (ended) setTimeout(follow, 5000);
  });
}

await get("/api/v1/live", QUIET); // for the time of the server, before any age is told
follow();
setInterval(age, 1000);
setInterval(() => get("/api/v1/live", QUIET), 600e3); // clocks drift on a screen that is never turned off
