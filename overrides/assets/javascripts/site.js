/**
 * What every page may use and none needs: the rest of the site works without any script. It comes
 * after the first paint (START_SCRIPT in scripts/publish/headers.py): a reader may have opened a
 * menu or chosen an answer by then.
 */

/** What cannot be fetched: without network say so, else this page is older than the site. */
const unreachable = (/** @type {Element} */ place) => {
  if (navigator.onLine) return location.reload();
  place.className = "error";
  place.setAttribute("role", "alert");
  place.textContent = /** @type {HTMLElement} */ (document.querySelector("[data-offline]")).dataset.offline.split("|")[0];
};

/** An open menu closes at a click elsewhere, or on Escape, which gives the focus back. */
const menus = /** @type {HTMLDetailsElement[]} */ ([
  ...document.querySelectorAll(".menu, .languages"),
]);
addEventListener("click", ({ target }) => {
  for (const menu of menus) if (!menu.contains(/** @type {Node} */ (target))) menu.open = false;
});
addEventListener("keydown", ({ key }) => {
  const menu = menus.find((one) => one.open);
  if (!menu || key !== "Escape") return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
});

/** The menu of languages, once open, also offers to show a second one beside the first. */
const languages = /** @type {HTMLDetailsElement | null} */ (document.querySelector(".languages"));
if (languages) {
  (languages.ontoggle = () => {
    if (languages.open) import("./two.js").then((it) => it.offer());
  })();
}

/** What staff share and project is brought when they turn to it. */
document
  .querySelector("[data-staff]")
  ?.addEventListener("click", (event) => import("./staff.js").then((it) => it.act(event)));

/** A source mark opens the list that it points into. */
const openTarget = () => {
  const sources = document.querySelector(".sources");
  if (sources && /^#s\d/.test(location.hash)) {
    /** @type {HTMLDetailsElement} */ (sources).open = true;
  }
};
addEventListener("hashchange", openTarget);
openTarget();

/** The self-check begins with its first question; the first answer brings the rest of it. */
const check = /** @type {HTMLElement | null} */ (document.querySelector("[data-self-check]"));
const form = check?.querySelector("form");
if (check && form) {
  const error = /** @type {HTMLElement} */ (form.querySelector("[data-failed]"));
  const failed = () => (error.textContent = /** @type {string} */ (error.dataset.failed));
  form.hidden = false;
  form.removeAttribute("data-start");
  /** @type {HTMLElement} */ (check.querySelector("[data-plain]")).hidden = true;
  form.onchange = () => import("./self-check.js").then((it) => it.prepare(check));
  form.onsubmit = (event) => {
    event.preventDefault();
    import("./self-check.js").then((it) => it.next(check, failed), failed);
  };
}

/** On paper: the address as it is open here, and the day of printing. */
const printed = document.createElement("p");
printed.className = "printed";
printed.dir = "ltr";
addEventListener("beforeprint", () => {
  printed.textContent = `${location.origin + location.pathname} · ${new Date().toLocaleDateString("fr-CH")}`;
  document.querySelector("footer")?.append(printed);
});
addEventListener("afterprint", () => printed.remove());

/** The search is fetched once the reader turns to its field; after a failure the next letter asks. */
const search = /** @type {HTMLElement | null} */ (document.querySelector("[data-search]"));
if (search) {
  search.hidden = false;
  for (const event of ["focusin", "input"]) {
    search.addEventListener(event, () =>
      import("./search.js").catch(() => {
        /** @type {HTMLElement} */ (search.querySelector("[data-failed]")).hidden = false;
      }),
    );
  }
  if (location.hash === "#search") search.querySelector("input")?.focus();
}

/** The chooser suggests the browser's language, and never goes there by itself. */
const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-suggestion]"));
if (place) {
  /** Codes of languages that read one of ours. @type {Object<string, string>} */
  const near = { bs: "sr", hr: "sr", sh: "sr", ku: "kmr", prs: "fa" };
  const base = (/** @type {string} */ tag) => {
    const code = tag.toLowerCase().split("-")[0];
    return near[code] ?? code;
  };
  const choices = /** @type {HTMLAnchorElement[]} */ ([
    ...document.querySelectorAll("[data-continue]"),
  ]);
  const choice = navigator.languages
    .map((tag) => choices.find((one) => base(one.lang) === base(tag)))
    .find(Boolean);
  if (choice) {
    const link = /** @type {HTMLAnchorElement} */ (choice.cloneNode());
    link.textContent = /** @type {string} */ (choice.dataset.continue);
    place.append(link);
    place.hidden = false;
  }
}

/** Listening: offered where the device itself has a voice for this very language. */
const speech = self.speechSynthesis;
const heard = /** @type {HTMLElement | null} */ (document.querySelector(".listen"));
if (speech && heard) {
  const voices = heard.dataset.voices ?? document.documentElement.lang.split("-")[0];
  const fits = RegExp(`^(${voices})(?![a-z])`, "i");
  (speech.onvoiceschanged = () => {
    const has = speech.getVoices().some((one) => one.localService && fits.test(one.lang));
    for (const one of document.querySelectorAll(".listen")) {
      /** @type {HTMLElement} */ (one).hidden = !has;
    }
  })();
  addEventListener("click", ({ target }) => {
    const button = /** @type {Element} */ (target).closest(".listen > :first-child");
    if (!button) return;
    // iOS lets a page speak later only if it spoke within the press. An empty text would keep
    // Chromium on Linux silent for good; a space does not.
    speech.speak(new SpeechSynthesisUtterance(" "));
    const place = /** @type {HTMLElement} */ (button.parentElement);
    import("./listen.js")
      .then(({ listen }) => listen(place))
      .catch(() => unreachable(place));
  });
}

/** The worker keeps the pages read. A policy tells the browser that its address is ours. */
const root = new URL("../", import.meta.url).href;
const worker = navigator.serviceWorker;
const policy = { createScriptURL: () => root + "sw.js" };
worker
  ?.register((self.trustedTypes?.createPolicy("sw", policy) ?? policy).createScriptURL(""))
  .catch(() => {});

/** keep.js keeps a whole language: for a pressed button, the worker's message, a kept language. */
const act = (/** @type {Event=} */ event) =>
  import("./keep.js").then(
    (keep) => keep.act(event),
    () => document.querySelector("[data-when=reload]")?.removeAttribute("hidden"),
  );
if (worker) {
  worker.onmessage = act;
  worker.controller?.postMessage(0);
}
for (const button of document.querySelectorAll("[data-do]")) {
  /** @type {HTMLElement} */ (button).onclick = act;
}
const language = /** @type {HTMLElement | null} */ (document.querySelector("[data-keep]"))?.dataset.keep;
if (worker && language) caches.match(`${root}?${language}`).then((kept) => kept && act());
