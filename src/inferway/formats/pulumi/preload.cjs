// Loaded before a Pulumi program in Node.js: refuses the network, and tells the engine what happens, one JSON object a
// line. What it tells is what execute.py tells of a program in Python.
'use strict';

const dgram = require('node:dgram');
const dns = require('node:dns');
const fs = require('node:fs');
const net = require('node:net');
const { syncBuiltinESMExports, SourceMap } = require('node:module');
const util = require('node:util');
const { Worker, isMainThread, workerData } = require('node:worker_threads');

const LOCAL = new Set(['localhost', '::1', '', undefined, null]);
const MOST_FRAMES = 200;
const LONGEST_TEXT = 8000;
const FRAME = /^\s+at (?:.*?\()?(?:file:\/\/)?(\/.+?):(\d+):(\d+)\)?$/;

class NetworkDeniedError extends Error {
  constructor(host) {
    super(`${host} is not reached`);
    this.name = 'NetworkDeniedError';
    this.code = 'ENETUNREACH';
  }
}

function isFar(host) {
  return !LOCAL.has(host) && !String(host).startsWith('127.');
}

// What Node.js itself can open is refused; native modules and other programs pass it by.
function refuseNetwork() {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...given) {
    const [options] = Array.isArray(given[0]) ? given[0] : net._normalizeArgs(given);
    if (options.path || !isFar(options.host)) {
      return connect.apply(this, given);
    }
    const denied = new NetworkDeniedError(options.host);
    process.nextTick(() => this.destroy(denied));
    return this;
  };
  for (const kind of ['send', 'connect']) {
    const own = dgram.Socket.prototype[kind];
    dgram.Socket.prototype[kind] = function (...given) {
      const host = given.slice(1).find((each) => typeof each === 'string');
      if (isFar(host)) {
        throw new NetworkDeniedError(host);
      }
      return own.apply(this, given);
    };
  }
  const called = (own) => function (host, ...rest) {
    if (!isFar(host)) {
      return own.call(this, host, ...rest);
    }
    const denied = new NetworkDeniedError(host);
    const back = rest.at(-1);
    if (typeof back !== 'function') {
      throw denied;
    }
    process.nextTick(back, denied);
    return undefined;
  };
  const promised = (own) => async function (host, ...rest) {
    if (isFar(host)) {
      throw new NetworkDeniedError(host);
    }
    return own.call(this, host, ...rest);
  };
  for (const [holder, wrap] of [
    [dns, called], [dns.Resolver.prototype, called], [dns.promises, promised], [dns.promises.Resolver.prototype, promised],
  ]) {
    for (const name of Object.getOwnPropertyNames(holder).filter((each) => /^(lookup|resolve|reverse)/.test(each))) {
      if (typeof holder[name] === 'function') {
        holder[name] = wrap(holder[name]);
      }
    }
  }
  syncBuiltinESMExports();
}

function frames(stack) {
  return String(stack).split('\n').map((line) => FRAME.exec(line)).filter(Boolean).slice(0, MOST_FRAMES)
    .map(([, file, line, column]) => [decodeURI(file), Number(line), Number(column)]).reverse();
}

function described(error) {
  const kinds = [];
  for (let kind = error?.constructor; kind && kind !== Object && kind.name; kind = Object.getPrototypeOf(kind)) {
    kinds.push(kind.name);
  }
  if (error?.name && !kinds.includes(error.name)) {
    kinds.unshift(String(error.name));
  }
  const told = frames(error?.stack ?? '');
  const head = /^(\/.+):(\d+)\n/.exec(String(error?.stack ?? ''));
  if (head) {
    told.push([head[1], Number(head[2]), 0]);
  }
  const text = String(error?.message ?? error).slice(0, LONGEST_TEXT);
  const absent = /^Cannot find (?:module|package) '([^']+)'/.exec(text);
  return { kinds: kinds.length ? kinds : ['Error'], text, frames: told, missing: absent ? absent[1] : null, code: null };
}

function chained(error) {
  const chain = [];
  for (let each = error; each !== undefined && each !== null && chain.length < 8; each = each.cause) {
    chain.push(described(each));
  }
  return chain;
}

// Where the program stands, for one that never comes back: asked in a thread of its own, by V8's inspector.
function watch({ asked }) {
  const { Session } = require('node:inspector');
  const files = new Map();
  const maps = new Map();
  const session = new Session();
  const place = ({ location }) => {
    const found = maps.get(location.scriptId)?.findEntry(location.lineNumber, location.columnNumber ?? 0);
    const mapped = found?.originalSource !== undefined;
    const file = (mapped ? found.originalSource : files.get(location.scriptId) ?? '').replace(/^file:\/\//, '');
    return [decodeURI(file), (mapped ? found.originalLine : location.lineNumber) + 1];
  };
  const end = new net.Socket({ fd: asked, readable: true, writable: true });
  end.on('error', () => undefined);
  end.once('data', () => {
    session.connectToMainThread();
    session.on('Debugger.scriptParsed', ({ params }) => {
      files.set(params.scriptId, params.url);
      const inline = /^data:application\/json[^,]*;base64,(.*)$/.exec(params.sourceMapURL ?? '');
      if (inline) {
        maps.set(params.scriptId, new SourceMap(JSON.parse(Buffer.from(inline[1], 'base64').toString())));
      }
    });
    session.on('Debugger.paused', ({ params }) => {
      end.write(params.callFrames.map(place).map(([file, number]) => `File "${file}", line ${number} in it\n`).join(''));
    });
    session.post('Debugger.enable', () => session.post('Debugger.pause'));
  });
}

function report({ line, asked, root }) {
  const tell = (event) => {
    try {
      fs.writeSync(line, `${JSON.stringify(event)}\n`);
    } catch {
      // The engine is gone; it ends this process soon.
    }
  };
  const own = (file) => file.startsWith(`${root}/`) && !file.includes('/node_modules/');
  const seen = new Set();
  const files = () => tell({ event: 'files', files: Object.keys(require.cache).filter(own) });
  const failed = (error) => {
    if (!seen.has(error)) {
      seen.add(error);
      tell({ event: 'failed', chain: chained(error) });
      files();
    }
  };
  process.on('uncaughtExceptionMonitor', failed);
  process.on('unhandledRejection', failed);
  const { exit } = process;
  process.exit = (code = process.exitCode) => {
    const told = frames(new Error('exit').stack);
    if (seen.size === 0 && told.some(([file]) => own(file))) {
      tell({ event: 'failed', chain: [{ kinds: ['SystemExit'], text: '', frames: told, missing: null, code: Number(code ?? 0) }] });
    }
    exit.call(process, code);
  };
  process.on('exit', files);
  new Worker(__filename, { workerData: { inferway: { asked } }, execArgv: [], env: {} }).unref();
  fs.readSync(line, Buffer.alloc(1)); // until the engine listens
}

// Pulumi prints errors in colours, and where a stack has a file right below a scope of node_modules, as its own source maps
// have it, Node.js 20.20 never comes back from colouring it (markNodeModules in lib/internal/util/inspect.js).
function printPlainly() {
  const { inspect } = util;
  util.inspect = Object.assign((value, options, ...rest) =>
    inspect(value, options && typeof options === 'object' ? { ...options, colors: false } : options, ...rest), inspect);
}

if (isMainThread) {
  refuseNetwork();
  printPlainly();
  const ends = process.env.INFERWAY_ENDS;
  delete process.env.INFERWAY_ENDS;
  if (ends) {
    report(JSON.parse(ends));
  }
} else if (workerData?.inferway) {
  watch(workerData.inferway);
} else {
  refuseNetwork();
}
