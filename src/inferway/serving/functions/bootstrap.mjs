// Runs one Node.js handler, an event at a time: a client of the Lambda Runtime API that its environment names.
//
// It uses nothing but Node.js itself, 18 or later, and stands alone. What handlers see of it follows the Lambda guide
// (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html, -context, -logging, -exceptions).

import fs from "node:fs";
import * as modules from "node:module";
import net from "node:net";
import path from "node:path";
import { Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import util from "node:util";

const BASE = "/2018-06-01/runtime";
const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
const NEWEST_WITH_CALLBACKS = 22;
const NO_CALLBACKS =
  "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to " +
  "modify this function to use a supported handler signature to use Node.js 24 or later. For more information see " +
  "https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.";
const NEVER_SETTLED =
  "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise " +
  "that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes";
const UNREADABLE =
  "callback called with Error argument, but there was a problem while retrieving one or more of its message, name, " +
  "and stack";

// An error of the runtime's own; its text may be another error, as the service gives it.
class RuntimeError extends Error {
  constructor(kind, cause) {
    super(cause instanceof Error ? String(cause) : cause);
    Object.defineProperty(this, "name", { value: `Runtime.${kind}` });
    this.stack = `${this.name}: ${this.message}\n${(cause?.stack ?? this.stack).split("\n").slice(1).join("\n")}`;
  }
}

// The client. A socket that waits for nothing does not keep the event loop alive, so that its emptiness can be seen.
class RuntimeApi {
  #address = process.env.AWS_LAMBDA_RUNTIME_API;
  #waiting = [];
  #chunks = [];
  #size = 0;
  #wanted = 0;
  #headers;
  #socket;

  constructor() {
    const [host, port] = this.#address.split(":");
    this.#socket = net.connect({ host, port: Number(port), noDelay: true });
    this.#socket.on("data", (chunk) => this.#read(chunk));
    // Without the function server there is nothing left to do.
    this.#socket.on("error", () => process.exit(0)).on("close", () => process.exit(0));
  }

  next() {
    return this.#send(`GET ${BASE}/invocation/next HTTP/1.1\r\nHost: ${this.#address}\r\n\r\n`, Buffer.alloc(0));
  }

  post(where, body, header = "") {
    const content = Buffer.from(body);
    const head = `POST ${BASE}${where} HTTP/1.1\r\nHost: ${this.#address}\r\n`;
    return this.#send(`${head}${header}Content-Length: ${content.length}\r\n\r\n`, content);
  }

  // A request whose body is sent in pieces: `open`, `piece` for each, `finish`. Only then is an answer awaited, so that
  // a response that nobody ends shows in an empty event loop.
  open(where, header) {
    const head = `POST ${BASE}${where} HTTP/1.1\r\nHost: ${this.#address}\r\n`;
    this.#socket.write(`${head}${header}Transfer-Encoding: chunked\r\n\r\n`, "latin1");
  }

  piece(content, done) {
    if (!content.length) return done();
    const size = Buffer.from(`${content.length.toString(16)}\r\n`);
    this.#socket.write(Buffer.concat([size, content, Buffer.from("\r\n")]), () => done());
  }

  finish(trailer = "") {
    return this.#send(`0\r\n${trailer}\r\n`, Buffer.alloc(0));
  }

  // Sends what is asked for in `act` in one piece.
  together(act) {
    this.#socket.cork();
    act();
    this.#socket.uncork();
  }

  #send(head, body) {
    this.#socket.ref();
    this.#socket.write(body.length ? Buffer.concat([Buffer.from(head, "latin1"), body]) : head);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #read(chunk) {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#size && this.#size >= this.#wanted) {
      const data = this.#chunks.length > 1 ? Buffer.concat(this.#chunks) : this.#chunks[0];
      this.#chunks = [data];
      if (!this.#headers) {
        const end = data.indexOf("\r\n\r\n");
        if (end < 0) return;
        this.#headers = headersOf(data.toString("latin1", 0, end));
        this.#wanted = end + 4 + Number(this.#headers["content-length"]);
        continue;
      }
      const body = data.subarray(this.#wanted - Number(this.#headers["content-length"]), this.#wanted);
      const headers = this.#headers;
      const rest = data.subarray(this.#wanted);
      this.#chunks = rest.length ? [rest] : [];
      this.#size = rest.length;
      this.#wanted = 0;
      this.#headers = undefined;
      const resolve = this.#waiting.shift();
      if (!this.#waiting.length) this.#socket.unref();
      resolve({ headers, body });
    }
  }
}

function headersOf(head) {
  const lines = head.split("\r\n").slice(1);
  const pair = (line, at) => [line.slice(0, at).toLowerCase(), line.slice(at + 2)];
  return Object.fromEntries(lines.map((line) => pair(line, line.indexOf(":"))));
}

let requestId;

function patchConsole() {
  const same = ["trace", "debug", "info", "warn", "error", "fatal"].map((name) => [name, name.toUpperCase()]);
  const levels = { ...Object.fromEntries(same), log: "INFO" };
  for (const [method, level] of Object.entries(levels)) {
    console[method] = (message, ...more) => {
      process.stdout.write(`${new Date().toISOString()}\t${requestId}\t${level}\t${util.format(message, ...more)}\n`);
    };
  }
}

function logError(what, error) {
  const shown = error instanceof Error ? error : new Error(error);
  const told = (_, value) => {
    if (!(value instanceof Error)) return value;
    const { errorType, errorMessage, trace } = documentOf(value);
    return { errorType, errorMessage, code: value.code, ...value, stack: trace };
  };
  let text;
  try {
    text = JSON.stringify(shown, told);
  } catch {
    text = JSON.stringify(documentOf(shown)); // what an error carries may be no JSON
  }
  console.error(what, `\t${text}`);
}

// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
function documentOf(error) {
  try {
    const texts = [error?.name, error?.message, error?.stack];
    const isError = util.types.isNativeError(error) || texts.every((each) => each && typeof each === "string");
    if (isError) return { errorType: error.name, errorMessage: error.message, trace: error.stack.split("\n") };
    return { errorType: typeof error, errorMessage: error.toString(), trace: [] };
  } catch {
    return { errorType: "handled", errorMessage: UNREADABLE };
  }
}

const api = new RuntimeApi();

function postError(where, error) {
  const document = documentOf(error);
  return api.post(where, JSON.stringify(document), errorType(document));
}

function errorType(document) {
  return `Lambda-Runtime-Function-Error-Type: ${String(document.errorType).replace(/[^\x20-\x7e]/g, "")}\r\n`;
}

// What is done with an error that nobody catches, and once the event loop is empty: both depend on the event.
let failed = (error, code) => postError("/init/error", error).then(() => process.exit(code));
let idle = () => {};

function watchProcess() {
  process.on("uncaughtException", (error) => {
    logError("Uncaught Exception", error);
    failed(error, 129);
  });
  process.on("unhandledRejection", (reason, promise) => {
    const error = new RuntimeError("UnhandledPromiseRejection", reason);
    Object.assign(error, { reason, promise });
    logError("Unhandled Promise Rejection", error);
    failed(error, 128);
  });
  process.on("beforeExit", () => {
    const act = idle;
    idle = () => {};
    act();
  });
}

// The service finds modules of NODE_PATH for `import` too (AWS compute blog, "Node.js 18.x runtime now available").
function findModulesOfPath() {
  const folders = (process.env.NODE_PATH ?? "").split(path.delimiter).filter(Boolean);
  const parents = folders.map((each) => pathToFileURL(path.join(each, "..", "_.mjs")).href);
  if (!parents.length) return;
  if (modules.registerHooks) {
    modules.registerHooks({
      resolve(name, context, next) {
        try {
          return next(name, context);
        } catch (error) {
          for (const parentURL of error.code === "ERR_MODULE_NOT_FOUND" ? parents : []) {
            try {
              return next(name, { ...context, parentURL });
            } catch {} // the next folder may have it
          }
          throw error;
        }
      },
    });
  } else {
    const hook = `const parents = ${JSON.stringify(parents)};
      export async function resolve(name, context, next) {
        try { return await next(name, context); } catch (error) {
          for (const parentURL of error.code === "ERR_MODULE_NOT_FOUND" ? parents : [])
            try { return await next(name, { ...context, parentURL }); } catch {}
          throw error;
        }
      }`;
    modules.register?.(`data:text/javascript,${encodeURIComponent(hook)}`);
  }
}

function isModuleFolder(folder) {
  for (let at = folder; ; at = path.dirname(at)) {
    if (at.endsWith("/node_modules")) return false;
    try {
      return JSON.parse(fs.readFileSync(path.join(at, "package.json"), "utf8")).type === "module";
    } catch (error) {
      if (error.code !== "ENOENT" || at === path.dirname(at)) return false;
    }
  }
}

async function importUserModule(root, folder, name) {
  const require = modules.createRequire(import.meta.url);
  const file = path.resolve(root, folder, name);
  const importFile = (each) => import(pathToFileURL(each).href);
  const script = isModuleFolder(path.dirname(file)) ? importFile : require;
  const kinds = [["", require], [".js", script], [".mjs", importFile], [".cjs", require]];
  for (const [ending, load] of kinds) {
    if (fs.statSync(file + ending, { throwIfNoEntry: false })?.isFile()) return load(file + ending);
  }
  return require(require.resolve(name, { paths: [root, path.resolve(root, folder)] }));
}

async function loadHandler(root, handler) {
  if (handler.includes("..")) {
    const mend = "Use absolute paths when specifying root directories in handler names.";
    throw new RuntimeError("MalformedHandlerName", `'${handler}' is not a valid handler name. ${mend}`);
  }
  const last = path.basename(handler);
  const match = /^([^.]*)\.(.*)$/.exec(last);
  if (!match) throw new RuntimeError("MalformedHandlerName", "Bad handler");
  let found;
  try {
    found = await importUserModule(root, handler.slice(0, handler.lastIndexOf(last)), match[1]);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError("UserCodeSyntaxError", error);
    if (error?.code === "MODULE_NOT_FOUND") throw new RuntimeError("ImportModuleError", error);
    throw error;
  }
  const value = match[2].split(".").reduce((inner, key) => inner && inner[key], found);
  if (!value) throw new RuntimeError("HandlerNotFound", `${handler} is undefined or not exported`);
  if (typeof value !== "function") throw new RuntimeError("HandlerNotFound", `${handler} is not a function`);
  const version = /nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? "");
  if (version && version[1] > NEWEST_WITH_CALLBACKS && value.length >= 3 && !value[STREAMING]) {
    throw new RuntimeError("CallbackHandlerDeprecated", NO_CALLBACKS);
  }
  return value;
}

// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
function contextOf(headers, more) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  const parsed = (text) => (text ? JSON.parse(text) : undefined);
  return Object.assign(more, {
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parsed(headers["lambda-runtime-client-context"]),
    identity: parsed(headers["lambda-runtime-cognito-identity"]),
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    tenantId: headers["lambda-runtime-aws-tenant-id"],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  });
}

