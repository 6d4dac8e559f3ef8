/**
 * What staff share: of the table of all links what is asked for. Brought at the first click.
 * The table's page is the one source; nothing chosen is stored, sent or put into the address.
 */

import { start } from "./evening.js";

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
  try {
    table ??= await page(form.dataset.staff ?? "");
  } catch {
    place.textContent = form.dataset.failed ?? "";
    return;
  }
  const word = String(new FormData(form).get("topic"));
  const chosen = boxes().filter((one) => one.checked);
  const heading = table.getElementById(word);
  const several = heading?.nextElementSibling?.cloneNode(true);
  const rows = [...(heading?.nextElementSibling?.nextElementSibling?.querySelectorAll("tbody tr") ?? [])];
  const lines = boxes().flatMap((one, at) => (one.checked ? [line(rows[at], one)] : []));
  place.replaceChildren(...(several && chosen.length > 1 ? [several] : []), ...lines);
}

/** One language: its code, the link to copy, and all that is made for it. @param {Element} row @param {HTMLInputElement} box */
function line(row, box) {
  const part = document.createElement("section");
  const heading = document.createElement("h3");
  heading.append(...[...(box.parentElement?.querySelectorAll("[lang]") ?? [])].map((one) => one.cloneNode(true)));
  const links = [...row.querySelectorAll("a")].map((one) => /** @type {HTMLAnchorElement} */ (document.importNode(one, true)));
  const picture = document.createElement("img");
  picture.src = links[1].href;
  picture.alt = "";
  picture.width = picture.height = 140;
  const address = decodeURIComponent(new URL(links[3].href).searchParams.get("text") ?? "").split("\n").pop() ?? "";
  const shown = document.createElement("code");
  shown.dir = "ltr";
  shown.textContent = address;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = form?.dataset.copy ?? "";
  button.dataset.copied = address;
  const state = document.createElement("span");
  state.setAttribute("role", "status");
  const buttons = document.createElement("p");
  buttons.append(button, " ", state);
  const list = document.createElement("p");
  list.className = "links";
  const heads = [...(row.closest("table")?.querySelectorAll("th[scope=col]") ?? [])];
  [...row.children].forEach((cell, at) => {
    if (!at) return;
    const group = document.createElement("span");
    group.append(`${heads[at].textContent}: `, ...links.filter((_, n) => cellOf(row, n) === cell).flatMap((one) => [one, " "]));
    list.append(group, document.createElement("br"));
  });
  const link = document.createElement("p");
  link.append(shown);
  part.append(heading, picture, link, buttons, list);
  return part;
}

/** @param {Element} row @param {number} at */
const cellOf = (row, at) => row.querySelectorAll("a")[at].closest("td,th");

/** Copies a link and says so. @param {HTMLElement} button */
async function copy(button) {
  const { copied, notCopied } = form?.dataset ?? {};
  const state = /** @type {Element} */ (button.nextElementSibling);
  await navigator.clipboard.writeText(button.dataset.copied ?? "").then(
    () => (state.textContent = copied ?? ""),
    () => (state.textContent = notCopied ?? ""),
  );
}

/** @param {string} address @returns {Promise<Document>} */
function page(address) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.onload = () => {
      const found = request.response;
      if (!found?.querySelector("table")) return fail();
      for (const link of found.querySelectorAll("table a,table+p a,h2+p a")) {
        link.href = new URL(link.getAttribute("href"), new URL(address, location.href)).href;
      }
      done(found);
    };
    request.onerror = fail;
    request.send();
  });
}
