// Finds operations, objects, fields, problems and chapters; opened by "/" or Ctrl-K.
const dialog = document.querySelector(".search");
const [input, list] = [dialog.querySelector("input"), dialog.querySelector("ul")];
const opener = document.querySelector(".find");
const MOST = 12;
let index;

opener.hidden = false;
opener.addEventListener("click", open);
addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  const asked = (event.key === "/" && !typing) || (event.key === "k" && (event.ctrlKey || event.metaKey));
  if (!asked || dialog.open) return;
  event.preventDefault();
  open();
});
input.addEventListener("input", show);
dialog.addEventListener("keydown", (event) => {
  const links = [...list.querySelectorAll("a")];
  const now = links.indexOf(document.activeElement);
  if (event.key === "ArrowDown") (links[now + 1] ?? links.at(-1))?.focus();
  else if (event.key === "ArrowUp") (now > 0 ? links[now - 1] : input).focus();
  else if (event.key === "Enter" && document.activeElement === input) links[0]?.click();
  else return;
  event.preventDefault();
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("a")) dialog.close();
});

async function open() {
  dialog.showModal();
  input.select();
  index ??= await (await fetch("/docs/index.json")).json();
  show();
}

function show() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = words.length ? index.filter(([, , text]) => words.every((word) => text.includes(word))) : [];
  const rank = ([title]) => (title.toLowerCase().startsWith(words[0]) ? 0 : 1);
  found.sort((one, other) => rank(one) - rank(other));
  list.replaceChildren(...found.slice(0, MOST).map(entry));
  if (words.length && !found.length) list.append(Object.assign(document.createElement("li"), { textContent: "Nothing found" }));
}

function entry([title, place, , address]) {
  const link = Object.assign(document.createElement("a"), { href: address, textContent: title });
  link.append(Object.assign(document.createElement("span"), { textContent: place }));
  const item = document.createElement("li");
  item.append(link);
  return item;
}
