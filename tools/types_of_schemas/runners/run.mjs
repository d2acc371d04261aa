// Prints what the consumer of the page reads of each event of a file, one a line.
import { readFileSync } from "node:fs";
import { facts } from "./consumer.js";

for (const line of readFileSync(process.argv[2], "utf8").trimEnd().split("\n")) {
  console.log(JSON.stringify(facts(line)));
}
