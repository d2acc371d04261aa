// Where the schemas and the conformance cases are, and the cases as values.
import { readFileSync } from "node:fs";

/** URL of the folder with the schemas. */
export const schemas = new URL("./schemas/", import.meta.url);
/** URL of the folder with the corpus. */
export const fixtures = new URL("./fixtures/", import.meta.url);

/** The entries of the manifest of the corpus; schemas/corpus/manifest.schema.json describes them. */
export function cases() {
  return JSON.parse(readFileSync(new URL("manifest.json", fixtures), "utf8")).cases;
}

/** The bytes of a case. */
export function read(entry) {
  return readFileSync(new URL(entry.file, fixtures));
}
