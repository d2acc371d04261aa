import { consumer } from "./app.mjs";

consumer().app.listen(Number(process.env.PORT ?? 8080));
