-- The movie request in nginx + Lua: key, token bucket, parameters and request body; then the response body.
local cjson = require "cjson.safe"
local ffi = require "ffi"

ffi.cdef "unsigned char *SHA256(const unsigned char *data, size_t length, unsigned char *digest);"

local buckets = ngx.shared.buckets
local digest = ffi.new("unsigned char[32]")

local function sha256(text)
    ffi.C.SHA256(text, #text, digest)
    return ffi.string(digest, 32)
end

local plans = { [sha256("@key@")] = { rate = 1e6, burst = 1e6 } }

local function refuse(status, message)
    ngx.status = status
    ngx.header["content-type"] = "application/json"
    ngx.print('{"message":"', message, '"}')
    return ngx.exit(status)
end

-- Several workers would share the buckets, so they stand in shared memory.
local function take(client, plan)
    local now = ngx.now()
    local tokens = buckets:get(client .. "tokens") or plan.burst
    local filled = buckets:get(client .. "filled") or now
    tokens = math.min(tokens + (now - filled) * plan.rate, plan.burst)
    buckets:set(client .. "filled", now)
    if tokens < 1 then
        buckets:set(client .. "tokens", tokens)
        return false
    end
    buckets:set(client .. "tokens", tokens - 1)
    return true
end

local function request()
    local path = ngx.re.match(ngx.var.uri, [[^/movies/prod/predicted-ratings/([^/]+)$]], "jo")
    if not path then return refuse(403, "Missing Authentication Token") end
    local key = ngx.var.http_x_api_key
    local client = key and sha256(key)
    local plan = client and plans[client]
    if not plan then return refuse(403, "Forbidden") end
    if not take(client, plan) then return refuse(429, "Too Many Requests") end
    local items = ngx.req.get_uri_args().items
    if type(items) ~= "string" or not ngx.re.find(items, [[^\d+(,\d+)*$]], "jo") then
        return refuse(400, "Missing required request parameters: [items]")
    end
    local user, instances = path[1], {}
    for item in items:gmatch("[^,]+") do
        instances[#instances + 1] = '{"in0":[' .. user .. '],"in1":[' .. item .. ']}'
    end
    ngx.req.read_body()
    ngx.req.set_method(ngx.HTTP_POST)
    ngx.req.set_body_data('{"instances":[' .. table.concat(instances, ",") .. ']}')
    ngx.req.set_header("content-type", "application/json")
    ngx.req.set_uri("/invocations")
    ngx.req.set_uri_args("")
end

local function response()
    if ngx.status ~= 200 then return end
    local held = ngx.ctx.held
    local body = held and held .. ngx.arg[1] or ngx.arg[1]
    if not ngx.arg[2] then
        ngx.ctx.held = body
        ngx.arg[1] = nil
        return
    end
    local ratings = {}
    for index, prediction in ipairs(cjson.decode(body).predictions) do
        ratings[index] = prediction.scores[1]
    end
    ngx.arg[1] = cjson.encode({ ratings = ratings })
end

return { request = request, response = response }
