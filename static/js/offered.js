// select[name=form]: shows only the options whose data-duties name the duty chosen in select[name=duty].
const duty = document.querySelector("select[name=duty]");
const offered = document.querySelector("select[name=form]");

function fit() {
  for (const option of offered.options) {
    const fits = !duty.value || !option.value || option.dataset.duties.split(" ").includes(duty.value);
    option.hidden = option.disabled = !fits;
    if (!fits && option.selected) offered.value = "";
  }
}

if (duty && offered) {
  duty.addEventListener("change", fit);
  fit();
}
