// form[data-autosave="url"]: saves by itself 1.5 s after the last key, on leaving a field and on leaving the page.
// What the server has not confirmed is held in the browser and put back after a crash or a lost connection.
// The answers are described in templates/patterns/form.html. Announces "autosave:done".
const PAUSE = 1500;
const PATIENCE = 20000;
const RETRY = [3000, 10000, 30000];

const form = document.querySelector("form[data-autosave]");
const state = document.querySelector("[data-autosave-state]");
const notice = document.querySelector("[data-autosave-notice]");
const missing = document.querySelector("[data-autosave-missing]");
const version = form?.elements.version;
const held = form && `form:${form.dataset.owner}:${form.dataset.autosave}`;

let timer;
let changes = 0;
let confirmed = 0;
let sending = false;
let failures = 0;
let stopped = false;
let underWay = Promise.resolve();

const unsaved = () => changes > confirmed;
const pad = (number) => String(number).padStart(2, "0");
const clock = (date) => `${pad(date.getHours())}:${pad(date.getMinutes())}`;

function say(kind, text) {
  state.dataset.state = kind;
  state.textContent = text;
}

// Everything the person can fill; secrets and files are not kept in the browser.
function fields() {
  return [...form.elements].filter((field) =>
    field.name && !["file", "password", "submit", "button"].includes(field.type)
    && !["version", "csrfmiddlewaretoken"].includes(field.name) && !("private" in field.dataset));
}

function hold() {
  const values = fields().map((field) => [field.name, field.value, field.type === "checkbox" || field.type === "radio" ? field.checked : null]);
  try {
    localStorage.setItem(held, JSON.stringify({ version: version?.value, at: Date.now(), values }));
  } catch {
    // A full or forbidden store costs the safety net only; the server still saves.
  }
}

function release() {
  localStorage.removeItem(held);
}

function put(values) {
  growRows(values);
  for (const [name, value, checked] of values) {
    const same = fields().filter((field) => field.name === name);
    const field = checked === null ? same[0] : same.find((each) => each.value === value);
    if (!field) continue;
    if (checked === null) field.value = value;
    else field.checked = checked;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// Rows added before the crash are added again, so that their words have a place.
function growRows(values) {
  for (const [name, value] of values) {
    if (!name.endsWith("-TOTAL_FORMS")) continue;
    const set = document.querySelector(`[data-rows="${name.slice(0, -12)}"]`);
    const total = form.elements[name];
    const add = set?.querySelector("[data-rows-add]");
    while (add && !add.disabled && Number(total.value) < Number(value)) add.click();
  }
}

function differs(values) {
  return values.some(([name, value, checked]) => {
    const same = fields().filter((field) => field.name === name);
    if (checked === null) return !same.length || same[0].value !== value;
    const field = same.find((each) => each.value === value);
    return !field || field.checked !== checked;
  });
}

function note(tone, words, ...buttons) {
  const box = document.createElement("div");
  box.className = `note note-${tone}`;
  box.setAttribute("role", tone === "red" ? "alert" : "status");
  const text = document.createElement("p");
  text.textContent = words;
  box.append(text);
  for (const [label, act] of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-small";
    button.textContent = label;
    button.addEventListener("click", act);
    box.append(button, " ");
  }
  notice.replaceChildren(box);
  return box;
}

function restore() {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(held));
  } catch {
    return release();
  }
  if (!kept) return undefined;
  if (!differs(kept.values)) return release();
  const at = clock(new Date(kept.at));
  const bring = () => { put(kept.values); notice.replaceChildren(); };
  if (kept.version === version?.value) {
    put(kept.values);
    note("blue", `已恢复 ${at} 没有来得及保存的内容，正在保存。`);
    return undefined;
  }
  stopped = false;
  note("amber", `本机还留有 ${at} 没有保存的内容，而这一部分之后已在别处改过。`,
    ["放入我的内容", bring], ["不要了", () => { release(); notice.replaceChildren(); }]);
  return undefined;
}

