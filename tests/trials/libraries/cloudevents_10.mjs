// A consumer with the CloudEvents SDK for JavaScript, as its README has it.
import { HTTP } from "cloudevents";
import express from "express";

const app = express();
app.use(express.text({ type: () => true, limit: "1mb" }));
app.post("/", (request, response) => {
  try {
    const event = HTTP.toEvent({ headers: request.headers, body: request.body });
    console.log(event.id, event.type);
    response.sendStatus(204);
  } catch (error) {
    response.status(400).send(String(error.message));
  }
});
app.listen(Number(process.argv[2]), "127.0.0.1");
