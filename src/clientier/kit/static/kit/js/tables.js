/* Rows by keyboard and by hand: j and k walk, Enter opens, e edits, i changes in place, x selects. */
import { editRow } from "./inplace.js";
import { isTyping } from "./page.js";

const rows = () => [...document.querySelectorAll("[data-table] [data-row]")];
const focused = () => document.querySelector("[data-row][data-focus]");

function focusRow(row) {
  focused()?.removeAttribute("data-focus");
  if (!row) return;
  row.setAttribute("data-focus", "");
  row.scrollIntoView({ block: "nearest" });
  row.querySelector(".cell-main[href], a[href]")?.focus({ preventScroll: true });
}

function walk(by) {
  const all = rows();
  if (!all.length) return false;
  const place = all.indexOf(focused());
  focusRow(all[Math.min(Math.max(place + by, 0), all.length - 1)]);
  return true;
}

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  Enter: () => open(focused()?.dataset.url),
  e: () => open(focused()?.dataset.editUrl),
  i: () => editRow(focused()),
  x: () => {
    const box = focused()?.querySelector("[data-pick]");
    box?.click();
    return Boolean(box);
  },
};

function open(url) {
  if (url) location.assign(url);
  return Boolean(url);
}

/** Does what the key means in a list; says whether it meant anything. */
export function rowKey(key) {
  return Object.hasOwn(KEYS, key) && Boolean(document.querySelector("[data-table]")) && KEYS[key]();
}

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row || event.target.closest("a, button, input, label, summary, [data-editing]") || getSelection()?.toString()) return;
  if (event.metaKey || event.ctrlKey) window.open(row.dataset.url, "_blank", "noopener");
  else open(row.dataset.url);
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-row]");
  if (row && row !== focused() && !isTyping(event.target)) {
    focused()?.removeAttribute("data-focus");
    row.setAttribute("data-focus", "");
  }
});
