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

const build = { build: nameOfBuild(), contract: nameOfContract() };

/** Tells the server which build it serves. */
const buildFile: Plugin = {
  name: "build-file",
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "build.json", source: JSON.stringify(build) });
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
  plugins: [react(), buildFile, contractFollower],
  define: { __BUILD__: JSON.stringify(`${build.build}-${build.contract}`) },
  build: { chunkSizeWarningLimit: 700, modulePreload: { polyfill: false } },
  server: { host: "127.0.0.1", proxy: { "/bff": BFF } },
});
