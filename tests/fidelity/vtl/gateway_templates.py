"""API Gateway mapping templates over `$input` and `$util`, for `make_cases.py`."""

from __future__ import annotations

import json
from typing import Final

BODIES: Final[dict[str, str | None]] = {
    "none": None,
    "empty": "",
    "order": json.dumps(
        {
            "id": 7,
            "name": "Ann O'Neil",
            "price": 2.5,
            "paid": True,
            "note": None,
            "big": 10000000000,
            "tags": ["a", "b/c", 'q"t'],
            "lines": [{"sku": "x", "n": 1}, {"sku": "y", "n": 2}],
            "address": {"city": "Köln", "zip": "50667"},
            "empty": {},
            "none": [],
        },
        ensure_ascii=False,
    ),
    "list": '[1, "two", {"three": 3}, [4]]',
    "text": '"just text"',
    "number": "42",
    "broken": '{"a": ',
}
PARAMETERS: Final[dict[str, dict[str, str]]] = {
    "path": {"user_id": "321"},
    "querystring": {"items": "101,131,162", "q": "a b&c"},
    "header": {"Content-Type": "application/json", "X-Id": "h1"},
}

_PASSTHROUGH: Final = """#set($allParams = $input.params())
{
"body-json" : $input.json('$'),
"params" : {
#foreach($type in $allParams.keySet())
    #set($params = $allParams.get($type))
"$type" : {
    #foreach($paramName in $params.keySet())
    "$paramName" : "$util.escapeJavaScript($params.get($paramName))"
        #if($foreach.hasNext),#end
    #end
}
    #if($foreach.hasNext),#end
#end
},
"context" : { "account-id" : "$context.identity.accountId" }
}"""
_MOVIE: Final = """{ "instances": [
#set( $user_id = $input.params("user_id") )
#set( $items = $input.params("items") )
#foreach( $item in $items.split(",") )
  {"in0": [$user_id], "in1": [$item]}#if( $foreach.hasNext ),#end
  $esc.newline
#end
] }"""
_LINES: Final = """#set($order = $input.path('$'))
{
  "customer": "$order.name",
  "lines": [
#foreach($line in $order.lines)
    {"sku": "$line.sku", "count": $line.n}#if($foreach.hasNext),#end

#end
  ],
  "total": $order.lines.size()
}"""

