/* Building a filter: conditions of field, comparison and value become `f=path:op:value` in the address, or
   `f=~path:op:value` where one is an alternative to the one above it. */
import { announceContent, fresh, island, onContent } from "./page.js";
import { valueOf, valueWidgets } from "./conditions.js";

const PLACE_IN_LIST = ["after", "before", "cursor", "page"];

function fill(select, options, chosen) {
  select.replaceChildren(...options.map(({ value, label }) => new Option(label, value, false, value === chosen)));
}

function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function addCondition(dialog, fields, { path, op, value, texts, alternative } = { value: "" }) {
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
  row.querySelector("[data-join]").value = alternative ? "~" : "";
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
    const join = row.querySelector("[data-join]").value;
    if (value !== null) query.append("f", join + [row.querySelector("[data-field]").value, op, value].join(":"));
  }
  location.assign(`${location.pathname}?${query}`);
}

onContent((root) => {
  for (const dialog of fresh(root, "[data-filter]", "filter")) {
    const fields = island("filter-fields");
    dialog.addEventListener("toggle", () => {
      if (!dialog.open) return;
      dialog.querySelector("[data-conditions]").replaceChildren();
      const start = island("conditions-in-force");
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
