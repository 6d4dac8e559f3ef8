/**
 * Keeps a whole language on the phone, takes newer versions, removes and erases.
 *
 * Fetched when a reader asks for it on the page `phone`, or when the worker, whose file says how
 * things are stored, has seen a newer version than what is stored.
 */

const root = new URL("../", import.meta.url).href;
const version = document.documentElement.dataset.version;
const HASHED = /[^"= ]+\.[\da-f]{8}\.(css|js)\b/g;
/** What no page names but the worker, in each bundle, too. */
const LATER = ["./offline.js", "./offline.*.json"];
/** The name of a set after the site's address: its language, `/` where it was kept, version. */
const SET = /^([a-z]*)([/.])[\da-f]{8}$/;

const versionIn = (/** @type {string} */ page) => /data-version="?(\w+)/.exec(page)?.[1];

/** Why a language was not kept: `network`, `full`, `broken` or `unsupported`. */
class Failure extends Error {}

/** @typedef {{version: string, pages: Object<string, string>, assets: string[][]}} Bundle */

/**
 * Keeps a language as a whole or leaves everything as it was.
 * @param {string} code the language's folder, such as `fr`
 * @param {{signal?: AbortSignal, progress?: (bytes: number) => void}} [options]
 *   progress is told how many unzipped bytes have arrived
 * @throws {Failure} or an AbortError once `signal` is aborted
 */
async function keep(code, { signal, progress = () => {} } = {}) {
  const { bundle, headers } = await received(code, signal, progress);
  const name = `${root}${code}/${bundle.version}`;
  if ((await keptName(code)) === name) return;
  /** @type {string[]} */
  const added = [];
  try {
    await written(name, bundle, headers, added);
    if (signal?.aborted) throw new Failure("network");
    await point(code, name);
  } catch (error) {
    await Promise.all(added.map(async (url) => (await sets()).delete(url)));
    throw signal?.aborted ? error : new Failure(isFull(/** @type {Error} */ (error)) ? "full" : "unsupported");
  } finally {
    await tidy(); // drops the set that took its place, or the half of this one
  }
  await alsoTheChooser(bundle, headers).catch(() => {}); // for want of room the language goes without
}

/** Takes the place of what is older than its language's last page read, if the network allows. */
const renew = () =>
  alone(async () => {
    // @ts-ignore: not every browser tells it
    if (navigator.connection?.saveData) return;
    for (const [name, code, isKept] of await allSets()) {
      const wanted = await readName(code);
      if (!wanted || name.slice(-8) === wanted.slice(-8)) continue;
      if (isKept) await keep(code).catch(() => {});
      else await renewPages(name, code, wanted);
    }
    await tidy();
  });

/**
 * Does what a pressed button says; brings what is stored up to date on the worker's message;
 * without an event shows the state.
 * @param {Event} [event] a click on a button with `data-do`, or a message
 */
export async function act(event) {
  const button = /** @type {HTMLElement | undefined} */ (event?.target);
  if (event?.type !== "message") return (PRESSES[button?.dataset.do ?? ""] ?? showState)();
  await renew();
  await look();
  others?.postMessage(0);
}

// The page ---------------------------------------------------------------------------------

const box = /** @type {HTMLElement} */ (document.querySelector("[data-keep]"));
const eraser = /** @type {HTMLElement} */ (document.querySelector("[data-erase]"));
const code = box?.dataset.keep ?? "";
/** What a press does, by the button's `data-do`. @type {Object<string, () => Promise<void>>} */
const PRESSES = { keep: pressKeep, stop: pressStop, remove: pressRemove, erase: pressErase, install: pressInstall };
/** @type {AbortController | undefined} */
let running;

/** What is stored, as the page says it: "none", "kept", "newer" or "unsupported". */
let said = "none";
/** Tells the site's other tabs that something has changed. Safari has it from 15.4 on. */
const others = self.BroadcastChannel && new BroadcastChannel(root);

/** Shows what belongs to a state in one of the page's boxes, and moves a lost focus on. */
function show(/** @type {string} */ state, within = box) {
  const lost = within.contains(document.activeElement);
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (within.querySelectorAll("[data-when]")))
    part.hidden = !part.dataset.when?.split(" ").includes(state);
  const active = /** @type {HTMLElement} */ (document.activeElement);
  if (lost && (active.hidden || !within.contains(active)))
    /** @type {HTMLElement | null} */ (within.querySelector("button:not([hidden])"))?.focus();
}

