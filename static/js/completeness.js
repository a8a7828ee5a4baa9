// After a save the side index says anew what each section still lacks (answer.sections of "autosave:done").
function tell(line) {
  const link = [...document.querySelectorAll(".sections a")].find((each) => each.getAttribute("href") === line.url);
  const mark = link?.querySelector(".mark");
  if (!mark) return;
  mark.classList.toggle("mark-done", line.complete);
  mark.textContent = line.complete ? "已完成" : line.missing ? `缺 ${line.missing} 项` : "未填";
}

document.addEventListener("autosave:done", (event) => {
  for (const line of event.detail.sections ?? []) tell(line);
});
