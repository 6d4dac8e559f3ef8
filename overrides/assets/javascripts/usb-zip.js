/*
 * What a browser refuses a page opened from a stick (file:): modules and fetch.
 * The evening ZIP (scripts/share/usb_zip.py) puts this classic script in the place of site.js and
 * choose.js. It holds the modules' source in `modules` and gives them to the browser as blobs. A file
 * that a module asks for comes from its twin, a script beside it that calls `given(path, text)`.
 */
(() => {
  const modules = self.zipModules;
  const { src } = /** @type {HTMLScriptElement} */ (document.currentScript);
  self.zipBase = src;
  const root = new URL("../", src).href;
  /** @type {Object<string, string>} */
  const blobs = {};
  /** Brings a module, by a path such as `./two.01234567.js`. */
  self.zipImport = (path) => {
    const name = path.slice(2);
    blobs[name] = blobs[name] || URL.createObjectURL(new Blob([modules[name]], { type: "text/javascript" }));
    return import(blobs[name]);
  };

  /** @type {Object<string, (text: string) => void>} */
  const waiting = {};
  self.given = (path, text) => waiting[path]?.(text);
  /** @type {Object<string, Promise<string>>} */
  const texts = {};
  const load = (/** @type {RequestInfo | URL} */ url) => {
    const [address] = new URL(String(url), location.href).href.split(/[?#]/);
    const path = decodeURI(address.slice(root.length)).replace(/(^|\/)$/, "$1index.html");
    texts[path] = texts[path] || new Promise((done, fail) => {
      const script = document.createElement("script");
      waiting[path] = done;
      script.onerror = () => fail(new TypeError(`${path} is not in the ZIP`));
      script.src = `${root}${path}.js`;
      document.head.append(script);
    });
    return texts[path];
  };
  self.fetch = async (url) => new Response(await load(url));
  /** A folder opened as a file would be shown as a list of files. */
  addEventListener("click", ({ target }) => {
    const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (target).closest("a[href]"));
    if (link?.protocol === "file:" && link.pathname.endsWith("/")) link.pathname += "index.html";
  }, true);
  const script = document.querySelector("[data-suggestion]") ? "choose." : "site.";
  self.zipImport(`./${Object.keys(modules).find((name) => name.startsWith(script))}`);
})();
