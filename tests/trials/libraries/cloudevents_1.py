"""A consumer with version 1 of the CloudEvents SDK, as its README has it."""

import sys

from cloudevents.exceptions import GenericException
from cloudevents.http import from_http
from flask import Flask, request

app = Flask("consumer")


@app.post("/")
def receive():
    try:
        event = from_http(request.headers, request.get_data())
    except GenericException as error:
        return str(error), 400
    print(event["id"], event["type"])
    return "", 204


app.run(port=int(sys.argv[1]))
