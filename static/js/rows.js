// [data-rows="prefix"]: adds a row from the <template>, and hides a removed one after ticking its DELETE box.
function start(set) {
  const total = set.querySelector(`[name="${set.dataset.rows}-TOTAL_FORMS"]`);
  const most = Number(set.querySelector(`[name="${set.dataset.rows}-MAX_NUM_FORMS"]`)?.value || 1000);
  const list = set.querySelector("[data-rows-list]");
  const add = set.querySelector("[data-rows-add]");
  const shown = () => list.querySelectorAll("[data-row]:not(.removed)").length;
  const limit = () => { add.disabled = shown() >= most; };

  add.hidden = false;
  for (const row of list.querySelectorAll("[data-row]")) prepare(row);
  limit();

  add.addEventListener("click", () => {
    const holder = document.createElement("div");
    holder.innerHTML = set.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
    const row = holder.firstElementChild;
    total.value = Number(total.value) + 1;
    list.append(row);
    prepare(row);
    limit();
    row.dispatchEvent(new CustomEvent("rows:added", { bubbles: true }));
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });

  list.addEventListener("click", (event) => {
    if (!event.target.matches("[data-row-remove]")) return;
    const row = event.target.closest("[data-row]");
    const box = row.querySelector("[name$=-DELETE]");
    box.checked = true;
    row.classList.add("removed");
    limit();
    box.dispatchEvent(new Event("input", { bubbles: true }));
    add.focus();
  });
}

function prepare(row) {
  const button = row.querySelector("[data-row-remove]");
  if (!button) return;
  const box = row.querySelector("[name$=-DELETE]");
  button.hidden = false;
  box.closest("label").hidden = true;
  row.classList.toggle("removed", box.checked);
}

for (const set of document.querySelectorAll("[data-rows]")) start(set);
