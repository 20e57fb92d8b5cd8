/* A value changed where it stands in the list: by the pencil, or I on the row. Enter and leaving save, Escape does
   not, Tab goes on to the next value of the row. */
import { announceContent, word } from "./page.js";
import { showToast } from "./toasts.js";

const PART = { "HX-Request": "true" };
let open = null;

const urlOf = (cell) => `${cell.closest("[data-row]").dataset.cellUrl}${cell.dataset.cell}/`;
const entered = (form) => new URLSearchParams(new FormData(form)).toString();

function draw(cell, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  cell.replaceChildren(template.content);
  announceContent(cell);
  const widget = cell.querySelector("input:not([type=hidden]), select, textarea");
  (widget?.tomselect ?? widget)?.focus();
}

function close() {
  open?.cell.replaceChildren(...open.before);
  open?.cell.removeAttribute("data-editing");
  open = null;
}

/** The row keeps the focus, so that its keys go on working. */
function backTo(cell) {
  cell.closest("[data-row]").querySelector(".cell-main[href], a[href]")?.focus({ preventScroll: true });
}

/** Puts the form for its value into the cell. */
export async function editCell(cell) {
  if (!cell || open?.cell === cell) return;
  close();
  const answer = await fetch(urlOf(cell), { headers: PART });
  if (!answer.ok || answer.redirected) return location.reload();
  pencil.remove();
  open = { cell, before: [...cell.childNodes] };
  cell.dataset.editing = "";
  draw(cell, await answer.text());
  open.start = entered(cell.querySelector("form"));
}

/** Saves what was entered; says whether the cell is done with. */
async function save() {
  const { cell, start, saving } = open;
  const form = cell.querySelector("form");
  if (saving) return false;
  form.querySelectorAll("select").forEach((select) => select.tomselect?.blur()); // takes what was typed and not yet chosen
  if (entered(form) === start) {
    close();
    return true;
  }
  open.saving = true;
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: PART });
  if (answer.redirected || ![200, 422].includes(answer.status)) return location.reload();
  const html = await answer.text();
  if (answer.status === 422) {
    open.saving = false;
    draw(cell, html);
    return false;
  }
  open = null;
  cell.removeAttribute("data-editing");
  cell.innerHTML = html;
  if (document.activeElement === document.body) backTo(cell);
  const notice = JSON.parse(answer.headers.get("HX-Trigger") ?? "{}").toast;
  if (notice) showToast(notice);
  return true;
}

async function goOn(by) {
  const cells = [...open.cell.closest("[data-row]").querySelectorAll("[data-cell]")];
  const next = cells[cells.indexOf(open.cell) + by];
  if (await save()) await editCell(next);
}

/** Begins with the first value of the row that may be changed. */
export function editRow(row) {
  const cell = row?.querySelector("[data-cell]");
  editCell(cell);
  return Boolean(cell);
}

const pencil = Object.assign(document.createElement("button"), { type: "button", className: "cell-pencil", tabIndex: -1 });
pencil.addEventListener("click", () => editCell(pencil.closest("[data-cell]")));

document.addEventListener("pointerover", (event) => {
  const cell = event.pointerType === "mouse" ? event.target.closest?.("[data-cell]:not([data-editing])") : null;
  if (!cell || pencil.parentElement === cell) return;
  pencil.setAttribute("aria-label", word("edit"));
  cell.append(pencil);
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".cell-form")) return;
  event.preventDefault();
  save();
});

document.addEventListener("keydown", (event) => {
  if (!open?.cell.contains(event.target)) return;
  if (event.key === "Escape") {
    const { cell } = open;
    close();
    backTo(cell);
  } else if (event.key === "Tab") {
    event.preventDefault();
    goOn(event.shiftKey ? -1 : 1);
  } else return;
  event.stopPropagation();
}, true);

document.addEventListener("focusout", (event) => {
  if (open && open.cell.contains(event.target) && event.relatedTarget && !open.cell.contains(event.relatedTarget)) save();
});
