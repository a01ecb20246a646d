// The try-it console: a form for every operation of the published contracts, and what it answers.
// The key is a variable of this page; it is written nowhere and sent to this address alone.
const versions = [...document.querySelectorAll(".quick a[href^='/docs/v']")].map((link) =>
  link.getAttribute("href").slice("/docs/".length),
);
const at = (id) => document.getElementById(id);
const [key, choice, inputs, send] = ["key", "operation", "inputs", "send"].map(at);
const operations = new Map();
const remembered = new Map(); // the last ids that answers have shown, to go on with

key.addEventListener("input", () => {
  at("live").hidden = !key.value.trim().startsWith("beleg_live_");
});
at("request").addEventListener("submit", (event) => {
  event.preventDefault();
  call();
});
await load();
if (operations.size) {
  choice.addEventListener("change", () => {
    history.replaceState(null, "", `#${choice.value}`);
    show();
  });
  addEventListener("hashchange", choose);
  inputs.addEventListener("input", preview);
  choose();
  send.disabled = false;
} else at("route").textContent = "The operations could not be loaded. Load this page again.";

async function load() {
  for (const version of versions) {
    const contract = await published(version);
    if (!contract) continue; // its time is over, or nothing comes
    const group = document.createElement("optgroup");
    group.label = `Version ${version.slice(1)}`;
    for (const [path, methods] of Object.entries(contract.paths)) {
      for (const [method, said] of Object.entries(methods)) {
        const name = `${version}.${said.operationId}`;
        operations.set(name, { version, path, method: method.toUpperCase(), said });
        group.append(new Option(`${said.summary} (${method.toUpperCase()} ${path})`, name));
      }
    }
    choice.append(group);
  }
}

async function published(version) {
  try {
    const answer = await fetch(`/${version}/openapi.json`);
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined; // no network, or the page is being left
  }
}

function choose() {
  const name = decodeURIComponent(location.hash.slice(1));
  const first = [...operations].find(([, each]) => !each.path.includes("{"));
  choice.value = operations.has(name) ? name : first[0];
  show();
}

function show() {
  const { path, method, said } = operations.get(choice.value);
  at("route").replaceChildren(element("span", method, `method ${method}`), element("code", path));
  inputs.replaceChildren(...said.parameters.map(parameter), ...body(said.requestBody));
  at("reply").hidden = at("file").hidden = true;
  preview();
}

function parameter({ name, in: place, required, schema, description }) {
  const words = schema.enum;
  const input = words ? document.createElement("select") : document.createElement("input");
  if (words) for (const word of required ? words : ["", ...words]) input.append(new Option(word));
  else input.type = "text";
  input.required = required;
  input.placeholder = schema.default ?? "";
  if (place === "path") input.value = remembered.get(name) ?? "";
  if (name === "Idempotency-Key") input.value = crypto.randomUUID?.() ?? String(Date.now());
  return field(name, input, place, description, { name, place });
}

function body(said) {
  if (!said) return [];
  const [media, { schema, example }] = Object.entries(said.content)[0];
  if (media.includes("json")) {
    const input = document.createElement("textarea");
    input.spellcheck = false;
    input.value = JSON.stringify(example ?? {}, null, 2);
    return [field("Body", input, media, "", { name: "body", place: "json", media })];
  }
  return Object.entries(schema.properties).map(([name, part]) => {
    const input = part.enum ? document.createElement("select") : document.createElement("input");
    if (part.enum) for (const word of ["", ...part.enum]) input.append(new Option(word));
    else input.type = part.format === "binary" ? "file" : "text";
    input.required = schema.required.includes(name);
    return field(name, input, "form", "", { name, place: "form" });
  });
}

function field(label, input, kind, description, data) {
  const whole = document.createElement("div");
  input.id = `input-${data.place}-${label}`;
  Object.assign(input.dataset, data);
  const title = element("label", label);
  title.htmlFor = input.id;
  title.append(" ", element("span", kind, "type"));
  if (description) input.title = description;
  whole.append(title, input);
  return whole;
}

