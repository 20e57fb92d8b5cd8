/* Building a filter: conditions of field, comparison and value become `f=path:op:value` in the address. */
import { announceContent, fresh, island, onContent, word } from "./page.js";

const CURSORS = ["after", "before", "cursor", "page"];
const INPUT_TYPES = { date: "date", datetime: "date", number: "number", money: "number", percent: "number" };

function fill(select, options, chosen) {
  select.replaceChildren(...options.map(({ value, label }) => new Option(label, value, false, value === chosen)));
}

function valueWidget(field, value) {
  const choices = field.kind === "bool" && !field.choices?.length
    ? [{ value: "true", label: word("yes") }, { value: "false", label: word("no") }]
    : field.choices;
  if (choices?.length || field.pick_url) {
    const select = document.createElement("select");
    fill(select, choices ?? [], value);
    if (field.pick_url) {
      select.dataset.picker = field.pick_url;
      if (value) select.append(new Option(value, value, true, true));
    }
    return select;
  }
  const input = document.createElement("input");
  input.type = INPUT_TYPES[field.kind] ?? "text";
  if (input.type === "number") input.step = "any";
  input.value = value;
  return input;
}

function addCondition(dialog, fields, { path, op, value } = { value: "" }) {
  const row = dialog.querySelector("template[data-condition]").content.firstElementChild.cloneNode(true);
  const [fieldSelect, opSelect, place] = ["field", "op", "value"].map((name) => row.querySelector(`[data-${name}]`));
  fill(fieldSelect, fields.map((field) => ({ value: field.path, label: field.label })), path);
  const current = () => fields.find((field) => field.path === fieldSelect.value);
  const drawValue = (text) => {
    const chosen = current().ops.find((each) => each.op === opSelect.value);
    place.replaceChildren();
    if (chosen?.no_value) return;
    const widget = valueWidget(current(), text);
    widget.setAttribute("aria-label", current().label);
    place.append(widget);
    announceContent(place);
  };
  const drawOps = (chosen, text) => {
    fill(opSelect, current().ops.map((each) => ({ value: each.op, label: each.label })), chosen);
    drawValue(text);
  };
  fieldSelect.addEventListener("change", () => drawOps(undefined, ""));
  opSelect.addEventListener("change", () => drawValue(place.querySelector("input, select")?.value ?? ""));
  row.querySelector("[data-condition-remove]").addEventListener("click", () => row.remove());
  dialog.querySelector("[data-conditions]").append(row);
  drawOps(op, value);
}

function parse(text) {
  const [path, op, ...rest] = text.split(":");
  return { path, op, value: rest.join(":") };
}

function apply(dialog) {
  const query = new URLSearchParams(location.search);
  for (const name of ["f", ...CURSORS]) query.delete(name);
  for (const row of dialog.querySelectorAll("[data-conditions] .condition")) {
    const widget = row.querySelector("[data-value] input, [data-value] select");
    if (widget && !widget.value) continue;
    query.append("f", [row.querySelector("[data-field]").value, row.querySelector("[data-op]").value, widget?.value ?? ""].join(":"));
  }
  location.assign(`${location.pathname}?${query}`);
}

onContent((root) => {
  for (const dialog of fresh(root, "[data-filter]", "filter")) {
    const fields = island("filter-fields");
    const known = new Set(fields.map((field) => field.path));
    const start = new URLSearchParams(location.search).getAll("f").map(parse).filter((each) => known.has(each.path));
    dialog.addEventListener("toggle", () => {
      if (!dialog.open || dialog.querySelector(".condition")) return;
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
