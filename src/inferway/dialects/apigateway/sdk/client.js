// The client of one API. Made by inferway; what it may be given and gives stands in README.md.
var apigClientFactory = (function () {
  'use strict';

  const API = { url: '', region: '', methods: [] };

  const ALGORITHM = 'AWS4-HMAC-SHA256';
  const SERVICE = 'execute-api';
  const JSON_TYPE = 'application/json';
  const OWN_DOMAIN = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/;
  const VARIABLE = /\{([^}]+?)(\+?)\}/g;
  const BODILESS = ['GET', 'HEAD'];
  const SENT = ['ArrayBuffer', 'Blob', 'File', 'FormData', 'URLSearchParams', 'ReadableStream'];

  const utf8 = (text) => new TextEncoder().encode(text);
  const has = (object, name) => Object.prototype.hasOwnProperty.call(object, name);
  const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);
  const given = (value) => value !== undefined && value !== null;

  // RFC 3986: encodeURIComponent leaves five characters that a signature has encoded.
  function encode(value) {
    return encodeURIComponent(String(value)).replace(
      /[!'()*]/g,
      (char) => '%' + char.charCodeAt(0).toString(16).toUpperCase(),
    );
  }

  function parameter(params, name) {
    return given(params) && has(params, name) ? params[name] : undefined;
  }

  function required(params, name) {
    const value = parameter(params, name);
    if (!given(value)) {
      throw new Error('the parameter ' + name + ' is missing');
    }
    return value;
  }

  // Nothing at all leads to another resource, and so do `.` and `..`, which a URL has taken out even where encoded.
  function pathOf(method, params) {
    return method.path.replace(VARIABLE, (_, name, greedy) => {
      const value = String(required(params, name));
      const parts = greedy ? value.split('/') : [value];
      if (value === '' || parts.includes('.') || parts.includes('..')) {
        throw new Error('the parameter ' + name + ' cannot be ' + JSON.stringify(value));
      }
      return parts.map(encode).join('/');
    });
  }

  function queryOf(method, params, more) {
    const values = new Map(method.query.map((name) => [name, parameter(params, name)]));
    Object.keys(more || {}).forEach((name) => values.set(name, more[name]));
    return Array.from(values)
      .filter(([, value]) => given(value))
      .map(([name, value]) => [encode(name), encode(value)])
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map((pair) => pair.join('='))
      .join('&');
  }

  function headersOf(method, params, more, settings) {
    const headers = new Headers({ accept: settings.accept });
    const set = (name, value) => given(value) && headers.set(name, String(value));
    method.headers.forEach((name) => set(name, parameter(params, name)));
    set('x-api-key', settings.apiKey || undefined);
    Object.keys(more || {}).forEach((name) => set(name, more[name]));
    return headers;
  }

  // Says whether a body is sent as it is, and not as JSON; a tag tells of it whichever window it comes from.
  function isSent(body) {
    return typeof body === 'string' || ArrayBuffer.isView(body) || SENT.includes(tagOf(body));
  }

  // Gives the body that is sent, undefined for none: pages write `{}` where they mean no body.
  function bodyOf(method, body) {
    const none = !given(body) || body === '' || (tagOf(body) === 'Object' && Object.keys(body).length === 0);
    if (none || BODILESS.includes(method.method)) {
      return undefined;
    }
    return isSent(body) ? body : JSON.stringify(body);
  }

  // Forms and blobs name their own content type, which a Response knows, as it knows the bytes of any body.
  async function payloadOf(body, headers, settings) {
    if (body === undefined) {
      headers.delete('content-type');
      return undefined;
    }
    const made = new Response(body);
    const own = typeof body === 'string' ? '' : made.headers.get('content-type');
    if (!headers.has('content-type')) {
      headers.set('content-type', own || settings.contentType);
    }
    return new Uint8Array(await made.arrayBuffer());
  }

  function hex(buffer) {
    return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  async function hmac(subtle, key, text) {
    const imported = await subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    return subtle.sign('HMAC', imported, utf8(text));
  }

  // Signature Version 4: "Create a signed AWS API request" of the IAM user guide; the path is encoded once more.
  async function sign(request, settings) {
    const subtle = globalThis.crypto && globalThis.crypto.subtle;
    if (!subtle) {
      throw new Error('calls are signed in pages of HTTPS or localhost, and in Node.js from version 20');
    }
    const { headers, url } = request;
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    headers.set('x-amz-date', time);
    if (settings.sessionToken) {
      headers.set('x-amz-security-token', settings.sessionToken);
    }
    const signed = [['host', url.host]];
    headers.forEach((value, name) => {
      if (name === 'content-type' || name.startsWith('x-amz-')) {
        signed.push([name, value.trim().replace(/ +/g, ' ')]);
      }
    });
    signed.sort(([a], [b]) => (a < b ? -1 : 1));
    const names = signed.map(([name]) => name).join(';');
    const canonical = [
      request.method,
      url.pathname.split('/').map(encode).join('/'),
      url.search.slice(1),
      ...signed.map((pair) => pair.join(':')),
      '',
      names,
      hex(await subtle.digest('SHA-256', request.payload || new Uint8Array())),
    ].join('\n');
    const scope = [time.slice(0, 8), settings.region, SERVICE, 'aws4_request'];
    const text = [ALGORITHM, time, scope.join('/'), hex(await subtle.digest('SHA-256', utf8(canonical)))].join('\n');
    let key = utf8('AWS4' + settings.secretKey);
    for (const part of scope) {
      key = await hmac(subtle, key, part);
    }
    const credential = [settings.accessKey, ...scope].join('/');
    const signature = hex(await hmac(subtle, key, text));
    headers.set(
      'authorization',
      ALGORITHM + ' Credential=' + credential + ', SignedHeaders=' + names + ', Signature=' + signature,
    );
  }

  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }

  async function send(request, body, settings, responseType) {
    const { headers, method, url } = request;
    request.payload = await payloadOf(body, headers, settings);
    if (settings.accessKey && settings.secretKey) {
      await sign(request, settings);
    }
    const reply = await fetch(url, { method, headers, body: request.payload });
    const data = responseType === 'arraybuffer' ? await reply.arrayBuffer() : parsed(await reply.text());
    const result = {
      data,
      status: reply.status,
      statusText: reply.statusText,
      headers: Object.fromEntries(reply.headers),
      config: { method, url: url.href, headers: Object.fromEntries(headers), data: body },
    };
    if (reply.ok) {
      return result;
    }
    // What is rejected is the answer itself; programs that ask an error for its `response` or `message` find them too.
    Object.defineProperty(result, 'response', { value: result });
    Object.defineProperty(result, 'message', { value: 'the API answered with the status ' + reply.status });
    throw result;
  }

  function call(settings, method, params, body, additional) {
    const more = additional || {};
    method.required.forEach((name) => required(params, name));
    const query = queryOf(method, params, more.queryParams);
    const request = {
      method: method.method,
      url: new URL(settings.url + pathOf(method, params) + (query && '?' + query)),
      headers: headersOf(method, params, more.headers, settings),
    };
    return send(request, bodyOf(method, body), settings, more.responseType);
  }

  function newClient(config) {
    const asked = config || {};
    const url = String(asked.invokeUrl || API.url).replace(/\/+$/, '');
    const [, region] = OWN_DOMAIN.exec(new URL(url).hostname) || [];
    const settings = {
      url,
      accessKey: asked.accessKey,
      secretKey: asked.secretKey,
      sessionToken: asked.sessionToken,
      region: asked.region || region || API.region,
      apiKey: asked.apiKey,
      contentType: asked.defaultContentType || JSON_TYPE,
      accept: asked.defaultAcceptType || JSON_TYPE,
    };
    const client = {};
    API.methods.forEach((method) => {
      const value = (params, body, additionalParams) => call(settings, method, params, body, additionalParams);
      method.names.forEach((name) => {
        Object.defineProperty(client, name, { value, configurable: true, enumerable: true, writable: true });
      });
    });
    return client;
  }

  return { newClient };
})();

if (typeof module === 'object' && module.exports) {
  module.exports = apigClientFactory;
}
