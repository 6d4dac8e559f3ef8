/**
 * What every page may use and none needs: the rest of the site works without any script. It comes
 * after the first paint (START_SCRIPT in scripts/publish/headers.py): a reader may have opened a
 * menu by then. An engine that does not know all of the words below (`?.`: Chrome 80, Safari 13.1;
 * `\p{N}`: Firefox 78) runs nothing of it, and its reader has the page as it came.
 */

import { register } from "./register.js";
import { fillIn } from "./waiting.js";

/** The site's root, and the folder of the page's language. */
const root = new URL("../", import.meta.url).href;
const [code] = location.href.slice(root.length).split("/");

fillIn(document);

/** How often each module has failed to come. @type {Object<string, number>} */
const failures = {};

/**
 * Brings a module. Browsers remember a failed `import()`: after a failure another address is asked.
 * @param {string} name such as `./two.js`
 */
const bring = (name) => {
  const tried = failures[name] ?? 0;
  return import(tried ? `${name}?${tried}` : name).catch((error) => {
    failures[name] = tried + 1;
    throw error;
  });
};

/** What each place waits to be told; what is told late, after it worked, is told no more. @type {WeakMap<Element, object>} */
const telling = new WeakMap();

/** Takes back what was told at the end of a place. @param {Element} place */
const untell = (place) => {
  telling.delete(place);
  clean(place);
};

/** @param {Element} place */
const clean = (place) => {
  const told = place.querySelector(":scope > .told");
  if (!told) return;
  told.remove();
  place.removeAttribute("data-on");
};

/** Loads the page anew: as a reload, for which the worker waits longer on a slow line. */
const reload = () => {
  location.reload();
  return false;
};

/** @param {Element} place @param {string} text @param {string} [link] the words to load the page anew */
const put = (place, text, link) => {
  clean(place);
  place.setAttribute("data-on", "told"); // what waited in a corner has a line of its own now
  const told = Object.assign(document.createElement("p"), { className: "error told", textContent: `${text} ` });
  told.setAttribute("role", "alert");
  if (link) told.append(Object.assign(document.createElement("a"), { href: "./", textContent: link, onclick: reload }));
  place.append(told);
};

/**
 * Tells at the end of a place that something cannot be had: why, as far as the page `phone` of the
 * site as it is now shows it. A page older than the site offers to load itself anew.
 * @param {Element} place
 * @param {string} [sentence] what to say as long as the page is as new as the site
 */
const tell = async (place, sentence) => {
  const { documentElement } = document;
  const turn = {};
  telling.set(place, turn);
  if (sentence) put(place, sentence);
  let said = sentence ? [] : [/** @type {string} */ (/** @type {HTMLElement | null} */ (document.querySelector("[data-offline]"))?.dataset.offline)];
  try {
    const now = await (await fetch(`${root}${code}/phone/`)).text();
    const isNewer = !now.includes(/** @type {string} */ (documentElement.dataset.version));
    const words = /** @type {string[]} */ (/data-failed="(.+?)"/.exec(now))[1].split("|"); // newer, failed, link
    if (isNewer || !sentence) said = [words[isNewer ? 0 : 1], words[2]];
  } catch {}
  if (said[0] && telling.get(place) === turn) put(place, said[0], said[1]);
};

/**
 * Does something with a module for a press; what fails is told in its place.
 * @param {string} name @param {Element} place @param {(module: any) => unknown} act @param {string} [sentence]
 */
