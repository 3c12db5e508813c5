// What every page needs to be honest about time and about whether anybody still listens.

const tongue = document.documentElement.lang;
const PATIENCE = 30e3; // ms that something is waited for which we only look at
/** How a timer asks: nobody has touched anything, so that a screen nobody sits at is logged out. */
export const QUIET = { headers: { "x-refresh": "1" } };
let skew = 0; // the server's clock less the browser's, ms: who looks may have a wrong clock

/** The server's time now, ms. */
export const now = () => Date.now() + skew;

/** The words of this page in the visitor's language. @type {Record<string, string>} */
export const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

/** Fetch something of ours, and take the time by its answer. A session that has ended is said so,
 * with the way to log in; so is a service that does not answer (then this gives null), not in time,
 * or only through a gateway that finds it dead.
 * @param {string} path @param {RequestInit} [how] @returns {Promise<Response|null>} */
export async function get(path, how) {
  const lost = document.getElementById("lost");
  const limit = new AbortController();
  const bounded = how?.signal || how?.method ? how : { ...how, signal: limit.signal };
  const timer = setTimeout(() => limit.abort(), PATIENCE);
  try {
    const answer = await fetch(path, bounded);
    const date = Date.parse(answer.headers.get("date") ?? "");
    if (!Number.isNaN(date)) skew = Math.abs(date - Date.now()) < 2000 ? 0 : date - Date.now();
    const out = answer.status === 401 || answer.redirected; // or told to change the password
    document.getElementById("out").hidden = !out;
    lost.hidden = ![502, 504].includes(answer.status);
    return answer;
  } catch (error) {
    if (how?.signal?.aborted) throw error;
    lost.hidden = false;
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** What went wrong, for people. @param {Response|null} answer */
export async function problem(answer) {
  if (answer === null) return words["no service"];
  if (answer.status === 401) return words["logged out"];
  if (answer.status === 403) return words.forbidden;
  if (answer.status === 503) return words["too busy"];
  const told = (await answer.json().catch(() => ({}))).detail;
  if (answer.status === 422 && told) return [].concat(told).map((each) => each.msg ?? String(each)).join(" · ");
  return `${words.failed} (${answer.status})`;
}

/** Moments in the plant's zone: the time alone today, else with its date. @param {string} zone */
export function moments(zone) {
  const time = { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  const clock = new Intl.DateTimeFormat(tongue, time);
  const whole = new Intl.DateTimeFormat(tongue, { ...time, year: "numeric", month: "short", day: "numeric" });
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone });
  return (/** @type {number|string} */ moment) => {
    const date = new Date(moment);
    return (day.format(date) === day.format(now()) ? clock : whole).format(date);
  };
}

const SPANS = [["day", 86400e3], ["hour", 3600e3], ["minute", 60e3], ["second", 1e3]];

/** How long ago a moment is: "3 days ago". @param {number} moment */
export function ago(moment) {
  const gone = now() - moment;
  const [unit, length] = SPANS.find(([, each]) => Math.abs(gone) >= each) ?? SPANS[3];
  return new Intl.RelativeTimeFormat(tongue).format(-Math.round(gone / length), unit);
}
