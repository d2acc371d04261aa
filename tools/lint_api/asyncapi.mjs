// AsyncAPI's own parser over one description: prints what it finds as JSON, one entry a problem.
import { Parser, fromFile } from "@asyncapi/parser";

const { diagnostics } = await fromFile(new Parser(), process.argv[2]).parse();
console.log(JSON.stringify(diagnostics.map(({ code, message, path, severity }) => ({ code, message, path, severity }))));
