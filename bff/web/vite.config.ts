import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const here = import.meta.dirname;

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
  const types = readFileSync(join(here, "src", "api", "contract.ts"));
  return createHash("sha256").update(types).digest("hex").slice(0, 12);
}

const build = { build: nameOfBuild(), contract: nameOfContract() };

/** Tells the server which build it serves. */
const buildFile: Plugin = {
  name: "build-file",
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "build.json", source: JSON.stringify(build) });
  },
};

export default defineConfig({
  plugins: [react(), buildFile],
  define: { __BUILD__: JSON.stringify(`${build.build}-${build.contract}`) },
  build: { chunkSizeWarningLimit: 700, modulePreload: { polyfill: false } },
  server: { proxy: { "/bff": "http://127.0.0.1:8001" } },
});
