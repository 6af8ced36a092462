"""Which kind each word of SQL has: one letter a word, so that a statement becomes a short text that patterns read.

The words are those of the SQL standard and of the manuals of MySQL, PostgreSQL, SQL Server, Oracle and SQLite. A kind's
letter is explained in `KINDS`.
"""

from typing import Final

KINDS: Final = {
    "s": "string that is closed",
    "q": "string that the text's end cuts off",
    "1": "number or constant",
    "v": "variable",
    "b": "quoted name",
    "n": "name, and every word that is not SQL's",
    "f": "function that only SQL has, or that stands right before its bracket",
    "d": "function that hardly anything but SQL has: it waits, reads files, tells who and where",
    "w": "word that is also such a function, without its bracket",
    "P": "procedure of the system",
    "G": "table or schema of the system",
    "&": "and, or, xor",
    "|": "||: or, or the concatenation of strings",
    "!": "not",
    "=": "comparison by a sign",
    "~": "==, which SQLite takes and scripts have",
    "l": "comparison by a word",
    "+": "sign of arithmetic",
    "*": "*",
    "U": "union and the like",
    "A": "all, distinct",
    "E": "select",
    "R": "from",
    "W": "where",
    "I": "into",
    "g": "outfile, dumpfile",
    "B": "order by, group by",
    "H": "having",
    "L": "limit, offset",
    "J": "as",
    "K": "case",
    "k": "when",
    "t": "then",
    "M": "drop, alter, create, truncate",
    "O": "kind of object: table, database, procedure",
    "i": "insert, replace",
    "X": "delete",
    "u": "update",
    "S": "set",
    "x": "exec",
    "y": "declare",
    "Z": "waitfor",
    "z": "delay",
    "Q": "shutdown",
    "Y": "analyse",
    "c": "comment to the end that says nothing",
    "C": "comment to the end of a line",
    "a": "a single &",
    "o": "any other sign",
}

