/** What every page may use and none needs: the rest of the site works without any script. */

/** One open menu at a time; Escape closes it and gives the focus back. */
const menus = /** @type {HTMLDetailsElement[]} */ ([
  ...document.querySelectorAll("details.menu, details.languages"),
]);
for (const menu of menus) {
  menu.addEventListener("toggle", () => {
    if (menu.open) for (const other of menus) if (other !== menu) other.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}
document.addEventListener("click", (event) => {
  for (const menu of menus) if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
});

/** A source mark opens the list that it points into. */
const sources = /** @type {HTMLDetailsElement | null} */ (document.querySelector("details.sources"));
const openTarget = () => {
  if (sources && /^#s\d+$/.test(location.hash)) sources.open = true;
};
addEventListener("hashchange", openTarget);
openTarget();

/** On paper: the day of printing, and the address as it is open here. */
addEventListener("beforeprint", () => {
  const place = document.querySelector("[data-printed-on]");
  const address = document.querySelector("[data-address]");
  if (!place || !address) return;
  const day = new Date();
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  /** @type {HTMLElement} */ (place).hidden = false;
  const date = `${two(day.getDate())}.${two(day.getMonth() + 1)}.${day.getFullYear()}`;
  /** @type {HTMLElement} */ (place.querySelector("bdi")).textContent = date;
  address.textContent = location.origin + location.pathname;
});

/** The chooser suggests the browser's language, and never goes there by itself. */
const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-suggestion]"));
if (place) {
  const choices = /** @type {HTMLAnchorElement[]} */ ([
    ...document.querySelectorAll("[data-continue]"),
  ]);
  /** Codes of languages that read one of ours. @type {Object<string, string>} */
  const near = { bs: "sr", hr: "sr", sh: "sr", ku: "kmr", prs: "fa" };
  const base = (/** @type {string} */ tag) => {
    const code = tag.toLowerCase().split("-")[0];
    return near[code] ?? code;
  };
  const choice = navigator.languages
    .map((tag) => choices.find((one) => base(one.lang) === base(tag)))
    .find(Boolean);
  if (choice) {
    const link = document.createElement("a");
    link.href = choice.href;
    link.lang = choice.lang;
    link.dir = choice.dir;
    link.textContent = choice.dataset.continue ?? "";
    place.append(link);
    place.hidden = false;
  }
}

/** The worker keeps the pages read. A policy tells the browser that its address is ours. */
const root = new URL("../", import.meta.url).href;
const worker = navigator.serviceWorker;
const policy = { createScriptURL: () => root + "sw.js" };
addEventListener("load", () =>
  worker
    ?.register((self.trustedTypes?.createPolicy("sw", policy) ?? policy).createScriptURL(""))
    .catch(() => {}),
);

/** keep.js keeps a whole language: for a pressed button, the worker's message, a kept language. */
const act = (/** @type {Event=} */ event) =>
  import("./keep.js").then(
    (keep) => keep.act(event),
    () => document.querySelector("[data-when=reload]")?.removeAttribute("hidden"),
  );
if (worker) worker.onmessage = act;
for (const button of document.querySelectorAll("[data-do]")) {
  /** @type {HTMLElement} */ (button).onclick = act;
}
const language = /** @type {HTMLElement | null} */ (document.querySelector("[data-keep]"))?.dataset.keep;
if (worker && language) caches.match(`${root}?${language}`).then((kept) => kept && act());
