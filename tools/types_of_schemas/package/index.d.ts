export * from "./types.js";

/** URL of the folder with the schemas. */
export const schemas: URL;
/** URL of the folder with the corpus. */
export const fixtures: URL;

/** What `check` says of a case in one profile. */
export interface Verdict {
  ok: boolean;
  /** Ids of requirements: all that are found, and no other. */
  findings: string[];
}

/** An entry of the manifest of the corpus; schemas/corpus/manifest.schema.json describes all members. */
export interface Case {
  file: string;
  kind: string;
  description: string;
  requirement: string | null;
  scenario: Record<string, string> | null;
  expected: { documented: Verdict; strict: Verdict } | null;
  [member: string]: unknown;
}

/** The entries of the manifest of the corpus. */
export function cases(): Case[];

/** The bytes of a case. */
export function read(entry: Case): Uint8Array;