_WORDS: Final = {
    "&": "and or xor",
    "!": "not",
    "l": "like rlike regexp glob similar between in is ilike soundslike",
    "1": "null true false",
    "U": "union intersect except minus",
    "A": "all distinct distinctrow",
    "E": "select",
    "R": "from",
    "W": "where",
    "I": "into",
    "g": "outfile dumpfile",
    "H": "having",
    "L": "limit offset",
    "J": "as",
    "K": "case",
    "k": "when",
    "t": "then",
    "M": "drop alter create truncate",
    "O": "table database view index procedure function schema trigger login role tablespace",
    "i": "insert replace",
    "X": "delete",
    "u": "update",
    "S": "set",
    "x": "exec execute",
    "y": "declare",
    "Z": "waitfor",
    "z": "delay",
    "Q": "shutdown",
    "Y": "analyse analyze",
}
_FUNCTIONS: Final = """
abs aes_decrypt ascii atan avg bin bit_length cast ceil char char_length chr coalesce col_length compress concat
concat_ws connection_id conv convert cos count crc32 current_date current_setting current_time current_timestamp
current_user database date date_add date_format day db_id db_name decode default dayname elt encode encrypt exists exp
export_set field find_in_set floor format from_base64 from_unixtime greatest group_concat has_dbaccess hex host_name
hour if ifnull iif inet_aton inet_ntoa insert instr interval is_member is_srvrolemember isnull json_extract json_value
last_insert_id lcase least left length listagg ln local locate log log10 lower lpad ltrim make_set mapping max md5 mid
min minute mod month name_const now nullif nvl object_id object_name oct octet_length ord order password period_add pi
position pow quarter quote rand raise_application_error random regexp_replace repeat replace reverse right round row
row_count rpad rtrim schema schema_name second session_user sha sha1 sha2 sign sin sleep soundex space sqlite_version
sqrt strcmp string_agg stuff substr substring substring_index sum suser_name suser_sname sysdate system_user tan time
timestamp to_base64 to_char to_number trim truncate ucase uncompress unhex unicode unix_timestamp upper user user_id
user_name utc_date uuid values version weekday xmlagg year
"""
_BUILT_IN: Final = """
cast char chr coalesce concat database nvl substr substring version
"""
_DANGERS: Final = """
aes_decrypt bit_length char_length col_length concat_ws connection_id current_setting current_user db_id db_name
export_set find_in_set from_base64 from_unixtime group_concat has_dbaccess host_name ifnull inet_aton is_member
is_srvrolemember last_insert_id listagg make_set name_const object_id object_name octet_length period_add row_count
schema_name session_user sqlite_version string_agg substring_index suser_name suser_sname sysdate system_user
to_base64 unhex unix_timestamp user_name xmlagg benchmark ctxsys.drithsx.sn dbms_lock.sleep dbms_pipe.receive_message
dbms_session.sleep dbms_ldap.init extractvalue fn_xe_file_target_read_file gtid_subset gtid_subtract httpuritype
lo_export lo_import load_extension load_file openquery openrowset opendatasource pg_ls_dir pg_read_file pg_sleep
query_to_xml randomblob sleep st_latfromgeohash sys.fn_get_audit_file sys_eval sys_exec updatexml utl_http.request
utl_inaddr.get_host_address utl_inaddr.get_host_name dbms_xmlgen.getxml xmltype
"""
_PROCEDURES: Final = """
sp_addextendedproc sp_configure sp_execute sp_executesql sp_help sp_helptext sp_makewebtask sp_oacreate sp_oamethod
sp_password sp_prepare sp_who xp_availablemedia xp_cmdshell xp_delete_file xp_dirtree xp_enumdsn xp_enumgroups
xp_filelist xp_fileexist xp_fixeddrives xp_loginconfig xp_makecab xp_msver xp_ntsec_enumdomains xp_regaddmultistring
xp_regdeletekey xp_regdeletevalue xp_regenumkeys xp_regenumvalues xp_regread xp_regremovemultistring xp_regwrite
xp_servicecontrol xp_subdirs xp_terminate_process dbms_java dbms_pipe dbms_lock dbms_xmlgen utl_http utl_file
utl_inaddr utl_smtp
"""
_SYSTEM: Final = """
information_schema pg_catalog pg_shadow pg_user pg_class pg_database pg_tables mysql.db mysql.user sysobjects syscolumns
sysusers sysdatabases sqlite_master sqlite_schema sqlite_temp_master all_tables all_tab_columns all_users dba_users
dba_tables user_tables user_tab_columns user_objects msysaccessobjects msysaces msysobjects msysqueries
msysrelationships master.dbo master..sysdatabases master.sys sys.databases sys.tables sys.objects sys.columns v$version
"""


def _letters() -> dict[str, str]:
    letters = {word: kind for kind, words in _WORDS.items() for word in words.split()}
    bracketed = {f"{word}(": f"{kind}(" for word, kind in letters.items()}
    bracketed |= {f"{word}(": "f(" for word in _FUNCTIONS.split()}
    bracketed |= {"and(": "&(", "or(": "&(", "exists(": "f(", "values(": "f("}
    for kind, words in (("f", _BUILT_IN), ("d", _DANGERS), ("P", _PROCEDURES), ("G", _SYSTEM)):
        letters |= dict.fromkeys(words.split(), kind)
        bracketed |= {f"{word}(": f"{kind}(" for word in words.split()}
    letters |= dict.fromkeys(("sleep", "benchmark"), "w")
    return letters | bracketed


LETTERS: Final = _letters()
LOGIC: Final = frozenset(_WORDS["&"].split())
_TELLING: Final = "UELMiXuxyZQgYKkBHSdPwG"
TELLING: Final = frozenset(
    word for word, kind in LETTERS.items() if kind in _TELLING and word.replace("_", "").isalpha()
) | {"by", "ctxsys", "dbms_ldap", "dbms_session", "delay", "master", "mysql", "sys"}
"""Words without one of which no pattern holds but those that `precheck` looks for by signs."""
