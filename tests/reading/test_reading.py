"""What the readers make of what they get: the parts of a message, sizes, marks and repairs, emails and their bounds."""

from __future__ import annotations

import gzip
import json
from email.message import EmailMessage

import pytest

import vpc_backup_events as vbe
from helpers.events import details_of, event_of
from vpc_backup_events import catalog
from vpc_backup_events.making.choices import Plain
from vpc_backup_events.making.draft import email_body, scenario_of
from vpc_backup_events.reading import emails as email_module
from vpc_backup_events.reading import read
from vpc_backup_events.reading.emails import Email, email_of, is_email, read_email
from vpc_backup_events.reading.inputs import is_email_name, is_ndjson, looks_like_array, looks_like_lines, split
from vpc_backup_events.reading.json_values import as_json, is_blank
from vpc_backup_events.reading.messages import Message, decode_header, gunzip, headers_and_body, read_message
from vpc_backup_events.values import json_text
from vpc_backup_events.values.breach import INSIDE
from vpc_backup_events.values.json_text import NotJsonError, duplicates, parse, shadowed

PAIR = next(iter(catalog.pairs.values()))
EVENT = event_of(PAIR)
LONG = "ibmendefaultlong"
BOM = b"\xef\xbb\xbf"


def requirements(reading):
    return [breach.requirement for breach in reading.breaches]


def only_finding(event):
    (finding,) = vbe.check(event).findings
    return finding.message


# ------------------------------------------------------------------------------------------------------- one event


def test_nothing_that_can_be_read_has_no_size_no_details_and_no_prose():
    reading = read(b"")
    assert (reading.size, reading.prose) == (0, False)
    assert read({1}).size == 0


def test_a_header_that_was_written_raw_is_named():
    (finding,) = (
        finding
        for finding in vbe.check(({"ce-id": "a b", "ce-type": "x"}, b"")).findings
        if finding.requirement == "P25-header-encoding"
    )
    assert "`id`" in finding.message


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_any_kind_of_bytes_is_read_as_bytes(kind):
    data = json.dumps(EVENT).encode()
    assert read(kind(data)) == read(data)
    assert read(data).event == EVENT


def test_a_message_is_read_as_its_headers_and_body_are():
    body = json.dumps(EVENT).encode()
    headers = {"content-type": "application/json"}
    assert read(Message.of(headers, body)) == read((headers, body))
    assert read(Message.of(headers, body)).event == EVENT


def test_what_is_wrong_with_a_message_is_said():
    assert "a header is str or bytes, not int" in only_finding(({"x": 1}, b""))
    assert "a set was given; give a dict, str, bytes, or a pair" in only_finding({1})


def test_a_breach_of_the_message_comes_with_those_of_its_text():
    reading = read(({"content-type": "text/plain"}, BOM + json.dumps(EVENT).encode()))
    assert requirements(reading) == ["P25-media-type", "P11-event-json"]
    assert reading.event == EVENT


def test_a_member_that_stands_twice_in_binary_mode_is_found():
    headers = {
        **{f"ce-{name}": value for name, value in EVENT.items() if name != LONG},
        "content-type": "application/json",
    }
    reading = read((headers, b'{"a": 1, "a": 2}'))
    assert [b.path for b in reading.breaches if b.requirement == "P11-event-duplicate-member"] == [("data", "a")]
    assert reading.size == len(json.dumps(reading.event, separators=(",", ":"), ensure_ascii=False).encode())


@pytest.mark.parametrize(("event", "size"), [({"a": "ä", "b": 1}, 16), ('{"a": "ä"}', 11), ('{"a": "ä"}'.encode(), 11)])
def test_the_size_is_that_of_the_bytes_or_of_the_shortest_form(event, size):
    assert read(event).size == size


def test_a_byte_order_mark_is_a_breach_and_the_event_is_read():
    reading = read(BOM + json.dumps(EVENT).encode())
    assert requirements(reading) == ["P11-event-json"]
    assert reading.event == EVENT


@pytest.mark.parametrize("event", [None, 1, 1.5, [1], (1,)])
def test_any_value_of_json_is_a_value(event):
    reading = read(event)
    assert reading.event == (list(event) if isinstance(event, tuple) else event)


def test_a_number_that_is_too_large_is_some_number_with_a_fraction():
    assert read('{"a": [1e999, -1e999]}').event == {"a": [0.5, 0.5]}


