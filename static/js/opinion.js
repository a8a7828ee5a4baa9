// form[data-opinion]: an opinion being written goes along when another step is chosen, and
// textarea[data-keep] outlives a reload or a lost connection in this tab. The key names where the case
// stands, so that words of a step that was taken never come back at the next one.
const stands = document.querySelector(".page-title .badge")?.textContent ?? "";
const entries = document.querySelectorAll(".case-history .line > li").length;
const key = `opinion:${location.pathname}:${stands}:${entries}`;
const areas = () => [...document.querySelectorAll("form[data-opinion] textarea[data-keep]")];

for (const area of areas()) if (!area.value) area.value = sessionStorage.getItem(key) ?? "";

document.addEventListener("input", (event) => {
  const area = event.target;
  if (!area.matches("textarea[data-keep]")) return;
  sessionStorage.setItem(key, area.value);
  for (const other of areas()) if (other !== area) other.value = area.value;
});

document.addEventListener("toggle", (event) => {
  const step = event.target;
  if (!step.matches("details.step") || !step.open || !step.contains(document.activeElement)) return;
  step.querySelector("textarea, input:not([type=hidden]), select")?.focus({ preventScroll: true });
}, true);
