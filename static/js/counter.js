// textarea[maxlength], [data-counter="800"]: shows how many characters are written and allowed.
// A textarea's maxlength is lifted, so that a long paste is shown as too long and not cut off silently.
const length = (text) => [...text.replaceAll("\r\n", "\n")].length;

function show(field) {
  const limit = Number(field.dataset.counter);
  const counter = field.parentElement.querySelector(":scope > .counter");
  const written = length(field.value);
  counter.textContent = written > limit ? `${written} / ${limit} 字，多出 ${written - limit} 字` : `${written} / ${limit} 字`;
  counter.classList.toggle("over", written > limit);
}

function prepare(field) {
  if (field.tagName === "TEXTAREA" && field.maxLength > 0) {
    field.dataset.counter = field.maxLength;
    field.removeAttribute("maxlength");
  }
  const counter = document.createElement("span");
  counter.className = "counter";
  field.after(counter);
  show(field);
}

const wanted = "textarea[maxlength], textarea[data-counter], input[data-counter]";
for (const field of document.querySelectorAll(wanted)) prepare(field);

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-counter]")) show(event.target);
});

// Rows added later (rows.js) bring fields of their own.
document.addEventListener("rows:added", (event) => {
  for (const field of event.target.querySelectorAll(wanted)) prepare(field);
});
