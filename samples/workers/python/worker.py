#!/usr/bin/env python3
# Copyright 2026 The Manyhands Authors
# SPDX-License-Identifier: Apache-2.0
"""A language worker in one file: a model for writing one in another language.

It dials the Runtime, waits as a placeholder until it is given an app, and runs that app's functions. An app is a
folder with function_app.py that declares its functions:

    def register(app):
        @app.http(route="hello/{name?}")
        def hello(request, context):
            return "hi"

Rules: answer every request once; log before answering; never speak before StartStream; exit when the stream ends.
It needs Debian's python3-grpcio and python3-protobuf, and reads the protocol from protos/FunctionRpc.desc, a
descriptor set that the build writes; no code is generated.
"""

import asyncio
import concurrent.futures
import contextvars
import hashlib
import importlib.util
import inspect
import json
import logging
import os
import platform
import queue
import sys
import threading
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
VERSION = "0.1.0"
CONNECT_SECONDS = 60


def fail(message):
    print(f"python worker: {message}", file=sys.stderr, flush=True)
    os._exit(1)


try:
    import grpc
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
except ImportError as missing:
    fail(f"{missing.name} is missing from {sys.executable}: install python3-grpcio and python3-protobuf")


def load_protocol():
    """The class of StreamingMessage, built from the descriptor set."""
    file = os.path.join(HERE, "protos", "FunctionRpc.desc")
    if not os.path.exists(file):
        fail(f"{file} is missing: the build writes the protocol's descriptors beside this file")
    with open(file, "rb") as content:
        files = descriptor_pb2.FileDescriptorSet.FromString(content.read())
    pool = descriptor_pool.DescriptorPool()
    for proto in files.file:
        pool.Add(proto)
    descriptor = pool.FindMessageTypeByName("AzureFunctionsRpcMessages.StreamingMessage")
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)


# ---- The protocol's values and Python's.
class HttpRequest:
    def __init__(self, http):
        self.method, self.url = http.method, http.url
        self.headers, self.query, self.params = dict(http.headers), dict(http.query), dict(http.params)
        kind = http.body.WhichOneof("data")
        value = getattr(http.body, kind) if kind else b""
        self.body = value if isinstance(value, bytes) else str(value).encode()

    def text(self):
        return self.body.decode()

    def json(self):
        return json.loads(self.body)


class HttpResponse:
    def __init__(self, body="", status=200, headers=None):
        self.body, self.status, self.headers = body, status, headers or {}


def from_typed(data):
    kind = data.WhichOneof("data")
    if kind is None:
        return None
    value = getattr(data, kind)
    if kind == "json":
        return json.loads(value)
    if kind == "http":
        return HttpRequest(value)
    if kind.startswith("collection_"):
        return list(value.ListFields()[0][1]) if value.ListFields() else []
    return value


def to_typed(value, into):
    if value is None:
        return
    if isinstance(value, str):
        into.string = value
    elif isinstance(value, (bytes, bytearray)):
        into.bytes = bytes(value)
    else:
        into.json = json.dumps(value)


def to_http(value, into):
    reply = value if isinstance(value, HttpResponse) else HttpResponse("" if value is None else value)
    http = into.http
    http.status_code = str(reply.status)
    for name, text in reply.headers.items():
        http.headers[name] = str(text)
    body = reply.body
    if not isinstance(body, (str, bytes, bytearray)):
        body = json.dumps(body)
        if "content-type" not in {name.lower() for name in reply.headers}:
            http.headers["content-type"] = "application/json"
    to_typed(body, http.body)


# ---- What an app calls to declare its functions.
class App:
    HttpResponse = HttpResponse

    def __init__(self):
        self.functions = {}

    def http(self, name=None, route=None, methods=None, auth_level="anonymous"):
        trigger = {"name": "request", "direction": "in", "type": "httpTrigger", "authLevel": auth_level}
        if route is not None:
            trigger["route"] = route
        if methods:
            trigger["methods"] = [method.lower() for method in methods]
        return self.generic(trigger, [{"name": "$return", "direction": "out", "type": "http"}], name)

    def timer(self, schedule, name=None, **settings):
        trigger = {"name": "timer", "direction": "in", "type": "timerTrigger", "schedule": schedule, **settings}
        return self.generic(trigger, [], name)

    def generic(self, trigger, outputs=(), name=None):
        """Any trigger and outputs, in function.json form; the result is `$return` or context.outputs[name]."""

        def declare(handler):
            known_as = name or handler.__name__
            if known_as in self.functions:
                raise ValueError(f'function "{known_as}" is declared twice')
            self.functions[known_as] = Declared(known_as, trigger, list(outputs), handler)
            return handler

        return declare


