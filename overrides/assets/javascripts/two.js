/**
 * Two languages on screen: each block of the page with the same block in French or German, for a
 * conversation without interpreter. Brought by site.js when the menu of languages is opened.
 *
 * The pages of all languages have the same bones (scripts/content/structure.py checks it): the
 * blocks are paired by walking both pages at once. Nothing is stored; the address stays the same.
 */

import { addStyles, element, keepClear, page, resultsOf, strip } from "./shared.js";

/** The files of words, one a language: the build puts their names here. */
const FILES = "./listen.*.json".split(" ");
const OFFERED = ["fr", "de"];
/** What is on every page, in a menu, made for this page alone, or in French and German anyway. */
const SKIPPED = "nav,script,button,audio,.buttons,.listen,.say,.letter,.review,.sources,.contents,.progress,.error,[data-reasons]";
const LEAVES = "h1,h2,h3,h4,p,dt,dd,th,td,caption,legend,summary,li,label>span,small";
const BLOCKS = "ul,ol,p,div,dl,table,details";

const main = /** @type {HTMLElement} */ (document.querySelector("#content"));
const menu = /** @type {HTMLDetailsElement} */ (document.querySelector(".languages"));
/** The page's own language, whatever a translating browser writes into `html`. */
const lang = /** @type {HTMLElement} */ (menu.querySelector("[aria-current]")).lang;
/** The other language's page, and what its self-check can say. @type {Document | undefined} */
let other;
/** @type {Document | undefined} */
let results;
/** @type {MutationObserver | undefined} */
let watcher;

/**
 * Offer the languages to show beside this one, below those of the menu, once.
 * @param {(place: Element) => void} tell tells in a place that something cannot be had
 * @throws when words or styles do not come
 */
export async function offer(tell) {
  if (menu.querySelector("button")) return;
  const words = await wordsOf();
  await addStyles(new URL("./two.css", import.meta.url));
  if (!menu.querySelector("button")) offerBelow(words, tell);
}

/** What comes late moves nothing: the list stays where it is, as far scrolled. @param {Object<string, string>} words @param {(place: Element) => void} tell */
function offerBelow(words, tell) {
  const list = /** @type {HTMLElement} */ (menu.querySelector("ul"));
  const { scrollTop } = list;
  const focused = /** @type {HTMLElement | null} */ (list.querySelector(":focus"));
  const buttons = links().map(([code, link]) =>
    button(words[`with_${code}`], () => show(link, words, tell)),
  );
  const box = element("div", { className: "two-offer" });
  list.before(box);
  box.append(list, element("p", {}, ...buttons));
  list.scrollTop = scrollTop;
  focused?.focus({ preventScroll: true });
}

/** @returns {[string, HTMLAnchorElement][]} codes and links of what can be shown beside */
const links = () =>
  OFFERED.flatMap((code) => {
    const link = menu.querySelector(`a[lang^=${code}]:not([aria-current])`);
    return link ? [/** @type {[string, HTMLAnchorElement]} */ ([code, link])] : [];
  });

async function wordsOf() {
  const name = FILES.find((one) => one.startsWith(`./listen.${lang}.`)) ?? "";
  return (await (await fetch(new URL(name, import.meta.url))).json()).two;
}

/** @param {string} textContent @param {() => void} onclick */
const button = (textContent, onclick) => element("button", { type: "button", className: "md-button", textContent, onclick });

/**
 * Show a page beside this one.
 * @param {HTMLAnchorElement} link @param {Object<string, string>} words @param {(place: Element) => void} tell
 */
