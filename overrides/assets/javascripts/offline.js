/**
 * What a reader sees without network for a page that is not stored. The worker (sw.js) answers with
 * a stored page that says so; this puts it into the language asked for, lists what there is in it,
 * then in others, and leads on from addresses that only do that.
 */

import { element } from "./shared.js";

/** @typedef {{lang: string, dir: string, name: string, title: string, hint: string}} Words */
/** @typedef {{languages: Object<string, Words>, leads: Object<string, string>}} Table */
/** @typedef {{url: string, title: string}} Stored */

const TABLE = "./offline.*.json";
const root = new URL("../", import.meta.url).href;
const path = location.origin + location.pathname;

/** What is stored of a language, in the order of the menu. @param {string} code @param {string[]} order */
async function storedOf(code, order) {
  const name = (await caches.match(`${root}?${code}`)) || (await caches.match(`${root}?${code}.`));
  const set = await caches.open(name ? await name.text() : "sets");
  /** @type {Stored[]} */
  const found = [];
  for (const { url } of await set.keys()) {
    if (!url.startsWith(`${root}${code}/`) || !url.endsWith("/")) continue;
    const text = (await (await set.match(url))?.text()) ?? "";
    found.push({ url, title: /<title>([^<–]*)/.exec(text)?.[1].trim() ?? url });
  }
  const place = (/** @type {Stored} */ { url }) => order.indexOf(url.slice(root.length + code.length + 1));
  return found.sort((one, other) => place(one) - place(other));
}

/** The languages of which something is stored, those kept as a whole first. @returns {Promise<string[]>} */
async function storedLanguages() {
  const names = (await (await caches.open("sets")).keys()).map(({ url }) => url.split(`${root}?`)[1] ?? "");
  const pointers = names.filter((one) => /^[a-z]{2}\.?$/.test(one)).sort((one, other) => one.length - other.length);
  return [...new Set(pointers.map((one) => one.slice(0, 2)))];
}

/**
 * The language that an address asks for, "" for none or any, and the page, if one of ours.
 * @param {Table} table
 * @returns {[string, string?]}
 */
function asked({ languages, leads }) {
  const [first, ...rest] = path.slice(root.length).replace(/index\.html$/, "").split("/");
  if (first in languages) return [first, rest.join("/").replace(/[^/]$/, "$&/")];
  const [, code = "", word = ""] = /^q\/(?:([a-z]{2})-)?([a-z]+)/.exec([first, ...rest].join("/")) ?? [];
  return [code, first ? leads[word] : ""];
}

/** The device's language, if anything is stored of it, else the first that is. @param {string[]} stored */
const nearest = (stored) =>
  navigator.languages.map((tag) => tag.slice(0, 2)).find((one) => stored.includes(one)) ?? stored[0];

/** A list of links in their language. @param {Words} words @param {Stored[]} pages @param {boolean} isNamed */
const list = ({ lang, dir, name }, pages, isNamed) =>
  element("section", { lang, dir },
    ...(isNamed ? [element("h2", { textContent: name })] : []),
    element("ul", {}, ...pages.map(({ url, title }) => element("li", {}, element("a", { href: url, textContent: title })))));

/**
 * Makes the frame of the page around fit: none in another language, no link that belongs to it alone.
 * @param {Words} words @param {string} [page] what was asked for
 */
function frame({ lang, dir, title }, page) {
  const { documentElement } = document;
  document.title = title;
  if (documentElement.lang !== lang) {
    for (const one of document.querySelectorAll("header,footer,.md-skip,.menu")) one.remove();
  }
  Object.assign(documentElement, { lang, dir });
  document.querySelector(".menu [aria-current]")?.removeAttribute("aria-current");
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".languages a"))) {
    if (page !== undefined) link.href = `${root}${link.href.slice(root.length).split("/")[0]}/${page}`;
  }
}

async function tell() {
  if (path === `${root}index.html`) return location.replace(root);
  /** @type {Table} */
  const table = await (await fetch(new URL(TABLE, import.meta.url))).json();
  const stored = await storedLanguages();
  const [code, page] = asked(table);
  /** @type {[string, Stored[]][]} */
  const found = [];
  for (const one of new Set([code, ...stored])) {
    const pages = one ? await storedOf(one, Object.values(table.leads)) : [];
    if (pages.length) found.push([one, pages]);
  }
  if (page !== undefined && leadOn(code, page, found)) return;
  const words = table.languages[code || nearest(stored)];
  if (!words) return; // the chooser alone was read: its page says it
  frame(words, page);
  const article = /** @type {Element} */ (document.querySelector("article"));
  article.textContent = "";
  article.append(
    element("h1", { textContent: words.title }),
    ...(found.length ? [element("p", { textContent: words.hint })] : []),
    ...found.map(([one, pages]) => list(table.languages[one], pages, found.length > 1 || one !== code)),
  );
}

/**
 * Leads on to the page as the site writes its address; where no language is asked for, to the only
 * one that has it.
 * @param {string} code @param {string} page @param {[string, Stored[]][]} found
 */
function leadOn(code, page, found) {
  const holds = found.filter(([one, pages]) => pages.some(({ url }) => url === `${root}${one}/${page}`));
  const to = code || (holds.length === 1 ? holds[0][0] : "");
  const address = `${root}${to}/${page}`;
  if (!to || address === path) return false;
  location.replace(address + location.hash);
  return true;
}

tell();