class Declared:
    def __init__(self, name, trigger, outputs, handler):
        self.name, self.trigger, self.outputs, self.handler = name, trigger, outputs, handler
        self.id = hashlib.sha256(name.encode()).hexdigest()[:32]


class Context:
    def __init__(self, request, declared):
        self.invocation_id, self.function_name = request.invocation_id, declared.name
        self.trace_parent, self.trace_state = request.trace_context.trace_parent, request.trace_context.trace_state
        self.trigger_metadata = {name: from_typed(data) for name, data in request.trigger_metadata.items()}
        self.outputs = {}
        self.cancelled = threading.Event()


current = contextvars.ContextVar("invocation", default=None)


class StreamLogs(logging.Handler):
    """Python's logging, sent as RpcLog with the invocation it belongs to."""

    LEVELS = ((50, "Critical"), (40, "Error"), (30, "Warning"), (20, "Information"), (10, "Debug"), (0, "Trace"))

    def __init__(self, worker):
        super().__init__()
        self.worker = worker

    def emit(self, record):
        message, context = self.worker.message(), current.get()
        log = message.rpc_log
        log.message = self.format(record)
        level = next(name for least, name in self.LEVELS if record.levelno >= least)
        log.level = type(log).Level.Value(level)
        log.category = f"Function.{context.function_name}.User" if context else record.name
        log.log_category = type(log).RpcLogCategory.Value("User" if context else "System")
        if context:
            log.invocation_id = context.invocation_id
        self.worker.outbox.put(message)


CAPABILITIES = (
    "RawHttpBodyBytes",
    "RpcHttpBodyOnly",
    "RpcHttpTriggerMetadataRemoved",
    "TypedDataCollection",
    "WorkerStatus",
    "HandlesWorkerTerminateMessage",
    "HandlesWorkerWarmupMessage",
    "HandlesInvocationCancelMessage",
)