async function show(link, words, tell) {
  const bar = element("p", { className: "two-bar", role: "status" });
  if (menu.nextElementSibling?.matches(".two-bar")) menu.nextElementSibling.remove();
  try {
    const found = await page(link.href);
    const check = /** @type {HTMLElement | null} */ (found.querySelector("[data-self-check]"));
    results = check ? await resultsOf(check, link.href, page) : undefined;
    hide();
    other = found;
  } catch {
    menu.after(bar);
    return tell(bar);
  }
  keepingPlace(() => {
    main.dataset.two = link.lang;
    pairAll();
  });
  const root = main.querySelector("[data-self-check]");
  watcher = new MutationObserver(pairAll);
  if (root) watch(root);
  const end = button(words.alone, () => {
    keepingPlace(hide);
    menu.querySelector("summary")?.focus({ preventScroll: true });
  });
  bar.append(end);
  main.append(bar);
  clear();
  menu.open = false;
  end.focus({ preventScroll: true });
}

const clear = () => keepClear("Bottom", main.querySelector(".two-bar"));
addEventListener("resize", clear);

/** Change the page around what the reader is looking at. @param {() => void} change */
function keepingPlace(change) {
  const seen = [...main.querySelectorAll("h1,h2,h3,p,li,tr,label")].find(
    (one) => one.getBoundingClientRect().bottom > 0 && !one.matches(".two-bar"),
  );
  const before = seen?.getBoundingClientRect().top ?? 0;
  change();
  if (!seen || !scrollY) return;
  scrollBy({ top: seen.getBoundingClientRect().top - before, behavior: "instant" });
}

/** Show one language again, as if nothing had been. */
function hide() {
  watcher?.disconnect();
  watcher = other = undefined;
  document.querySelector(".two-bar")?.remove();
  clear();
  delete main.dataset.two;
  for (const pair of main.querySelectorAll(".two")) pair.replaceWith(.../** @type {Element} */ (pair.firstElementChild).childNodes);
  main.normalize();
}

/** @param {Element} root */
const watch = (root) =>
  watcher?.observe(root, { childList: true, subtree: true, characterData: true });

/** Pair all that is not paired yet: the whole page, then what the self-check brings. */
function pairAll() {
  if (!other) return;
  watcher?.disconnect();
  walk(main, other.querySelector("#content"));
  const root = /** @type {HTMLElement | null} */ (main.querySelector("[data-self-check]"));
  if (root) {
    pairCheck(root);
    watch(root);
  }
}

/**
 * Pair the blocks below two elements that have the same bones; where they have not, the other
 * side is shown as a whole behind this one: never one text beside another's translation.
 * @param {Element} ours @param {Element | null | undefined} theirs
 */
function walk(ours, theirs) {
  if (!theirs || ours.matches(".two")) return;
  const [left, right] = [parts(ours), parts(theirs)];
  if (ours.matches(LEAVES) && !ours.querySelector(":scope > p")) pairOwn(ours, theirs);
  const same = left.length === right.length && left.every((one, at) => one.tagName === right[at].tagName);
  if (same) left.forEach((one, at) => walk(one, right[at]));
  else if (!ours.querySelector(":scope > .two")) ours.append(pairOf([], [...theirs.childNodes]));
}

/** The elements below one that hold blocks. @param {Element} element */
const parts = (element) =>
  [...element.children].filter(
    (one) =>
      !one.matches(`${SKIPPED},[data-result],[data-answers],.two,.two-bar`) &&
      one.matches(`${LEAVES},${BLOCKS},thead,tbody,tr,section,form,fieldset,label`),
  );

/** Pair what stands in a block itself, before any block in it. @param {Element} ours @param {Element} theirs */
function pairOwn(ours, theirs) {
  const left = own(ours);
  if (!left.some((node) => node.textContent?.trim()) || ours.querySelector(":scope > .two")) return;
  const before = left[left.length - 1].nextSibling;
  ours.insertBefore(pairOf(left, own(theirs)), before);
}

/** A pair of our nodes, which move into it, and copies of theirs. @param {Node[]} left @param {Node[]} right */
function pairOf(left, right) {
  const copies = right.map((node) => document.importNode(node, true));
  return element("span", { className: "two" }, element("span", {}, ...left), said(copies));
}

