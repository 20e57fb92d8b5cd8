/* Choosing out of very many: a select that asks the server while one types. data-picker holds the address;
   where that is empty, the select's own choices are searched. */
import { ask, fresh, loadScript, onContent, word } from "./page.js";

const { tomSelect, tomSelectCss } = document.body.dataset;

function loadStyle(url) {
  if (!url || document.querySelector("link[data-picker-style]")) return;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: url });
  link.dataset.pickerStyle = "";
  document.head.prepend(link);
}

async function found(url, text) {
  const separator = url.includes("?") ? "&" : "?";
  const response = await ask(`${url}${separator}q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
  return response.ok ? response.json() : [];
}

function remote(url, picker) {
  return {
    valueField: "value",
    labelField: "text",
    searchField: [],
    preload: "focus",
    loadThrottle: 150,
    load: (text, done) => found(url, text).then((options) => done(picker().inputValue() === text ? options : []), () => done()),
    shouldLoad: () => true,
    score: () => (option) => (picker().items.includes(String(option.value)) ? 0 : 1), // what one types is another
    onType: () => picker().clearOptions((option) => picker().items.includes(String(option.value))),
  };
}

/* Answers that arrive between press and release redraw the list, and the browser then tells of no click. */
function takePressed(picker, event) {
  const option = event.target.closest("[data-selectable]");
  if (option && event.button === 0) picker.onOptionSelect(event, option);
}

function dress(select) {
  const url = select.dataset.picker;
  const focused = document.activeElement === select;
  const line = (item, escape) => `<div><span>${escape(item.text)}</span>${item.hint ? `<span class="soft">${escape(item.hint)}</span>` : ""}</div>`;
  const picker = new window.TomSelect(select, {
    maxOptions: 200,
    closeAfterSelect: !select.multiple,
    refreshThrottle: 0, // what was found before goes at once: a click on it would do nothing
    selectOnTab: true,
    ...(url ? remote(url, () => picker) : {}),
    ...(select.dataset.free ? { create: (text) => ({ value: text.slice(0, Number(select.dataset.free)), text }), createOnBlur: true } : {}),
    render: {
      option: line,
      item: (item, escape) => `<div>${escape(item.text)}</div>`,
      no_results: (data, escape) => `<div class="no-results">${escape(word("nothing_found", { text: data.input }))}</div>`,
      option_create: (data, escape) => `<div class="create">${escape(word("take_text", { text: data.input }))}</div>`,
      loading: () => `<div class="no-results">${word("searching")}</div>`,
    },
  });
  select.setAttribute("aria-hidden", "true");
  picker.dropdown_content.addEventListener("mousedown", (event) => takePressed(picker, event));
  if (focused) picker.focus();
  const label = select.getAttribute("aria-label");
  if (label) picker.control_input.setAttribute("aria-label", label);
  const describedBy = select.getAttribute("aria-describedby");
  if (describedBy) picker.control_input.setAttribute("aria-describedby", describedBy);
}

onContent(async (root) => {
  const selects = fresh(root, "select[data-picker]", "picker");
  if (!selects.length || !tomSelect) return;
  loadStyle(tomSelectCss);
  await loadScript(tomSelect);
  selects.filter((select) => select.isConnected).forEach(dress);
});