const use = async (name, place, act, sentence) => {
  try {
    const module = await bring(name);
    untell(place);
    await act(module);
    untell(place);
  } catch (error) {
    console.error(error);
    tell(place, sentence);
  }
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

/** The menu of languages, once open, also offers to show a second one; without this it is whole, too. */
const languages = /** @type {HTMLDetailsElement | null} */ (document.querySelector(".languages"));
if (languages) {
  // It lies over the page: what gets the focus behind it would not be seen.
  addEventListener("focusin", ({ target }) => {
    if (!languages.contains(/** @type {Node} */ (target))) languages.open = false;
  });
  (languages.ontoggle = () => {
    if (languages.open) bring("./two.js").then((it) => it.offer(tell)).catch(console.error);
  })();
}

/** What staff share and project is brought when they turn to it. */
const share = /** @type {HTMLElement | null} */ (document.querySelector("[data-staff]"));
for (const type of ["click", "change", "submit"]) {
  share?.addEventListener(type, (event) => use("./staff.js", share, (it) => it.act(event), share.dataset.failed));
}
const evening = document.querySelector("[data-evening]");
const project = evening?.querySelector("button");
if (evening && project) project.onclick = () => use("./evening.js", evening, (it) => it.start(evening, tell, untell));

/** A source mark opens the list that it points into. */
const openTarget = () => {
  const sources = document.querySelector(".sources");
  if (sources && /^#s\p{N}/u.test(location.hash)) {
    /** @type {HTMLDetailsElement} */ (sources).open = true;
  }
};
addEventListener("hashchange", openTarget);
openTarget();

/** The self-check begins with its first question; the first answer brings the rest of it. */
const check = /** @type {HTMLElement | null} */ (document.querySelector("[data-self-check]"));
const form = check?.querySelector("form");
if (check && form) {
  const { failed } = /** @type {HTMLElement} */ (form.querySelector("[data-failed]")).dataset;
  const plain = /** @type {HTMLElement} */ (check.querySelector("[data-plain]"));
  const fail = () => {
    tell(form, failed);
    plain.hidden = false;
  };
  const work = () => {
    untell(form);
    plain.hidden = true;
  };
  const attached = () => bring("./self-check.js").then((it) => it.attach(check, fail, work));
  form.onchange = () => attached().catch(() => {});
  form.onsubmit = (event) => {
    event.preventDefault();
    work();
    const shown = /** @type {HTMLElement} */ (form.querySelector("fieldset:not([hidden])"));
    attached().then((it) => it.press(shown.dataset.question)).catch(fail);
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

/** What finds is fetched once the reader turns to its field; after a failure the next letter asks. */
for (const [name, form] of Object.entries({
  "./search.js": document.querySelector("[data-search]"),
  "./places.js": document.querySelector("[data-places]"),
})) {
  const { failed } = /** @type {HTMLElement} */ (form)?.dataset ?? {};
  for (const type of ["focusin", "input", "submit"]) {
    form?.addEventListener(type, (event) => {
      if (type === "submit") event.preventDefault();
      use(name, form, (it) => it.attach(form, () => tell(form, failed), () => untell(form)), failed);
    });
  }
  if (/^#(find|search)$/.test(location.hash)) form?.querySelector("input")?.focus();
}

/** Listening: offered where the device itself has a voice for this very language, as long as the
 * browser does not translate the page into another. */
const speech = self.speechSynthesis;
const heard = /** @type {HTMLElement | null} */ (document.querySelector(".listen"));
if (speech && heard) {
  const page = document.documentElement;
  const { lang } = page;
  const fits = RegExp(`^(${heard.dataset.voices ?? lang.split("-")[0]})(?![a-z])`, "i");
  const hasVoice = (/** @type {RegExp} */ tags) => speech.getVoices().some((one) => one.localService && tags.test(one.lang));
  const offer = () => {
    const has = page.lang === lang && hasVoice(fits);
    for (const one of document.querySelectorAll(".listen")) {
      /** @type {HTMLElement} */ (one).hidden = !has;
    }
    if (document.querySelector(".say") && hasVoice(/^(fr|de)/i)) {
      bring("./say.js").then((it) => it.offer(tell), () => {});
    }
  };
  // Some engines have their voices late and never tell, some throw: later looks see.
  speech.onvoiceschanged = offer;
  for (const seconds of [0, 1, 4, 15]) setTimeout(offer, seconds * 1e3);
  new MutationObserver(offer).observe(page, { attributeFilter: ["lang"] });
  addEventListener("click", ({ target }) => {
    const button = /** @type {Element} */ (target).closest(".listen > :first-child");
    if (!button) return;
    const place = /** @type {HTMLElement} */ (button.parentElement);
    use("./listen.js", place, (it) => it.listen(place));
    // iOS lets a page speak later only if it spoke within the press. An empty text would keep
    // Chromium on Linux silent for good; a space does not.
    speech.speak(new SpeechSynthesisUtterance(" "));
  });
}

/** keep.js keeps a whole language: for a pressed button, the worker's message, and tells what is kept. */
const worker = navigator.serviceWorker;
if (worker) {
  worker.onmessage = (event) => bring("./keep.js").then((it) => it.act(event)).catch(console.error);
  worker.controller?.postMessage(0);
}
for (const place of document.querySelectorAll(".keep")) {
  place.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).matches("[data-do]")) use("./keep.js", place, (it) => it.act(event));
  });
}
if (document.querySelector("[data-keep]")) {
  // As long as nothing is kept the page says so; another tab may change that.
  const look = () => bring("./keep.js").then((it) => it.act(), () => {});
  (async () => caches.match(`${root}?${code}`))().then((kept) => kept && look(), look);
  document.onvisibilitychange = () => document.hidden || look();
}
register(root);
