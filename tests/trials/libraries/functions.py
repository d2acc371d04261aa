"""A function for CloudEvents, served by the Functions Framework."""

import sys

import functions_framework


@functions_framework.cloud_event
def receive(event):
    print(event["id"], event["type"])


if __name__ == "__main__":
    functions_framework.create_app("receive", __file__, "cloudevent").run(port=int(sys.argv[1]))
