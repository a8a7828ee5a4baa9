// form[data-preview]: the frame beside it follows what is being written, a second after the last key.
let timer;

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-preview]");
  const button = form?.querySelector("[data-preview-button]");
  if (!button) return;
  clearTimeout(timer);
  timer = setTimeout(() => form.requestSubmit(button), 1000);
});