/** @returns {Promise<string>} what is stored; a browser that lets nothing be stored throws */
async function state() {
  const name = await keptName(code);
  if (!name || !(await caches.has(name))) return "none";
  return name.slice(-8) === version ? "kept" : "newer";
}

async function showState() {
  said = await state().catch(() => "unsupported");
  show(said);
  if (/kept|newer/.test(said)) show("", eraser);
}

/** Another tab, or the browser's settings, may have changed what is stored. */
async function look() {
  if (!box || running || (await state().catch(() => "unsupported")) === said) return;
  await showState();
}
if (box) {
  for (const type of ["visibilitychange", "pageshow", "focus"]) addEventListener(type, look, true);
  if (others) others.onmessage = look;
}

async function pressKeep() {
  running = new AbortController();
  const bar = /** @type {HTMLProgressElement} */ (box.querySelector("progress"));
  const done = /** @type {HTMLElement} */ (box.querySelector("[data-done]"));
  // Bytes come unzipped; the reader is told what is paid for.
  const progress = (/** @type {number} */ bytes) => {
    bar.value = Math.min(1, bytes / Number(box.dataset.bytes));
    done.textContent = String(Math.round(bar.value * Number(box.dataset.size)));
  };
  progress(0);
  show("loading");
  const { signal } = running;
  try {
    await supported();
    await alone(() => keep(code, { signal, progress }));
    navigator.storage?.persist?.();
    await showState();
  } catch (error) {
    if (signal.aborted) await showState();
    else show(error instanceof Failure ? error.message : "unsupported");
  }
  running = undefined;
  others?.postMessage(0);
}

async function pressStop() {
  running?.abort();
}

async function pressRemove() {
  await alone(() => remove(code)).catch(() => {});
  await showState();
  others?.postMessage(0);
}

async function pressErase() {
  running?.abort();
  const result = await alone(erase).then(() => "erased", () => "blocked");
  await showState();
  show(result, eraser);
  others?.postMessage(0);
}

/** The browser's own offer, where it makes one within its limit for a press; else the menu. */
async function pressInstall() {
  const place = /** @type {HTMLElement} */ (document.querySelector("[data-install]"));
  const offer = new Promise((resolve) => {
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      resolve(event);
    });
    setTimeout(resolve, 3000);
  });
  addEventListener("appinstalled", () => show("installed", place));
  link("manifest", place.dataset.install ?? "");
  link("apple-touch-icon", place.dataset.icon ?? "");
  const prompt = await offer;
  if (!prompt) return show("menu", place);
  await prompt.prompt().catch(() => show("menu", place));
}

/** Puts a link into the head once: no reader fetches a manifest unasked. */
function link(/** @type {string} */ rel, /** @type {string} */ href) {
  if (document.querySelector(`link[rel=${rel}]`)) return;
  document.head.append(Object.assign(document.createElement("link"), { rel, href }));
}

// The store --------------------------------------------------------------------------------

const sets = () => caches.open("sets");
const keptName = async (/** @type {string} */ code) => (await (await sets()).match(`${root}?${code}`))?.text();
const readName = (/** @type {string} */ code) => keptName(`${code}.`);
const point = async (/** @type {string} */ code, /** @type {string} */ name) => (await sets()).put(`${root}?${code}`, new Response(name));
/** Every set, its language, and whether it was kept. @returns {Promise<[string, string, boolean][]>} */
const allSets = async () =>
  (await caches.keys()).flatMap((name) => {
    const found = name.startsWith(root) && SET.exec(name.slice(root.length));
    return found ? [[name, found[1], found[2] === "/"]] : [];
  });

/** One tab at a time writes. */
const alone = (/** @type {() => Promise<void>} */ work) =>
  navigator.locks ? navigator.locks.request(root, work) : work();

const isFull = (/** @type {Error} */ error) => error.name === "QuotaExceededError";

async function supported() {
  if (!(await navigator.serviceWorker?.getRegistration())) throw new Failure("unsupported");
}

/**
 * Fetches and reads a bundle.
 * @param {string} code @param {AbortSignal | undefined} signal @param {(bytes: number) => void} progress
 * @returns {Promise<{bundle: Bundle, headers: Headers}>} the bundle, and headers to serve its pages with
 */
async function received(code, signal, progress) {
  let answer, text;
  try {
    answer = await fetch(`${root}offline/${code}.json`, { cache: "no-cache", signal });
    if (!answer.ok) throw new Failure("network");
    text = await textOf(answer, progress);
  } catch (error) {
    throw signal?.aborted ? error : new Failure("network");
  }
  const headers = new Headers(answer.headers);
  headers.set("content-type", "text/html; charset=utf-8");
  return { bundle: checked(text, code), headers };
}

