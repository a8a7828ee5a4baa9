// form[data-drop-file]: a file dropped on the form is taken as if it had been chosen.
const formOf = (event) => event.target.closest?.("form[data-drop-file]");

document.addEventListener("dragover", (event) => {
  const form = formOf(event);
  if (!form) return;
  event.preventDefault();
  form.classList.add("over");
});

document.addEventListener("dragleave", (event) => formOf(event)?.classList.remove("over"));

document.addEventListener("drop", (event) => {
  const form = formOf(event);
  if (!form || !event.dataTransfer.files.length) return;
  event.preventDefault();
  form.classList.remove("over");
  form.querySelector("input[type=file]").files = event.dataTransfer.files;
  form.querySelector("button").focus();
});
