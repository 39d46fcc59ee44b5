// Copyright 2026 The Manyhands Authors
// SPDX-License-Identifier: Apache-2.0

// A language worker in one file: a model for writing one in another language.
// It dials the Runtime, waits as a placeholder until it is given an app, and runs that app's functions.
// An app is a folder with index.js (or "main" of its package.json) that exports a function:
//   module.exports = (app) => { app.http('hello', { route: 'hello/{name?}' }, async (request, context) => ({ body: 'hi' })); };
// Rules: answer every request once; log before answering; never speak before StartStream; exit when the stream ends.
'use strict';

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { format } = require('node:util');

const VERSION = '0.1.0';
const CONNECT_SECONDS = 60;

function fail(message) {
  console.error(`node worker: ${message}`);
  process.exit(1);
}

let grpc;
let protoLoader;
try {
  grpc = require('@grpc/grpc-js');
  protoLoader = require('@grpc/proto-loader');
} catch (error) {
  fail(`a dependency is missing (${error.code || error.message}): run "npm ci" in ${__dirname}`);
}

// ---- Arguments: both official sets, as --name value pairs.
const options = {};
for (let i = 2; i + 1 < process.argv.length; i += 2) options[process.argv[i].replace(/^--/, '')] = process.argv[i + 1];
const address = options['functions-uri'] ? new URL(options['functions-uri']).host : `${options.host}:${options.port}`;
const workerId = options['functions-worker-id'] || options.workerId;
const requestId = options['functions-request-id'] || options.requestId || '';
const maxBytes = Number(options['functions-grpc-max-message-length'] || options.grpcMaxMessageLength || 2147483647);
if (!workerId || address.startsWith('undefined')) {
  fail('expected --host, --port and --workerId, or --functions-uri and --functions-worker-id');
}
const protoDirectory = path.join(__dirname, 'protos');
if (!fs.existsSync(path.join(protoDirectory, 'FunctionRpc.proto'))) {
  fail(`${path.join(protoDirectory, 'FunctionRpc.proto')} is missing: the build copies the protocol beside this file`);
}

// ---- The protocol's values and JavaScript's.
function toTyped(value) {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return { string: value };
  if (Buffer.isBuffer(value) || value instanceof Uint8Array) return { bytes: Buffer.from(value) };
  return { json: JSON.stringify(value) };
}

function fromTyped(data) {
  if (!data || !data.data) return undefined;
  const value = data[data.data];
  if (data.data === 'json') return JSON.parse(value);
  if (data.data === 'http') return toRequest(value);
  if (data.data.startsWith('collection_')) return Object.values(value)[0];
  return value;
}

function toRequest(http) {
  const raw = http.body && http.body.data ? http.body[http.body.data] : undefined;
  const text = () => (raw === undefined ? '' : Buffer.isBuffer(raw) ? raw.toString('utf8') : String(raw));
  return {
    method: http.method,
    url: http.url,
    headers: http.headers,
    query: http.query,
    params: http.params,
    body: raw,
    text,
    json: () => JSON.parse(text()),
  };
}

function toHttp(result) {
  const reply = result === null || typeof result !== 'object' || Buffer.isBuffer(result) ? { body: result } : result;
  const headers = {};
  for (const [name, value] of Object.entries(reply.headers || {})) headers[name] = String(value);
  const json = reply.jsonBody !== undefined;
  if (json && !Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')) {
    headers['content-type'] = 'application/json';
  }
  const body = json ? JSON.stringify(reply.jsonBody) : reply.body;
  return { http: { status_code: String(reply.status || 200), headers, body: toTyped(body) } };
}

function failure(error) {
  return {
    status: 'Failure',
    exception: {
      source: 'node',
      type: (error && error.name) || 'Error',
      message: String((error && error.message) || error),
      stack_trace: String((error && error.stack) || ''),
      is_user_exception: true,
    },
  };
}

const SUCCESS = { status: 'Success' };
const CANCELLED = { status: 'Cancelled' };

// ---- What an app calls to declare its functions.
class App {
  constructor() {
    this.functions = new Map();
  }

  http(name, settings, handler) {
    const { route, methods, authLevel = 'anonymous' } = settings;
    const trigger = { name: 'request', direction: 'in', type: 'httpTrigger', authLevel };
    if (route !== undefined) trigger.route = route;
    if (methods) trigger.methods = methods.map((method) => method.toLowerCase());
    this.generic(name, trigger, [{ name: '$return', direction: 'out', type: 'http' }], handler);
  }

