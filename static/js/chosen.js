// form[data-chosen]: counts the ticked rows ([name=pk]), ticks all of the page, and keeps
// [data-needs-chosen] buttons off while nothing is ticked. Shift-click ticks a range.
let last = null;

const boxes = (form) => [...form.querySelectorAll("input[name=pk]")];

function count(form) {
  const all = boxes(form);
  const ticked = all.filter((box) => box.checked).length;
  form.querySelector("[data-chosen-count]").textContent = ticked;
  for (const button of form.querySelectorAll("[data-needs-chosen]")) button.disabled = ticked === 0;
  const head = form.querySelector("[data-choose-all]");
  head.checked = ticked > 0 && ticked === all.length;
  head.indeterminate = ticked > 0 && ticked < all.length;
}

document.addEventListener("click", (event) => {
  const box = event.target;
  const form = box.closest("form[data-chosen]");
  if (!form) return;
  if (box.matches("[data-choose-all]")) for (const each of boxes(form)) each.checked = box.checked;
  if (box.matches("input[name=pk]")) {
    const all = boxes(form);
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const each of all.slice(from, to + 1)) each.checked = box.checked;
    }
    last = box;
  }
  count(form);
});

const start = () => {
  for (const form of document.querySelectorAll("form[data-chosen]")) if (form.querySelector("[data-choose-all]")) count(form);
};
start();
window.addEventListener("pageshow", start);
