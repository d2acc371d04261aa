// A consumer as Express has it: a parser for JSON, and a handler.
import express from "express";

const app = express();
app.use(express.json());
app.post("/", (request, response) => {
  const event = request.body;
  if (!event?.id || !event.type) return response.sendStatus(400);
  console.log(event.id, event.type);
  response.sendStatus(204);
});
app.listen(Number(process.argv[2]), "127.0.0.1");
