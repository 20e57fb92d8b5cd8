/* The columns of a list: which, in which order, how wide; all of it stands in the address. */

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
  const reset = event.submitter?.matches("[data-columns-reset]");
  const chosen = [...form.querySelectorAll("input[name=column]:checked")].map((box) => box.value);
  const widths = [...form.querySelectorAll("[data-width-of]")].filter((field) => field.value);
  put(query, "cols", reset ? [] : chosen);
  put(query, "widths", reset ? [] : widths.map((field) => `${field.dataset.widthOf}:${field.value}`));
  location.assign(`${form.getAttribute("action")}?${query}`);
});

function put(query, name, values) {
  if (values.length) query.set(name, values.join(","));
  else query.delete(name);
}

/* By hand: the edge of a heading is drawn; a double click lets the column find its own width again. */
document.addEventListener("pointerdown", (event) => {
  const edge = event.target.closest("[data-resize]");
  if (!edge || event.button !== 0) return;
  event.preventDefault();
  const heading = edge.closest("th");
  const from = heading.offsetWidth - event.clientX;
  let width = null;
  edge.setPointerCapture(event.pointerId);
  edge.dataset.active = "";
  const move = (now) => {
    if (width === null && Math.abs(now.clientX - event.clientX) < 4) return;
    width = stepped(heading, from + now.clientX);
    for (const cell of cellsUnder(heading)) cell.dataset.width = width;
  };
  const end = () => {
    delete edge.dataset.active;
    edge.removeEventListener("pointermove", move);
    if (width !== null) keepWidth(edge.dataset.resize, width);
  };
  edge.addEventListener("pointermove", move);
  for (const over of ["pointerup", "pointercancel"]) edge.addEventListener(over, end, { once: true });
});

document.addEventListener("dblclick", (event) => {
  const edge = event.target.closest("[data-resize]");
  if (edge) keepWidth(edge.dataset.resize, null);
});

function stepped(heading, width) {
  const { least, most, step } = heading.closest("[data-table]").dataset;
  return Math.min(Math.max(Math.round(width / step) * step, least), most);
}

function cellsUnder(heading) {
  const rows = heading.closest("table").rows;
  return [...rows].map((row) => row.cells[heading.cellIndex]).filter(Boolean);
}

/** Asks for the list again, so that every way on from it knows the width too. */
function keepWidth(path, width) {
  const query = new URLSearchParams(location.search);
  const kept = (query.get("widths") ?? "").split(",").filter((each) => each && !each.startsWith(`${path}:`));
  put(query, "widths", width === null ? kept : [...kept, `${path}:${width}`]);
  const url = `${location.pathname}?${query}`;
  history.replaceState(history.state, "", url);
  htmx.ajax("GET", url, { target: "#listing", swap: "outerHTML" });
}