/** @param {Response} answer @param {(bytes: number) => void} progress */
async function textOf(answer, progress) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (answer.body).getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let size = 0, part; !(part = await reader.read()).done; ) {
    text += decoder.decode(part.value, { stream: true });
    progress((size += part.value.length));
  }
  return text + decoder.decode();
}

/** @returns {Bundle} */
function checked(/** @type {string} */ text, /** @type {string} */ code) {
  try {
    const bundle = JSON.parse(text);
    const own = Object.keys(bundle.pages).filter((path) => path);
    const isRight = (/** @type {string} */ path) => versionIn(bundle.pages[path]) === bundle.version;
    if (own.includes(`${code}/`) && own.every(isRight)) return bundle;
  } catch {}
  throw new Failure("broken");
}

/**
 * @param {string} name @param {Bundle} bundle @param {Headers} headers
 * @param {string[]} added is told each style and script that was not there before
 */
async function written(name, bundle, headers, added) {
  await caches.delete(name); // what an earlier try may have left
  const files = await sets();
  for (const [path, type, body] of bundle.assets) {
    if (await files.match(root + path)) continue;
    added.push(root + path);
    await files.put(root + path, new Response(body, { headers: { "content-type": type } }));
  }
  const pages = await caches.open(name);
  for (const path in bundle.pages)
    if (path) await pages.put(root + path, new Response(bundle.pages[path], { headers }));
}

/**
 * The chooser belongs to no language: it goes to the pages read, unless another one is there.
 * @param {Bundle} bundle @param {Headers} headers
 */
async function alsoTheChooser(bundle, headers) {
  const name = `${root}.${versionIn(bundle.pages[""])}`;
  if (((await readName("")) ?? name) !== name) return;
  await (await caches.open(name)).put(root, new Response(bundle.pages[""], { headers }));
  await point(".", name);
}

/**
 * Fetches the pages of an old set again, into the one wanted; what fails waits in the old one.
 * @param {string} name @param {string} code @param {string} wanted the name of a set
 */
async function renewPages(name, code, wanted) {
  const old = await caches.open(name);
  for (const { url } of await old.keys()) {
    // A kept language comes as a whole; its pages need no second fetch.
    const done = (await keptName(code)) || (await renewed(url, code, wanted).catch(() => false));
    if ((await readName(code)) !== wanted) return;
    if (done) await old.delete(url);
  }
  if (!(await old.keys()).length) await caches.delete(name);
}

/**
 * Tells whether the page has its place in the new set, or is no more.
 * @param {string} url @param {string} code @param {string} wanted the name of a set
 */
async function renewed(url, code, wanted) {
  const answer = await fetch(url, { cache: "no-cache" });
  if (answer.status === 404) return true;
  const text = await answer.text();
  if (!answer.ok || answer.redirected || versionIn(text) !== wanted.slice(-8)) return false;
  // The worker stores what it fetches for a page.
  for (const link of text.match(HASHED) ?? []) if (!(await fetch(new URL(link, url))).ok) return false;
  if ((await readName(code)) !== wanted) return false;
  await (await caches.open(wanted)).put(url, new Response(text, answer));
  return true;
}

async function remove(/** @type {string} */ code) {
  await (await sets()).delete(`${root}?${code}`);
  await tidy();
}

async function erase() {
  const files = await sets();
  for (const { url } of await files.keys()) if (url.startsWith(root)) await files.delete(url);
  for (const [name] of await allSets()) await caches.delete(name);
}

/** Drops the kept sets that do not count, and the styles and scripts that nothing names. */
async function tidy() {
  const files = await sets();
  const listed = (await files.keys()).map(({ url }) => url).filter((url) => /\.\w+$/.test(url));
  let text = LATER.join();
  for (const [name, code, isKept] of await allSets()) {
    if (isKept && (await keptName(code)) !== name) await caches.delete(name);
    else text += await textOfAll(await caches.open(name));
  }
  text += await textOfAll(files);
  for (const url of listed)
    if (url.startsWith(root) && !text.includes(url.slice(url.lastIndexOf("/") + 1))) await files.delete(url);
}

async function textOfAll(/** @type {Cache} */ cache) {
  let text = "";
  for (const request of await cache.keys()) text += await (await cache.match(request))?.text();
  return text;
}