// The request as the form says it: address, method, headers and body.
function asked() {
  const { path, method } = operations.get(choice.value);
  const query = new URLSearchParams();
  const headers = {};
  let address = path;
  let content;
  for (const input of inputs.querySelectorAll("[data-place]")) {
    const { name, place, media } = input.dataset;
    if (place === "form") {
      content ??= new FormData();
      if (input.files?.[0]) content.append(name, input.files[0]);
      else if (input.type !== "file" && input.value) content.append(name, input.value);
    } else if (place === "json") {
      headers["Content-Type"] = media;
      content = input.value;
    } else if (place === "path") {
      address = address.replace(`{${name}}`, encodeURIComponent(input.value.trim()) || `{${name}}`);
    } else if (input.value.trim()) {
      if (place === "query") query.append(name, input.value.trim());
      else headers[name] = input.value.trim();
    }
  }
  return { address: query.size ? `${address}?${query}` : address, method, headers, content };
}

function preview() {
  const { address, method, headers, content } = asked();
  const lines = [`${method} ${address}`, `Authorization: Bearer ${key.value ? "…" : "(no key)"}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (content instanceof FormData) {
    lines.push("Content-Type: multipart/form-data", "");
    for (const [name, value] of content) lines.push(`${name}: ${value.name ?? value}`);
  } else if (content) lines.push("", content);
  at("sent").textContent = lines.join("\n");
}

async function call() {
  const { address, method, headers, content } = asked();
  if (key.value.trim()) headers.Authorization = `Bearer ${key.value.trim()}`;
  send.disabled = true;
  preview();
  const began = performance.now();
  try {
    const answer = await fetch(address, {
      method,
      headers,
      body: content,
      cache: "no-store",
      credentials: "omit",
    });
    await tell(answer, performance.now() - began);
  } catch (problem) {
    reply("", false, problem.message, "", []);
  } finally {
    send.disabled = false;
  }
}

async function tell(answer, took) {
  const type = answer.headers.get("Content-Type") ?? "";
  const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  const blob = await answer.blob();
  const text = /json|text|xml/.test(type) ? await blob.text() : "";
  let said = text ? [text] : [];
  if (type.includes("json")) {
    remember(JSON.parse(text));
    said = spread(text);
  }
  at("file").hidden = Boolean(text) || !blob.size;
  if (!at("file").hidden) at("file").firstElementChild.href = URL.createObjectURL(blob);
  reply(`${answer.status} ${answer.statusText}`, answer.ok, `${Math.round(took)} ms`, headers, said);
}

function reply(status, good, took, headers, said) {
  at("status").textContent = status;
  at("status").classList.toggle("good", good);
  at("took").textContent = took;
  at("headers").textContent = headers;
  at("body").replaceChildren(...said);
  at("body").parentElement.hidden = !said.length;
  at("reply").hidden = false;
}

// JSON one field a line, coloured, with every token as it came: parsed and written again, 250000.00
// would be 250000.
function spread(text) {
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  const tokens = text.match(/{}|\[\]|"(?:[^"\\]|\\.)*"|[{}[\],:]|[^"{}[\],:\s]+/g) ?? [];
  return tokens.map((token, place) => {
    if (token === "{" || token === "[") return depth++, token + line();
    if (token === "}" || token === "]") return depth--, line() + token;
    if (token === ",") return token + line();
    if (token === ":") return ": ";
    if (token.startsWith('"')) return element("span", token, tokens[place + 1] === ":" ? "nt" : "s2");
    return token === "{}" || token === "[]" ? token : element("span", token, "mi");
  });
}

function remember(value) {
  const one = value?.data?.[0] ?? value?.items?.[0] ?? value;
  if (one?.application_id) remembered.set("id", one.application_id).set("document_id", one.id);
  else if (one?.document_id) remembered.set("document_id", one.document_id);
  else if (one?.id && (one.status || one.applicant)) remembered.set("id", one.id);
}

function element(tag, text, kind = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}