  timer(name, settings, handler) {
    this.generic(name, { name: 'timer', direction: 'in', type: 'timerTrigger', ...settings }, [], handler);
  }

  /** Any trigger and outputs, in function.json form; the handler's result is `$return` or context.outputs[name]. */
  generic(name, trigger, outputs, handler) {
    if (this.functions.has(name)) throw new Error(`function "${name}" is declared twice`);
    if (typeof handler !== 'function') throw new Error(`function "${name}" has no handler (expected a function)`);
    this.functions.set(name, { name, trigger, outputs, handler });
  }
}

let app; // a promise of {directory, script, functions}, once this worker has its app
const loaded = new Map(); // function id -> function
const running = new Map(); // invocation id -> AbortController

async function openApp(directory) {
  if (!fs.existsSync(directory)) throw new Error(`app directory ${directory} does not exist`);
  const manifest = path.join(directory, 'package.json');
  const main = (fs.existsSync(manifest) && JSON.parse(fs.readFileSync(manifest, 'utf8')).main) || 'index.js';
  const script = path.join(directory, main);
  if (!fs.existsSync(script)) throw new Error(`${script} does not exist (expected the app's entry point)`);
  process.chdir(directory);
  const module = await import(pathToFileURL(script));
  const register = module.default;
  if (typeof register !== 'function') throw new Error(`${script} must export a function that takes the app`);
  const declared = new App();
  await register(declared);
  return { directory, script, functions: declared.functions };
}

function startApp(directory) {
  app = openApp(directory);
  app.catch(() => {}); // whoever awaits it answers with the failure
  return app;
}

function metadata(opened, declared) {
  return {
    function_id: createHash('sha256').update(declared.name).digest('hex').slice(0, 32),
    name: declared.name,
    language: 'node',
    directory: opened.directory,
    script_file: opened.script,
    raw_bindings: [declared.trigger, ...declared.outputs].map((binding) => JSON.stringify(binding)),
    properties: { worker_indexed: 'true' },
    status: SUCCESS,
  };
}

// ---- The conversation. Handlers return the answer's content; a throw becomes its Failure.
const capabilities = Object.fromEntries(
  [
    'RawHttpBodyBytes',
    'RpcHttpBodyOnly',
    'RpcHttpTriggerMetadataRemoved',
    'TypedDataCollection',
    'WorkerStatus',
    'HandlesWorkerTerminateMessage',
    'HandlesWorkerWarmupMessage',
    'HandlesInvocationCancelMessage',
  ].map((name) => [name, 'true']),
);
const workerMetadata = () => ({
  runtime_name: 'node',
  runtime_version: process.versions.node,
  worker_version: VERSION,
  worker_bitness: process.arch,
});