def test_line_breaks_that_were_repaired_are_told_once():
    text = json.dumps(details_of(PAIR), indent=1)
    raw = json.dumps({**EVENT, LONG: "@"}).replace("@", text.replace('"', '\\"'))
    assert requirements(read(raw)) == ["P11-raw-line-break"]
    assert requirements(read({**EVENT, LONG: text})) == ["P11-line-break"]
    # another breach takes nothing away
    assert requirements(read({**EVENT, LONG: text, "\ud800": "x"})) == ["P03-surrogate", "P11-line-break"]


# ------------------------------------------------------------------------------------------------------------ JSON


def test_depth_and_number_of_values_have_bounds():
    assert parse("[" * 200 + "]" * 200)
    with pytest.raises(NotJsonError, match="deeper than 200 levels"):
        parse("[" * 201 + "]" * 201)
    # brackets side by side, and in strings, are not deep
    assert parse("[" + ",".join(["[]"] * 300) + "]")
    assert parse(json.dumps(["[" * 300, "{" * 300]))
    assert parse("[1,2,3]", 4)
    with pytest.raises(NotJsonError, match="more than 2 values"):
        parse("[1,2,3]", 2)
    assert parse(json.dumps([",,,,,,", "[[["]), 3)
    assert parse("[1,2,3]", 3)
    with pytest.raises(NotJsonError, match="more than 2 values"):
        parse('{"a":{"b":{"c":1}}}', 2)
    with pytest.raises(NotJsonError, match="more than 100,000 values"):
        parse("[" + "1," * 100_000 + "1]")


@pytest.mark.parametrize("beside", ["", "[],", "[[],{}],"])
def test_what_is_closed_again_counts_no_more_to_the_depth(beside):
    assert parse("[" * 100 + beside * 150 + "[" * 100 + "]" * 200)
    with pytest.raises(NotJsonError, match="deeper than 200 levels"):
        parse("[" * 100 + beside * 150 + "[" * 101 + "]" * 201)
    assert parse("[" * 200 + "]" * 199 + ",[]]")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty."),
        (" \t\r\n", "it is empty."),
        ("\x0b", "a value is expected at line 1, column 1."),
        ("X", "a value is expected at line 1, column 1."),
        ("NaN", "it holds NaN, which JSON has no form for."),
        ("[1,]", "a comma stands behind the last value at line 1, column 3."),
        ('{"a":1 , }', "a comma stands behind the last value at line 1, column 8."),
        ("[[1,],2]", "a comma stands behind the last value at line 1, column 4."),
        ("[1,x]", "a value is expected at line 1, column 4."),
        ("[}", "a value is expected at line 1, column 2."),
        ("[1 2]", "a comma is expected at line 1, column 4."),
        ('{"a" 1}', "a colon is expected at line 1, column 6."),
        ("{1}", "a member name in quotation marks is expected at line 1, column 2."),
        ("1 2", "something follows the end of the JSON at line 1, column 3."),
        ('"\n"', "a control character stands inside a string at line 1, column 2."),
        ('"a', "a string that begins here has no end at line 1, column 1."),
        ('"\\x"', "an escape that JSON does not know at line 1, column 2."),
        # what stands behind a broken escape is in the string all the same
        ('["\\\n' + "[" * 250 + '"]', "an escape that JSON does not know at line 1, column 3."),
        ('["\\\n' + "," * 100_001 + '"]', "an escape that JSON does not know at line 1, column 3."),
        ('"\\u12"', "an escape \\u without four hexadecimal digits at line 1, column 3."),
    ],
)
def test_what_is_no_json_is_explained(text, reason):
    with pytest.raises(NotJsonError) as raised:
        parse(text)
    assert str(raised.value) == reason


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Invalid \\escape: ", "an escape that JSON does not know at line 2, column 1."),
        ("Illegal trailing comma before end of array", "a comma stands behind the last value at line 2, column 1."),
        ("Some other cause", "some other cause at line 2, column 1."),
    ],
)
def test_what_another_interpreter_says_is_explained_or_told(monkeypatch, said, reason):
    class Decoder:
        def decode(self, text):
            raise json.JSONDecodeError(said, text, 2)

    monkeypatch.setattr(json_text, "_DECODER", Decoder())
    with pytest.raises(NotJsonError) as raised:
        parse("[\nx]")
    assert str(raised.value) == reason


def test_bytes_that_are_no_text_are_explained():
    with pytest.raises(NotJsonError, match=r"^byte 1 is not UTF-8\.$"):
        json_text.decode(b"a\xff")


def test_members_that_stand_twice_are_found_at_their_place():
    value = parse('{"a": [{"b": 1, "b": 2, "b": 3}], "c": 1, "c": 2}')
    assert list(duplicates(value)) == [(("c",), "c", 2), (("a", 0, "b"), "b", 3)]
    assert value == {"a": [{"b": 3}], "c": 2}


