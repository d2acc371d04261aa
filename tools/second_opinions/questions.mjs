// What the validators share. The argument names a file with a JSON array of schemas. Each line of standard input is
// {"schema": URI, "instance": VALUE}; for each, standard output gets one line: true, false, or the text of an error.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/**
 * Answers every line.
 * @param {(schema: object) => unknown} register makes a schema known by its $id
 * @param {(uri: string) => unknown} compile gives, or promises, a function from an instance to whether it is valid
 */
export async function answer(register, compile) {
  for (const schema of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
    register(schema);
  }
  const compiled = new Map();
  const answers = [];
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const { schema, instance } = JSON.parse(line);
    try {
      if (!compiled.has(schema)) {
        compiled.set(schema, await compile(schema));
      }
      answers.push(Boolean(compiled.get(schema)(instance)));
    } catch (error) {
      answers.push(String(error));
    }
  }
  process.stdout.write(answers.map((each) => JSON.stringify(each) + "\n").join(""));
}