class Worker:
    def __init__(self, worker_id, request_id):
        self.message = load_protocol()
        self.outbox = queue.Queue()
        self.app, self.directory, self.opening_error = None, None, None
        self.loaded, self.running = {}, {}
        self.pool = None
        self.control = concurrent.futures.ThreadPoolExecutor(1, "control")
        # Asynchronous functions share one loop, synchronous ones the pool.
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, name="loop", daemon=True).start()
        start = self.message(request_id=request_id)
        start.start_stream.worker_id = worker_id
        self.outbox.put(start)

    def serve(self, stream_method):
        """Reads until the Runtime ends the stream. App code runs elsewhere, so status is answered at once."""
        for message in stream_method(iter(self.outbox.get, None)):
            kind = message.WhichOneof("content")
            if kind == "invocation_request":
                self.invoke(message)
            elif kind == "worker_status_request":
                self.reply(message, "worker_status_response").SetInParent()
                self.flush(message)
            elif kind == "invocation_cancel":
                context = self.running.get(message.invocation_cancel.invocation_id)
                if context:
                    context.cancelled.set()
            elif kind == "worker_terminate":
                threading.Thread(target=self.terminate, args=(message.worker_terminate,), daemon=True).start()
            elif kind and hasattr(self, f"on_{kind}"):
                self.control.submit(self.answer, kind, message)

    # -- answers: reply() opens one, flush() sends it
    answers = threading.local()

    def reply(self, request, kind):
        self.answers.open = self.message(request_id=request.request_id)
        return getattr(self.answers.open, kind)

    def flush(self, request):
        self.outbox.put(self.answers.open)

    def answer(self, kind, message):
        try:
            getattr(self, f"on_{kind}")(message, getattr(message, kind))
            self.flush(message)
        except Exception:  # pylint: disable=broad-except
            logging.exception("the worker failed at %s", kind)

    @staticmethod
    def succeed(result):
        result.status = type(result).Status.Value("Success")

    @staticmethod
    def fail_with(result, error, status="Failure"):
        result.status = type(result).Status.Value(status)
        result.exception.source = "python"
        result.exception.type = type(error).__name__
        result.exception.message = str(error)
        result.exception.stack_trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        result.exception.is_user_exception = True

    def describe(self, metadata):
        metadata.runtime_name = "python"
        metadata.runtime_version = ".".join(platform.python_version_tuple()[:2])
        metadata.worker_version, metadata.worker_bitness = VERSION, platform.machine()

    # -- life
    def on_worker_init_request(self, message, request):
        if request.function_app_directory:
            self.open_app(request.function_app_directory)
        answer = self.reply(message, "worker_init_response")
        answer.worker_version = VERSION
        for name in CAPABILITIES:
            answer.capabilities[name] = "true"
        self.describe(answer.worker_metadata)
        self.succeed(answer.result)

    def on_worker_warmup_request(self, message, _):
        self.succeed(self.reply(message, "worker_warmup_response").result)

    def on_function_environment_reload_request(self, message, request):
        error = None
        if self.app or self.opening_error:
            error = RuntimeError("this worker already has an app (expected: a placeholder)")
        else:
            os.environ.clear()
            os.environ.update(request.environment_variables)
            self.open_app(request.function_app_directory)
            error = self.opening_error
        answer = self.reply(message, "function_environment_reload_response")
        answer.capabilities_update_strategy = 1  # replace
        for name in CAPABILITIES:
            answer.capabilities[name] = "true"
        self.describe(answer.worker_metadata)
        if error:
            self.fail_with(answer.result, error)
        else:
            self.succeed(answer.result)

    def open_app(self, directory):
        try:
            script = os.path.join(directory, "function_app.py")
            if not os.path.isdir(directory):
                raise FileNotFoundError(f"app directory {directory!r} does not exist")
            if not os.path.exists(script):
                raise FileNotFoundError(f"{script} does not exist (expected the app's entry point)")
            os.chdir(directory)
            sys.path.insert(0, directory)
            threads = int(os.environ.get("PYTHON_THREADPOOL_THREAD_COUNT", "32"))
            self.pool = concurrent.futures.ThreadPoolExecutor(threads, "function")
            spec = importlib.util.spec_from_file_location("function_app", script)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            app = App()
            module.register(app)
            self.app, self.directory = app, directory
        except Exception as error:  # pylint: disable=broad-except
            self.opening_error = error

    # -- functions
    def on_functions_metadata_request(self, message, request):
        if not self.app and not self.opening_error:
            self.open_app(request.function_app_directory)
        answer = self.reply(message, "function_metadata_response")
        if self.opening_error:
            self.fail_with(answer.result, self.opening_error)
            return
        for declared in self.app.functions.values():
            metadata = answer.function_metadata_results.add()
            metadata.function_id, metadata.name, metadata.language = declared.id, declared.name, "python"
            metadata.directory = self.directory
            metadata.script_file = os.path.join(self.directory, "function_app.py")
            metadata.entry_point = declared.handler.__name__
            metadata.raw_bindings.extend(json.dumps(binding) for binding in [declared.trigger, *declared.outputs])
            metadata.properties["worker_indexed"] = "true"
            self.succeed(metadata.status)
        self.succeed(answer.result)

    def on_function_load_request(self, message, request):
        functions = self.app.functions if self.app else {}
        declared = functions.get(request.metadata.name)
        answer = self.reply(message, "function_load_response")
        answer.function_id = request.function_id
        if declared:
            self.loaded[request.function_id] = declared
            self.succeed(answer.result)
        else:
            known = ", ".join(functions) or "none"
            unknown = LookupError(f'no function "{request.metadata.name}" in this app (known: {known})')
            self.fail_with(answer.result, self.opening_error or unknown)

    def invoke(self, message):
        request = message.invocation_request
        declared = self.loaded.get(request.function_id)
        if not declared:
            answer = self.reply(message, "invocation_response")
            answer.invocation_id = request.invocation_id
            self.fail_with(answer.result, LookupError(f"function id {request.function_id} was not loaded"))
            self.flush(message)
            return
        context = Context(request, declared)
        self.running[request.invocation_id] = context
        if inspect.iscoroutinefunction(declared.handler):
            asyncio.run_coroutine_threadsafe(self.run_async(message, declared, context), self.loop)
        else:
            self.pool.submit(contextvars.Context().run, self.run, message, declared, context)

    def trigger_input(self, request, declared):
        for parameter in request.input_data:
            if parameter.name == declared.trigger["name"]:
                return from_typed(parameter.data)
        return None

    def run(self, message, declared, context):
        current.set(context)
        try:
            value = declared.handler(self.trigger_input(message.invocation_request, declared), context)
        except BaseException as error:  # pylint: disable=broad-except
            self.finish(message, declared, context, None, error)
        else:
            self.finish(message, declared, context, value, None)

    async def run_async(self, message, declared, context):
        current.set(context)
        try:
            value = await declared.handler(self.trigger_input(message.invocation_request, declared), context)
        except BaseException as error:  # pylint: disable=broad-except
            self.finish(message, declared, context, None, error)
        else:
            self.finish(message, declared, context, value, None)

    def finish(self, message, declared, context, value, error):
        answer = self.reply(message, "invocation_response")
        answer.invocation_id = context.invocation_id
        try:
            if error:
                raise error
            if any(output["type"] == "http" and output["name"] == "$return" for output in declared.outputs):
                to_http(value, answer.return_value)
            else:
                to_typed(value, answer.return_value)
            for name, output in context.outputs.items():
                to_typed(output, answer.output_data.add(name=name).data)
            self.succeed(answer.result)
        except BaseException as failed:  # pylint: disable=broad-except
            answer.ClearField("return_value")
            answer.ClearField("output_data")
            self.fail_with(answer.result, failed, "Cancelled" if context.cancelled.is_set() else "Failure")
        self.flush(message)
        self.running.pop(context.invocation_id, None)

    def terminate(self, request):
        until = time.monotonic() + request.grace_period.seconds + request.grace_period.nanos / 1e9
        while self.running and time.monotonic() < until:
            threading.Event().wait(0.01)
        self.outbox.put(None)  # completes our side of the stream, after the last answers
        threading.Event().wait(0.05)
        os._exit(0)


