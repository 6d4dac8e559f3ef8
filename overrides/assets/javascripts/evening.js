/**
 * The evening on the wall: one step at a time, as large as fits, a second language beside it.
 * The texts are those of the page; the second language's come from its own pages, block by block.
 */

import { addStyles, element, page, strip } from "./shared.js";

/** @type {HTMLElement | undefined} */
let root;
/** @type {HTMLElement} */
let stage;
/** @type {HTMLElement[]} */
let steps = [];
let at = 0;
/** The language shown beside, "" for none. */
let second = "";
/** How to tell that the second language cannot be had, and to take that back. @type {((place: Element) => void)[]} */
let told = [];
/** Pages of other languages by address. @type {Map<string, Promise<Document>>} */
const pages = new Map();

const KEYS = /** @type {Object<string, number>} */ ({
  ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, Enter: 1,
  ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Backspace: -1,
});

/** The keys that first scroll a step that does not fit. */
const SCROLLING = ["ArrowDown", "ArrowUp", "PageDown", "PageUp", " "];
/** The smallest size of the text, in rem: 0.9 is 18 pixels where the reader has set nothing. */
const SMALLEST = 0.9;

/**
 * Begins the projection.
 * @param {HTMLElement} place the part of the page that holds the steps
 * @param {(place: Element) => void} tell tells in a place that something cannot be had
 * @param {(place: Element) => void} untell takes that back
 * @throws when the styles do not come
 */
export async function start(place, tell, untell) {
  root = place;
  told = [tell, untell];
  steps = [...root.querySelectorAll("section")];
  await addStyles(new URL("./evening.css", import.meta.url));
  if (stage?.isConnected) return;
  stage = element("div", { className: "stage", role: "region" });
  stage.setAttribute("aria-label", document.querySelector("h1")?.textContent ?? "");
  stage.append(element("div", { className: "slide" }), controls());
  document.body.append(stage);
  document.body.classList.add("projecting");
  for (const one of behind()) one.hidden = true;
  stage.requestFullscreen?.().catch(() => {});
  addEventListener("keydown", press);
  addEventListener("resize", fit);
  stage.addEventListener("touchstart", touched, { passive: true });
  stage.addEventListener("touchend", swiped);
  document.addEventListener("fullscreenchange", left);
  go(0);
  stage.querySelector("button")?.focus();
}

/** All of the page but the stage. */
const behind = () => /** @type {HTMLElement[]} */ ([...document.body.children].filter((one) => one !== stage));

function end() {
  removeEventListener("keydown", press);
  removeEventListener("resize", fit);
  document.removeEventListener("fullscreenchange", left);
  if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
  stage.remove();
  for (const one of behind()) one.hidden = false;
  document.body.classList.remove("projecting");
  root?.querySelector("button")?.focus();
}

const left = () => document.fullscreenElement || end();

/** @param {KeyboardEvent} event */
function press(event) {
  const { key, target } = event;
  if (key === "Escape") return end();
  const inControl = /** @type {Element} */ (target).matches("select,video") || ([" ", "Enter"].includes(key) && /** @type {Element} */ (target).matches("button,a"));
  const where = key === "Home" ? -at : key === "End" ? steps.length - 1 - at : KEYS[key];
  if (inControl || !where) return;
  event.preventDefault();
  if (!scrolled(key, Math.sign(where))) go(at + where);
}

/**
 * Scrolls a step that does not fit before it is left; tells whether there was something to scroll.
 * @param {string} key @param {number} way
 */
function scrolled(key, way) {
  const slide = slideOf();
  const most = slide.scrollHeight - slide.clientHeight;
  const rest = way > 0 ? most - slide.scrollTop : slide.scrollTop;
  if (!SCROLLING.includes(key) || rest < 2) return false;
  slide.scrollTop += way * slide.clientHeight * 0.8;
  return true;
}

let from = 0;
/** @param {TouchEvent} event */
const touched = (event) => (from = event.changedTouches[0].clientX);
/** @param {TouchEvent} event */
function swiped(event) {
  const way = event.changedTouches[0].clientX - from;
  if (Math.abs(way) > 60) go(at + (way < 0 ? 1 : -1));
}

