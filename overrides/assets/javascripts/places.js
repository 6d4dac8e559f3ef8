/**
 * Finds a commune while its name is typed, in the list of the page of all communes. Brought when the
 * reader turns to the field; nothing typed leaves the page, is stored or gets into an address.
 *
 * @typedef {{name: string, folded: string, commune: string, line: Element}} Entry `folded`: the
 *   name as it is compared; `commune`: what it is the name of
 */

import { edits } from "./edits.js";
import { page } from "./shared.js";

/** A slip of the finger is forgiven in names of so many letters or more. */
const LONG = 5;

/**
 * A name as it is compared: without accents and hyphens, St and Sankt as Saint.
 * @param {string} text
 */
export const fold = (text) =>
  text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z]+/g, " ")
    .replace(/\b(?:st|sankt)\b/g, "saint")
    .trim();

/**
 * The names that a list of communes holds.
 * @param {ParentNode} list
 * @returns {Entry[]}
 */
export const readNames = (list) =>
  [...list.querySelectorAll("[data-communes] li")].map((line) => {
    const [name, rest] = /** @type {string} */ (line.querySelector("bdi")?.textContent).split(" (");
    return { name, folded: fold(name), commune: rest?.slice(0, -1) ?? name, line };
  });

/**
 * How far a name is from what is typed: 0 the same, 1 it begins so, 2 one of its words does, 3 with
 * a slip of the finger; 9 it is another.
 * @param {string} asked @param {string} name both folded
 */
function distance(asked, name) {
  if (name === asked) return 0;
  if (name.startsWith(asked)) return 1;
  if (` ${name}`.includes(` ${asked}`)) return 2;
  if (asked.length < LONG || name.length < LONG) return 9;
  return Math.min(...edits(asked, name.slice(0, asked.length + 1), 1)) < 2 ? 3 : 9;
}

/**
 * The entries for what is typed, best first: those that hold it, else those of a slip; a commune
 * that has several such names once, two places of one name both.
 * @param {Entry[]} entries
 * @param {string} typed
 */
export function find(entries, typed) {
  const asked = fold(typed);
  if (asked.length < 2) return [];
  const found = entries
    .map((entry) => ({ entry, far: distance(asked, entry.folded) }))
    .filter(({ far }) => far < 9)
    .sort((one, other) => one.far - other.far);
  const near = found.filter(({ far }) => far < 3 || found[0].far === 3).map(({ entry }) => entry);
  return near.filter(({ commune }, at) => near.findIndex((one) => one.commune === commune) === at);
}

let attached = false;

/**
 * Attach to the field of the page, once.
 * @param {HTMLFormElement} form
 * @param {() => void} failed called when the list cannot be had; the next try asks again
 * @param {() => void} worked called when it is there
 */
export function attach(form, failed, worked) {
  if (attached) return;
  attached = true;
  const field = /** @type {HTMLInputElement} */ (form.querySelector("input"));
  const status = /** @type {HTMLElement} */ (form.querySelector("[role=status]"));
  const list = /** @type {HTMLElement} */ (form.querySelector("ol"));
  /** @type {Promise<{names: Entry[], none: string}> | null} */
  let loading = null;
  let wait = 0;

  /** The names, and what to say without any, fetched once; from this page if it holds them. */
  function load() {
    const isHere = document.querySelector("[data-communes]");
    const { href } = new URL(form.dataset.places ?? "", location.href);
    loading = loading ?? (isHere ? Promise.resolve(document) : page(href)).then((texts) => {
      const { none = "" } = /** @type {HTMLElement} */ (texts.querySelector("[data-communes]")).dataset;
      return { names: readNames(texts), none };
    });
    loading.catch(() => { loading = null; }); // forgotten: the next try asks again
    return loading;
  }

  /** Find what stands in the field by the time that the names are there. */
  async function run() {
    clearTimeout(wait);
    try {
      const { names, none } = await load();
      show(find(names, field.value), fold(field.value).length > 1 ? none : "");
      worked();
      return true;
    } catch {
      failed();
      return false;
    }
  }

  /** @param {Entry[]} found @param {string} none what to say where there is none */
  function show(found, none) {
    list.textContent = "";
    list.append(...found.map(({ line }) => line.cloneNode(true)));
    list.hidden = !found.length;
    status.textContent = found.length ? (status.dataset.count ?? "").replace("{n}", String(found.length)) : none;
  }

  form.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(run, 100);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await run()) status.focus(); // closes a phone's keyboard; a screen reader reads on from here
  });
  form.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    field.value = "";
    run();
  });
  run();
}