/** The nodes of a block up to the first block in it. @param {Element} element @returns {ChildNode[]} */
function own(element) {
  const nodes = [...element.childNodes];
  const end = nodes.findIndex((one) => one instanceof HTMLElement && one.matches(BLOCKS));
  return end < 0 ? nodes : nodes.slice(0, end);
}

/** The other language's side of a pair. @param {Node[]} nodes */
function said(nodes) {
  const { lang = "", dir = "" } = other?.documentElement ?? {};
  const side = element("span", { lang, dir }, ...nodes);
  strip(side, ".cite,.official,.pic,.card");
  for (const one of side.querySelectorAll("[id]")) one.removeAttribute("id");
  return side;
}

/** Pair what the self-check has made anew. @param {HTMLElement} root */
function pairCheck(root) {
  const theirs = other?.querySelector("[data-self-check]");
  if (!theirs) return;
  for (const [query, name] of [["[data-progress]", "progress"], ["[data-error]", "error"]]) {
    pairText(root.querySelector(query), /** @type {HTMLElement | null} */ (theirs.querySelector(query)), name);
  }
  const told = root.querySelector("form > .told");
  const { failed } = /** @type {HTMLElement} */ (root.querySelector("[data-failed]")).dataset;
  if (told?.textContent?.trim() === failed) pairText(told, theirs.querySelector("[data-failed]"), "failed");
  for (const one of root.querySelectorAll("button")) {
    const twin = [theirs, results].map((it) => it?.querySelector(name(one))).find(Boolean);
    if (twin && !one.closest("[data-answer-list],.listen")) pairOwn(one, twin);
  }
  walk(/** @type {Element} */ (root.querySelector("[data-answers] h2")), theirs.querySelector("[data-answers] h2"));
  for (const line of root.querySelectorAll("[data-answer]")) pairAnswer(line, theirs);
  const result = root.querySelector("[data-result]");
  if (result && results) pairResult(result, theirs);
}

/** @param {Element} one */
const name = (one) =>
  ["data-back", "data-restart", "data-print"].map((key) => `[${key}]`).find((query) => one.matches(query)) ?? "[type=submit]";

/** A text that the script puts together: its figures stay. @param {Element | null} ours @param {HTMLElement | null} theirs @param {string} key */
function pairText(ours, theirs, key) {
  if (!ours || !theirs || !ours.textContent || ours.querySelector(".two")) return;
  const figures = ours.textContent.match(/\d+/g) ?? [];
  const textContent = (theirs.dataset[key] ?? "").replace(/\{\w+\}/g, () => figures.shift() ?? "");
  pairOwn(ours, element("p", { textContent }));
}

/** @param {Element} line @param {Element} theirs */
function pairAnswer(line, theirs) {
  const [id, answer] = (/** @type {HTMLElement} */ (line).dataset.answer ?? "").split("=");
  const question = theirs.querySelector(`[data-question="${id}"]`);
  const textContent = question?.querySelector(`[value="${answer}"]`)?.parentElement?.textContent;
  const asked = question?.querySelector("legend")?.textContent ?? "";
  const said = element("span", {}, asked, " ", element("strong", { textContent }));
  pairOwn(/** @type {Element} */ (line.querySelector("span")), said);
  const { change } = /** @type {HTMLElement} */ (theirs.querySelector("[data-change]")).dataset;
  pairOwn(/** @type {Element} */ (line.querySelector("button")), element("button", { textContent: change }));
}

/** @param {Element} result @param {Element} theirs */
function pairResult(result, theirs) {
  const twin = results?.querySelector("[data-result]");
  const places = "[data-result-outcomes],[data-result-rules],[data-result-notices]";
  [...result.children].forEach((one, at) => {
    const same = twin?.children[at];
    if (same && !one.matches(`${SKIPPED},${places}`)) walk(one, same);
  });
  for (const place of result.querySelectorAll(places)) {
    for (const one of place.children) {
      const id = /** @type {HTMLElement} */ (one).dataset.of ?? "";
      walk(one, results?.getElementById(id) ?? theirs.ownerDocument.getElementById(id));
    }
  }
}
