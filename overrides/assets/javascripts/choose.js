/** The chooser's script: it suggests the browser's language, and never goes there by itself. */

import { register } from "./register.js";

/** Codes of languages that read one of ours. @type {Object<string, string>} */
const NEAR = { bs: "sr", hr: "sr", sh: "sr", ku: "kmr", prs: "fa" };

/** The language of a tag, as ours are called. @param {string} tag */
const base = (tag) => {
  const [code] = /** @type {string[]} */ (/^\p{L}*/u.exec(tag.toLowerCase()));
  return NEAR[code] ?? code;
};

/** The link of the first of the browser's languages that the site has, shown above all links. */
const choices = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll("[data-continue]")]);
const choice = navigator.languages
  .map((tag) => choices.find((one) => base(one.lang) === base(tag)))
  .find(Boolean);
const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-suggestion]"));
if (choice && place) {
  const link = /** @type {HTMLAnchorElement} */ (choice.cloneNode());
  link.textContent = /** @type {string} */ (choice.dataset.continue);
  place.append(link);
  place.hidden = false;
}
register(new URL("../", import.meta.url).href);
