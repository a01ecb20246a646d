// Whether objects of kinds that Kubernetes itself does not know are what their own definitions take: read as JSON from
// standard input, validated by their schemas; written as TypeScript, whose compiler finds the fields that no schema
// misses. `node check.mjs FOLDER`, where the TypeScript goes.
import { spawnSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PACKAGES = {
  "argoproj.io/v1alpha1": "@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1",
  "gateway.networking.k8s.io/v1": "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1",
  "monitoring.coreos.com/v1": "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1",
};
const here = import.meta.dirname;
const folder = process.argv[2];
const objects = JSON.parse(readFileSync(0, "utf8"));
const lines = [];

for (const [n, object] of objects.entries()) {
  const module = `${PACKAGES[object.apiVersion]}/${object.kind}`;
  const { [object.kind]: Model } = await import(module);
  try {
    new Model(object).validate();
  } catch (problem) {
    console.error(`${object.kind} ${object.metadata.name}: ${problem.message}`);
    process.exitCode = 1;
  }
  lines.push(`import type { I${object.kind} as Kind${n} } from ${JSON.stringify(module)};`);
  lines.push(`export const object${n}: Kind${n} = ${JSON.stringify(object, null, 1)};`);
}

symlinkSync(join(here, "node_modules"), join(folder, "node_modules"));
writeFileSync(join(folder, "objects.ts"), lines.join("\n"));
const tsc = join(here, "node_modules", ".bin", "tsc");
const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--pretty", "false"];
const found = spawnSync(tsc, [...options, "objects.ts"], { cwd: folder, encoding: "utf8" });
if (found.status !== 0) {
  console.error(found.stdout + found.stderr);
  process.exitCode = 1;
}
