/**
 * What lazy modules share: other pages of the site as documents, elements, style sheets. The build
 * puts it into each of them: browsers would remember an `import` that failed.
 */

import { fillIn } from "./waiting.js";

/**
 * Fetches a page of the site.
 * @param {string} address
 * @returns {Promise<Document>} its links resolved, since a document fetched so has no address, and
 *   what waits for a script in its place
 * @throws when there is no such page or no network
 */
export const page = (address) =>
  new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.onload = () => {
      const found = request.response;
      if (request.status >= 400 || !found?.querySelector("main")) return fail();
      fillIn(found);
      for (const link of found.querySelectorAll("main a[href]")) {
        link.href = new URL(link.getAttribute("href"), address).href;
      }
      done(found);
    };
    request.onerror = fail;
    request.send();
  });

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