def test_members_that_a_later_one_hides_are_kept_with_their_place():
    value = parse('{"a": 1, "a": {"b": [{"c": 2, "c": 3}]}, "d": [{"e": 4, "e": 5}], "d": 6}')
    assert list(shadowed(value)) == [
        (("a",), 1),
        (("d",), [{"e": 5}]),
        (("d", 0, "e"), 4),
        (("a", "b", 0, "c"), 2),
    ]
    reading = read({**EVENT, LONG: '{"a": 1, "a": 2}'})
    assert reading.shadowed == [((LONG, INSIDE, "a"), 1)]


def test_a_long_integer_is_read_in_part():
    assert parse("1" + "0" * 5000) == 10**39


# --------------------------------------------------------------------------------------------------------- messages


@pytest.mark.parametrize(
    ("raw", "value", "is_raw"),
    [
        ("a%20b", "a b", False),
        ("a%2520b", "a%20b", False),
        ("a b", "a b", True),
        ("100%", "100%", True),
        ("%zz", "%zz", True),
        ("ä", "ä", True),
        ("\x7f", "\x7f", True),
        ('"a b"', "a b", False),
        (r'"a\"b\\c"', 'a"b\\c', False),
        ('"a" b', '"a" b', True),
        ("!~", "!~", False),
        ("%C3%A4", "ä", False),
        ("%c3%a4", "ä", False),
        ("%FF", "\udcff", False),
        ('"a\\\nb"', "a\nb", False),
        ('"\ud800"', "\udced\udca0\udc80", False),
    ],
)
def test_a_header_is_decoded_once_or_was_written_raw(raw, value, is_raw):
    assert decode_header(raw) == (value, is_raw)


def test_an_http_request_is_read_from_its_bytes():
    message = Message.parse(b"POST /x HTTP/1.1\r\nA: b\r\nCE-Id: 1\r\n\r\nbody")
    assert message == Message((("A", "b"), ("CE-Id", "1")), b"body")
    assert message.header("ce-id") == "1"
    assert message.header("x") is None
    assert Message.parse(b"post /x HTTP/1.1\r\n\r\n") is None
    assert Message.parse(b" POST /x HTTP/1.1\r\n\r\n") is None


def test_the_parts_of_a_message_are_found_by_their_names():
    class Of:
        def __init__(self, **parts):
            self.__dict__.update(parts)

    assert list(headers_and_body(({}, b"x"))) == [{}, b"x"]
    assert list(headers_and_body(Of(headers={}, body=b"x"))) == [{}, b"x"]
    assert list(headers_and_body(Of(headers={}, content=b"x"))) == [{}, b"x"]
    assert list(headers_and_body(Of(headers={}))) == [{}, None]
    assert list(headers_and_body(({}, b"x", 1))) == []
    assert list(headers_and_body(Of(body=b"x"))) == []


def test_headers_are_text_or_bytes_and_the_body_too():
    assert Message.of([(b"a", b"\xc3\xa4")], "ä") == Message((("a", "ä"),), "ä".encode())
    assert Message.of([(b"a", b"\xe4")], None) == Message((("a", "ä"),), b"")
    assert Message.of({}, "\ud800").body == b"\xed\xa0\x80"


def test_a_body_without_a_media_type_is_an_event():
    reading = read(({}, json.dumps(EVENT)))
    assert (reading.event, reading.breaches) == (EVENT, [])


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", " GZIP "])
def test_a_compressed_body_is_read(coding):
    body = gzip.compress(json.dumps(EVENT).encode())
    assert read(({"Content-Encoding": coding, "Content-Type": "application/json"}, body)).event == EVENT


def test_compressed_data_has_a_bound_and_damage_is_explained():
    data = gzip.compress(b"12345")
    assert gunzip(data, 5) == b"12345"
    with pytest.raises(NotJsonError, match=r"^it decompresses to more than 4 bytes\.$"):
        gunzip(data, 4)
    # what is behind the bound is not looked at
    with pytest.raises(NotJsonError, match=r"^it decompresses to more than 4 bytes\.$"):
        gunzip(gzip.compress(b"12345" * 100_000)[:-4], 4)
    # 64 MiB and a byte
    with pytest.raises(NotJsonError, match=r"^it decompresses to more than 67108864 bytes\.$"):
        read_message(Message.of({"content-encoding": "gzip"}, gzip.compress(bytes(2**20)) * 64 + gzip.compress(b"x")))
    for damaged in (b"12345", data[:-4], data[:12] + b"\xff" + data[13:]):
        with pytest.raises(NotJsonError, match=r"^its gzip compression is damaged\.$"):
            gunzip(damaged, 100)


