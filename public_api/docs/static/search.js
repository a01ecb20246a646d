// Finds operations, objects, fields, problems and chapters; opened by "/" or Ctrl-K.
const dialog = document.querySelector(".search");
const [input, list] = [dialog.querySelector("input"), dialog.querySelector("ul")];
const opener = document.querySelector(".find");
const MOST = 12;
let index; // what can be found; it comes when the dialog is first opened
let loading = false;
let entered = false; // before the index had come

opener.hidden = false;
opener.addEventListener("click", open);
addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  const asked = (event.key === "/" && !typing) || (event.key === "k" && (event.ctrlKey || event.metaKey));
  if (!asked || dialog.open) return;
  event.preventDefault();
  open();
});
input.addEventListener("input", () => {
  entered = false;
  look();
});
dialog.addEventListener("keydown", (event) => {
  const links = [...list.querySelectorAll("a")];
  const now = links.indexOf(document.activeElement);
  if (event.key === "ArrowDown") (links[now + 1] ?? links.at(-1))?.focus();
  else if (event.key === "ArrowUp") (now > 0 ? links[now - 1] : input).focus();
  else if (event.key === "Enter" && document.activeElement === input) enter();
  else return;
  event.preventDefault();
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("a")) dialog.close();
});

function open() {
  dialog.showModal();
  input.select();
  entered = false;
  look();
}

// Shows what is known now, and once the index has come; then what was entered meanwhile is followed.
async function look() {
  if (index || loading) return show();
  loading = true;
  show();
  index = await loaded();
  loading = false;
  show();
  if (entered && dialog.open) enter();
}

async function loaded() {
  try {
    const answer = await fetch("/docs/index.json");
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined; // no network, or the page is being left
  }
}

function enter() {
  entered = loading;
  list.querySelector("a")?.click();
}

function show() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = words.length && index ? index.filter(([, , text]) => words.every((word) => text.includes(word))) : [];
  const rank = ([title]) => (title.toLowerCase().startsWith(words[0]) ? 0 : 1);
  found.sort((one, other) => rank(one) - rank(other));
  list.replaceChildren(...found.slice(0, MOST).map(entry));
  if (words.length && !found.length) list.append(Object.assign(document.createElement("li"), { textContent: why() }));
}

function why() {
  if (index) return "Nothing found";
  return loading ? "Loading…" : "The search could not be loaded. It is tried again as you type.";
}

function entry([title, place, , address]) {
  const link = Object.assign(document.createElement("a"), { href: address, textContent: title });
  link.append(Object.assign(document.createElement("span"), { textContent: place }));
  const item = document.createElement("li");
  item.append(link);
  return item;
}
