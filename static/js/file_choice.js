// input[type=file]: a button and the chosen names in the page's language; the browser's own control speaks its own.
// Where the page brings the button itself (it works without JavaScript), only the names are added.
function names(files) {
  if (!files.length) return "未选择文件";
  return files.length === 1 ? files[0].name : `已选 ${files.length} 个文件`;
}

function withButton(input) {
  const choice = document.createElement("span");
  choice.className = "file-choice";
  const button = document.createElement("label");
  button.className = "btn";
  button.htmlFor = input.id;
  button.textContent = "选择文件";
  choice.append(button);
  input.after(choice);
  return choice;
}

function prepare(input) {
  const choice = input.nextElementSibling?.matches(".file-choice") ? input.nextElementSibling : withButton(input);
  const chosen = document.createElement("span");
  chosen.className = "faint";
  chosen.setAttribute("aria-live", "polite");
  chosen.textContent = names(input.files);
  choice.append(chosen);
  input.classList.add("visually-hidden");
  input.addEventListener("change", () => { chosen.textContent = names(input.files); });
}

for (const input of document.querySelectorAll("input[type=file][id]")) prepare(input);

// Rows added later (rows.js) bring fields of their own.
document.addEventListener("rows:added", (event) => {
  for (const input of event.target.querySelectorAll("input[type=file][id]")) prepare(input);
});