def test_binary_mode_tells_what_stands_twice_and_what_is_no_json():
    reading = read(([("ce-id", "1"), ("CE-ID", "2"), ("x", "y")], b"{"))
    assert [(b.requirement, b.path) for b in reading.breaches] == [
        ("P11-event-duplicate-member", ("id",)),
        ("P04-data-object", ("data",)),
    ]
    assert reading.breaches[0].values == {"name": "id", "count": 2}
    assert reading.breaches[1].values["value"].startswith("no JSON: ")
    assert reading.event == {"id": "2", "datacontenttype": "application/json"}


def test_binary_mode_keeps_the_media_type_as_it_was_sent():
    reading = read(({"ce-id": "1", "Content-Type": "application/json; charset=utf-8"}, b'{"a": 1}'))
    assert reading.event == {"id": "1", "datacontenttype": "application/json; charset=utf-8", "data": {"a": 1}}


def test_a_structured_message_with_ce_headers_is_structured():
    headers = {"Content-Type": "application/CloudEvents+json; charset=utf-8", "ce-id": "x"}
    assert read((headers, json.dumps(EVENT))).event == EVENT


# ----------------------------------------------------------------------------------------------------------- inputs


def parts(data, file=None):
    return [(value, source.line, source.index) for value, source in split(data, file)]


def test_the_items_of_an_array_have_their_line_and_index():
    data = b'\n[ {"a": 1},\n\n {"a":\n 2}\n, 3 ]'
    assert parts(data) == [('{"a": 1}', 2, 0), ('{"a":\n 2}', 4, 1), ("3", 6, 2)]
    # digits that the interpreter would not convert
    assert parts(b"[" + b"1" * 5000 + b",2,3]") == [("1" * 5000, 1, 0), ("2", 1, 1), ("3", 1, 2)]


def test_an_array_may_hold_more_values_than_an_event():
    assert len(parts(b"[" + b"1," * 100_001 + b"1]")) == 100_002


def test_the_lines_of_ndjson_have_their_number_and_index():
    assert parts(b'{"a":1}\n\n{"a":2}\n{}') == [(b'{"a":1}', 1, 0), (b'{"a":2}', 3, 1), (b"{}", 4, 2)]


def test_a_request_in_a_file_is_read_as_the_message_it_is():
    request = b"POST /x HTTP/1.1\r\nA: b\r\n\r\n{}\n{}"
    assert [item for item, _ in split(request, "x.json")] == [Message((("A", "b"),), b"{}\n{}")]


def test_bytes_that_are_no_text_before_the_damage_of_gzip_are_left_out():
    damaged = gzip.compress(b"\xff\n" + bytes(range(256)))[:-4]
    ((breach, _),) = split(damaged, "x.gz")
    assert breach.values["reason"] == "The input can't be read: its gzip compression is damaged."


@pytest.mark.parametrize(
    "data",
    [
        b"POST /x HTTP/1.1\r\n\r\n{}",
        b"Subject: x\n\ny",
        b"\xff",
        b"{}\n\xff",
        b"{}",
        b"[1]",
        b"[1,]",
        b"{}\n{}",
        gzip.compress(b"{}", mtime=0),
    ],
)
def test_every_part_of_an_input_names_the_file(data):
    assert {source.file for _, source in split(data, "x.json")} == {"x.json"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "There is no event in the input: it is empty."),
        (b" \n", "There is no event in the input: it is empty."),
        (b"[]", "There is no event in the input: the array is empty."),
        (b"\x1f\x8bx", "The input can't be read: its gzip compression is damaged."),
    ],
)
def test_an_input_without_an_event_says_why(data, reason):
    ((breach, source),) = split(data, "x.json")
    assert breach.values == {"reason": reason}
    assert (breach.requirement, breach.path, source.file) == ("P11-event-json", (), "x.json")


def test_a_broken_array_is_one_event():
    assert parts(b'[{"a":1}, {]') == [('[{"a":1}, {]', None, None)]


def test_one_line_that_is_not_utf_8_does_not_take_the_others_along():
    assert [value for value, _, _ in parts(b'{"a":1}\n{"a":"\xff"}\n{"a":3}')] == [
        b'{"a":1}',
        b'{"a":"\xff"}',
        b'{"a":3}',
    ]
    assert parts(b"\xff\xff") == [(b"\xff\xff", None, None)]
    assert len(parts(b'{"a": 1}\n{"a": "\xff"}')) == 2


