// Signs requests with npm's aws4 and sends them with Node's own client: node sign_and_send.mjs MODULES PORT < requests
import { createRequire } from "node:module";
import { request } from "node:http";
import { text } from "node:stream/consumers";

const [modules, port] = process.argv.slice(2);
const aws4 = createRequire(modules + "/")("aws4");

function send(asked) {
  const { credentials, ...options } = asked;
  const host = `127.0.0.1:${port}`;
  const given = { ...options, host, service: "execute-api", region: "us-east-1", headers: { ...options.headers } };
  const signed = aws4.sign(given, credentials);
  return new Promise((resolve) => {
    const made = { method: signed.method, path: signed.path, headers: signed.headers, host: "127.0.0.1", port };
    const sent = request(made, async (answer) => resolve([answer.statusCode, await text(answer)]));
    sent.on("error", (error) => resolve([0, String(error)]));
    sent.end(signed.body);
  });
}

const answers = [];
for (const asked of JSON.parse(await text(process.stdin))) answers.push(await send(asked));
process.stdout.write(JSON.stringify(answers));