/** Shows a step. @param {number} number */
async function go(number) {
  at = Math.max(0, Math.min(steps.length - 1, number));
  const section = steps[at];
  const slide = slideOf();
  const bar = /** @type {Element} */ (stage.lastElementChild);
  const sides = [side(document.documentElement, text(section.querySelector("h2")), rowsOf(section))];
  if (second) {
    const other = await otherSide(section).catch(() => null);
    if (section !== steps[at]) return;
    if (other) sides.push(other);
    told[other ? 1 : 0](bar);
  }
  slide.textContent = "";
  slide.append(wall(section), columns(sides), code(section));
  slide.classList.toggle("first", at === 0);
  const { step = "" } = root?.dataset ?? {};
  const counter = /** @type {HTMLElement} */ (stage.querySelector("[role=status]"));
  counter.textContent = step.replace("{n}", String(at + 1)).replace("{max}", String(steps.length));
  fit();
}

/** A side of the step that is shown. @param {Element} language @param {string} heading @param {Node[]} rows */
function side(language, heading, rows) {
  const { lang, dir } = /** @type {HTMLElement} */ (language);
  const part = element("div", { lang, dir });
  const picture = steps[at].querySelector("h2 svg");
  part.append(element("h2", {}, ...(picture ? [picture.cloneNode(true)] : []), heading));
  if (rows.length) part.append(element("ul", {}, ...rows.map((row) => element("li", {}, row))));
  return part;
}

/** @param {Element} section */
const rowsOf = (section) => [...section.querySelectorAll("[data-row]")].map(inside);

/** The words of a block without marks and links; videos stay links. @param {Element} block */
function inside(block) {
  const twin = document.createElement("span");
  for (const node of block.childNodes) twin.append(document.importNode(node, true));
  strip(twin, ".cite,.official,.pic,script,ul,ol");
  for (const link of twin.querySelectorAll("a")) {
    if (link.href.endsWith(".mp4")) film(link);
    else link.replaceWith(...link.childNodes);
  }
  return twin;
}

/** A video opens beside the projection; from a stick, one in its folder `videos` plays here. @param {HTMLAnchorElement} link */
function film(link) {
  link.target = "_blank";
  if (location.protocol !== "file:") return;
  const video = document.createElement("video");
  video.controls = true;
  video.onloadedmetadata = () => link.replaceWith(video);
  video.src = new URL(`../../videos/${link.href.split("/").pop()}`, location.href).href;
}

/** The same step from the second language's own pages. @param {HTMLElement} section */
async function otherSide(section) {
  const own = pageOf(section);
  const home = await otherPage(own);
  const title = await titleOf(section.dataset.heading ?? "", home);
  const rows = /** @type {HTMLElement[]} */ ([...section.querySelectorAll("[data-row]")]);
  const blocks = await Promise.all(rows.map((one) => otherBlock(one.dataset.row ?? "", own)));
  return side(home.documentElement, title, /** @type {Element[]} */ (blocks.filter(Boolean)).map(inside));
}