@pytest.mark.parametrize(
    ("lines", "several"),
    [
        (['{"a":1}', '{"a":2}'], True),
        (['{"a":1}', "", ' {"a":'], True),
        (['{"a":1}'], False),
        (['{"a":1}', "x"], True),
        (['{"a":1}', "x", "y"], False),
        (["{", '"a":1', "}"], False),
        (["{", "{"], False),
        (["[", '{"a":1},', "{}", "]"], True),
        ([" {}", " {}"], True),
        # the first hundred decide
        (["{"] * 99 + ["{}"], True),
        (["{"] * 100 + ["{}"], False),
    ],
)
def test_several_lines_of_objects_are_several_events(lines, several):
    assert is_ndjson(lines) is several


def test_the_beginning_of_a_large_file_says_what_it_is():
    assert looks_like_lines(b'{"a":1}\n{"a":2}\n{"a":')
    assert not looks_like_lines(b'{"a":1}\n{"a":2}')
    assert looks_like_lines(b'{"a": 1}\n{"a": 2}\n')
    # cut within a character
    assert looks_like_lines(b'{"a":1}\n{"a":2}\n{"\xc3')
    # only white space of JSON stands before an array
    for before in (b"\x0b", b"X"):
        assert looks_like_lines(before + b"[\n{}\n{}\n")
        assert not looks_like_array(before + b"[")
    assert not looks_like_lines(b' [{"a":1},\n{"a":2},\n{"a":3}\n')
    assert not looks_like_lines(b'Subject: x\n{"a":1}\n{"a":2}\n')
    assert looks_like_array(b" \t\r\n[1")
    assert not looks_like_array(b"{[")


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("a.eml", True),
        ("A.EML", True),
        ("a.eml.gz", True),
        ("a.eml.ZST", True),
        ("a.eml.zstd", True),
        ("a.eml.txt", False),
        ("eml", False),
    ],
)
def test_the_name_of_an_email_file(name, is_one):
    assert is_email_name(name) is is_one


# ----------------------------------------------------------------------------------------------------------- emails


@pytest.mark.parametrize(
    ("data", "is_one"),
    [
        (b"Subject: x\r\n\r\ny", True),
        (b"SUBJECT : x\n\ny", True),
        (BOM + b"Subject: x\n\ny", True),
        (b"From someone at noon\nX-Y: z\nTo: x\n\ny", True),
        (b"Received: a\r\n  folded\r\nFrom: x\r\n\r\ny", True),
        (b"Subject: x\n", True),
        (b" \r\n Email Title: x", True),
        (BOM + b"\n\tEmail Title: x", True),
        (b" " * 150 + b"Email Title: x", True),
        # of 200 bytes
        (b" " * 188 + b"Email Title: x", True),
        (b" " * 189 + b"Email Title: x", False),
        (b"XEmail Title: x", False),
        # their first lines look like fields
        (b"{a: 1,\nfrom: 2}\n", False),
        (b"[a: 1,\nfrom: 2]\n", False),
        (b"from someone at noon\nX-Y: z\n\ny", False),
        (b"X-Y: z\n\ny", False),
        (b"no header\n\nSubject: x\n\n", False),
        (b'{"Subject": 1}', False),
        (b"[", False),
        (b"", False),
        (b" ", False),
    ],
)
def test_an_email_is_known_by_its_beginning(data, is_one):
    assert is_email(data) is is_one


def test_an_email_that_is_too_long_is_not_read(monkeypatch):
    monkeypatch.setattr(email_module, "MAX_EMAIL", 14)
    assert read_email(b"Subject: x\n\ny\n") == Email("x", "y\n")
    assert read_email(b"Subject: x\n\nyz\n") == Email("", "", ("it is longer than 14 bytes",))
    monkeypatch.undo()
    # 64 MiB and a byte
    assert read_email(bytes(2**26 + 1)) == Email("", "", ("it is longer than 67108864 bytes",))


def test_a_byte_order_mark_is_no_part_of_an_email():
    assert read_email(BOM + b"Subject: x\n\ny\n") == Email("x", "y\n")
    assert read_email(BOM + b"\n Email Title: x \nEmail Body:\n\ny\n") == Email("x", "y")


