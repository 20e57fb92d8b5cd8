/* Choosing rows: one, a stretch with Shift, the page, or all that match; and the bar of what can be done with them. */
import { fresh, onContent, word } from "./page.js";

let last = null;

const boxes = () => [...document.querySelectorAll("[data-pick]")];

function refresh() {
  const all = boxes();
  const chosen = all.filter((box) => box.checked);
  const bar = document.querySelector("[data-bulk-bar]");
  const every = document.querySelector("[data-pick-all]");
  const scope = document.querySelector("[data-bulk-scope]");
  if (!bar || !scope) return;
  if (chosen.length < all.length) scope.value = "";
  const isAll = scope.value === "1";
  every.checked = all.length > 0 && chosen.length === all.length;
  every.indeterminate = chosen.length > 0 && !every.checked;
  bar.hidden = chosen.length === 0;
  bar.querySelector("[data-bulk-all]").setAttribute("aria-pressed", String(isAll));
  bar.querySelector("[data-bulk-all]").hidden = !every.checked || isAll;
  const key = isAll ? "chosen_all" : chosen.length === 1 ? "chosen_one" : "chosen_many";
  bar.querySelector("[data-bulk-count]").textContent = chosen.length ? word(key, { count: chosen.length }) : "";
}

function setAll(checked) {
  for (const box of boxes()) box.checked = checked;
  refresh();
}

document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-pick]");
  if (box) {
    const all = boxes();
    if (event.shiftKey && last?.isConnected) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const each of all.slice(from, to + 1)) each.checked = box.checked;
    }
    last = box;
    refresh();
  } else if (event.target.closest("[data-pick-all]")) {
    setAll(event.target.closest("[data-pick-all]").checked);
  } else if (event.target.closest("[data-bulk-none]")) {
    setAll(false);
  } else if (event.target.closest("[data-bulk-all]")) {
    document.querySelector("[data-bulk-scope]").value = "1";
    refresh();
  }
});

/* Fields in the dialog of an action belong to the one bulk form, wherever they stand. */
function join(dialog) {
  for (const field of dialog.querySelectorAll("input, select, textarea")) {
    if (dialog.open) field.setAttribute("form", "bulk");
    else field.removeAttribute("form");
  }
}

onContent((root) => {
  for (const dialog of fresh(root, "dialog[id^=bulk-]", "bulk")) dialog.addEventListener("toggle", () => join(dialog));
  for (const dialog of document.querySelectorAll("dialog[id^=bulk-][open]")) join(dialog);
  refresh();
});
