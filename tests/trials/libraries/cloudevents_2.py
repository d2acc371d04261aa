"""A consumer with version 2 of the CloudEvents SDK, as its README has it."""

import sys

from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from flask import Flask, request

app = Flask("consumer")


@app.post("/")
def receive():
    try:
        event = from_http_event(HTTPMessage(headers=dict(request.headers), body=request.get_data()))
    except Exception as error:
        return str(error), 400
    print(event.get_id(), event.get_type())
    return "", 204


app.run(port=int(sys.argv[1]))