def test_the_plain_form_of_an_email():
    assert read_email(b"Email Title: a b\r\nEmail Body:\r\n\r\nx\r\ny\r\n") == Email("a b", "x\ny")
    assert read_email(b"Email Title:\nthe body") == Email("", "the body")
    assert read_email(b"Email Title: t\nEmail Body:\n\n\t X \n\n") == Email("t", "\t X ")
    assert read_email(b"Email Title: t\nEmail Body:\nX\n") == Email("t", "X")
    assert read_email(b"Email Title: \xff\nx") == Email("\ufffd", "x", ("its text is not UTF-8",))


def test_fields_and_a_body_are_an_email_where_there_is_a_subject():
    for body in ("{}\ud800", b"{}\xed\xa0\x80"):
        told = email_of(({"subject": "a\r\n  b", "X": "y"}, body))
        assert (told.title, told.text[:2]) == ("a b", "{}")
    assert email_of(({"Subject": "a", "X": "\ud800"}, "t")) == Email("a", "t")
    assert email_of(({"X": "y", "Y": "z", "SUBJECT": "s"}, "t")).title == "s"
    assert email_of(({"X": "y"}, "t")) is None
    assert email_of((" a\n b ", "t")) == Email("a b", "t")
    assert email_of("Subject: x\n\n\ud800").title == "x"


def mime(*headers, body):
    return read_email("\n".join((*headers, "", body)).encode())


@pytest.mark.parametrize(
    ("headers", "body", "text", "problems"),
    [
        (["Content-Type: text/plain; format=flowed"], "a \nb\n c\n-- \nd", "a b\nc\n-- \nd", ()),
        (["Content-Type: text/plain; format=Flowed; delsp=YES"], "a \nb", "ab", ()),
        (
            ["Content-Type: text/plain; charset=iso-8859-1", "Content-Transfer-Encoding: quoted-printable"],
            "=E4",
            "ä",
            (),
        ),
        (["Content-Type: text/plain; charset=us-ascii"], "ä", "ä", ()),
        ([], "a\r\nb\rc", "a\nb\nc", ()),
        (
            ["Content-Type: text/plain; charset=nonsense"],
            "x",
            "x",
            ("its text is not in the character set nonsense that it names",),
        ),
        (["Content-Transfer-Encoding: base64"], "eA", "x", ("its base64 is damaged",)),
        (["Content-Type: image/png"], "x", "", ("it has no text",)),
        (["Content-Disposition: attachment"], "x", "", ("it has no text",)),
        (
            ["Content-Type: text/html"],
            "<p>a\n b<b>c</b>&nbsp;d</p><pre>e\n f</pre><style>g</style>h",
            "a bc d\n\ne\n f\n\n\nh",
            (),
        ),
        (["Content-Type: text/html"], "<title>x</title>a<br>b<script>c</script></style><pre>d\n", "a\nb\n\n\n\nd", ()),
        # what is hidden, and what is as it is, may hold the same again
        (["Content-Type: text/html"], "a<template>b<title>c</title>d</template>e", "a\n\n\n\ne", ()),
        (
            ["Content-Type: text/html"],
            "<pre>a <b>b</b>  c<pre>d  e&nbsp;f</pre>g  h</pre>i  j",
            "a b  c\nd  e f\ng  h\ni j",
            (),
        ),
    ],
)
def test_the_text_of_an_email_is_what_a_person_sees(headers, body, text, problems):
    told = mime("Subject: s", *headers, body=body)
    assert (told.title, told.text, told.problems) == ("s", text, problems)


@pytest.mark.parametrize("tag", ["a", "abbr", "b", "code", "em", "font", "i", "span", "strong", "tt", "u", "wbr"])
def test_what_stands_within_a_line_does_not_break_it(tag):
    assert mime("Subject: s", "Content-Type: text/html", body=f"x<{tag}>y</{tag.upper()}>z").text == "xyz"


def test_a_text_that_says_nothing_gives_way_to_the_html():
    kinds = ("multipart/alternative", "text/html", "<p>{x}</p>", "text/plain", "See the HTML")
    body = "--b\nContent-Type: {1}\n\n{2}\n--b\nContent-Type: {3}\n\n{4}\n--b--\n"
    for text, shown in (("See the HTML", "{x}"), ("Notification", "Notification"), ("{y}", "{y}")):
        parts = body.replace("{1}", kinds[1]).replace("{2}", kinds[2]).replace("{3}", kinds[3]).replace("{4}", text)
        assert mime("Subject: s", f'Content-Type: {kinds[0]}; boundary="b"', body=parts).text == shown


def test_a_subject_is_decoded_and_unfolded():
    assert mime("Subject: =?utf-8?q?=C3=A4?= b\n  c", body="x").title == "ä b c"
    # line breaks that were encoded
    assert mime("Subject: =?utf-8?q?a=0D=0A_b?=", body="x").title == "a b"


