// Sections the server renders anew: `<div id="…" data-fresh="/address" data-every="5">` is fetched
// from there (or from the page's own address) every so many seconds and patched in place, so that
// focus, scroll and what is opened stay. Nothing is fetched while nobody can see it. Where that fails
// for long, everything that is renewed is shown as old: it would look like now.

import { get, QUIET } from "./now.js";

const PAGE = { headers: { ...QUIET.headers, accept: "text/html" } };

const OLD = 15e3; // ms after which nobody should act on what was fetched
const SLOW = 5e3; // ms that an answer may take before its section, missed twice, is old
/** When what comes from an address was last renewed, by a clock that nobody sets. @type {Map<string, number>} */
const renewed = new Map();
/** Addresses that failed the last time. @type {Set<string>} */
const failing = new Set();

/** Make one node say what another says, changing only what differs.
 * @param {Node} old @param {Node} fresh */
function patch(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  const alike = old.nodeName === fresh.nodeName && old.id === fresh.id && old.childNodes.length === fresh.childNodes.length;
  if (!alike) {
    old.replaceWith(document.importNode(fresh, true));
    return;
  }
  if (old instanceof CharacterData) {
    old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes])
    if (!fresh.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS")) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  [...old.childNodes].forEach((each, place) => patch(each, fresh.childNodes[place]));
}

/** Fetch a page and patch the sections that come from there. @param {string} address */
async function renew(address) {
  const answer = await get(address || location.href, PAGE);
  failing[!answer || answer.status >= 500 ? "add" : "delete"](address);
  if (failing.size) document.getElementById("lost").hidden = false;
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focus = document.activeElement?.id;
  for (const old of document.querySelectorAll("[data-fresh]")) {
    const fresh = old.dataset.fresh === address ? page.getElementById(old.id) : null;
    if (fresh) patch(old, fresh);
  }
  if (focus && document.activeElement === document.body) document.getElementById(focus)?.focus();
  renewed.set(address, performance.now());
  age();
  document.dispatchEvent(new CustomEvent("renewed", { detail: address }));
}

/** Show whether anything has not been renewed for too long. */
function age() {
  const late = ([address, moment]) => performance.now() - moment > Math.max(OLD, 2 * addresses.get(address) + SLOW);
  document.body.classList.toggle("unrenewed", [...renewed].some(late));
}

/** Go on for as long as the page is open. @param {string} address @param {number} every ms */
async function follow(address, every) {
  for (;;) {
    await new Promise((done) => setTimeout(done, every));
    if (!document.hidden) await renew(address);
  }
}

/** How often what comes from an address is renewed, ms. @type {Map<string, number>} */
const addresses = new Map();
for (const { dataset } of document.querySelectorAll("[data-fresh]")) {
  const every = 1000 * Number(dataset.every ?? 5);
  addresses.set(dataset.fresh, Math.min(every, addresses.get(dataset.fresh) ?? every));
}
for (const [address, every] of addresses) {
  renewed.set(address, performance.now());
  follow(address, every);
}
setInterval(age, 1000);
document.addEventListener("visibilitychange", () => document.hidden || [...addresses.keys()].forEach(renew));
