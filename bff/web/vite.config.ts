import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const here = import.meta.dirname;

/** The backend of the dev server: `beleg bff`, where it listens unless told otherwise. */
const BFF = process.env.BELEG_BFF_URL ?? "http://127.0.0.1:8000";
const CONTRACT = join(here, "src", "api", "contract.ts");

/** The same sources give the same build name, wherever and whenever they are built. */
function nameOfBuild(): string {
  const hash = createHash("sha256");
  const sources = readdirSync(join(here, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const files = [join(here, "package-lock.json"), join(here, "index.html"), ...sources].sort();
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 12);
}

function nameOfContract(): string {
  return createHash("sha256").update(readFileSync(CONTRACT)).digest("hex").slice(0, 12);
}

function watchFile() {
  const name = JSON.stringify(`${build.build}-${build.contract}`);
  const source = readFileSync(join(here, "src", "watch.js"), "utf8").replace("build: __BUILD__", `build: ${name}`);
  const hash = createHash("sha256").update(source).digest("hex").slice(0, 8);
  return { fileName: `assets/watch-${hash}.js`, source };
}

const build = { build: nameOfBuild(), contract: nameOfContract() };

const WATCH = watchFile();

/** Tells the server which build it serves. */
const buildFile: Plugin = {
  name: "build-file",
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "build.json", source: JSON.stringify(build) });
  },
};

/** What looks after the app stands before it, as a file of its own: it works where the app does not. */
const watch: Plugin = {
  name: "watch",
  apply: "build",
  transformIndexHtml: {
    order: "post",
    handler: () => [{ tag: "script", attrs: { src: `/${WATCH.fileName}` }, injectTo: "head-prepend" }],
  },
  generateBundle() {
    this.emitFile({ type: "asset", ...WATCH });
  },
};

/** A dev server that went on with an old contract would be told to reload for ever. */
const contractFollower: Plugin = {
  name: "contract-follower",
  apply: "serve",
  configureServer(server) {
    server.watcher.on("change", (file) => {
      if (file === CONTRACT) void server.restart();
    });
  },
};

export default defineConfig({
  plugins: [react(), buildFile, watch, contractFollower],
  define: { __BUILD__: JSON.stringify(`${build.build}-${build.contract}`) },
  build: { chunkSizeWarningLimit: 700, modulePreload: { polyfill: false } },
  server: { host: "127.0.0.1", proxy: { "/bff": BFF } },
});