function changed(event) {
  if (event.target.type === "file" || event.target.name === "version") return;
  changes += 1;
  hold();
  if (stopped) return;
  say("waiting", "有未保存的修改");
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

function body() {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}

function save() {
  clearTimeout(timer);
  if (sending || stopped || !unsaved()) return;
  underWay = post();
}

async function post() {
  const sent = changes;
  sending = true;
  say("saving", "正在保存…");
  try {
    const response = await fetch(form.dataset.autosave, {
      method: "POST", body: body(), headers: { "X-Autosave": "1", Accept: "application/json" }, keepalive: document.hidden,
      signal: AbortSignal.timeout(PATIENCE),
    });
    await answered(response, sent);
  } catch {
    retry("连接不上，内容留在本机，稍后自动再存");
  } finally {
    sending = false;
  }
  if (unsaved() && !stopped && !failures) timer = setTimeout(save, PAUSE);
}

async function answered(response, sent) {
  const json = response.headers.get("Content-Type")?.includes("json");
  if (response.redirected || !json) {
    return retry(response.status >= 500 ? "服务暂时不可用，内容留在本机，稍后自动再存" : "登录已过期，内容留在本机；请在新窗口登录后回到这里");
  }
  const answer = await response.json();
  if (response.status === 409) return conflict(answer);
  if (!response.ok) return refused(answer, sent);
  failures = 0;
  confirmed = sent;
  take(answer);
  if (!unsaved()) release();
  say("saved", `已自动保存 ${answer.saved_at}`);
  if (notice.querySelector("[role=status]")) notice.replaceChildren();
  form.dispatchEvent(new CustomEvent("autosave:done", { bubbles: true, detail: answer }));
  return undefined;
}

function take(answer) {
  if (version && answer.version !== undefined) version.value = answer.version;
  for (const [name, value] of Object.entries(answer.values ?? {})) {
    if (form.elements[name]) form.elements[name].value = value;
  }
  for (const field of form.querySelectorAll("[aria-invalid][data-by-autosave]")) mark(field, null);
  if (!answer.missing || !missing) return;
  missing.hidden = answer.missing.length === 0;
  missing.querySelector("ul").replaceChildren(...answer.missing.map(lack));
}

function link(words, url) {
  return Object.assign(document.createElement("a"), { textContent: words, href: url, className: "inline-link nowrap" });
}

// What is missing: a sentence, or {sentence, article, article_url, where_url} as the page itself shows it.
function lack(each) {
  const item = document.createElement("li");
  item.className = "lack";
  item.append(each.sentence ?? each);
  if (each.article) item.append("（", each.article_url ? link(each.article, each.article_url) : each.article, "）");
  if (each.where_url) item.append(" ", link("去补正", each.where_url));
  return item;
}

function mark(field, sentence) {
  const holder = field.closest(".field") ?? field.parentElement;
  holder.querySelector("[data-autosave-error]")?.remove();
  if (!sentence) {
    field.removeAttribute("aria-invalid");
    delete field.dataset.byAutosave;
    return;
  }
  field.setAttribute("aria-invalid", "true");
  field.dataset.byAutosave = "yes";
  const list = document.createElement("ul");
  list.className = "errorlist";
  list.dataset.autosaveError = "yes";
  list.append(Object.assign(document.createElement("li"), { textContent: sentence }));
  holder.append(list);
}

// What cannot be kept as it is stays in the browser and is tried again with the next change.
function refused(answer, sent) {
  failures = 0;
  confirmed = sent;
  say("failed", answer.message ?? "没有保存，请按提示修改");
  for (const [name, sentences] of Object.entries(answer.errors ?? {})) {
    const field = form.elements[name];
    if (field instanceof Element) mark(field, [sentences].flat().join(" "));
  }
}

function retry(words) {
  say("failed", words);
  clearTimeout(timer);
  timer = setTimeout(save, RETRY[Math.min(failures, RETRY.length - 1)]);
  failures += 1;
}

function conflict(answer) {
  stopped = true;
  say("conflict", "没有保存：这一部分已在别处改过");
  const mine = () => {
    version.value = answer.version;
    stopped = false;
    notice.replaceChildren();
    save();
  };
  const theirs = () => {
    release();
    confirmed = changes;
    location.reload();
  };
  const choices = [["采用对方的内容", theirs]];
  if (answer.version !== undefined) choices.unshift(["以我的内容为准", mine]);
  const box = note("red", answer.message, ...choices);
  if (answer.theirs?.length) box.querySelector("p").after(compare(answer.theirs));
  box.scrollIntoView({ block: "center" });
}

function compare(rows) {
  const table = document.createElement("table");
  table.className = "table";
  const head = table.createTHead().insertRow();
  for (const label of ["内容", "我填的", "对方填的"]) {
    head.append(Object.assign(document.createElement("th"), { textContent: label, scope: "col" }));
  }
  const part = table.createTBody();
  for (const row of rows) {
    const line = part.insertRow();
    for (const words of [row.label, row.mine, row.theirs]) line.insertCell().textContent = words ?? "（空）";
  }
  return table;
}

// A form sent while a save is under way waits for it; else the server would take our own save for somebody else's.
function submitted(event) {
  if (sending) {
    event.preventDefault();
    event.stopImmediatePropagation();
    underWay.finally(() => form.requestSubmit(event.submitter));
    return;
  }
  clearTimeout(timer);
  stopped = true;
  confirmed = changes;
}

function start() {
  form.addEventListener("input", changed);
  form.addEventListener("focusout", save);
  form.addEventListener("submit", submitted, true);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  window.addEventListener("online", save);
  window.addEventListener("beforeunload", (event) => { if (unsaved()) event.preventDefault(); });
  restore();
}

if (form) start();
