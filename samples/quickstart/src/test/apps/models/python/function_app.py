# Copyright 2026 The Manyhands Authors
# SPDX-License-Identifier: Apache-2.0
import logging
import os


def register(app):
    @app.http(route="describe/{id}", methods=["GET"])
    def describe(request, context):
        logging.info("described %s", request.params["id"])
        body = {
            "colour": os.environ["COLOUR"],
            "id": request.params["id"],
            "q": request.query["q"],
            "process": os.getpid(),
        }
        return app.HttpResponse(body, 203, {"x-mine": "said"})

    @app.http(methods=["POST"])
    async def echo(request, context):
        return app.HttpResponse(request.body, headers={"content-type": "application/octet-stream"})

    @app.http()
    def fail(request, context):
        raise ValueError("it was meant to fail")

    @app.http()
    def die(request, context):
        os._exit(3)