def main():
    arguments = dict(zip((name.lstrip("-") for name in sys.argv[1::2]), sys.argv[2::2]))
    uri = arguments.get("functions-uri", "")
    address = uri.split("://", 1)[-1].strip("/") or f"{arguments.get('host')}:{arguments.get('port')}"
    worker_id = arguments.get("functions-worker-id") or arguments.get("workerId")
    request_id = arguments.get("functions-request-id") or arguments.get("requestId") or ""
    limit = int(arguments.get("functions-grpc-max-message-length") or arguments.get("grpcMaxMessageLength") or 2147483647)
    if not worker_id or address.startswith("None"):
        fail("expected --host, --port and --workerId, or --functions-uri and --functions-worker-id")
    channel = grpc.insecure_channel(
        address,
        options=[
            ("grpc.max_receive_message_length", limit),
            ("grpc.max_send_message_length", limit),
            ("grpc.max_reconnect_backoff_ms", 2000),
            ("grpc.enable_http_proxy", 0),
        ],
    )
    try:
        grpc.channel_ready_future(channel).result(timeout=CONNECT_SECONDS)
    except grpc.FutureTimeoutError:
        fail(f"no Runtime answered at {address} within {CONNECT_SECONDS} s")
    worker = Worker(worker_id, request_id)
    logging.getLogger().addHandler(StreamLogs(worker))
    logging.getLogger().setLevel(logging.INFO)
    stream = channel.stream_stream(
        "/AzureFunctionsRpcMessages.FunctionRpc/EventStream",
        request_serializer=worker.message.SerializeToString,
        response_deserializer=worker.message.FromString,
    )
    try:
        worker.serve(stream)
    except grpc.RpcError as lost:
        fail(f"the stream to {address} broke: {lost.code().name} {lost.details()}")
    os._exit(0)  # the stream is complete; threads of functions still running do not hold the process


if __name__ == "__main__":
    main()
