// Judges with ajv, and ajv-formats; see questions.mjs for what is read and written.

import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { answer } from "./questions.mjs";

// not strict: an unknown keyword is an annotation, as JSON Schema has it
const ajv = new Ajv2020.default({ strict: false });
addFormats.default(ajv);

await answer(
  (schema) => ajv.addSchema(schema),
  (uri) => ajv.getSchema(uri),
);
