// form[data-opinion]: an opinion being written goes along when another step is chosen, and
// textarea[data-keep] outlives a reload in this tab until it is sent.
const key = (area) => `opinion:${location.pathname}`;
const areas = () => [...document.querySelectorAll("form[data-opinion] textarea[data-keep]")];

for (const area of areas()) {
  if (!area.value) area.value = sessionStorage.getItem(key(area)) ?? "";
}

document.addEventListener("input", (event) => {
  const area = event.target;
  if (!area.matches("textarea[data-keep]")) return;
  sessionStorage.setItem(key(area), area.value);
  for (const other of areas()) if (other !== area) other.value = area.value;
});

document.addEventListener("submit", (event) => {
  const area = event.target.querySelector("textarea[data-keep]");
  if (area) sessionStorage.removeItem(key(area));
});

document.addEventListener("toggle", (event) => {
  const step = event.target;
  if (!step.matches("details.step") || !step.open || !step.contains(document.activeElement)) return;
  step.querySelector("textarea, input:not([type=hidden]), select")?.focus({ preventScroll: true });
}, true);