@pytest.mark.parametrize("subject", ["=?utf-8?q?=FF?=", "=?nonsense?q?a?=", "=?utf-8?b?a?="])
def test_a_subject_that_is_damaged_is_no_title_and_the_text_is_read(subject):
    assert mime(f"Subject: {subject}", body="x") == Email("", "x", ("its subject is damaged",))


def made(subject, payload):
    message = EmailMessage()
    message["Subject"] = subject
    message.set_payload(payload)
    return message


def test_a_message_that_a_program_made_may_be_damaged_or_have_no_text():
    assert email_of(made("s", None)) == Email("s", "")
    # from 3.13 on, the standard library spells out what has no encoding
    refused = Email("s", "", ("its structure can't be read (UnicodeEncodeError)",))
    assert email_of(made("s", "\ud800")) in (refused, Email("s", "\\ud800"))


@pytest.mark.parametrize("error", [LookupError, RecursionError, ValueError])
def test_an_email_that_the_standard_library_can_not_take_apart_is_said_to_be_so(monkeypatch, error):
    def fail(data):
        raise error

    monkeypatch.setattr(email_module, "message_from_bytes", fail)
    reason = f"its structure can't be read ({error.__name__})"
    assert read_email(b"Subject: x\n\ny") == Email("", "", (reason,))


# ----------------------------------------------------------------------------------------------------------- values


def test_what_json_has_no_form_for_is_a_breach_at_its_place():
    breaches = []
    assert as_json({"a": 10**40, "b": -(10**40), "c": 10**40 - 1}, (), breaches) == {
        "a": 10**40,
        "b": 10**40,
        "c": 10**40 - 1,
    }
    assert as_json({"a": [1, True, None, "x", 1.5, (2,)]}, (), breaches) == {"a": [1, True, None, "x", 1.5, [2]]}
    assert breaches == []
    read_again = as_json([True, False, None], (), breaches)
    assert [type(each) for each in read_again] == [bool, bool, type(None)]
    assert as_json({"a": [{1}], 2: [float("inf")]}, (), breaches) == {"a": ["{1}"], "2": ["inf"]}
    assert [(breach.requirement, breach.path, breach.values["reason"]) for breach in breaches] == [
        ("P11-event-json", ("a", 0), "This is a value of type set, which JSON has no form for."),
        ("P11-event-json", (), "This is a member name of type int, which JSON has no form for."),
        ("P11-event-json", ("2", 0), "This is a number that is not finite, which JSON has no form for."),
    ]


@pytest.mark.parametrize("text", ["", " \t\r\n\v\f", "\x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"])
def test_white_space_only_is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["X", "\x1c", "\x1f", "\u1fff", "\u200b", " . "])
def test_anything_else_is_not_blank(text):
    assert not is_blank(text)


def test_unpaired_surrogates_are_replaced_and_found_at_their_place():
    reading = read({"a": ["x\ud800"], "b\udfff": {}, "c": {"d": 1.5}, "e": "\ud83d\ude00"})
    assert reading.event == {"a": ["x\ufffd"], "b\ufffd": {}, "c": {"d": 1.5}, "e": "\ufffd\ufffd"}
    assert [(breach.requirement, breach.path, breach.values) for breach in reading.breaches] == [
        ("P03-surrogate", ("a", 0), {"value": "U+D800"}),
        ("P03-surrogate", ("b\ufffd",), {"value": "U+DFFF"}),
        ("P03-surrogate", ("e",), {"value": "U+D83D"}),
    ]


def test_an_unpaired_surrogate_is_found_also_in_a_member_that_a_later_one_hides():
    reading = read('{"a": {"b": "x\\ud800"}, "a": "y"}')
    assert reading.event == {"a": "y"}
    assert reading.shadowed == [(("a",), {"b": "x\ufffd"})]
    assert set(requirements(reading)) == {"P03-surrogate", "P11-event-duplicate-member"}


def test_a_value_that_is_nested_too_deep_is_no_event():
    value = 1
    for _ in range(200):
        value = [value]
    assert read({"a": 1}).event == {"a": 1}
    assert requirements(read(value)) == []
    members = 1
    for _ in range(200):
        members = {"a": members}
    assert requirements(read(members)).count("P11-event-json") == 0
    assert "nested deeper than 200 levels, or holds itself" in only_finding([value])
    itself = {}
    itself["a"] = itself
    assert "nested deeper than 200 levels, or holds itself" in only_finding(itself)


# -------------------------------------------------------------------------------------------- what is recovered


