"""Templates of one construct each, for `make_cases.py`: their expected results come from Velocity itself."""

from __future__ import annotations

from typing import Final

TEMPLATES: Final[dict[str, tuple[str, ...]]] = {
    "directives": (
        "$#if(true)x#end",
        "x$## c\ny",
        "$\\#if z",
        "$$a $$!a #$!a",
        "a#break b",
        "#stop b",
        "#stop() b",
        "#stop('x') b",
        "#foreach x",
        "#foreach",
        "#foreach()x#end",
        "#foreach($i)x#end",
        "#foreach($i in)x#end",
        "#foreach($i of [1,2])$i#end",
        "#foreach($i in [1,2] $x)$i#end",
        "#foreach('i' in [1,2])$i#end",
        "#foreach($i.x in [1,2])$i#end",
        "#foreach(${i} in [1,2])$i#end",
        "#foreach($!i in [1,2])$i#end",
        "#foreach($!{i} in [1,2])$i#end",
        "#define x",
        "#define()x#end",
        "#define($x $y)z#end$x",
        "#define('x')z#end$x",
        "#define($x.y)z#end$x",
        "#macro x",
        "#macro()x#end",
        "#macro('x')x#end",
        "#macro(x y)x#end",
        "#macro(x $y 'z')x#end",
        "#macro(x)A#end#macro(x)B#end#x()",
        "#macro(x)A#end#x",
        "#macro(x)A#end#{x}b#{x}()c",
        "#macro(x $p)[$p $!p ${p.k}]#end#x($u)#x($m)#x('a')#x($u.foo)#x(\"$a\")#x([1])#x()#x(1 2)",
        "#@x('a')body#end",
        "#macro(x)[$bodyContent|$!bodyContent]#end#@x()body $a#end",
        "#macro(x $q)[$q $!bodyContent]#end#@x($a)body $q#end",
        "#@x",
        '#set($x="$")$x',
        '#set($x="a#if")',
        '#set($x="a#if(true)")',
        '#set($x="\\u0041 $a")$x',
        '#set($x="## c")$x',
        '#set($x="a $a ## c")$x|',
        '#set($x="#set($y=1) $y")$x|',
        "#evaluate('$a #set($q=1)')$q",
        '#evaluate("#if(")',
        "#evaluate(1)",
        "#evaluate($u)",
        "#evaluate($a $a)",
        "#evaluate",
        "#literal()$a #if(true)#end x#end",
        "#include('x')",
        "#parse('x')",
        "#parse",
        "#break()",
        "#break($a)",
        "#foreach($i in [1,2])$i#break($foreach)#end|",
        "#foreach($i in [1,2])$i#break('a')#end|",
        "#macro(x)a#break b#end#x()c",
        "#define($d)a#break b#end$d c",
        "#evaluate('a#break b')c",
        "#macro(x)a#stop b#end#x()c",
        "#define($d)a#stop b#end$d c",
        "#foreach($i in [1,2,3])$foreach.stop()$i#end|",
        "#foreach($i in [1,2,3])$foreach$foreach.size()#set($foreach.x=1)$foreach$foreach.x#end|",
        "$l[-1] $l[-2]",
        "$m[null] $m[$u]",
        "\t#end",
        "\t\t  #end",
        "ab\tc#end",
        "é😀#end",
        "a\r\nb\r#end",
        "#[[ x]]#y#[[ $a",
        "$#[[x]]#",
        "a\\#[[x]]#",
        "$a#[[x]]#",
        "#if($a)#[[ x ]]##end",
    ),
    "syntax": (
        "$.get('/x')",
        "$.get(",
        "$.get",
        "$.a.b",
        "$.a $a",
        "$!.a",
        "a $.get(1) b",
        "$.l.size()",
        "$.a.b()",
        "#set($x=1)#if($.a)",
        "$[a] $![b] $!\\[",
        "$.true",
        "$1.5",
        "${.a}",
        "${a",
        "${a.b",
        "${a.b(",
        "$a.b(",
        "$a.b(1",
        "$a[",
        "$a[1",
        "${a[1]",
        "$a.(x)",
        "$a.b(,)",
        "$a.b(1,)",
        "$a.b(x)",
        "$a.b(!x)",
        "$a.b( 1 , 2 )",
        "$a.",
        "$a.b.",
        "$a.b.1",
        "${a.b}.c",
        "${a}.length()",
        "$a-",
        "$-a",
        "$_a $a_",
        "$a b",
        "$!$a",
        "$!!a",
        "$! a",
        "$\\a",
        "$\\!a $\\\\!a \\$\\!a",
        "\\$u \\\\$u \\$!u \\\\$!u \\\\\\$u",
        "$a.length ()",
        "$a .length()",
        "$a[0][1]",
        "$a [0]",
        "$l[0].x $l[ 0 ] $l[\"0\"] $l['a'] $l[$n] $l[true]",
        "$m.k.length() $m['k'].length() $m.get('k').length() $m.get(\"k\")",
        '$m["$a"] $m["k"] $m[\'k\'][0]',
        "a #$!a b",
        "#{if}(true)x#{else}y#{end}",
        "#{foreach}($i in $l)$i#{end}",
        "#{set}($x=1)$x",
        "#{set} ($x=1)$x",
        "#set ($x=1)$x",
        "#set\t($x=1)$x",
        "#if\n(true)x#end",
        "#if (true) x #end",
        "#foreach ($i in $l) $i #end",
        "#end",
        "#else",
        "#elseif(true)",
        "#if(true)#else#else#end",
        "#if(true)#elseif(true)#else x#end",
        "#if()x#end",
        "#if x",
        "#ifx",
        "#endx",
        "#elsex",
        "#if(true)#{end}x",
        "#if(true)#endx",
        "#if(true)a#elseb#end",
        "#setx",
        "#set",
        "#set($x)",
        "#set($x=)",
        "#set(x=1)",
        "#set('x'=1)",
        "#set($x = 1",
        "#set($x=1))",
        "#set($x==1)",
        "#set($x=$a.b.c)",
        "#set($x=(1))$x",
        "#set($x = (1 + 2) * 3 )$x",
        "#set($x=1 2)",
        "#set($x={)",
        "#set($x=[1,])",
        "#set($x=[1 2])",
        "#set($x=[,])",
        "#set($x={'a'})",
        "#set($x={'a':})",
        "#set($x={'a':1,})",
        "#set($x={})$x",
        "#set($x={ })$x",
        "#set($x=[])$x",
        "#set($x=[ ])$x",
        "#set($x=[1..])",
        "#set($x=[1..'a'])",
        "#set($x=[1..2)",
        "#set($x=[ 1 .. 2 ])$x",
        "#set($x=[$n..1])$x",
        '#set($x=["a"..2])',
        "#set($x=-$n)",
        "#set($x=+1)",
        "#set($x=--1)",
        "#set($x= -1)$x",
        "#set($x=1-1)",
        "#set($x=1 -1)",
        "#set($x=1 - 1)$x",
        "#set($x=1+1)$x",
        "#set($x=1+-1)$x",
        "#set($x=.5)$x",
        "#set($x=5.)$x",
        "#set($x=1.e3)$x",
        "#set($x=1e3)$x",
        "#set($x=01)$x",
        "#set($x=0x1)",
        "#set($x=1L)",
        "#set($x=true)$x",
        "#set($x=True)",
        "#set($x=abc)",
        "#set($x='a)",
        '#set($x="a)',
        "#set($x='a' 'b')",
        '#set($x="a""b")$x',
        "#set($x='a\\'b')$x",
        '#set($x="a\\"b")$x',
        '#set($x="a\\\\")$x',
        "#set($x='')$x|",
        '#set($x="")$x|',
        "#set($x = 'a' + 'b')$x",
        "#set($x = $u + 'b')$x",
        "#set($x = 'b' + $u.x )$x",
        "#set($x = 1 and 2)$x",
        "#set($x = not true)$x",
        "#set($x = !true)$x",
        "#set($x = ! true)$x",
        "#set($x = 1 lt 2)$x",
        "#set($x = 1 <2)$x",
        "#set($x = true || false && false)$x",
        "#set($x=1);",
    ),
    "scopes": (
        "#if(1)T#{else}F#end",
        "#if(1.5)T#{else}F#end",
        "#if('a')T#{else}F#end",
        '#if("$a")T#{else}F#end',
        '#if("a")T#{else}F#end',
        "#if([1])T#{else}F#end",
        "#if([])T#{else}F#end",
        "#if({})T#{else}F#end",
        "#if([1..2])T#{else}F#end",
        "#if(1+1)T#{else}F#end",
        "#if((1))T#{else}F#end",
        "#if(!1)T#{else}F#end",
        "#if(!'a')T#{else}F#end",
        "#if(true)T#{else}F#end",
        "#if(1 && true)T#{else}F#end",
        "#if('a' || false)T#{else}F#end",
        "#if($n + 1)T#{else}F#end",
        "#if($n - 5)T#{else}F#end",
        "#if($n * $u)T#{else}F#end",
        "#if(($n))T#{else}F#end",
        "#if((!$n))T#{else}F#end",
        "#if((1==1))T#{else}F#end",
        "#if((true) && ($n))T#{else}F#end",
        "#if(('a'))T#{else}F#end",
        "#set($x=!1)$x #set($x=!'a')$x #set($x='a' && true)$x",
        "#set($x=(1 && 2))$x",
        "#set($b=false)#if($b)T#{else}F#end",
        "#if($nul)T#{else}F#end #if($e)T#end #if($em)T#end #if($el)T#end #if($fa)T#end #if($n)T#end",
        "#define($d)#set($w=1)x#end#if($d)T#{else}F#end$w",
        "#macro(mm1 $p)[$d2 $p]#end#define($d2)$p $q#end#set($q='Q')$d2 #mm1('P')#mm1($q)",
        "#macro(mm2 $p)#set($z=\"$d2\")$z#end#define($d2)$p $q#end#mm2('P')",
        "#macro(mm3 $p)$p.toString()#end#define($d2)$p $q#end#mm3($d2)",
        "#foreach($i in [1..3])#set($v=$i)#end$v $i",
        "#set($i='old')#foreach($i in [1..3])$i#end$i",
        "#foreach($i in [1,$u,3])[$i]#end",
        "#foreach($i in $m)$i,#end",
        "#foreach($i in $m.keySet())$i,#end",
        "#foreach($i in $m.entrySet())$i,$i.key,$i.value;#end",
        "#foreach($i in $m.values())$i,#end",
        "#foreach($i in $l.iterator())$i,#end",
        "#foreach($i in $s.split(', '))$i|#end",
        "#foreach($i in [1..3])#foreach($i in [7..8])$i#end$i#end",
        "#foreach($i in [1..3])$velocityCount#foreach($j in [7..8])$velocityCount#end$velocityCount#end",
        (
            "#foreach($i in [1..3])$foreach.index $foreach.count #if($foreach.hasNext)n#end#if($foreach.first)f#end"
            "#if($foreach.last)l#end#end"
        ),
        (
            "#foreach($i in [1..2])#foreach($j in [1..2])$foreach.parent.index$foreach.topmost.count$foreach.parent"
            ".parent#end#end"
        ),
        "#foreach($velocityCount in [4,5])$velocityCount#end",
        "#set($foreach='x')#foreach($i in [1,2])$foreach.index#end$foreach",
        "#foreach($i in [1,2])#set($foreach='x')$foreach#end$foreach",
        "#foreach($i in $l)#set($d=$l.add(1))#end",
        "#foreach($i in $l)$i#set($d=$l.remove(0))#end",
        "#foreach($i in [1,2,3])#set($i=9)$i#end",
        "#foreach($i in $l)#if($i==3)#set($d=$l.clear())#end$i#end",
        "#foreach($k in $m.keySet())#set($m.new=1)#end",
        "#foreach($k in $m.keySet())#set($m.k=1)$k#end$m",
        "#macro(fe $l)#foreach($i in $l)$i$foreach.count$velocityCount#end[$i]#end#fe([7,8])[$i][$foreach]",
        "#set($i='I')#macro(fe2 $l)#foreach($i in $l)$i#end[$i]#end#fe2([7,8])[$i]",
        "#macro(fe3 $i)#foreach($i in [1,2])$i#end[$i]#end#fe3('x')[$i]",
        "#macro(st $p)#set($p='new')$p#end#set($g='old')#st($g)$g$p",
        "#macro(nul $p)$!p|$p|${p}|$p.x|$!p.x#end#nul($u)#nul($u.v)#nul('')",
        "#macro(rec $n)$n#if($n>0)#set($k=$n - 1)#rec($k)#end#end#rec(3)",
        "#macro(in1)$x#end#macro(out1 $x)#in1()#end#out1('v')",
        "#macro(two $a $b)$a-$b#end#two(1,2) #two(1 2) #two( 1 , 2 ) #two(1) #two(1,2,3) #two()",
        "#macro(noargs)hi#end#noargs#noargs() #{noargs} #{noargs}() #noargs ()",
        "#macro(bc)<$!bodyContent>#end#@bc()x#end #@bc x#end",
        "#macro(lst $x)$x.size() $x.get(0)#end#lst(['a','b'])",
        "#macro(mp $x)$x.k $x#end#mp({'k':'v'})",
        "#macro(str $x)$x.length() $x#end#str(\"a$n\")#str('$n')",
        "#macro(num $x)$x #set($y=$x+1)$y#end#num(5)#num(-5)#num(1.5)#num(true)",
        "#macro(w x)a#end",
        "#macro(dup $x $x)$x#end#dup(1 2)",
        "#macro(esc)e#end\\#esc() \\\\#esc() \\#notesc() \\#{esc}()",
        "\\#if \\#{if} \\\\#if(true)x#end \\\\\\#if(true)x \\#end",
        "\\#foreach($i in $l) \\\\#foreach($i in [1])x#end",
        "\\#set($x=1) \\\\#set($x=1)$x",
        "\\#stop \\#break \\#macro \\#define \\#evaluate \\#include \\#parse \\#literal \\#return",
        "\\\\#stop",
        "\\\\\\#stop",
        "\\\\$a.length() \\$a.length() \\$a.foo \\\\$a.foo \\$!a.foo \\\\$!a.foo \\$!u \\${u} \\$!{u} \\\\$!{u}",
        "\\a \\\\ \\1",
    ),
    "lexical_errors": (
        "$a.b(é",
        "#if(é",
        "$a[é",
        "#set(é",
        "#foreach(é",
        "$a.b(1,é",
        "#if($a == é)",
        "#if(\x01)",
        "$a.b(1|",
        "#if(1|",
        "#if(1&",
        "#if({a",
        "#if(.x",
        "#if(-x",
        '#if("a',
        "#if('a",
        "#if(tru",
        "#if(1 @)",
        "#if(1 ~)",
        "#if(1 ?)",
        "#if(1 ;)",
        "$a[1.5]",
        "$a[-]",
        "$a[x]",
        '$a["a',
        "$a.b(tr)",
        "$a.b(-)",
        "$a.b(.)",
        "$a.b(@)",
        "#set($x = ~)",
        "#set($x = 1 \\ 2)",
        "#if(1 \\)",
    ),
    "patterns": (
        (
            "$s.split('o')[1] $s.split('[,o] ?').size() $s.split('').size() $s.split('\\s*').size() $s.split('(?=l)"
            "').size()"
        ),
        (
            "$s.replaceAll('l+','<$0>') $s.replaceAll('(\\w)(\\w)','$2$1') $s.replaceAll('[A-Z]','_') $s.replaceAll"
            "('$','!') $s.replaceAll('^','!') $s.replaceAll('.','.') $s.replaceAll('','-')"
        ),
        (
            "$s.replaceFirst('l','L') $s.replaceFirst('(o)','[$1]') $s.replaceAll('(?i)hello','x') $s.replaceAll('x"
            "*','-')"
        ),
        (
            "$s.matches('Hello') $s.matches('Hel.*') $s.matches('(?s).*World') $s.matches('[a-z]+') $s.matches('\\w"
            "+, \\w+')"
        ),
        "$s.replaceAll('l','$') ",
        "$s.replaceAll('l','$9')",
        "$s.replaceAll('l','a\\')",
        "$s.replaceAll('(','a')",
        "$s.replaceAll('[','a')",
        "$s.replaceAll('*','a')",
        "$s.split('(') ",
        (
            "$s.replaceAll('\\p{Upper}','u') $s.replaceAll('\\p{Punct}','') $s.replaceAll('[^a-zA-Z]','') $s.replac"
            "eAll('[a-z&&[^l]]','.') $s.replaceAll('\\bW','V')"
        ),
        (
            "$s.replaceAll('(?<x>o)','<${x}>') $s.replaceAll('l{2}','LL') $s.replaceAll('l{1,}?','q') $s.replaceAll"
            "('o|l','0') $s.replaceAll('(?:l|o)+','#')"
        ),
        (
            "$s.replaceAll('\\Qo,\\E','Q') $s.replaceAll('\\x6c','X') $s.replaceAll('\\u006c','X') $s.replaceAll('["
            "\\s,]','') $s.replaceAll('(l)\\1','dd')"
        ),
        (
            "$s.split(',',-1).size() $s.split('l',2)[1] $s.split('l',3)[2] $s.split('x').size() $s.split('d')[0] $s"
            ".split('H')[0]| $s.split('H').size()"
        ),
        (
            "$s.split('l+')[0] $s.split('.')[0] $s.split('.').size() $s.split('\\.').size() $s.split('|').size() $s"
            ".split('\\|').size() $e.split('x').size() $e.split('').size()"
        ),
        "$s.replace('l','L') $s.replace('.','!') $s.replace('','-') $s.replace('llo','') $s.replace('l','$1')",
        (
            "$s.replaceAll(\"(a+)+b\",\"x\") $s.replaceAll('l++','p') $s.replaceAll('(?>l+)','p') $s.replaceAll"
            "('o(?!r)','z') $s.replaceAll('(?<=l)l','z')"
        ),
        (
            "$s.replaceAll('\\d','') $s.replaceAll('\\D','d') $s.replaceAll('\\S','s') $s.replaceAll('\\W','w') $s."
            "replaceAll('\\s+$','') $s.replaceAll('\\R','')"
        ),
        (
            "$s.matches('') $e.matches('') $s.matches('.{12}') $s.matches('^Hello.*$') $s.matches('hello.*') $s.mat"
            "ches('(?i)hello.*')"
        ),
        "$s.replaceAll('o','\\$') $s.replaceAll('o','\\\\') $s.replaceAll('(o)','\\$1')",
        "$s.replaceAll('\\q','a')",
        "$s.replaceAll('a{2,1}','a')",
        "$s.replaceAll('[z-a]','a')",
        "$s.replaceAll('+','a')",
        "$s.replaceAll('l**','a')",
        "$s.replaceAll('\\','a')",
        "$s.split('\\')",
        "$s.replaceAll('{','a')",
        "$s.replaceAll('}','a') $s.replaceAll(']','a') $s.replaceAll(')','a')",
    ),
    "numbers": (
        "#set($x=2147483647 + 1)$x.class.name #set($y=$x - 1)$y $y.class.name",
        "#set($x=9223372036854775807 + 1)$x $x.class.name #set($y=$x - 1)$y.class.name $y",
        "#set($x=2147483648 - 2147483647)$x.class.name $x.equals(1) #if($x==1)T#end",
        "#set($x=9223372036854775807 * 2)$x #set($y=$huge + 1)$y #set($z=$huge * $huge)$z",
        "#set($x=$huge / 7)$x #set($y=$huge % 7)$y #set($z=$huge - $huge)$z $z.class.name",
        "#set($x=5 / 0)[$x] #set($y=5 % 0)[$y] #set($z=5.0 / 0)[$z] #set($w=0.0 / 1)$w",
        "#set($x=-7 / 2)$x #set($y=-7 % 2)$y #set($z=7 / -2)$z #set($w=7 % -2)$w #set($v=-7.5 % 2)$v",
        (
            "#set($x=1.1 + 2.2)$x #set($y=1e21 * 1)$y #set($z=1e-7 * 1)$z #set($w=123456789.0 * 1)$w #set($v=0.001 "
            "* 1)$v #set($q=0.0001 * 1)$q"
        ),
        "#set($x=1.0 * 10000000)$x #set($y=9999999.0)$y #set($z=100.0)$z #set($w=1.0E10)$w #set($v=1e300 * 1e300)$v",
        "#set($x=$n + $f)$x #set($y=$n * $f)$y #set($z=$f / $n)$z #set($w=$big + $f)$w #set($v=$big * $big)$v",
        (
            "#set($x='a' + 1)$x #set($y=1 + 'a')$y #set($z='' + $f)$z #set($w=$l + 'x')$w #set($v='m' + $m)$v #set("
            "$q='t' + true)$q"
        ),
        "#set($x='a' - 'b')[$x] #set($y=$l + $l)[$y] #set($z=true + 1)[$z] #set($w=$m * 2)[$w]",
        (
            "$n.intValue() $f.intValue() $big.intValue() $n.doubleValue() $n.longValue().class.name $f.longValue() "
            "$huge.intValue() $huge.longValue()"
        ),
        (
            "$n.toString() $n.hashCode() $f.hashCode() $big.hashCode() $t.hashCode() $a.hashCode() $huge.hashCode()"
            " $l.hashCode() $m.hashCode()"
        ),
        (
            "$n.parseInt('7') $n.valueOf('8') $n.valueOf(9) $n.toHexString(255) $n.toBinaryString(5) $n.toOctalStri"
            "ng(8) $n.max(1,2) $n.min(1,2) $n.sum(1,2) $n.compare(1,2) $n.signum(-3) $n.bitCount(7)"
        ),
        "$n.parseInt('ff',16) $n.toString(255,16) $n.toString(7) $n.reverse(1)",
        (
            "$n.reverse(-77) $n.reverseBytes(305419896) $n.highestOneBit(0) $n.highestOneBit(-1) $n.lowestOneBit(-77)"
            " $n.numberOfLeadingZeros(5) $n.numberOfTrailingZeros(0) $n.rotateLeft(-77,3) $n.rotateRight(5,35)"
            " $n.class.reverse(5)"
        ),
        (
            "$big.reverse($big) $big.reverseBytes(5) $big.highestOneBit($big) $big.lowestOneBit(-8) $big"
            ".numberOfLeadingZeros(5) $big.numberOfTrailingZeros(0) $big.rotateLeft($big,3) $big.rotateRight(5,67)"
            " $big.bitCount($big)"
        ),
        "$n.parseInt('x')",
        "$n.parseInt('99999999999')",
        "$n.parseInt('')",
        (
            "$n.compareTo(3) $n.equals(5) $n.equals('5') $n.equals($big) $f.equals(2.5) $f.compareTo(1.5) $f.isNaN("
            ") $f.isInfinite()"
        ),
        "$n.compareTo('5')",
        "$n.compareTo($big)",
        "$f.parseDouble('1.5e3') $f.valueOf('2') $f.toString(3.5) $f.max(1.5,2.5) $f.compare(1.5,2.5)",
        "$f.parseDouble('x')",
        "$big.parseLong('123') $big.toString() $big.max(1,2) $big.compareTo($big) $big.equals(10000000000)",
        (
            "$huge.add($huge) $huge.subtract($huge) $huge.negate() $huge.abs() $huge.signum() $huge.pow(2) $huge.co"
            "mpareTo($huge) $huge.add(1)"
        ),
        (
            "$t.booleanValue() $t.toString() $t.equals(true) $t.parseBoolean('TRUE') $t.compareTo(false) $t.and(tru"
            "e) $t.logicalAnd(true,false)"
        ),
        (
            "$n.class $n.class.name $n.getClass().getName() $n.getClass().name $f.class.name $t.class.name $l.class"
            ".name $m.class.name $a.class.name $big.class.name $huge.class.name"
        ),
        (
            "$n.class.class $n.class.forName('x') $n.class.simpleName $n.class.valueOf('5') $n.class.parseInt('5') "
            "$a.class.format('x') $n.class.classLoader $n.class.getMethods()"
        ),
        (
            "#if(1==1.0)a#end#if($big==10000000000)b#end#if($f==2.5)c#end#if($n==5.0)d#end#if($huge==$huge)e#end#if"
            "(1 lt 2 and 2 gt 1)f#end#if(1<=1 && 1>=1)g#end#if(1 ne 2)h#end"
        ),
        (
            "#if($f > 2)a#end#if($f < 3)b#end#if($n >= 5)c#end#if($n <= 4)d#end#if($big > $n)e#end#if($huge > $big)"
            "f#end#if($huge > 1.5)g#end#if($u > 1)h#end#if('b' > 'a')i#end#if($t > 1)j#end"
        ),
        (
            "#if($l == $ls)a#end#if($l == [3,1,2])b#end#if($m == {'k':'v','n':{'x':1},'z':0})c#end#if($m == $l)d#en"
            "d#if($l == '[3, 1, 2]')e#end#if($t == 'true')f#end#if($n == '5')g#end#if($a == 'A')h#end#if($nul == $u"
            ")i#end#if($e == $u)j#end"
        ),
        (
            "#set($i=[1..5])$i.size() $i #set($j=[-1..-3])$j #set($k=[$n..$n])$k #set($q=[$f..4])$q #set($w=[$a..2]"
            ")[$w] #set($v=[$u..2])[$v] #set($z=[1..$big])$z.size()"
        ),
    ),
    "strings": (
        (
            "$s.length() $s.toUpperCase() $s.toLowerCase() $s.trim() $s.isEmpty() $s.isBlank() $s.strip() $s.hashCo"
            "de() $s.intern()"
        ),
        "$s.substring(3) $s.substring(0,5) $s.substring(12) $s.substring(3,3) $s.subSequence(1,3)",
        "$s.substring(13)",
        "$s.substring(-1)",
        "$s.substring(5,2)",
        (
            "$s.charAt(0) $s.charAt(4).class.name $s.codePointAt(0) $s.indexOf('o') $s.indexOf('o',5) $s.indexOf('z"
            "z') $s.indexOf('') $s.lastIndexOf('o') $s.lastIndexOf('o',5) $s.lastIndexOf('')"
        ),
        "$s.charAt(99)",
        "$s.charAt(-1)",
        (
            "$s.contains('World') $s.contains('') $s.startsWith('Hello') $s.startsWith('World',7) $s.endsWith('Worl"
            "d') $s.endsWith('') $s.equals('x') $s.equalsIgnoreCase('HELLO, WORLD') $s.contentEquals('a')"
        ),
        (
            "$s.concat('!') $s.concat($a) $s.repeat(2) $s.repeat(0)| $s.replace('l','L') $s.replace('Hello','Bye') "
            "$s.compareTo('Hello') $s.compareTo('Z') $s.compareToIgnoreCase('hello, world')"
        ),
        "$s.repeat(-1)",
        "$s.concat($u)",
        "$s.contains($u)",
        "$s.indexOf($u)",
        "$s.equals($u) $s.equalsIgnoreCase($u)",
        (
            "$s.split(',')[0] $s.split(',')[1] $s.split(',').size() $s.split(', ').get(1) $s.split('x').get(0) $s.s"
            "plit(',').isEmpty() $s.split(',').contains('Hello') $s.split(',').indexOf('Hello')"
        ),
        "$s.split(',')[5]",
        "$s.split(',').get(5)",
        "#set($p=$s.split(','))#set($p[0]='changed')$p[0] $p.set(1,'z') $p[1] $p[-1]",
        (
            "#foreach($p in $s.split('l'))[$p]#end #foreach($p in $e.split(','))[$p]#end #foreach($p in ',a,,b,,'.s"
            "plit(','))x#end"
        ),
        (
            "#set($c=',a,,b,,')#foreach($p in $c.split(','))[$p]#end#foreach($p in $c.split(',',-1))[$p]#end#foreac"
            "h($p in $c.split(',',3))[$p]#end"
        ),
        "#foreach($c in $s.toCharArray())$c.#end $s.toCharArray().size() $s.getBytes().size()",
        (
            "$s.format('%s-%s',1,2) $s.format('%d',5) $s.format('%5d|%-5d|%05d|%+d',1,2,3,4) $s.format('%.2f',2.345"
            ") $s.format('%8.3f|',2.5) $s.format('%x %X %o',255,255,8) $s.format('%%') $s.format('%,d',1234567) $s."
            "format('%s',$l) $s.format('%b %c',true,65) $s.format('%e',12345.678) $s.format('%10s|%-10s|','a','b') "
            "$s.format('%S','abc') $s.format('%2$s %1$s','a','b')"
        ),
        "$s.format('%d','x')",
        "$s.format('%s')",
        "$s.format('%q',1)",
        "$s.format('%d',1.5)",
        (
            "$s.valueOf(1) $s.valueOf(true) $s.valueOf($l) $s.valueOf(1.5) $s.valueOf('x') $s.join('-',['a','b',1])"
            " $s.join('-','a','b') $s.join('-',[]) $s.join(',',$ls)"
        ),
        "$s.regionMatches(0,'Hello',0,5) $s.regionMatches(true,0,'HELLO',0,5)",
        "$s.bytes $s.empty $s.blank $s.class $s.length $s.foo $s.chars",
        (
            "$a.charAt(0).equals('A') #if($a.charAt(0)=='A')eq#end $a.charAt(0).toString().equals('A') $a.charAt(0)"
            ".isDigit($a.charAt(0)) $a.charAt(0).compareTo($a.charAt(0)) #set($c=$a.charAt(0) + 'b')$c #set($c=$a.c"
            "harAt(0) + 1)[$c] $a.charAt(0).hashCode()"
        ),
        (
            "$u8 $u8.length() $u8.toUpperCase() $u8.substring(1,3) $u8.indexOf('x') $u8.charAt(1) $u8.replace('é','"
            "e') $u8.substring(3) $u8.contains('😀') $u8.hashCode() $u8.codePointAt(3)"
        ),
        '"$s" \'$s\' "${s.length()}" "$s.substring(0,5)!" \'"$a"\'',
        (
            '#set($q="a$n")$q #set($q=\'a$n\')$q #set($q="$s.split(\',\')[0]")$q #set($q="#foreach($i in $l)$i#end"'
            ')$q #set($q="#if($t)y#{else}n#end")$q #set($q="#set($w=1)$w")$q $w #set($q="$u $!u ${u}")$q #set($q="'
            '\\$a")$q #set($q="$$a")$q #set($q="$a$")$q #set($q="#")$q #set($q="a#b")$q'
        ),
        (
            '#set($q="{""a"":""$a""}")$q #set($q=\'{"a":1}\')$q #set($q="it\'s")$q #set($q=\'say "hi"\')$q #set($q='
            '"x\\ny")$q #set($q="\\u00e9 $a")$q #set($q=\'\\u00e9\')$q'
        ),
    ),
    "collections": (
        (
            "$l.size() $l.isEmpty() $l.get(0) $l[0] $l[-1] $l.contains(1) $l.contains('1') $l.indexOf(2) $l.lastInd"
            "exOf(9) $l.toString() $l.hashCode() $l.equals([3,1,2]) $l.subList(0,2) $l.iterator().next() $l.iterato"
            "r().hasNext()"
        ),
        "$l.get(3)",
        "$l.get(-1)",
        "$l[7]",
        "$l[-9]",
        "$l.get('0') $l['0'] $l.get($big) $l.get(0.0) $l.foo $l.size $l.empty $l.first $l.class.name",
        (
            "$l.add(4) $l $l.add(0,9) $l $l.remove(0) $l $l.set(0,'x') $l $l.addAll([7,8]) $l $l.addAll(0,['p']) $l"
            " $l.removeAll([7]) $l $l.retainAll([8,'p']) $l $l.clear()| $l $l.isEmpty()"
        ),
        "$l.add(9,1)",
        "$l.set(9,1)",
        "$l.remove(9)",
        "$l.subList(2,1)",
        "$l.subList(0,9)",
        (
            "$l.remove('x') $l.remove($u) $l.containsAll([1,2]) $l.containsAll([]) $l.addAll([]) $l.removeAll([9]) "
            "$l.indexOf($u) $l.contains($u)"
        ),
        "#set($l[0]='new')$l #set($l[-1]='last')$l #set($l.x=1)$l #set($l['a']=1)$l",
        "#set($l[9]=1)",
        (
            "$mix $mix[0] $mix[2] $mix[3] [$mix[4]] $mix[5] $mix[5][0] $mix[6] $mix[6].y $mix[6]['y'] $mix.size() $"
            "lm $lm[0].id $lm[1].name $lm.get(0).get('name')"
        ),
        (
            "$m $m.k $m['k'] $m.get('k') $m.n.x $m['n']['x'] $m.n['x'] $m.get('n').x $m.z $m.nope $m.get('nope') $m"
            "['nope'] $!m.nope ${m.k}s ${m['k']}"
        ),
        (
            "$m.size() $m.isEmpty() $m.containsKey('k') $m.containsKey('q') $m.containsValue('v') $m.keySet() $m.va"
            "lues() $m.entrySet() $m.getOrDefault('q','d') $m.getOrDefault('k','d') $m.hashCode() $m.equals($m) $m."
            "class.name $m.empty $m.size"
        ),
        (
            "$m.put('new',1) $m $m.put('k','w') $m $m.putIfAbsent('k','q') $m.putIfAbsent('r','s') $m $m.remove('k'"
            ") $m $m.remove('nope') $m.replace('r','t') $m.putAll({'a':1}) $m $m.clear() $m"
        ),
        (
            "#set($m.new=1)$m #set($m['x y']=2)$m #set($m.n.x=3)$m #set($m.n.y.z=4)$m #set($m.get('n').q=5)$m #set("
            "$m.n['r']=6)$m #set($m[1]=7)$m $m[1] $m.get(1)"
        ),
        "#set($m.k=$u)$m #set($m.n=$nul)$m $m.put('p',$u) $m #set($m[\"$u\"]=1)$m",
        (
            "$m.keySet().size() $m.keySet().contains('k') $m.keySet().iterator().next() $m.keySet().isEmpty() $m.ke"
            "ySet()[0] $m.keySet().get(0) $m.values().contains('v') $m.values().size() $m.entrySet().size() $m.entr"
            "ySet().iterator().next().key $m.entrySet().iterator().next().getValue() $m.entrySet().iterator().next("
            ").value $m.entrySet().iterator().next()"
        ),
        "$m.keySet().remove('k') $m $m.keySet().add('z')",
        "#foreach($e in $m.entrySet())$e.key=$e.value;$e.getKey();$e #end",
        "#foreach($e in $m.entrySet())#set($r=$e.setValue('new'))#end$m",
        '#foreach($k in $m.keySet())$k=$m[$k] $m.get($k) $m.get("$k");#end',
        (
            "#set($x={})$x.isEmpty() $x #set($x.a=[])#set($r=$x.a.add(1))$x #set($x.b={'c':{'d':[1,{'e':'f'}]}})$x "
            "$x.b.c.d[1].e"
        ),
        (
            "#set($x=[1,2.0,'a',true,$u,[],{}])$x $x.size() #set($x=[$a,\"$a\",'$a'])$x #set($x=[[1,2],[3]])$x[0]"
            "[1] $x.get(1).get(0)"
        ),
        (
            "#set($x={'a':1,'b':[1,2],\"c$n\":$a})$x $x.c5 #set($x={$a:1, 2:2, true:3, 1.5:4})$x $x.get(2) $x.get"
            "('A') $x.get(true)"
        ),
        "#set($x=[])#set($r=$x.add($x))$x",
        "#set($x={})#set($x.me=$x)$x",
        "$el $em $e $el.size() $em.size() $e.length() $el[0]",
        "$em.a.b $em['a'] $em.get('a') $!em.a",
        "#set($x=$l)#set($r=$x.add('shared'))$l #set($y=$m)#set($y.shared=1)$m",
        (
            "#foreach($i in $l)$i#if($foreach.hasNext), #end#end | #foreach($i in $lm)$i.id:$i.name#if($foreach.has"
            "Next),#end#end"
        ),
        '{#foreach($k in $m.keySet())"$k": "$m.get($k)"#if($foreach.hasNext),#end#end}',
        "$l.toArray().size() $l.listIterator().next() $l.sort($u)$l $l.stream() $l.forEach($u)",
    ),
    "whitespace": (
        "a\n#if($t)\n  b\n#end\nc",
        "a\n  #if($t)  \n  b\n  #end  \n  c",
        "#if($t)\r\nb\r\n#else\r\nc\r\n#end\r\nd",
        "a #if($t) b #end c",
        "#foreach($i in $l)\n$i\n#end\n",
        "  #foreach($i in $l)\n  $i\n  #end\n",
        "#foreach($i in $l) $i #end",
        "\n\n#set($x=1)\n\n$x",
        "a\n#set($x=1)\nb",
        "a  #set($x=1)  b",
        "a\t#set($x=1)\t\nb",
        "$a  #set($x=1)$x",
        "$a\n  #set($x=1)\n$x",
        "$a.b #set($x=1)\n$x",
        "${a}  #set($x=1)\n$x",
        "#set($x=1)  #set($y=2)\n#set($z=3)$x$y$z",
        "#set($x=1)\n  #set($y=2)\n  $x$y",
        "#if($t)#set($x=1)\n#end\n$x",
        "## c\na",
        "a ## c\nb",
        "a\n## c\n  ## d\nb",
        "#* c *#\na",
        "a #* c *# b",
        "a\n#* c\n d *#\nb",
        "#** doc *#\na",
        "#[[\n a\n]]#\nb",
        "#define($d)\n  x\n#end\n[$d]",
        "#macro(mw)\n  x\n#end\n[#mw()]\n[#mw()\n]",
        "#stop\n",
        "x\n#break\ny",
        "#if($t)a#{else}b#end",
        "#if($t)a#{end}b",
        "#if($t)\n\n\na\n\n\n#end\n\n\nb",
        "#if($fa)\na\n#elseif($t)\nb\n#else\nc\n#end\nd",
        "#if($fa) a #elseif($t) b #else c #end d",
        "#foreach($i in [1..2])\n#foreach($j in [1..2])\n$i$j\n#end\n#end\n",
        "  #end",
        '#set($x = {\n "a" : 1,\n "b" : [1,\n2]\n})$x',
        "#set(\n$x\n=\n1\n)$x",
        "#if(\n$t\n)x#end",
        "#foreach(\n$i\nin\n$l\n)$i#end",
        "$l.get( 0 ) $l.get(\n0\n)",
        '$m.get("k")\n#set($y=1)\n$m.get("k")',
        (
            '{\n  "a": "$a",\n  #if($t)\n  "b": true,\n  #end\n  "c": [#foreach($i in $l)$i#if($foreach.hasNext), #'
            "end#end]\n}\n"
        ),
        "\r\n#set($x=1)\r\n$x\r\n",
        "\r#set($x=1)\r$x\r",
        "#if($t) \t \n x #end \t \n y",
        "#set($x=1)#set($y=2)\n\n#set($z=3) \n",
        "#foreach($i in $l)#if($i==1)#break#end\n$i\n#end\nz",
        "#{set}($x=1)\n#{if}($x==1)\nyes\n#{else}\nno\n#{end}\nz",
    ),
    "comments": (
        "##",
        "## x",
        "a##",
        "a## b\nc",
        "a##b\n\nc",
        "#**#",
        "#***#",
        "#** a *#",
        "#*a",
        "#* a ## b *# c",
        "## a #* b\nc *#",
        "a #* $a #set($x=1) *# b",
        "#[[a]]#",
        "#[[ ## ]]#",
        "#[[ #* ]]# $a",
        "#[[$a]]#$a#[[$a]]#",
        "#[[]]]]#",
        "#[[ ]] ]#]]#",
        "#[[a",
        "#*",
        "#**",
        "$a##\n$a",
        "$a#* x *#$a",
        "$a.## x\n",
        "$a.b#* x *#",
        "#if($t)## c\nx#end## d",
        "#if($t ## c\n)x#end",
        "#set($x=1 ## c\n)$x",
        "#set($x = 1)## c\n$x",
        "#foreach($i in $l)## c\n$i#end",
        "$l.get(## c\n0)",
        '"## not" ## yes',
        "#a## b",
        "#a#* b *#c",
        "\\## x",
        "\\#* x *#",
        "\\\\## x\ny",
        "# # ## x",
        "#$a## x\n",
        "$ ## x\ny",
        "$## x",
        "$#* x *#",
        "#[[ x ]]#\n#[[ y ]]#\n",
        "#literal()$a ## b\n#end",
        "#literal() #[[ $a ]]# #end",
    ),
}
