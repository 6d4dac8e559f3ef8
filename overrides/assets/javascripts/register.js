/** What the two scripts share that pages start with: the worker, which keeps the pages read. */

/**
 * A policy tells the browser that its address is ours.
 * @type {{createScriptURL: (root: string) => string}}
 */
const policy = { createScriptURL: (root) => root + "sw.js" };

/** @param {string} root the site's root */
export function register(root) {
  const address = (self.trustedTypes?.createPolicy("sw", policy) ?? policy).createScriptURL(root);
  navigator.serviceWorker?.register(address).catch(() => {});
}
