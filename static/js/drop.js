// [data-drop] on a <details>: closes on Escape (focus back on its summary) and on a click elsewhere;
// what it opens is brought into sight.
const open = () => document.querySelectorAll("details[data-drop][open]");

document.addEventListener("click", (event) => {
  for (const drop of open()) if (!drop.contains(event.target)) drop.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const drop of open()) {
    drop.open = false;
    drop.querySelector("summary").focus();
  }
});

document.addEventListener("toggle", (event) => {
  const drop = event.target;
  if (drop.matches("details[data-drop]") && drop.open) drop.lastElementChild.scrollIntoView({ block: "nearest" });
}, true);
