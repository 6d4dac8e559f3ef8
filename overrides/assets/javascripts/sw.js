/*
 * The worker: what was read once can be read again without network, never half old, half new.
 *
 * A set is a cache of pages of one language and version: SCOPE + "fr.01234567" holds the French
 * pages read, SCOPE + "fr/01234567" all of French, kept on purpose; a page of no language (the
 * chooser) has the language "". The cache `sets` holds styles and scripts, whose names change with
 * them, and says which sets count: SCOPE + "?fr" names the kept set, SCOPE + "?fr." the set of the
 * pages read in the last version seen. Without network the pages of a language come from its kept
 * set or, where it has none, from the pages read: from one set only. A name is written last, so a
 * set counts once it is whole. keep.js, which an open page loads on a message, writes the kept
 * sets, brings older sets up to date and tidies.
 *
 * A page that is neither to be had nor stored: a stored one says so, and offline.js says it in the
 * language asked for, once it has come. A first visit does not pay for that: LATER comes with the
 * second page, or with a kept language.
 *
 * Of a page it reads `data-version`, `data-offline` (at the end of its tag), `title`, `article`,
 * `href` and `src`. Each reader pays for every byte of this file: hence its brevity.
 */
"@version"; // put in by the build, so that browsers see a new worker
const { scope } = registration;
const LATER = ["assets/offline.js", "assets/offline.all.json"].map((name) => scope + name);
const open = (/** @type {string} */ name) => caches.open(name);

/**
 * Returns a stored style or script, fetched first where need be: the browser may still hold it.
 * @param {string} url @returns {Promise<any>}
 */
const file = async (url) => {
  const cache = await open("sets");
  const fetched = () => cache.add(new Request(url, { cache: "force-cache" }));
  return (await cache.match(url)) || fetched().then(() => cache.match(url));
};

const later = () => Promise.all(LATER.map(file));

/** Whether there are older sets than the last page's, once that is kept. @type {Promise<unknown> | undefined} */
let stored;

const codeOf = (/** @type {string} */ url) => url.slice(scope.length).split("/")[0];
const pointer = (/** @type {string} */ url) => scope + "?" + codeOf(url);

/** Keeps a page, after its styles and scripts; tells whether its language has older sets. */
const store = async (/** @type {string} */ url, /** @type {Response} */ answer) => {
  const text = await answer.text();
  const set = scope + codeOf(url);
  const version = /** @type {string[]} */ (/data-version="?(\w+)/.exec(text))[1];
  if (answer.status != 200) return;
  for (const link of /** @type {string[]} */ (text.match(/[^"= ]+\.[\da-f]{8}\.(css|js)\b/g))) await file(new URL(link, url).href);
  const cache = await open(set + "." + version);
  await cache.put(url, new Response(text, answer));
  await (await open("sets")).put(pointer(url) + ".", new Response(set + "." + version));
  for (const key of (await cache.keys()).slice(0, -40)) await cache.delete(key);
  return (await caches.keys()).some((key) => key.slice(0, -9) == set && !key.endsWith(version));
};

/**
 * Returns the stored page or, if it must, a stored page that says which ones there are instead.
 * @param {string} url @param {unknown} [must] @returns {Promise<any>}
 */
const copy = async (url, must) => {
  const set = (await caches.match(pointer(url))) || (await caches.match(pointer(url) + "."));
  const any = async () => (await caches.keys()).find((key) => key.startsWith(scope));
  const name = /** @type {string | undefined} */ (set ? await set.text() : must && (await any()));
  if (!name) return;
  const cache = await open(name);
  const found = await cache.match(url);
  if (found || !must) return found;
  let /** @type {any} */ answer, text = "", links = "";
  for ({ url } of await cache.keys()) {
    answer = await cache.match(url);
    text = await answer.text();
    links += `<li><a href="${url}">${/** @type {string[]} */ (/<title>([^<–]*)/.exec(text))[1]}</a>`;
  }
  const [, title] = /** @type {string[]} */ (/data-offline="?([^">]+)/.exec(text));
  return new Response(text
    .replace(/ (href|src)=("?)([^"#\s>][^"\s>]*)/g, (_, name, quote, link) => ` ${name}=${quote}${new URL(link, url)}`)
    .replace(/(<title>)[^<]*/, "$1" + title)
    .replace(/(?:<nav class="?md-path[^]*?)?(<article.*?>)[^]*<.article>/, `$1<h1>${title}</h1><ul>${links}</ul><script type=module src=${LATER[0]}></script></article>`), answer);
};

/**
 * A page: from the network; its copy, where there is one, when that fails or takes over 4 seconds,
 * or 30 where the reader loads it anew. What the browser itself takes from its memory (back,
 * forward) is no news and not stored. A page that a script asks for, as the self-check does for the
 * results, has a copy too, when the network fails; it is not stored.
 */
onfetch = (event) => {
  const { request } = event;
  const [url] = request.url.split(/[?#]/);
  if (!url.startsWith(scope)) return;
  if (/\.[\da-f]{8}\.\w+$/.test(url)) return event.respondWith(file(url).catch(() => fetch(request)));
  if (request.mode != "navigate") {
    if (url.endsWith("/")) event.respondWith(fetch(request).catch(() => copy(url)));
    return; // a handler that returns false would refuse the request
  }
  const network = fetch(request);
  if (request.cache != "force-cache")
    event.waitUntil((stored = network.then((answer) => store(url, answer.clone()))).then(later));
  const late = new Promise((done) => setTimeout(done, request.cache == "no-cache" ? 3e4 : 4e3)).then(() => copy(url));
  event.respondWith(Promise.race([network, late.then((found) => found || network, () => network)]).catch(() => copy(url, 1)));
};

/** A page says that its script is there, and is told once it is kept and there are older sets. */
onmessage = (/** @type {any} */ event) =>
  event.waitUntil(stored?.then((older) => older && event.source.postMessage(0)));

/**
 * The page that brought the worker is kept too, as the browser holds it: no further request. A newer
 * worker brings its words.
 */
oninstall = (event) => {
  skipWaiting();
  const first = async (/** @type {Client} */ { url }) =>
    url.startsWith(scope) && store(url.split(/[?#]/)[0], await fetch(url, { cache: "force-cache" }));
  const all = async () => Promise.all((await clients.matchAll({ includeUncontrolled: true })).map(first));
  event.waitUntil((registration.active ? later() : all()).catch(() => {}));
};
onactivate = () => clients.claim();
