// [data-upload]: checks kind and size before sending, sends each file by itself with a progress bar,
// and adds what the server took to the list of files beside it. Files may also be dropped on it.
// What a lost connection stopped is sent again when it is back. Answers: 2xx JSON {name, url}, else JSON {message}. Announces "upload:done" when a file is in.
const failed = "没有传上去。网络恢复后会自动再传。";

function problem(box, input, file) {
  const kinds = input.accept.split(",").map((kind) => kind.trim().toLowerCase()).filter(Boolean);
  const name = file.name.toLowerCase();
  if (kinds.length && !kinds.some((kind) => name.endsWith(kind) || file.type === kind)) return `不是可上传的类型，请使用 ${box.dataset.kinds}。`;
  if (file.size > Number(box.dataset.maxBytes)) return `有 ${(file.size / 1048576).toFixed(1)} MB，超过 ${box.dataset.maxWords}。`;
  if (file.size === 0) return "是空文件。";
  return null;
}

function line(box, file) {
  const item = document.createElement("li");
  const words = document.createElement("span");
  words.textContent = `${file.name} `;
  const state = document.createElement("span");
  item.append(words, state);
  box.querySelector(".upload-list").append(item);
  return { item, say: (text, tone) => { state.textContent = text; state.className = tone ?? "faint"; } };
}

function add(box, answer) {
  const card = box.closest(".card") ?? document;
  let list = card.querySelector("ul.files");
  if (!list) {
    list = document.createElement("ul");
    list.className = "files";
    box.before(list);
  }
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.className = "name";
  link.href = answer.url;
  link.textContent = answer.name;
  const mark = document.createElement("span");
  mark.className = "good-text small";
  mark.textContent = "刚刚上传";
  item.append(link, mark);
  list.append(item);
}

function read(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return { message: failed };
  }
}

function send(box, form, input, file) {
  const shown = line(box, file);
  const trouble = problem(box, input, file);
  if (trouble) return shown.say(trouble, "danger-text");
  const body = new FormData(form);
  body.delete(input.name);
  body.append(input.name, file);
  return post(box, form.action, body, file, shown);
}

// What did not get through stays chosen: it is sent again when the network is back, or at a press.
function offer(shown, words, again) {
  shown.say(words, "danger-text");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-small", textContent: "再传一次" });
  const act = () => {
    window.removeEventListener("online", act);
    button.remove();
    again();
  };
  button.addEventListener("click", act);
  window.addEventListener("online", act);
  shown.item.append(" ", button);
}

function post(box, address, body, file, shown) {
  const bar = document.createElement("progress");
  bar.max = file.size;
  bar.value = 0;
  bar.setAttribute("aria-label", `上传 ${file.name}`);
  shown.item.append(bar);

  const request = new XMLHttpRequest();
  request.open("POST", address);
  request.setRequestHeader("X-Upload", "1");
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (event) => {
    bar.max = event.total;
    bar.value = event.loaded;
    shown.say(event.loaded < event.total ? `${Math.round((100 * event.loaded) / event.total)}%` : "正在检查…");
  });
  request.addEventListener("loadend", () => {
    bar.remove();
    const answer = read(request);
    if (request.status === 0 || request.status >= 500) return offer(shown, failed, () => post(box, address, body, file, shown));
    // A login page, answered to whoever was idle too long, is no file.
    if (request.status >= 300 || !answer.url) return shown.say(answer.message ?? failed, "danger-text");
    shown.item.remove();
    add(box, answer);
    box.dispatchEvent(new CustomEvent("upload:done", { bubbles: true, detail: answer }));
    return undefined;
  });
  request.send(body);
}

function start(box) {
  const form = box.querySelector("form");
  const input = form.querySelector("input[type=file]");
  const take = (files) => {
    for (const file of files) send(box, form, input, file);
    input.value = "";
  };
  form.querySelector("button").hidden = true;
  input.addEventListener("change", () => take([...input.files]));
  box.addEventListener("dragover", (event) => { event.preventDefault(); box.classList.add("over"); });
  box.addEventListener("dragleave", () => box.classList.remove("over"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("over");
    take([...event.dataTransfer.files]);
  });
}

for (const box of document.querySelectorAll("[data-upload]")) start(box);
