/* The order of columns in the chooser: each can move up or down, by hand or by keyboard. */

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sortable] [data-move]");
  if (!button) return;
  const row = button.closest("[data-column]");
  if (button.dataset.move === "up") row.previousElementSibling?.before(row);
  else row.nextElementSibling?.after(row);
  button.focus();
});
