# Copyright 2026 The Manyhands Authors
# SPDX-License-Identifier: Apache-2.0
import os


def register(app):
    @app.http(route="hello/{name}", methods=["GET", "POST"])
    def hello(request, context):
        return f"{os.environ.get('GREETING', 'Hello')}, {request.params['name']}"
