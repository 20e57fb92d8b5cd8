/* Building a filter: conditions of field, comparison and value become `f=path:op:value` in the address. */
import { announceContent, fresh, island, onContent } from "./page.js";
import { parseCondition, valueOf, valueWidgets } from "./conditions.js";

const PLACE_IN_LIST = ["after", "before", "cursor", "page"];

function fill(select, options, chosen) {
  select.replaceChildren(...options.map(({ value, label }) => new Option(label, value, false, value === chosen)));
}

function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function addCondition(dialog, fields, { path, op, value, texts } = { value: "" }) {
  const row = dialog.querySelector("template[data-condition]").content.firstElementChild.cloneNode(true);
  const [fieldSelect, opSelect, place] = ["field", "op", "value"].map((name) => row.querySelector(`[data-${name}]`));
  fill(fieldSelect, fields.map((field) => ({ value: field.path, label: capitalised(field.label) })), path);
  const current = () => fields.find((field) => field.path === fieldSelect.value);
  const drawValue = (text, words) => {
    place.replaceChildren(...valueWidgets(current(), opSelect.value, text, words));
    announceContent(place);
  };
  const drawOps = (chosen, text, words) => {
    fill(opSelect, current().ops.map((each) => ({ value: each.op, label: each.label })), chosen);
    drawValue(text, words);
  };
  fieldSelect.addEventListener("change", () => drawOps(undefined, ""));
  opSelect.addEventListener("change", () => drawValue(""));
  row.querySelector("[data-condition-remove]").addEventListener("click", () => row.remove());
  dialog.querySelector("[data-conditions]").append(row);
  drawOps(op, value, texts);
}

function apply(dialog) {
  const query = new URLSearchParams(location.search);
  for (const name of ["f", ...PLACE_IN_LIST]) query.delete(name);
  for (const row of dialog.querySelectorAll("[data-conditions] .condition")) {
    const op = row.querySelector("[data-op]").value;
    const value = valueOf(row.querySelector("[data-value]"), op);
    if (value !== null) query.append("f", [row.querySelector("[data-field]").value, op, value].join(":"));
  }
  location.assign(`${location.pathname}?${query}`);
}

/** The conditions in force, each with the words that the page shows for its values. */
function conditionsInForce(fields) {
  const known = new Set(fields.map((field) => field.path));
  const shown = [...document.querySelectorAll(".chips b")].map((element) => element.textContent.split(", "));
  return new URLSearchParams(location.search).getAll("f").map(parseCondition)
    .filter((each) => known.has(each.path))
    .map((each, index) => ({ ...each, texts: shown[index] ?? [] }));
}

onContent((root) => {
  for (const dialog of fresh(root, "[data-filter]", "filter")) {
    const fields = island("filter-fields");
    dialog.addEventListener("toggle", () => {
      if (!dialog.open || dialog.querySelector(".condition")) return;
      const start = conditionsInForce(fields);
      for (const condition of start.length ? start : [undefined]) addCondition(dialog, fields, condition);
      dialog.querySelector("select").focus();
    });
    dialog.querySelector("[data-condition-add]").addEventListener("click", () => {
      addCondition(dialog, fields);
      dialog.querySelector(".condition:last-child select").focus();
    });
    dialog.querySelector("[data-filter-form]").addEventListener("submit", (event) => {
      event.preventDefault();
      apply(dialog);
    });
  }
});
