// The movie request in nginx's JavaScript: key, parameters, request body, subrequest, response body.
import crypto from 'crypto';

const sha256 = (text) => crypto.createHash('sha256').update(text).digest('hex');
const clients = {};
clients[sha256('@key@')] = true;

function refuse(r, status, message) {
    r.headersOut['Content-Type'] = 'application/json';
    r.return(status, JSON.stringify({ message }));
}

function handle(r) {
    const path = r.uri.match(/^\/movies\/prod\/predicted-ratings\/([^\/]+)$/);
    if (!path) {
        return refuse(r, 403, 'Missing Authentication Token');
    }
    const key = r.headersIn['x-api-key'];
    if (!key || !clients[sha256(key)]) {
        return refuse(r, 403, 'Forbidden');
    }
    const items = r.args.items;
    if (!items || !/^\d+(,\d+)*$/.test(items)) {
        return refuse(r, 400, 'Missing required request parameters: [items]');
    }
    const instances = items.split(',').map((item) => `{"in0":[${path[1]}],"in1":[${item}]}`);
    const call = { method: 'POST', args: '', body: `{"instances":[${instances.join(',')}]}` };
    r.subrequest('/invocations', call, (reply) => {
        const ratings = JSON.parse(reply.responseText).predictions.map((prediction) => prediction.scores[0]);
        r.headersOut['Content-Type'] = 'application/json';
        r.return(reply.status, JSON.stringify({ ratings }));
    });
}

export default { handle };