def long_text(text):
    reading = read({**EVENT, LONG: text})
    return reading.details, [(b.requirement, b.path, dict(b.values)) for b in reading.breaches]


def test_an_id_without_quotation_marks_is_recovered():
    id = "r006-6da51cfe-6f7b-4638-a6ba-00e9c327b178"
    details, breaches = long_text(f'{{"a": {id}, "b": [{{"c": "{id}", "d" : {id[5:]}}}]}}')
    assert details == {"a": id, "b": [{"c": id, "d": id[5:]}]}
    assert breaches == [
        ("P11-unquoted-id", (LONG, INSIDE, "a"), {"value": id}),
        ("P11-unquoted-id", (LONG, INSIDE, "b", 0, "d"), {"value": id[5:]}),
    ]
    upper = id[5:].upper()
    assert long_text(f'{{"a": {upper}, "b": "r006{upper}"}}') == (
        {"a": upper, "b": f"r006{upper}"},
        [("P11-unquoted-id", (LONG, INSIDE, "a"), {"value": upper})],
    )


@pytest.mark.parametrize(
    "text", ["x", '{"a": R006-1}', '{"a": r006-6da51cfe-6f7b-4638-a6ba-00e9c327b178 x}', '{"a": 1']
)
def test_nothing_else_is_recovered(text):
    _, ((requirement, path, _),) = long_text(text)
    assert (requirement, path) == ("P11-details-json", (LONG,))


@pytest.mark.parametrize(
    ("text", "breaches"),
    [
        ('{\n"a":1\r\n}', [("P11-line-break", (LONG,), {"count": 2})]),
        ('{\r"a":\n\n1}', [("P11-line-break", (LONG,), {"count": 3})]),
        ('{"a":\t1}', [("P03-control-character", (LONG,), {"value": "\t"})]),
        (
            '{\n"a":\t1\t}',
            [("P11-line-break", (LONG,), {"count": 1}), ("P03-control-character", (LONG,), {"value": "\t"})],
        ),
        ('{"a": "\\n"}', []),
    ],
)
def test_line_breaks_between_members_are_counted(text, breaches):
    assert long_text(text)[1] == breaches


def test_raw_line_breaks_in_the_long_text_are_counted_and_elsewhere_not_recovered():
    text = json.dumps(EVENT)
    assert "\n" not in text
    broken = text.replace("{\\", "{\n\r\n\\")
    assert [(b.requirement, b.path, dict(b.values)) for b in read(broken).breaches] == [
        ("P11-raw-line-break", (LONG,), {"count": 2})
    ]
    only_returns = text.replace("{\\", "{\r\\")
    assert [dict(b.values) for b in read(only_returns).breaches] == [{"count": 1}]
    twice = f'{{"{LONG}": "\n\n", "{LONG}": "\r"}}'
    assert [(b.requirement, dict(b.values)) for b in read(twice).breaches] == [
        ("P11-raw-line-break", {"count": 3}),
        ("P11-event-duplicate-member", {"name": LONG, "count": 2}),
    ]
    assert requirements(read(text.replace("medium", "med\nium"))) == ["P11-event-json"]


@pytest.mark.parametrize(
    ("text", "requirement"),
    [
        ('{"data": {"x": "1"}, "y": ["z"], "@": "{}\n"}', "P11-raw-line-break"),
        ('{"@": "{}\n", "data": {"x": "1"}, "y": ["z"]}', "P11-raw-line-break"),
        ('[{"@": "{}\n"}]', "P11-event-json"),
        ('[[], "@", "{}\n"]', "P11-event-json"),
        ('{"\n": "@"}', "P11-event-json"),
        ('{"data": {"@": "{}\n"}}', "P11-event-json"),
    ],
)
def test_the_long_text_is_a_member_of_the_event_itself(text, requirement):
    assert requirements(read(text.replace("@", LONG)))[0] == requirement


def test_a_control_character_in_prose_is_named():
    prose = email_body(scenario_of(PAIR, Plain()))
    reading = read({LONG: prose.replace("Reason: ", "Reason: a\x7f")})
    assert [(b.requirement, dict(b.values)) for b in reading.breaches] == [
        ("P11-prose", {}),
        ("P03-control-character", {"value": "\x7f"}),
    ]


def test_empty_lines_before_a_request_are_passed_over():
    request = b"POST /events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\r\n"
    body = json.dumps(EVENT).encode()
    ((message, _),) = split(b"\r\n\n" + request + body, "a.http")
    assert message == Message.parse(request + body)
    assert read(message).event == EVENT
