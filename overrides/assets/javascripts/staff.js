/**
 * What staff share: of the table of all links what is asked for. Brought at the first click.
 * The table's page is the one source; nothing chosen is stored, sent or put into the address.
 */

import { start } from "./evening.js";
import { element, page } from "./shared.js";

/** The page of all links, once it is there. @type {Document | undefined} */
let table;
/** @type {HTMLFormElement | undefined} */
let form;

/** Does what a click in the part for staff asks. @param {MouseEvent} event */
export function act(event) {
  const root = /** @type {HTMLElement} */ (document.querySelector("[data-staff]"));
  const pressed = /** @type {Element} */ (event.target).closest("button");
  if (!root.matches("form")) return pressed && start(root);
  if (!form) {
    form = /** @type {HTMLFormElement} */ (root);
    form.addEventListener("change", show);
  }
  if (pressed?.value === "all" || pressed?.value === "none") {
    for (const one of boxes()) one.checked = pressed.value === "all";
  }
  if (pressed?.hasAttribute("data-copied")) return copy(pressed);
  show();
}

const boxes = () =>
  /** @type {HTMLInputElement[]} */ ([...(form?.querySelectorAll("[name=language]") ?? [])]);

/** Shows the lines of the chosen topic in the chosen languages. */
async function show() {
  const place = form?.querySelector("[data-shared]");
  if (!form || !place) return;
  const told = /** @type {Element} */ (place.previousElementSibling);
  try {
    table ??= await page(new URL(form.dataset.staff ?? "", location.href).href);
  } catch {
    place.textContent = "";
    told.textContent = form.dataset.failed ?? "";
    return;
  }
  const word = String(new FormData(form).get("topic"));
  const several = table.getElementById(word)?.nextElementSibling;
  const rows = several?.nextElementSibling?.querySelectorAll("tbody tr") ?? [];
  const lines = boxes().flatMap((one, at) => (one.checked ? [line(rows[at], one)] : []));
  place.replaceChildren(...(several && lines.length > 1 ? [several.cloneNode(true)] : []), ...lines);
  told.textContent = (form.dataset.shown ?? "").replace("{n}", String(lines.length));
}

/** One language: its code, the link to copy, and all that is made for it. @param {Element} row @param {HTMLInputElement} box */
function line(row, box) {
  const link = (/** @type {string} */ query) => /** @type {HTMLAnchorElement} */ (row.querySelector(query)).href;
  const message = new URL(link("[href^='https://wa.me/']")).searchParams.get("text") ?? "";
  const address = message.split("\n").pop() ?? "";
  const picture = { src: link("[href$='.svg']"), alt: "", width: 140, height: 140 };
  const name = () => /** @type {Element} */ (box.nextElementSibling).cloneNode(true);
  const which = element("span", { className: "hidden" }, " ", name());
  const button = element("button", { type: "button", className: "md-button" }, form?.dataset.copy ?? "", which);
  button.dataset.copied = address;
  return element("section", {},
    element("h3", {}, name()),
    element("img", picture),
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
  const { copied, notCopied } = form?.dataset ?? {};
  const state = /** @type {Element} */ (button.nextElementSibling);
  await navigator.clipboard.writeText(button.dataset.copied ?? "").then(
    () => (state.textContent = copied ?? ""),
    () => (state.textContent = notCopied ?? ""),
  );
}
