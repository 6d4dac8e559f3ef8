/** The chooser suggests the browser's language, and never goes there by itself. Brought by site.js. */

/** Codes of languages that read one of ours. @type {Object<string, string>} */
const NEAR = { bs: "sr", hr: "sr", sh: "sr", ku: "kmr", prs: "fa" };

/** The language of a tag, as ours are called. @param {string} tag */
const base = (tag) => {
  const [code] = /** @type {string[]} */ (/^\p{L}*/u.exec(tag.toLowerCase()));
  return NEAR[code] ?? code;
};

/**
 * Shows the link of the first of the browser's languages that the site has, above all links.
 * @param {HTMLElement} place
 */
export function suggest(place) {
  const choices = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll("[data-continue]")]);
  const choice = navigator.languages
    .map((tag) => choices.find((one) => base(one.lang) === base(tag)))
    .find(Boolean);
  if (!choice) return;
  const link = /** @type {HTMLAnchorElement} */ (choice.cloneNode());
  link.textContent = /** @type {string} */ (choice.dataset.continue);
  place.append(link);
  place.hidden = false;
}
