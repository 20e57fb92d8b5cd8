/* The chooser of columns: each can be shown, and moved up or down; the choice stands in the address. */

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sortable] [data-move]");
  if (!button) return;
  const row = button.closest("[data-column]");
  if (button.dataset.move === "up") row.previousElementSibling?.before(row);
  else row.nextElementSibling?.after(row);
  button.focus();
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-columns]");
  if (!form) return;
  event.preventDefault();
  const query = new URLSearchParams(location.search);
  const chosen = [...form.querySelectorAll("input[name=column]:checked")].map((box) => box.value);
  query.delete("cols");
  if (chosen.length && !event.submitter?.matches("[data-columns-reset]")) query.set("cols", chosen.join(","));
  location.assign(`${form.getAttribute("action")}?${query}`);
});
