// [data-saved-part="url"]: the fields of this part are sent by themselves when one of them has changed, as
// {name: value}; answered 200 {saved_at} or 4xx {message}. What happened is said in [data-sheet-state].
const state = document.querySelector("[data-sheet-state]");
const parts = [...document.querySelectorAll("[data-saved-part]")];
const changed = new Set();
const RETRY = 5000;

function say(kind, text) {
  state.dataset.state = kind;
  state.textContent = text;
}

function values(part) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  for (const field of part.querySelectorAll("[name]")) {
    if (field.type !== "checkbox" || field.checked) body.set(field.name, field.value);
  }
  return body;
}

async function save(part) {
  const body = values(part);
  say("saving", "正在保存…");
  try {
    const response = await fetch(part.dataset.savedPart, { method: "POST", body, headers: { Accept: "application/json" } });
    if (response.redirected || !response.headers.get("Content-Type")?.includes("json")) throw new Error("not an answer");
    const answer = await response.json();
    part.querySelector(".cell-error").textContent = response.ok ? "" : answer.message;
    if (!response.ok) {
      say("failed", "评审意见没有保存，请按提示修改");
      return;
    }
    if (JSON.stringify([...values(part)]) !== JSON.stringify([...body])) {
      save(part);
      return;
    }
    changed.delete(part);
    say("saved", `已自动保存 ${answer.saved_at}`);
  } catch {
    say("failed", "连接不上，稍后自动再存，请不要关闭本页");
    setTimeout(() => save(part), RETRY);
  }
}

for (const part of parts) {
  part.addEventListener("input", () => changed.add(part));
  part.addEventListener("change", () => save(part));
  part.closest("form").addEventListener("submit", () => changed.clear());
}
window.addEventListener("beforeunload", (event) => { if (changed.size) event.preventDefault(); });