GATEWAY_TEMPLATES: Final[tuple[tuple[str, str], ...]] = (
    ("order", _PASSTHROUGH),
    ("none", _PASSTHROUGH),
    ("none", _MOVIE),
    ("order", _LINES),
    ("none", "[$input.body]"),
    ("empty", "[$input.body]"),
    ("order", "[$input.body]"),
    ("list", "[$input.body]"),
    ("text", "[$input.body]"),
    ("number", "[$input.body]"),
    ("broken", "[$input.body]"),
    ("none", "$input.path('$')|$input.json('$')"),
    ("empty", "$input.path('$')|$input.json('$')"),
    ("order", "$input.path('$')|$input.json('$')"),
    ("list", "$input.path('$')|$input.json('$')"),
    ("text", "$input.path('$')|$input.json('$')"),
    ("number", "$input.path('$')|$input.json('$')"),
    (
        "order",
        ("$input.path('$.id') $input.path('$.name') $input.path('$.price') $input.path('$.paid') $input.path('$.big')"),
    ),
    ("order", ("[$input.path('$.nope')] [$input.path('$.note')] [$input.json('$.nope')] [$input.json('$.note')]")),
    ("order", "$input.path('$.tags') $input.path('$.lines') $input.path('$.address') $input.path('$.empty')"),
    ("order", "$input.json('$.tags') $input.json('$.lines') $input.json('$.address') $input.json('$.name')"),
    ("order", "$input.json('$.id') $input.json('$.price') $input.json('$.paid') $input.json('$.none')"),
    (
        "order",
        ("$input.path('$.tags[0]') $input.path('$.tags')[1] $input.path('$.lines[1].sku') $input.path('$.lines')[0].n"),
    ),
    (
        "order",
        ("#set($r = $input.path('$'))$r.id $r.address.city $r['name'] $r.get('price') $r.tags.size() $r.nope.deep"),
    ),
    (
        "order",
        (
            "#set($r = $input.path('$'))#foreach($k in $r.keySet())$k,#end $r.class.name $r.tags.class.nam"
            "e $r.tags.get(0)"
        ),
    ),
    ("order", "#foreach($t in $input.path('$.tags'))$foreach.count:$t#if($foreach.hasNext), #end#end"),
    ("order", "#foreach($l in $input.path('$.lines'))$l.sku=$l.n $l;#end"),
    ("order", "#set($x = {'l': $input.path('$.tags'), 'm': $input.path('$.address')})$x"),
    (
        "order",
        ("#set($x = [$input.path('$.tags'), 'a'])$x #set($r = $x[0].add('z'))$x $x[0].toString() $x[0].equals(['a'])"),
    ),
    (
        "order",
        (
            "#if($input.path('$.paid'))paid#end #if($input.path('$.nope') == '')missing#end #if($input.pat"
            "h('$.id') == 7)seven#end"
        ),
    ),
    ("order", "#set($sum = 0)#foreach($l in $input.path('$.lines'))#set($sum = $sum + $l.n)#end$sum"),
    (
        "order",
        ("#set($b = \"$input.body.length()\")$b.length() $input.body.contains('Ann') $input.body.startsWith('{')"),
    ),
    (
        "order",
        (
            "$util.escapeJavaScript($input.path('$.name')) $util.escapeJavaScript('a\"b/c\\d') $util.es"
            "capeJavaScript($input.json('$.tags'))"
        ),
    ),
    (
        "list",
        (
            "$input.path('$[0]') $input.path('$[1]') $input.path('$[2].three') $input.path('$')[3] $input."
            "path('$').size()"
        ),
    ),
    (
        "none",
        ("$util.urlEncode('a b&c=d/é') $util.urlDecode('a+b%26c') $util.base64Encode('hé') $util.base64Decode('aMOp')"),
    ),
    ("none", ('#set($j = $util.parseJson(\'{"a":[1,{"b":2}],"c":null}\'))$j $j.a $j.a[1].b [$j.c] $j.keySet()')),
    (
        "none",
        (
            "$input.params('user_id') $input.params('items') $input.params('X-Id') [$input.params('nope')]"
            " $input.params().path"
        ),
    ),
    ("none", ("$input.params().path.user_id $input.params().querystring.q $input.params().header.get('Content-Type')")),
    (
        "none",
        ("$input.params().header['X-Id'] $input.params('q').length() $input.params().size() $input.params().nope"),
    ),
    (
        "none",
        (
            "[$input.nope] [$input.nope()] [$input.params('a','b')] [$util.nope('x')] [$util.escapeJavaScr"
            "ipt()] [$inputs.body]"
        ),
    ),
    ("none", "#set($a = $input.params('nope'))#if($a == '')empty#end#if($a)true#end [$a.length()]"),
    (
        "none",
        (
            '{"id": "$input.params(\'user_id\')", "n": $input.params(\'user_id\'), "q": "$util.urlEncode($'
            "input.params('q'))\"}"
        ),
    ),
    ("none", "#foreach($h in $input.params().header.entrySet())$h.key: $h.value;#end"),
    ("none", "#set($x.y = 1)$x.y [$x] #set($m = {})#set($m.a = $nope)[$m.a] $m #set($m.b = '')$m"),
    ("none", "#macro(m $p)$p#end#m('x') #evaluate('$a') #return('x') #parse('x') #include('x') #recur(5)"),
    ("none", '\\$input.body $!input.body ${input.body} \\\\$input.body #set($d = "$input.body x")$d'),
    ("none", ("$context.requestId [$context.identity.sourceIp] #set($context.x = 1)[$context.x] [$stageVariables.a]")),
    (
        "none",
        ("#foreach($i in [1..1005])#if($foreach.count > 998)$i #end#end|#foreach($i in $nope)x#end|$foreach.count"),
    ),
    (
        "none",
        (
            "#if($nope)T#{else}F#end #if(!$nope)T#{else}F#end #if($nope == $null)T#end #if($nope == '')T#e"
            "nd #if($nope.a)T#end"
        ),
    ),
    ("none", "Hello $"),
    ("none", "$input.params("),
)
