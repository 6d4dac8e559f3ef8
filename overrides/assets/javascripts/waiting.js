/**
 * Markup that waits for a script stands in data blocks (`<script type="text/html">`), which every
 * browser leaves unseen; text browsers show what is `hidden` and what is in a `template`.
 */

export const trusted = self.trustedTypes?.createPolicy("waiting", { createHTML: (text) => text });

/**
 * Puts what waits in a page of ours into its place; `[data-plain]` before it was for want of it.
 * @param {Document} page
 */
export function fillIn(page) {
  const blocks = /** @type {NodeListOf<HTMLScriptElement>} */ (page.querySelectorAll("main [type='text/html']"));
  for (const block of blocks) {
    const plain = block.previousElementSibling;
    if (plain?.matches("[data-plain]")) /** @type {HTMLElement} */ (plain).hidden = true;
    const text = /** @type {string} */ (/** @type {unknown} */ (trusted?.createHTML(block.text) ?? block.text));
    block.replaceWith(document.createRange().createContextualFragment(text));
  }
}
