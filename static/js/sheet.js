// form[data-sheet]: Enter and arrows go down the column of scores; each cell is checked and saved by itself;
// totals follow. A score out of range, or with more than one decimal, is refused in its cell and not sent.
const form = document.querySelector("form[data-sheet]");
const state = document.querySelector("[data-sheet-state]");
const rows = form ? [...form.querySelectorAll("tr[data-item]")] : [];
const open = new Set();
const RETRY = 5000;

const score = (row) => row.querySelector("input[name^=score-]");
const reason = (row) => row.querySelector("textarea[name^=reason-]");
const tenths = (text) => Math.round(Number(text) * 10);
const words = (value) => String(value / 10);
// Full-width digits and the full stop of a Chinese keyboard count as what they mean.
const plain = (text) => text.normalize("NFKC").replace("。", ".").trim();

function problem(row) {
  const written = score(row).value;
  const { labelText, points } = row.dataset;
  if (written === "") return null;
  if (!/^\d+(\.\d+)?$/.test(written)) return `“${labelText}”请填数字，请修改。`;
  if (Number(written) > Number(points)) return `“${labelText}”最高 ${points} 分，请修改。`;
  if (!/^\d+(\.\d)?$/.test(written)) return `“${labelText}”最多一位小数，请修改。`;
  return null;
}

function reasonLacks(row) {
  const { reasonBelow } = row.dataset;
  const written = score(row).value;
  return reasonBelow !== undefined && written !== "" && Number(written) < Number(reasonBelow) && !reason(row).value.trim();
}

const counts = (row) => score(row).value !== "" && !problem(row);

function tell(row, message, isError) {
  row.querySelector(".cell-error").textContent = message ?? "";
  row.classList.toggle("failed", Boolean(isError));
  if (isError) score(row).setAttribute("aria-invalid", "true");
  else score(row).removeAttribute("aria-invalid");
}

function check(row) {
  const trouble = problem(row);
  const lacks = !trouble && reasonLacks(row);
  tell(row, trouble ?? (lacks ? `低于 ${row.dataset.reasonBelow} 分，请写明理由。` : ""), Boolean(trouble));
  return !trouble;
}

function sum() {
  let total = 0;
  for (const group of form.querySelectorAll("[data-sheet-group]")) {
    const scored = [...group.querySelectorAll("tr[data-item]")].filter(counts);
    const points = scored.reduce((all, row) => all + tenths(score(row).value), 0);
    group.querySelector("[data-group-total]").textContent = scored.length ? words(points) : "—";
    total += points;
  }
  const done = rows.filter(counts).length;
  document.querySelector("[data-sheet-total]").textContent = words(total);
  document.querySelector("[data-sheet-done]").textContent = done;
  document.querySelector("[data-sheet-left]").textContent = rows.length - done;
}

function say(kind, text) {
  state.dataset.state = kind;
  state.textContent = text;
}

async function save(row) {
  if (!row.dataset.saveUrl || !check(row)) return;
  open.add(row);
  const sent = `${score(row).value}\n${reason(row).value}`;
  if (row.dataset.sending) return;
  row.dataset.sending = "yes";
  say("saving", "正在保存…");
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("score", score(row).value);
  body.set("reason", reason(row).value);
  try {
    const response = await fetch(row.dataset.saveUrl, { method: "POST", body, headers: { Accept: "application/json" } });
    delete row.dataset.sending;
    await answered(row, response, sent);
  } catch {
    delete row.dataset.sending;
    say("failed", "连接不上，稍后自动再存，请不要关闭本页");
    setTimeout(() => save(row), RETRY);
  }
}

async function answered(row, response, sent) {
  if (response.redirected || !response.headers.get("Content-Type")?.includes("json")) {
    throw new Error("not an answer of the sheet");
  }
  const answer = await response.json();
  if (!response.ok) {
    tell(row, answer.message, true);
    say("failed", "有分数没有保存，请按提示修改");
    return;
  }
  if (sent !== `${score(row).value}\n${reason(row).value}`) {
    save(row);
    return;
  }
  open.delete(row);
  if (!open.size) say("saved", `已自动保存 ${answer.saved_at}`);
}

function move(event) {
  const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const next = rows[rows.indexOf(event.target.closest("tr")) + (event.shiftKey ? -step : step)];
  if (!next) {
    // At either end nothing loses the focus, so what was written is handed on from here.
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
    return;
  }
  score(next).focus();
  score(next).select();
}

function start() {
  document.querySelector("[data-sheet-save]").hidden = true;
  document.querySelector("[data-sheet-help]").hidden = false;
  form.addEventListener("keydown", (event) => { if (event.target.matches("input[name^=score-]")) move(event); });
  form.addEventListener("input", (event) => {
    const row = event.target.closest("tr[data-item]");
    if (!row) return;
    open.add(row);
    if (row.classList.contains("failed")) check(row);
    sum();
  });
  form.addEventListener("change", (event) => {
    const row = event.target.closest("tr[data-item]");
    if (!row) return;
    score(row).value = plain(score(row).value);
    sum();
    save(row);
  });
  form.addEventListener("submit", () => open.clear());
  window.addEventListener("beforeunload", (event) => { if (open.size) event.preventDefault(); });
  for (const row of rows) if (!row.querySelector(".cell-error").textContent) check(row);
  sum();
}

if (form) start();
