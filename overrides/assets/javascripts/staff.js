/**
 * What staff share: of the table of all links what is asked for. Brought at the first choice.
 * The table's page is the one source; nothing chosen is stored, sent or put into the address.
 */

import { element, page } from "./shared.js";

/** The page of all links, once it is there. @type {Document | undefined} */
let table;
const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-staff]"));

/**
 * Does what a press or a change in the form asks.
 * @param {Event} event
 * @throws when the page of all links cannot be had
 */
export async function act({ type, target }) {
  const pressed = /** @type {HTMLElement} */ (target).closest("button");
  if (pressed?.dataset.copied) return copy(pressed);
  if (pressed?.type === "submit") return; // its press is told by the form
  if (pressed) for (const one of boxes()) one.checked = pressed.value === "all";
  if (pressed || type !== "click") await show();
}

const boxes = () =>
  /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("[name=language]")]);

/** Shows the lines of the chosen topic in the chosen languages. */
async function show() {
  const place = /** @type {Element} */ (form.querySelector("[data-shared]"));
  const told = /** @type {Element} */ (place.previousElementSibling);
  place.textContent = told.textContent = "";
  table = table ?? (await page(new URL(form.dataset.staff ?? "", location.href).href));
  const word = String(new FormData(form).get("topic"));
  const several = table.getElementById(word)?.nextElementSibling;
  const rows = several?.nextElementSibling?.querySelectorAll("tbody tr") ?? [];
  const lines = boxes().flatMap((one, at) => (one.checked ? [line(rows[at], one)] : []));
  place.textContent = ""; // another choice may have been quicker
  place.append(...(several && lines.length > 1 ? [several.cloneNode(true)] : []), ...lines);
  told.textContent = (form.dataset.shown ?? "").replace("{n}", String(lines.length));
}

/** One language: its code, the link to copy, and all that is made for it. @param {Element} row @param {HTMLInputElement} box */
function line(row, box) {
  const link = (/** @type {string} */ query) => /** @type {HTMLAnchorElement} */ (row.querySelector(query)).href;
  const message = new URL(link("[href^='https://wa.me/']")).searchParams.get("text") ?? "";
  const address = message.split("\n").pop() ?? "";
  const code = /** @type {HTMLAnchorElement | null} */ (row.querySelector("[href$='.svg']"));
  const picture = { src: code?.href ?? "", alt: "", width: 140, height: 140 };
  const name = () => /** @type {Element} */ (box.nextElementSibling).cloneNode(true);
  const which = element("span", { className: "hidden" }, " ", name());
  const button = element("button", { type: "button", className: "md-button" }, form.dataset.copy ?? "", which);
  button.dataset.copied = address;
  return element("section", {},
    element("h3", {}, name()),
    ...(code ? [element("img", picture)] : []),
    element("p", {}, element("bdi", { dir: "ltr", textContent: address })),
    element("p", {}, button, " ", element("span", { role: "status" })),
    element("p", { className: "links" }, ...groups(row)),
  );
}

/** The links of a row, each cell's on a line of its own behind the heading of its column. @param {Element} row */
function groups(row) {
  const heads = row.closest("table")?.querySelectorAll("th[scope=col]") ?? [];
  return [...row.children].slice(1).flatMap((cell, at) => [
    `${heads[at + 1].textContent}: `,
    ...[...cell.children].flatMap((one) => [document.importNode(one, true), " "]),
    element("br", {}),
  ]);
}

/** Copies a link and says so. @param {HTMLElement} button */
async function copy(button) {
  const { copied, notCopied } = form.dataset;
  const state = /** @type {Element} */ (button.nextElementSibling);
  try {
    await navigator.clipboard.writeText(button.dataset.copied ?? "");
    state.textContent = copied ?? "";
  } catch {
    state.textContent = notCopied ?? "";
  }
}
