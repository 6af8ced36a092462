"""Texts that were written to be hard for a detector and are no attack."""

from typing import Final

PROSE: Final = tuple(
    """\
It's a fact that 'or' and 'and' aren't the same; don't mix them up.
The boys' and girls' teams' coaches' meeting is at 5 or 6 o'clock.
"Select a seat," she said, "and I'll order from the menu."
He didn't like the '80s or the '90s, and neither did she.
Rock 'n' roll isn't dead -- it's only sleeping.
'Tis the season: where there's a will, there's a way; when in doubt, ask.
We'd like to insert the coin into the slot, update the display and delete the rest.
The union of select committees from all tables voted to drop the case.
If x = y and y = z, then x = z.
The ratio is 1/2 or 50%; 3 > 2 and 2 < 3, as everyone knows.
Please sleep (8 hours) and benchmark yourself against 1 or 2 friends.
Having read the report -- all 300 pages -- I can't say I'd order by phone again.
I've got 99 problems, but a "glitch" ain't one; #1 is sleep.
The teachers' union, the nurses' union and the drivers' union all select from the same group.
What's the difference between 'null' and "0"? None, if you ask him.
Set the table, drop the kids off at school, and create a plan for the weekend.
Values such as 'true' or 'false' are case-sensitive where I come from.
She said: 'It's 5' 6" tall' -- and it was like that in 1999, too.
As from Monday, table 5 is free; as of today, it's not.
Declare your love, execute your plans, and alter your habits.
To be, or not to be; that's the question.
All distinct values from the group are in order, having no limit.
You can't have your cake & eat it, can you? Well... 1 = 1, 2 = 2.
The script says: enter from the left frame, meta comments aside.
Her style is simple: black & white, with a link to the object of her desire.
My input: the form's layout (see image) is bad, on click = nothing happens.
JavaScript: The Good Parts (2008) is a book; Java Script: a typo.
Data: text and images. Content: fine. Action: none.
I <3 this place! a < b > c, if you know what I mean.
Email me at <jane.doe@example.com> or call +1 (555) 010-9999.
The alert (red) and the prompt (green) confirm that the window is open; the document is closed.
Don't write List<Object> where Map<String, Object> will do; use Vec<Link> or Array<Style>.
Onload, on error, onset: three words, one = none.
Top 10 locations: 1) the self-service window, 2) this document's parent folder.
Temperatures of -5 or +5 don't matter; what matters is -- in a word -- wind.
Is it in or is it out? In 1959, it was in; like 5 others.
Prices: $5 (incl. 20% VAT); was $10; you save 50% or more!!!
He asked 'why?' and she answered 'why not?' or something like 'because'.
"Wait for delay," the sign read: 'delay 10 minutes'.
Between 5 and 10 people said 'yes'; between 1 and 2 said "no".
L'amour n'est pas l'amitié, et c'est ça qu'il faut dire à quelqu'un d'autre.
Dov'è l'università? È dall'altra parte, all'angolo dell'isolato.
「今日は」と彼は言った。「選択してください」(または1=1)。
Он сказал: «Выберите из таблицы», — и ушёл.
هذا 'اختبار' أو "تجربة" -- لا شيء أكثر.
The exec team's 2-for-1 deal = win/win; see note #4.
x'; that's how the keyboard cat signs her letters.
Where do I sign? -- Anywhere you like.
A/B test: variant A = 1.2%, variant B = 1.3% (n.s.), p > 0.05 or so.
5'10" or 6'2"? She's 5'4", he's 6' tall; they're 'tall' and "taller".
""".splitlines()
)
SEARCHES: Final = tuple(
    """\
select committee on union rights
how to drop a table in excel
best table lamps from ikea or target
order by phone near me
group by color
union square hotels from $99
sleep apnea and snoring
"exact phrase" AND term OR -excluded
site:example.com "select from" -sql
kids' shoes size 5 or 6
women's jackets
levi's 501 men's 32x34
o'reilly auto parts
what's new?
it's always sunny
rock 'n' roll hall of fame
1 or 2 bedroom apartment
2 and a half men
24 = ?
x=1 and y=2 solve
a like b
is null a number
between 5 and 10 dollars
where to eat when in rome
insert into slot
update from 5.1 to 5.2
delete account
create table reservation
drop table legs
alter ego
truncate text css
exec summary template
execute order 66
declare income
script font free
javascript: undefined is not a function
iframe height 100%
object oriented programming
on click not working
onclick = undefined
style guide
svg editor
link rel canonical
document.cookie not set
window.location vs document.location
alert() not showing
c++ vector<int> or list<int>
c# 8.0 features
f# vs c#
node.js -- best framework
50% off
100% cotton & wool
#1 bestseller
@home depot
5' x 7' rug
13" laptop
3/4" plywood
h&m
at&t
r&d jobs
dungeons & dragons
hello; world
http://example.com/?a=1&b=2
pi()
sum(a1:a5)
=if(a1=1,"yes","no")
=vlookup(a2, table, 2, false)
count(*) meaning
max(3,4)
left(5)
user(s) guide
version (2)
load_file example
information about schema
pg catalog
master card or visa
having fun = life
limit 5 per customer
case when to use
sp 500 index
xp points
""".splitlines()
)
FILTERS: Final = tuple(
    """\
name eq 'Milk' and price lt 2.55
startswith(name,'A') and endswith(name,'z')
price ge 10 or (rating gt 4 and stock ne 0)
createdAt>=2026-01-01T00:00:00Z
genre==comedy;year=gt=1990
title:"The Wall" AND year:[1990 TO 2000]
status:open -label:bug author:o'neill
+foo -bar "baz qux"~2
id,name,-createdAt
name asc, price desc
$.items[?(@.price < 10)].title
$..book[0,1].author
/catalog/book[@id='5']/title
{"$and":[{"age":{"$gt":21}},{"name":"O'Brien"}]}
{ movies(first: 5, filter: {genre: "drama"}) { title year } }
query Movie($id: ID!) { movie(id: $id) { title, cast { name } } }
arn:aws:sagemaker:us-east-1:123456789012:endpoint/movies
tags=red,green&tags=blue
fields=id,name&limit=10&offset=20
limit=5&offset=10&order=name
select=id,name&where=active
from=2026-01-01&to=2026-01-31
a=1&b=1&c=1
q=cats+and+dogs&page=1
a[]=1&a[]=2&b[c]=d
x=1;y=2;z=3
sid=s%3Aabc.def; theme=dark; ab="v1|x"
bytes=0-499, -500
W/"5f3c", "a1b2"
text/html;q=0.8, application/json, */*;q=0.1
en-US,en;q=0.9,fr;q=0.8
Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==
Tue, 15 Nov 1994 08:12:31 GMT
""".splitlines()
)
CODE: Final = tuple(
    """\
if (a == 1 && b == 2 || c != 3) { return a; }
for (let i = 0; i < items.length; i++) total += items[i];
const x = y > 5 ? 'yes' : "no";
const f = (a, b) => a + b;
def area(r): return math.pi * r ** 2  # in cm
x = [i for i in range(10) if i % 2 == 0 and i > 3]
print(f"{name!r} is {age} years old")
print('it\\'s', "ok")
d = {'a': 1, "b": [2, 3]}
assert x is not None and y in (1, 2), 'bad'
while True: break
try: pass
std::vector<int> v; std::cout << v.size() << "\\n";
#include <stdio.h>
int main(void) { printf("%d\\n", 1); return 0; }
List<Object> xs = new ArrayList<>();
Map<String, List<Integer>> m = null;
public static void main(String[] args) { }
SELECTED = 'selected' if on else ''
grep -v 'foo' file.txt | sort | uniq -c
curl -s https://example.com/api -H 'Accept: application/json'
docker run --rm -p 8080:8080 image:latest
git commit -m "Fix 'off by one' error -- again"
export PATH=$PATH:/usr/local/bin
<- function(x) x + 1
val x = if (a > b) a else b
let Some(x) = y else { return };
fn main() { println!("{}", 1); }
df[df['x'] > 5].groupby('y').mean()
model.fit(X, y, epochs=10, verbose=0)
y_pred = model.predict(X_test)[0] or 0
tensor([[1., 2.], [3., 4.]])
np.where(a > 0, a, -a)
lambda x: x if x else None
^[a-z0-9._%+-]+@[a-z0-9.-]+\\.[a-z]{2,}$
(\\d{3})-(\\d{4})
s/foo/bar/g
a = b or c; d = e and f
time.sleep(5)
console.log('done');
e.preventDefault(); return false;
obj.name = "O'Brien";
.button { color: #fff; padding: 0 10px; }
@media (max-width: 600px) { .a > .b { display: none } }
body { background: url(img.png) }
{{ user.name }} has {{ count }} items
${HOME}/bin:${PATH}
%s is not a valid %d
template<typename T> class A {};
Vec<String>, Option<&str>, Result<(), Error>
x <- c(1, 2, 3); y <- x * 2
Traceback (most recent call last): File "a.py", line 1, in <module>
TypeError: 'NoneType' object is not subscriptable
KeyError: 'id'
java.lang.NullPointerException: Cannot invoke "String.length()" because "s" is null
ERROR 2026-11-21 10:00:00,123 [main] c.e.App - failed: id=5, name='x'
""".splitlines()
)
MARKDOWN: Final = tuple(
    """\
# Heading #1
## What's new -- and what isn't
- item 1
* item *two* or **three**
1. first; 2. second
> "Quote" -- Author
`code` and `more code`
[link](https://example.com/a?b=c&d=e)
![image](data.png "title")
| a | b | c = d |
|---|:--|--:|
---
***
~~gone~~ -> here
Use `pip install x` or `x --help`.
Set `a = 1` and `b = 'two'`, then run `c`.
Press <kbd>Ctrl</kbd> + <kbd>C</kbd>.
<b>bold</b>, <i>italic</i> and <br/> breaks
<p>A paragraph with <em>emphasis</em>.</p>
<ul><li>one</li><li>two</li></ul>
A<sup>2</sup> + B<sup>2</sup>
H<sub>2</sub>O
- [x] done
- [ ] to do: it's 'next'
[^1]: See "Notes", p. 5.
Term
: Definition; 'quoted'
$$ a = b + c $$
<https://example.com>
Footnote[^1] and @mention, #tag, :smile:
A -> B; B --> C; C ==> D; D <-- E; F <=> G
""".splitlines()
)
SIGNS: Final = tuple(
    """\
0
-1
+1.5e-10
1,234.56
$1,000.00
50%
1/2
1 + 1 = 2
2 * (3 + 4)
a^2 + b^2 = c^2
x != y
x <> y
x || y
x && y
--
---
#
##
''
""
'
"
()
[]
{}
<>
=
==
;
;)
:-)
:'(
>:-(
<3
</3
-->
<--
<=>
...
!!!
?!
/* */
//
\\
\\n
\\'
%
%20
&amp;
&lt;3
@
@@
*
**
`
~
^_^
(1)
(1, 2)
[1, 2]
{"a": 1}
1;2;3
1|2|3
1-2-3
555-0199
+1 (555) 010-9999
192.168.0.1
::1
fe80::1%eth0
00:1B:44:11:3A:B7
550e8400-e29b-41d4-a716-446655440000
2026-11-21T10:00:00+01:00
P1Y2M3DT4H5M6S
10:30 - 11:45
v1.2.3-rc.1+build.5
C:\\Program Files\\App\\
\\\\server\\share
~/.bashrc
/etc/hosts
0x1F
0b1010
1e9
NaN
null
NULL
true
None
undefined
#fff
#1
@user
user@example.com
a@b.co; c@d.co
""".splitlines()
)
FIRST: Final = (
    "Anne-Marie",
    "Seán",
    "D'Arcy",
    "José",
    "Zoë",
    "N'Golo",
    "Mary Ann",
    "李",
    "Ольга",
    "Jean-Luc",
    "Al",
    "Null",
)
LAST: Final = tuple(
    """\
O'Brien
O'Neill
D'Angelo
van 't Hoff
Dell'Acqua
Smith & Sons
McDonald
Union
Order
Table
Müller-Lüdenscheidt
Ng
St. John
Group
Drop
Select-Reyes
And
Case
Values
""".splitlines()
)
THINGS: Final = tuple(
    """\
camera
pair of boots
13" laptop
kids' tent
coffee table
drop-leaf table
5' ladder
book, 'Dune',
union suit
sleep mask
C# course
24/7 support plan
script font
frame & mat set
JavaScript book
""".splitlines()
)
VERDICTS: Final = tuple(
    """\
isn't worth $5 or 10% off; don't buy it!
is great -- I'd select it again and again.
broke after 1 day = waste of money
exceeded my expectations (5/5 stars) & arrived early
fits everyone's needs: mine, yours and my wife's
has 2 or 3 flaws, but it's the best I've had
is "good", 'ok', or "fine", depending on who's asked
needs an update; create a new version where the strap doesn't slip
was delivered to the wrong table in the union hall #3
sleeps 4, it says; I'd say <4... or even < 3
works as described / not as shown -> returned it (RMA #4711)
=== best thing ever ===
made me drop everything and order two from the same shop
was 10 > 5 times better :-) <3
is on offer when you buy more than 1: select 2, and get 3
deserves 1* -- it's not like the picture
""".splitlines()
)
AGENTS: Final = tuple(
    """\
Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36
Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile
curl/8.5.0
python-requests/2.32.3
Boto3/1.35.0 md/Botocore#1.35.0 ua/2.0 os/linux#6.1 lang/python#3.11
okhttp/4.12.0
aws-sdk-js/3.600.0 os/linux#5.10 lang/js md/nodejs#20.1
PostmanRuntime/7.39.0
""".splitlines()
)
PATHS: Final = tuple(
    """\
/v1/models/movies/versions/3:predict
/prod/orders/2026-11-21/items
/users/o'brien/likes
/select-a-plan/union
/static/js/app.min.js?v=1.2.3
/search?q=select+from+menu&sort=price&order=desc
/a/b;c=d/e
/~user/index.html#top
""".splitlines()
)