const STREAMED =
  "Lambda-Runtime-Function-Response-Mode: streaming\r\n" +
  "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n";

// One event that is answered once: with a result, whole or in pieces, or with an error.
class Answer {
  #id;
  #done = false;
  #open = false;

  constructor(id) {
    this.#id = id;
  }

  result(body, header) {
    if (this.#done) return;
    this.#done = true;
    api.together(() => {
      api.post(`/invocation/${this.#id}/response`, body, header);
      next();
    });
  }

  get isOpen() {
    return this.#open;
  }

  piece(content, done) {
    if (this.#done) return done();
    if (!this.#open) api.open(`/invocation/${this.#id}/response`, STREAMED);
    this.#open = true;
    api.piece(content, done);
  }

  finish() {
    if (!this.#open) return this.result("", STREAMED);
    if (this.#done) return;
    this.#done = true;
    api.together(() => {
      api.finish();
      next();
    });
  }

  // https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html, "Response streaming requirements": trailers.
  #say(error) {
    if (!this.#open) return postError(`/invocation/${this.#id}/error`, error);
    const document = documentOf(error);
    const body = Buffer.from(JSON.stringify(document)).toString("base64");
    return api.finish(`${errorType(document)}Lambda-Runtime-Function-Error-Body: ${body}\r\n`);
  }

  json(value) {
    if (this.#done) return;
    let text;
    try {
      text = JSON.stringify(value === undefined ? null : value);
    } catch {
      return this.error(new Error("Unable to stringify response body"));
    }
    this.result(text ?? "null");
  }

  error(error) {
    if (this.#done) return;
    this.#done = true;
    logError("Invoke Error", error);
    api.together(() => {
      this.#say(error);
      next();
    });
  }

  // The process ends with it, so no next event is asked for.
  async fatal(error, code) {
    if (!this.#done) await this.#say(error);
    process.exit(code);
  }
}

function run(handler, headers, body) {
  const answer = new Answer(headers["lambda-runtime-aws-request-id"]);
  failed = (error, code) => answer.fatal(error, code);
  if (handler[STREAMING]) return runStreaming(handler, headers, body, answer);
  let called = false;
  const once = (act) => (...given) => {
    if (called) return;
    called = true;
    idle = () => {};
    act(...given);
  };
  const settle = (error, value) => (error === undefined || error === null ? answer.json(value) : answer.error(error));
  const done = once(settle);
  const context = contextOf(headers, {
    callbackWaitsForEmptyEventLoop: true,
    done,
    succeed: (value) => done(null, value),
    fail: (error) => done(error ?? "handled"),
  });
  const callback = once((error, value) => {
    const waits = context.callbackWaitsForEmptyEventLoop && (error === undefined || error === null);
    if (waits) idle = () => settle(null, value);
    else settle(error, value);
  });
  const isAsync = handler.constructor?.name === "AsyncFunction";
  idle = () => (isAsync ? answer.error(new RuntimeError("NodeJsExit", NEVER_SETTLED)) : answer.json(null));
  try {
    const result = handler(JSON.parse(body), context, callback);
    if (typeof result?.then === "function") result.then(context.succeed, context.fail);
  } catch (error) {
    callback(error);
  }
}

// https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html
async function runStreaming(handler, headers, body, answer) {
  const stream = new Writable({
    decodeStrings: false,
    objectMode: true,
    write(chunk, encoding, done) {
      const parts = [];
      if (!answer.isOpen) stream._onBeforeFirstWrite?.((first) => parts.push(Buffer.from(first)));
      if (typeof chunk === "string") parts.push(Buffer.from(chunk, encoding));
      else parts.push(Buffer.from(chunk instanceof Uint8Array ? chunk : JSON.stringify(chunk)));
      answer.piece(parts.length > 1 ? Buffer.concat(parts) : parts[0], done);
    },
  });
  stream.setContentType = () => {};
  idle = () => answer.error("Response stream is not finished.");
  try {
    const finished = new Promise((resolve, reject) => stream.on("finish", resolve).on("error", reject));
    finished.catch(() => {});
    const result = handler(JSON.parse(body), stream, contextOf(headers, { callbackWaitsForEmptyEventLoop: true }));
    if (typeof result?.then !== "function") throw "Streaming does not support non-async handlers.";
    await result;
    if (!stream.writableEnded) throw "Response stream is not finished.";
    await finished;
  } catch (error) {
    idle = () => {};
    return answer.error(error);
  }
  idle = () => {};
  answer.finish();
}

let handler;

async function next() {
  const { headers, body } = await api.next();
  requestId = headers["lambda-runtime-aws-request-id"];
  process.env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"];
  run(handler, headers, body);
}

patchConsole();
watchProcess();
findModulesOfPath();
globalThis.awslambda = {
  streamifyResponse: (given) => Object.assign(given, { [STREAMING]: "response" }),
  HttpResponseStream: class {
    static from(stream, prelude) {
      stream._onBeforeFirstWrite = (write) => [JSON.stringify(prelude), new Uint8Array(8)].forEach(write);
      return stream;
    }
  },
};
try {
  handler = await loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
  setImmediate(next); // a promise that was rejected meanwhile ends the start
} catch (error) {
  logError("Uncaught Exception", error);
  failed(error, 1);
}