/** @param {string} row its name, without the page's where that is the step's @param {string} own */
async function otherBlock(row, own) {
  const name = /^[:#]/.test(row) ? own + row : row;
  const parts = /** @type {RegExpExecArray} */ (/^([^:#]+)(?::(.+)|#(.+))$/.exec(name));
  return blockOf(await otherPage(parts[1]), parts[2], parts[3]);
}

/** The path of the page that a step leads to. @param {Element} section */
function pageOf(section) {
  const link = /** @type {HTMLAnchorElement} */ (section.querySelector("p > a:last-child"));
  const base = new URL("../", location.href).href;
  return link.href.slice(base.length).replace(/(index\.html|#.*)$/, "").replace(/\/$/, "") || "index";
}

/** @param {string} heading @param {Document} own */
async function titleOf(heading, own) {
  const [path, id] = heading.split("#");
  if (!id) return own.querySelector("h1")?.textContent ?? "";
  return text((await otherPage(path)).getElementById(id));
}

/** A block by its key, or by its place after a heading. @param {Document} found @param {string | undefined} key @param {string | undefined} place */
function blockOf(found, key, place) {
  if (key) return found.querySelector(`[data-key="${key}"]`);
  const [id, number] = (place ?? "").split("/");
  const blocks = [];
  for (let one = found.getElementById(id)?.nextElementSibling; one && !/^H[23]$/.test(one.tagName); one = one.nextElementSibling) {
    blocks.push(...(one.matches("ul,ol") ? one.children : [one]));
  }
  return blocks[Number(number) - 1] ?? null;
}

/** A heading's words. @param {Element | null | undefined} heading */
const text = (heading) => heading?.textContent?.trim() ?? "";

/** A page in the second language, fetched once. @param {string} path @returns {Promise<Document>} */
function otherPage(path) {
  const folder = path === "index" ? "" : `${path.replace(/\/index$/, "")}/`;
  const address = new URL(`../../${second}/${folder}`, location.href).href;
  if (!pages.has(address)) {
    pages.set(address, page(address));
    pages.get(address)?.catch(() => pages.delete(address)); // asked for again at the next step
  }
  return /** @type {Promise<Document>} */ (pages.get(address));
}

/** The languages of the first step. @param {Element} section */
function wall(section) {
  const list = section.querySelector(".links");
  return list ? /** @type {Element} */ (list.cloneNode(true)) : document.createElement("span");
}

/** @param {Element[]} sides */
function columns(sides) {
  return element("div", { className: sides.length > 1 ? "sides two-sides" : "sides" }, ...sides);
}

/** The code of the step's page, in the audience's language where one is shown. @param {Element} section */
function code(section) {
  const link = /** @type {HTMLAnchorElement | null} */ (section.querySelector("[href$='.svg']"));
  if (!link) return ""; // a copy of the site without codes
  const { href } = link;
  const src = second && at ? href.replace(/\/(\w\w)-(\w+\.svg)/, `/${second}-$2`) : href;
  return element("img", { src, alt: "" });
}

/** Makes the step as large as fits the screen; what does not fit at a size to read can be scrolled. */
function fit() {
  const slide = slideOf();
  const isOver = () => slide.scrollHeight > slide.clientHeight || slide.scrollWidth > slide.clientWidth;
  let [small, large] = [SMALLEST, 4];
  for (let round = 0; round < 9; round++) {
    const size = (small + large) / 2;
    slide.style.setProperty("--size", `${size}rem`);
    if (isOver()) large = size;
    else small = size;
  }
  slide.style.setProperty("--size", `${small}rem`);
  if (isOver()) slide.tabIndex = 0;
  else slide.removeAttribute("tabindex");
  slide.scrollTop = 0;
}

const slideOf = () => /** @type {HTMLElement} */ (stage.querySelector(".slide"));

function controls() {
  const { next = "", previous = "", end: close = "", second: label = "", alone = "" } = root?.dataset ?? {};
  const bar = element("div", { className: "bar" });
  const choice = element("select", {});
  choice.append(element("option", { value: "", textContent: alone }));
  for (const one of root?.querySelectorAll("section:first-of-type .links li") ?? []) {
    const { lang, textContent } = /** @type {HTMLElement} */ (one);
    if (lang === document.documentElement.lang) continue;
    choice.append(element("option", { value: /** @type {HTMLElement} */ (one).dataset.code ?? "", textContent: textContent ?? "", lang }));
  }
  choice.onchange = () => {
    second = choice.value;
    go(at);
  };
  const name = element("label", { textContent: `${label} ` });
  name.append(choice);
  const counter = element("span", { role: "status" });
  bar.append(
    button("‹", previous, () => go(at - 1)), counter, button("›", next, () => go(at + 1)), button("×", close, end), name,
  );
  return bar;
}

/** @param {string} sign @param {string} label @param {() => void} press */
function button(sign, label, press) {
  const made = element("button", { type: "button", textContent: sign, title: label });
  made.setAttribute("aria-label", label);
  made.onclick = press;
  return made;
}
