/* The value side of a filter's condition: which widget asks for it, and how it reads in the address. */

const WITHOUT_VALUE = new Set(["empty", "filled"]);
const SEVERAL = new Set(["in", "not_in"]);
const DAYS = new Set(["within", "ahead", "older"]);
const INPUT_TYPES = { date: "date", datetime: "date", number: "number", money: "number", percent: "number" };

function textInput(field, op, value) {
  const input = document.createElement("input");
  input.type = DAYS.has(op) ? "number" : INPUT_TYPES[field.kind] ?? "text";
  if (input.type === "number") input.step = DAYS.has(op) ? "1" : "any";
  input.value = value;
  input.setAttribute("aria-label", field.label);
  return input;
}

function choiceSelect(field, op, value, texts) {
  const select = document.createElement("select");
  select.multiple = SEVERAL.has(op);
  const chosen = value ? value.split(",") : [];
  for (const choice of field.choices ?? []) {
    select.append(new Option(choice.label, choice.value, false, chosen.includes(String(choice.value))));
  }
  if (field.pick_url) {
    chosen.forEach((key, index) => select.append(new Option(texts[index] ?? key, key, true, true)));
  }
  if (field.pick_url || select.multiple) select.dataset.picker = field.pick_url ?? "";
  select.setAttribute("aria-label", field.label);
  return select;
}

/** The widgets that ask for the value of one condition; none where the comparison needs no value. */
export function valueWidgets(field, op, value, texts = []) {
  if (WITHOUT_VALUE.has(op)) return [];
  if (field.choices?.length || field.pick_url) return [choiceSelect(field, op, value, texts)];
  if (op === "between") return [0, 1].map((place) => textInput(field, op, value.split(",")[place] ?? ""));
  return [textInput(field, op, value)];
}

/** The value as the address says it; null while it is not complete. */
export function valueOf(place, op) {
  if (WITHOUT_VALUE.has(op)) return "";
  const widgets = [...place.querySelectorAll(":scope > input, :scope > select")];
  const values = widgets.flatMap((widget) => (widget.multiple ? [...widget.selectedOptions].map((each) => each.value) : [widget.value]));
  return values.length && values.every(Boolean) ? values.join(",") : null;
}
