// The list of alarms: how bad, since when, gone or not, and what a person may do about each.

import { get, problem, words } from "./now.js";

/** @typedef {{code: string, key: string, severity: string, cause: string, remedy: string,
 *   cause_zh: string, remedy_zh: string, by: string, raised: string, cleared: string|null,
 *   acknowledged: string|null, shelved_until: string|null}} Alarm */

const place = document.querySelector(".overview");
const chinese = document.documentElement.lang.startsWith("zh");
const list = document.getElementById("alarms");
const wrong = document.getElementById("alarm-problem");
const PATIENCE = 10; // s for the controller to answer
const MOST = 5; // alarms that are shown beside the plant; all of them have a page of their own
let shown = "";

/** @param {Alarm[]|null} all None if nothing has come. @param {boolean} old
 * @param {(moment: string) => string} clock @param {string} at the moment of the image */
export function show(all, old, clock, at) {
  tell("alarm-state", summary(all, old, at));
  const dated = (each) => [clock(each.raised), each.cleared && clock(each.cleared)]; // tomorrow with its day
  const said = JSON.stringify(all?.map((each) => [each, away(each, at), dated(each)]) ?? null);
  if (all === null || said === shown) return; // else the buttons would move under the hand
  shown = said;
  const focus = document.activeElement?.dataset.button;
  const first = [...all].sort((one, other) => rank(one, at) - rank(other, at)).slice(0, MOST);
  list.replaceChildren(...first.map((alarm) => item(alarm, clock, at)));
  if (all.length > MOST) list.append(others(all.length - MOST));
  if (focus) [...list.querySelectorAll("button")].find((each) => each.dataset.button === focus)?.focus();
}

/** Counted as on the board of alarms: each in one group. @param {Alarm[]|null} all */
function summary(all, old, at) {
  if (all === null) return words["alarms unknown"];
  if (old) return words["alarms old"];
  if (!all.length) return words["no alarms"];
  const shelved = all.filter((each) => away(each, at)).length;
  const active = all.filter((each) => !each.cleared && !away(each, at)).length;
  const rest = `${words.active}: ${active} · ${words.cleared}: ${all.length - active - shelved}`;
  return shelved ? `${rest} · ${words.shelved}: ${shelved}` : rest;
}

/** Whether an alarm is kept out of the way, by the plant's clock. @param {Alarm} alarm */
function away(alarm, at) {
  return alarm.shelved_until !== null && Date.parse(alarm.shelved_until) > Date.parse(at);
}

const SEVERITIES = ["critical", "major", "minor"];

/** What holds comes before what is over, and that before what was put away; of each the worst first.
 * @param {Alarm} alarm */
const rank = (alarm, at) => (away(alarm, at) ? 20 : alarm.cleared ? 10 : 0) + SEVERITIES.indexOf(alarm.severity);

/** The way to the alarms that are not shown. @param {number} count */
function others(count) {
  const entry = element("li", "");
  const way = element("a", words["more alarms"].replace("{}", String(count)));
  way.href = "/alarms";
  entry.append(way);
  return entry;
}

/** Change words only where they differ: what is read out is read once. */
function tell(id, text) {
  const where = document.getElementById(id);
  if (where.textContent !== text) where.textContent = text;
}

/** @param {string} tag @param {string} text @param {string} [kind] */
function element(tag, text, kind = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = kind;
  return made;
}

/** @param {Alarm} alarm */
function item(alarm, clock, at) {
  const entry = element("li", "", `${alarm.severity} ${alarm.cleared ? "cleared" : "active"}`);
  const since = `${words.raised} ${clock(alarm.raised)}`;
  const until = alarm.cleared ? ` · ${words.cleared} ${clock(alarm.cleared)}` : "";
  const seen = alarm.acknowledged ? ` · ${words.acknowledged} ${alarm.by}` : "";
  const head = element("p", "", "head");
  head.append(
    element("span", words[alarm.severity] ?? alarm.severity, "badge"),
    " ",
    element("span", away(alarm, at) ? words.shelved : alarm.cleared ? words.cleared : words.active, "hint"),
  );
  entry.append(
    head,
    element("strong", chinese ? alarm.cause_zh : alarm.cause),
    element("p", chinese ? alarm.remedy_zh : alarm.remedy),
    element("p", since + until + seen, "hint"),
  );
  if (!place.dataset.operate) return entry;
  const buttons = element("p", "");
  if (!alarm.acknowledged) buttons.append(button(alarm, words.seen), " ");
  if (!alarm.cleared && !away(alarm, at)) buttons.append(shelf(alarm));
  entry.append(buttons);
  return entry;
}

/** The way to the form that asks how long and why. @param {Alarm} alarm */
function shelf(alarm) {
  const made = element("a", words.shelve);
  made.href = `/alarms/shelve?${new URLSearchParams({ code: alarm.code, key: alarm.key })}`;
  made.setAttribute("aria-label", `${words.shelve}: ${chinese ? alarm.cause_zh : alarm.cause}`);
  return made;
}

/** @param {Alarm} alarm */
function button(alarm, text) {
  const made = element("button", text);
  made.dataset.button = JSON.stringify([alarm.code, alarm.key]);
  made.setAttribute("aria-label", `${text}: ${chinese ? alarm.cause_zh : alarm.cause}`);
  made.addEventListener("click", async () => {
    made.disabled = true;
    wrong.hidden = true;
    const what = await wish({ code: alarm.code, key: alarm.key });
    made.disabled = what === "";
    wrong.hidden = what === "";
    wrong.textContent = what;
  });
  return made;
}

/** Hand a wish to the controller and hear what becomes of it; what went wrong, or nothing. */
async function wish(body) {
  const answer = await get("/api/v1/alarms", {
    method: "POST",
    headers: { "content-type": "application/json", "form-key": place.dataset.formKey },
    body: JSON.stringify(body),
  });
  if (!answer?.ok) return problem(answer);
  const { id } = await answer.json();
  for (let second = 0; second < PATIENCE; second += 1) {
    await new Promise((done) => setTimeout(done, 1000));
    const reply = await get(`/api/v1/orders/${id}`);
    if (!reply?.ok) return problem(reply);
    const { answered, said } = await reply.json();
    if (answered) return said.accepted ? "" : `${words.refused} ${said.reason[chinese ? "zh" : "en"]}`;
  }
  return words["no answer"];
}
