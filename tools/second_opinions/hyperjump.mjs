// Judges with @hyperjump/json-schema; see questions.mjs for what is read and written.

import { registerSchema, validate } from "@hyperjump/json-schema/draft-2020-12";
import { answer } from "./questions.mjs";

await answer(registerSchema, async (uri) => {
  const compiled = await validate(uri);
  return (instance) => compiled(instance).valid;
});