const handlers = {
  async worker_init_request(request) {
    if (request.function_app_directory) startApp(request.function_app_directory);
    return {
      worker_init_response: { worker_version: VERSION, capabilities, worker_metadata: workerMetadata(), result: SUCCESS },
    };
  },

  async worker_warmup_request() {
    return { worker_warmup_response: { result: SUCCESS } };
  },

  async worker_status_request() {
    return { worker_status_response: {} };
  },

  async function_environment_reload_request(request) {
    const answer = { worker_metadata: workerMetadata(), capabilities, capabilities_update_strategy: 'replace' };
    if (app) {
      const error = new Error('this worker already has an app (expected: a placeholder)');
      return { function_environment_reload_response: { ...answer, result: failure(error) } };
    }
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, request.environment_variables);
    try {
      if (!request.function_app_directory) throw new Error('function_app_directory is empty');
      await startApp(request.function_app_directory);
      return { function_environment_reload_response: { ...answer, result: SUCCESS } };
    } catch (error) {
      return { function_environment_reload_response: { ...answer, result: failure(error) } };
    }
  },

  async functions_metadata_request(request) {
    try {
      const opened = await (app || startApp(request.function_app_directory));
      const results = [...opened.functions.values()].map((declared) => metadata(opened, declared));
      return { function_metadata_response: { function_metadata_results: results, result: SUCCESS } };
    } catch (error) {
      return { function_metadata_response: { result: failure(error) } };
    }
  },

  async function_load_request(request) {
    const answer = { function_id: request.function_id };
    try {
      const functions = app ? (await app).functions : new Map();
      const declared = functions.get(request.metadata && request.metadata.name);
      if (!declared) {
        const known = [...functions.keys()].join(', ') || 'none';
        throw new Error(`no function "${request.metadata && request.metadata.name}" in this app (known: ${known})`);
      }
      loaded.set(request.function_id, declared);
      return { function_load_response: { ...answer, result: SUCCESS } };
    } catch (error) {
      return { function_load_response: { ...answer, result: failure(error) } };
    }
  },

  async invocation_request(request) {
    const id = request.invocation_id;
    const declared = loaded.get(request.function_id);
    if (!declared) {
      const error = new Error(`function id ${request.function_id} was not loaded`);
      return { invocation_response: { invocation_id: id, result: failure(error) } };
    }
    const abort = new AbortController();
    running.set(id, abort);
    const log = (level) => (...parts) =>
      send({
        rpc_log: {
          invocation_id: id,
          category: `Function.${declared.name}.User`,
          level,
          message: format(...parts),
          log_category: 'User',
        },
      });
    const context = {
      invocationId: id,
      functionName: declared.name,
      traceContext: request.trace_context || {},
      triggerMetadata: Object.fromEntries(
        Object.entries(request.trigger_metadata).map(([name, data]) => [name, fromTyped(data)]),
      ),
      outputs: {},
      signal: abort.signal,
      log: log('Information'),
      warn: log('Warning'),
      error: log('Error'),
    };
    try {
      const input = request.input_data.find((parameter) => parameter.name === declared.trigger.name);
      const result = await declared.handler(fromTyped(input && input.data), context);
      const http = declared.outputs.some((output) => output.type === 'http' && output.name === '$return');
      return {
        invocation_response: {
          invocation_id: id,
          return_value: http ? toHttp(result) : toTyped(result),
          output_data: Object.entries(context.outputs).map(([name, value]) => ({ name, data: toTyped(value) })),
          result: SUCCESS,
        },
      };
    } catch (error) {
      const result = abort.signal.aborted ? { ...failure(error), ...CANCELLED } : failure(error);
      return { invocation_response: { invocation_id: id, result } };
    } finally {
      running.delete(id);
    }
  },

  async invocation_cancel(request) {
    const abort = running.get(request.invocation_id);
    if (abort) abort.abort();
  },

  async worker_terminate(request) {
    const grace = Number(request.grace_period ? request.grace_period.seconds : 0) * 1000;
    const until = Date.now() + grace;
    const check = () => {
      if (running.size > 0 && Date.now() < until) return void setTimeout(check, 10);
      stream.end();
      setTimeout(() => process.exit(0), 50); // lets the last answers out
    };
    check();
  },
};

const definition = protoLoader.loadSync('FunctionRpc.proto', {
  includeDirs: [protoDirectory],
  keepCase: true,
  enums: String,
  longs: Number,
  defaults: true,
  oneofs: true,
});
const { FunctionRpc } = grpc.loadPackageDefinition(definition).AzureFunctionsRpcMessages;
const client = new FunctionRpc(address, grpc.credentials.createInsecure(), {
  'grpc.max_receive_message_length': maxBytes,
  'grpc.max_send_message_length': maxBytes,
  'grpc.max_reconnect_backoff_ms': 2000,
  'grpc.enable_http_proxy': 0,
});
let stream;

function send(content, id = '') {
  if (stream.writable) stream.write({ request_id: id, ...content });
}

// A function that fails late must not take its neighbours' calls with it.
process.on('unhandledRejection', (error) => console.error('node worker: unhandled rejection', error));

client.waitForReady(Date.now() + CONNECT_SECONDS * 1000, (error) => {
  if (error) fail(`no Runtime answered at ${address} within ${CONNECT_SECONDS} s`);
  stream = client.EventStream();
  stream.on('data', async (message) => {
    const handler = handlers[message.content];
    if (!handler) return; // unknown messages are no reason to fall over
    const answer = await handler(message[message.content]);
    if (answer) send(answer, message.request_id);
  });
  stream.on('end', () => process.exit(0));
  stream.on('error', (lost) => fail(`the stream to ${address} broke: ${lost.details || lost.message}`));
  send({ start_stream: { worker_id: workerId } }, requestId);
});
