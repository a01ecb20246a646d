// What every page does beside being read: copy code, name this instance, show where one is.
const HOST = "https://api.lender.example";

for (const block of document.querySelectorAll(".code")) {
  for (const node of texts(block)) {
    if (node.data.includes(HOST)) node.data = node.data.replaceAll(HOST, location.origin);
  }
  block.querySelector(".code-head").append(...tabs(block));
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    const shown = block.querySelector("pre:last-of-type:not([data-title]), pre:not([hidden])[data-title]");
    await navigator.clipboard.writeText(shown.textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  block.querySelector(".code-head").append(button);
}

// The languages of a request; the one that was chosen is shown everywhere, now and next time.
function tabs(block) {
  return [...block.querySelectorAll("pre[data-title]")].map((pre) => {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.className = "tab";
    tab.textContent = pre.dataset.title;
    tab.addEventListener("click", () => {
      localStorage.setItem("language", pre.dataset.title);
      speak(pre.dataset.title);
    });
    return tab;
  });
}

function speak(language) {
  for (const pre of document.querySelectorAll("pre[data-title]")) {
    pre.hidden = pre.dataset.title !== language;
  }
  for (const tab of document.querySelectorAll(".tab")) {
    tab.setAttribute("aria-pressed", String(tab.textContent === language));
  }
}
const first = document.querySelector(".tab")?.textContent;
if (first) speak(localStorage.getItem("language") ?? first);

const links = new Map();
for (const link of document.querySelectorAll('.side a[href^="#"], .toc a[href^="#"]')) {
  const place = document.getElementById(link.hash.slice(1));
  if (place && place.id !== "content") links.set(place, link);
}
const READ_FROM = 130; // pixels from the top: what has passed them is what is being read
let current;
function mark() {
  const passed = [...links.keys()].filter((place) => place.getBoundingClientRect().top < READ_FROM);
  const link = links.get(passed.at(-1));
  if (link === current) return;
  current?.classList.remove("here");
  link?.classList.add("here");
  link?.scrollIntoView({ block: "nearest" });
  current = link;
}
addEventListener("scroll", mark, { passive: true });
mark();

// A link to an object or operation inside something folded opens it.
function unfold() {
  document.getElementById(location.hash.slice(1))?.closest("details")?.setAttribute("open", "");
}
addEventListener("hashchange", unfold);
unfold();

function* texts(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) yield walker.currentNode;
}
