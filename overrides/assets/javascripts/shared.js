/**
 * What lazy modules share: other pages of the site as documents, elements, style sheets. The build
 * puts it into each of them: browsers would remember an `import` that failed.
 */

import { fillIn, trusted } from "./waiting.js";

/**
 * Fetches a page of the site.
 * @param {string} address
 * @returns {Promise<Document>} see `parsed`
 * @throws when there is no such page or no network
 */
export async function page(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw Error(`${address}: ${answer.status}`);
  return parsed(await answer.text(), address);
}

/**
 * Fetches all that a self-check can say.
 * @param {HTMLElement} check @param {string} base the address of the page that it stands on
 * @param {(address: string) => Promise<Document>} bring fetches a page
 * @returns {Promise<Document>} the page of outcomes, with the notices after it and the frame of the result filled
 * @throws when one of the two does not come, or is of another making
 */
export async function resultsOf({ dataset }, base, bring) {
  const addresses = [dataset.selfCheck, dataset.notices].map((one) => new URL(one ?? "", base).href);
  const [outcomes, notices] = await Promise.all(addresses.map((one) => bring(one)));
  outcomes.body.append(notices.body);
  const find = (/** @type {string} */ query) => /** @type {Element} */ (outcomes.querySelector(query));
  find("[data-result-outcomes]").before(find("[data-several]"));
  for (const name of ["bring", "where"]) find(`[data-result-${name}]`).append(...find(`[data-${name}]`).childNodes);
  return outcomes;
}

/**
 * Makes a document of a page of the site.
 * @param {string} text @param {string} address
 * @returns {Document} its links resolved, since such a document has the address of this page, and
 *   what waits for a script in its place
 * @throws when it is no page of ours
 */
export function parsed(text, address) {
  const found = new DOMParser().parseFromString(trusted?.createHTML(text) ?? text, "text/html");
  if (!found.querySelector("main")) throw Error(`${address} is no page`);
  fillIn(found);
  for (const link of found.querySelectorAll("main a[href]")) { // of drawings too, which have no `href` to set
    link.setAttribute("href", new URL(/** @type {string} */ (link.getAttribute("href")), address).href);
  }
  return found;
}

/**
 * Makes an element with these properties, and its role where they name one.
 * @param {string} name @param {Object<string, unknown>} values @param {(Node | string)[]} inside
 */
export function element(name, { role, ...values }, ...inside) {
  const made = /** @type {any} */ (Object.assign(document.createElement(name), values));
  if (role) made.setAttribute("role", role);
  made.append(...inside);
  return made;
}

/**
 * Takes out what is not text of a block, with the space before it.
 * @param {Element} within @param {string} query
 */
export function strip(within, query) {
  for (const one of within.querySelectorAll(query)) {
    const { previousSibling: before } = one;
    if (before instanceof Text) before.data = before.data.trimEnd();
    one.remove();
  }
}

/**
 * Brings a style sheet, once.
 * @param {URL} address
 * @returns {Promise<void>}
 * @throws when it does not come; the next call asks again
 */
export const addStyles = ({ href }) =>
  new Promise((done, fail) => {
    if (document.querySelector(`link[href="${href}"]`)) return done();
    const link = element("link", { rel: "stylesheet", href, onload: () => done() });
    link.onerror = () => fail(link.remove());
    document.head.append(link);
  });

/**
 * Keeps what gets the focus, or is led to, out from behind a bar that stays in view (WCAG 2.4.11).
 * @param {"Top" | "Bottom"} edge @param {HTMLElement | null} [bar] none once it is gone
 */
export function keepClear(edge, bar) {
  const isOver = bar?.isConnected && getComputedStyle(bar).position === "sticky";
  document.documentElement.style[`scrollPadding${edge}`] = isOver ? `${bar.offsetHeight + 8}px` : "";
}
