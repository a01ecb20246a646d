// Runs before the app and apart from it: says so where the app fails, to the person and, once a
// page, to the server; never what was on the page. `__BUILD__` is written in when it is built.
(() => {
  const PATIENCE = 5_000;
  const TEXTS = [
    ["en", "This page cannot be shown. What you typed is kept.", "Reload"],
    ["de", "Diese Seite kann nicht angezeigt werden. Ihre Eingaben bleiben erhalten.", "Neu laden"],
  ];
  let told = false;

  const page = () => {
    if (location.pathname.startsWith("/cases/")) return "/cases/{id}";
    return ["/", "/usage"].includes(location.pathname) ? location.pathname : "other";
  };

  const tell = (kind) => {
    if (told) return;
    told = true;
    fetch("/browser-errors", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ build: __BUILD__, kind, page: page() }),
      credentials: "omit",
      keepalive: true,
    }).catch(() => undefined);
  };

  const isBlank = () => !document.getElementById("root")?.hasChildNodes();

  const message = () => {
    if (!isBlank() || document.getElementById("broken")) return;
    const box = document.createElement("div");
    box.id = "broken";
    box.setAttribute("role", "alert");
    box.style.cssText = "max-width: 34rem; margin: 15vh auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif";
    for (const [lang, text, label] of TEXTS) {
      const part = document.createElement("p");
      const button = document.createElement("button");
      part.lang = lang;
      part.textContent = text;
      button.textContent = label;
      button.lang = lang;
      button.style.cssText = "display: block; margin-top: .5rem; padding: .4rem 1rem; font: inherit";
      button.addEventListener("click", () => location.reload());
      part.append(button);
      box.append(part);
    }
    document.body.append(box);
  };

  const fail = (kind) => {
    tell(kind);
    setTimeout(message, 100); // what fails may yet be shown by the app itself
  };

  addEventListener(
    "error",
    (event) => {
      if (event.target instanceof HTMLScriptElement) fail("file");
      // Extensions fail as well; and that a size was not settled within a frame harms nobody.
      else if (event.filename?.startsWith(location.origin) && !event.message.startsWith("ResizeObserver")) fail("error");
    },
    true,
  );
  addEventListener("unhandledrejection", () => fail("rejection"));
  addEventListener("beleg:broken", () => tell("render"));
  addEventListener("load", () => setTimeout(() => isBlank() && fail("blank"), PATIENCE));
})();
