/* Charts: options from the page, colours from the tokens, a click on a mark opens where it comes from. */
import { fresh, island, loadScript, onContent } from "./page.js";

const drawn = new Set();
const probe = document.createElement("span");
probe.hidden = true;

/** A token such as var(--t1-fill) as the colour that it has in the present theme. */
function colour(token) {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = "";
  probe.style.color = token;
  return getComputedStyle(probe).color;
}

function resolve(value) {
  if (Array.isArray(value)) return value.map(resolve);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each)]));
  return typeof value === "string" && value.startsWith("var(--") ? colour(value) : value;
}

function axis(given, base) {
  const one = (each) => ({
    ...base,
    ...each,
    axisLabel: { ...base.axisLabel, ...each.axisLabel },
    axisLine: { ...base.axisLine, ...each.axisLine },
    splitLine: { ...base.splitLine, ...each.splitLine },
  });
  if (!given) return undefined;
  return Array.isArray(given) ? given.map(one) : one(given);
}

function dressed(options) {
  const ink = "var(--ink)";
  const soft = "var(--soft)";
  const line = "var(--line)";
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const base = {
    axisLabel: { color: soft, hideOverlap: true },
    axisLine: { lineStyle: { color: line } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: line } },
    nameTextStyle: { color: soft },
  };
  return resolve({
    color: ["var(--accent-fill)", "var(--t3-fill)", "var(--t1-fill)", "var(--t2-fill)", "var(--bad-fill)", "var(--t4-fill)"],
    animationDuration: 250,
    animation: !still,
    ...options,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12, color: ink, ...options.textStyle },
    tooltip: { backgroundColor: "var(--raised)", borderColor: line, textStyle: { color: ink, fontSize: 12 }, ...options.tooltip, renderMode: "richText", confine: true },
    legend: options.legend && { textStyle: { color: soft }, itemWidth: 12, itemHeight: 8, ...options.legend },
    grid: { left: 4, right: 12, top: options.legend ? 36 : 10, bottom: 4, outerBoundsMode: "same", ...options.grid },
    xAxis: axis(options.xAxis, { ...base, splitLine: { show: false } }),
    yAxis: axis(options.yAxis, base),
    aria: { enabled: false },
  });
}

function draw(figure) {
  const options = island(`${figure.dataset.chart}-options`);
  const canvas = figure.querySelector("[data-chart-canvas]");
  if (!options || !canvas) return;
  const chart = window.echarts.init(canvas, null, { renderer: "svg" });
  const paint = () => chart.setOption(dressed(options), true);
  paint();
  chart.on("click", ({ data }) => { if (data?.url) location.assign(data.url); });
  const watcher = new ResizeObserver(() => chart.resize());
  watcher.observe(canvas);
  drawn.add({ canvas, paint, chart, watcher });
}

function tidy() {
  for (const each of drawn) {
    if (each.canvas.isConnected) continue;
    each.watcher.disconnect();
    each.chart.dispose();
    drawn.delete(each);
  }
}

document.addEventListener("theme", () => { for (const each of drawn) each.paint(); });

onContent(async (root) => {
  tidy();
  const figures = fresh(root, "[data-chart]", "chart");
  if (!figures.length) return;
  for (const figure of figures) figure.querySelector("[data-chart-table]")?.removeAttribute("open");
  await loadScript(document.body.dataset.echarts);
  figures.filter((figure) => figure.isConnected).forEach(draw);
});
