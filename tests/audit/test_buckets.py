"""Archives in buckets: what is there is judged as the same files in a folder are, and asked for no more than once."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec

import pytest

from helpers.archives import changed, conforming, mixed
from helpers.buckets import ACCESS_KEY, BUCKET, SECRET
from vpc_backup_events.audit import blocks, contents, files, parts
from vpc_backup_events.reading import objects


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "archive"
    (folder / "2026-03").mkdir(parents=True)
    lines = mixed(400)
    (folder / "2026-03" / "a.ndjson").write_bytes(b"\n".join(lines))
    (folder / "2026-03" / "b.ndjson.gz").write_bytes(gzip.compress(b"\n".join(lines[:100])))
    (folder / "2026-03" / "c.json").write_bytes(b"[" + b",".join(conforming(10, seed=7)) + b"]")
    (folder / "2026-03" / "d").write_bytes(lines[5])
    (folder / "2026-03" / "e.txt").write_bytes(b"no event")
    (folder / "2026-04").mkdir()
    (folder / "2026-04" / "f.json").write_bytes(lines[3])
    return folder


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_report_is_that_of_the_same_files(buckets, folder, run, jobs):
    buckets.put_folder(folder, "in/")
    local = run("audit", folder, "--format", "json", "--jobs", jobs)
    stored = run("audit", buckets.url("in/"), "--format", "json", "--jobs", jobs)
    assert local.returncode == stored.returncode == 1
    assert stored.stdout.replace(f"s3://{BUCKET}/in/", "") == local.stdout.replace(f"{folder}/", "")
    assert stored.stderr.replace(f"s3://{BUCKET}/in/", "") == local.stderr.replace(f"{folder}/", "")


def test_large_lines_are_read_in_ranges_and_once(buckets, run, tmp_path):
    data = b"\n".join(conforming(4_500))
    (tmp_path / "a.ndjson").write_bytes(data)
    assert len(data) > parts.WHOLE
    buckets.put("a.ndjson", data)
    buckets.requests.clear()
    options = ("--format", "json", "--examples", 3)
    stored = run("audit", buckets.url("a.ndjson"), *options)
    assert stored.stdout.replace(f"s3://{BUCKET}/", "") == run("audit", "a.ndjson", *options).stdout
    # the beginning for the plan, and then every byte once
    assert sum(request.sent for request in buckets.gets()) == parts.HEAD + len(data)


def test_parts_of_a_large_object_ask_for_their_own_bytes(buckets):
    data = b"\n".join(conforming(4_500))
    buckets.put("a.ndjson", data)
    for size in (700_001, len(data) // 2, len(data)):
        inventory = files.Inventory()
        cut = list(parts.parts([buckets.url("a.ndjson")], inventory, size=size))
        assert not inventory.problems
        buckets.requests.clear()
        assert b"\n".join(line for part in cut for line in texts(part)) == data
        sent = sum(request.sent for request in buckets.gets())
        assert sent <= len(data) + len(cut) * blocks.BLOCK
        # one request a part, and one for the line that goes on behind it
        assert len(buckets.gets()) <= 2 * len(cut)


def texts(part):
    """The lines of a part; the last text of a block may be empty where a line ends with it."""
    for batch in contents.read_part(part):
        yield from batch.texts


@pytest.mark.exhaustive
def test_thousands_of_small_objects(buckets, run):
    lines = conforming(1_100)
    for number, line in enumerate(lines):
        buckets.client.put_object(Bucket=BUCKET, Key=f"in/{number:05}", Body=line)
    buckets.requests.clear()
    done = run("audit", buckets.url("in"), "--format", "json", "--jobs", 1)
    report = json.loads(done.stdout)
    assert (done.returncode, report["summary"]["events"], report["archive"]["files"]) == (0, 1_100, 1_100)
    # pages of a thousand, and each object once
    assert len(buckets.listings()) == 2
    assert len(buckets.gets()) == 1_100


def test_a_listing_has_pages(buckets):
    from moto.s3.models import s3_backends

    # a thousand requests would take their time
    backend = s3_backends["123456789012"]["aws"]
    keys = [f"in/{number:05}.json" for number in range(2_001)]
    for key in reversed(keys):
        backend.put_object(BUCKET, key, b"{}")
    inventory = files.Inventory()
    assert [file.path for file in files.files([buckets.url("in/")], inventory)] == list(map(buckets.url, keys))
    assert len(buckets.listings()) == 3


ODD = [
    "new\nline.json",
    "a b.json",
    "q?x=1&y.json",
    "star*[1].json",
    "ü/é.json",
    "dir//double.json",
    "/leading.json",
    "per%20cent+plus.json",
    "x/../y/./z.json",
    "#hash;semi.json",
    "back\\slash\"quote'.json",
    "s3://again.json",
]


def test_a_name_may_have_any_characters(buckets, run):
    for key, line in zip(ODD, conforming(len(ODD)), strict=True):
        buckets.put(key, line)
    done = run("audit", buckets.url(), "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["summary"]["events"]) == (0, len(ODD)), done.stderr
    for key in ODD:
        for verb in ("audit", "check"):
            done = run(verb, buckets.url(key), "--format", "json")
            assert (done.returncode, json.loads(done.stdout)["summary"]["events"]) == (0, 1), (key, done.stderr)


def test_a_report_names_the_object(buckets, run, tmp_path):
    buckets.put("a b/ü.json", changed(1)[0])
    for verb in ("audit", "check"):
        done = run(verb, buckets.url("a b/ü.json"), "--format", "json", "--report", "sarif=r.sarif")
        assert {finding["source"]["file"] for finding in json.loads(done.stdout)["findings"]} == {
            buckets.url("a b/ü.json")
        }
    assert f'"uri": "s3://{BUCKET}/a%20b/%C3%BC.json"' in (tmp_path / "r.sarif").read_text("utf-8")


PATTERNS = {
    "2026-*/*.ndjson": ["2026-01/a.ndjson", "2026-02/a.ndjson"],
    "2026-*/**/*.ndjson": ["2026-01/a.ndjson", "2026-01/x/y/b.ndjson", "2026-02/a.ndjson"],
    "2026-01*": ["2026-01/a.ndjson", "2026-01/d", "2026-01/x/y/b.ndjson"],
    "2026-0[2-9]/": ["2026-02/a.ndjson"],
    "**/b.ndjson": ["2026-01/x/y/b.ndjson"],
    "2026-01": ["2026-01/a.ndjson", "2026-01/d", "2026-01/x/y/b.ndjson"],
    "2026-01/x/": ["2026-01/x/y/b.ndjson"],
    "2026-01/c.txt": ["2026-01/c.txt"],
    "2026-01/*.txt": ["2026-01/c.txt"],
    "2026-0": [],
    "*/nothing": [],
    "": ["2026-01/a.ndjson", "2026-01/d", "2026-01/x/y/b.ndjson", "2026-02/a.ndjson", "top.json"],
}
KEYS = (
    ".git/hidden.json",
    "2026-01/",
    "2026-01/a.ndjson",
    "2026-01/c.txt",
    "2026-01/d",
    "2026-01/x/y/b.ndjson",
    "2026-02/a.ndjson",
    "2026-02/.git/c.json",
    "top.json",
)


@pytest.mark.representatives("2026-01", "2026-*/**/*.ndjson", "2026-0", "2026-01*")
@pytest.mark.parametrize("pattern", sorted(PATTERNS))
def test_names_folders_and_patterns(buckets, pattern):
    for key in KEYS:
        buckets.put(key, b"{}")
    inventory = files.Inventory()
    assert [file.path for file in files.files([buckets.url(pattern)], inventory)] == [
        buckets.url(key) for key in PATTERNS[pattern]
    ]
    assert len(inventory.problems) == (not PATTERNS[pattern])


def test_what_is_named_twice_is_read_once(buckets):
    for key in KEYS:
        buckets.put(key, b"{}")
    named = ["2026-01/c.txt", "2026-01/x", "2026-01", "2026-*", "2026-01/c.txt", "top.json", ""]
    paths = [file.path for file in files.files(map(buckets.url, named), files.Inventory())]
    assert sorted(paths) == sorted(set(paths)) == [buckets.url(k) for k in KEYS if ".git" not in k and k[-1] != "/"]


@pytest.mark.representatives("a.ndjson.gz-['cut']")
@pytest.mark.parametrize("faults", [[503], ["cut"], [500, "cut", 503]], ids=str)
@pytest.mark.parametrize("key", ["a.ndjson", "a.ndjson.gz"])
def test_what_fails_for_a_moment_is_tried_again(buckets, run, faults, key):
    data = b"\n".join(conforming(300))
    buckets.put(key, gzip.compress(data) if key.endswith("gz") else data)
    for verb in ("audit", "check"):
        buckets.faults[:] = faults
        done = run(verb, buckets.url(key), "--format", "json")
        assert (done.returncode, json.loads(done.stdout)["summary"]["events"]) == (0, 300), done.stderr
        assert not buckets.faults


@pytest.mark.exhaustive
def test_what_fails_for_good(buckets, run):
    buckets.put("a.json", conforming(1)[0])
    for faults, words in (([503] * 20, "fails (SlowDown, status 503)"), (["cut"] * 20, "can't be reached")):
        for verb in ("audit", "check"):
            buckets.faults[:] = faults
            done = run(verb, buckets.url("a.json"), "--format", "json")
            assert (done.returncode, done.stdout) == (2, "")
            assert words in done.stderr


def test_what_changes_meanwhile_is_told(buckets, run, monkeypatch):
    """One is overwritten, one is removed, one is closed; the others are judged, and nothing of these is."""
    first, second = conforming(2)
    for key in "abcd":
        buckets.put(key, first)
    listed = files.files

    def changing(*arguments):
        yield from listed(*arguments)
        buckets.put("b", second)
        buckets.client.delete_object(Bucket=BUCKET, Key="c")
        buckets.forbidden.add("d")

    monkeypatch.setattr(parts, "files", changing)
    done = run("audit", buckets.url(), "--format", "json", "--jobs", 1)
    report = json.loads(done.stdout)
    assert (done.returncode, report["ok"], report["summary"]["events"]) == (2, True, 1)
    for key, words in (("b", "it changed since"), ("c", "has no object of this name"), ("d", "(AccessDenied, ")):
        assert any(buckets.url(key) in line and words in line for line in done.stderr.splitlines()), done.stderr


def test_a_service_without_conditions_and_ranges_says_nothing_wrong(buckets, run, monkeypatch):
    """It answers with the whole object, whatever it holds by now."""
    data = b"\n".join(conforming(300))
    buckets.put("a", data)
    monkeypatch.setattr(buckets, "ignored", ("HTTP_IF_MATCH", "HTTP_RANGE"))
    listed = files.files

    def changing(*arguments):
        yield from listed(*arguments)
        buckets.put("a", data[::-1])

    monkeypatch.setattr(parts, "files", changing)
    done = run("audit", buckets.url("a"), "--jobs", 1)
    assert done.returncode == 2
    assert "it changed since" in done.stderr
    # what breaks off would be asked for from there
    buckets.faults[:] = ["cut"]
    done = run("check", buckets.url("a"))
    assert done.returncode == 2
    assert "does not send ranges" in done.stderr


def test_an_endpoint_holds_no_password(buckets, run, tmp_path):
    done = run("audit", buckets.url("a"), "--endpoint", "https://me:hunter22@example.org", "--work", "state")
    assert done.returncode == 2
    assert "hunter22" not in done.stderr
    assert all(b"hunter22" not in path.read_bytes() for path in (tmp_path / "state").rglob("*") if path.is_file())


def test_many_that_cannot_be_read_are_counted(buckets, run):
    for number, line in enumerate(conforming(25)):
        buckets.put(f"{number:02}.json", line)
        buckets.forbidden.add(f"{number:02}.json")
    done = run("audit", buckets.url(), "--jobs", 1)
    assert done.returncode == 2
    *problems, last = [line for line in done.stderr.splitlines() if "error: " in line]
    assert [buckets.url(f"{number:02}.json") in line for number, line in enumerate(problems)] == [True] * 20
    assert last.endswith("error: 5 more files could not be read.")


NOT_READ = {
    "no such object": ("{url}none.json", {}, "no archive object has such a name"),
    "no such pattern": ("{url}*.x", {}, "no archive object has such a name"),
    "no such bucket": ("s3://another-bucket/a.json", {}, "has no bucket of this name"),
    "a bucket's name that is none": ("s3://A_b*/a.json", {}, "can have this name"),
    "forbidden": ("{url}secret.json", {}, "does not let it be read ("),
    "an endpoint that is none": ("{url}a.json", {"AWS_ENDPOINT_URL_S3": "nonsense"}, "is no endpoint"),
    "nobody at the endpoint": ("{url}a.json", {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9"}, "can't be reached"),
    "no such profile": ("{url}a.json", {"AWS_PROFILE": "none"}, "(ProfileNotFound)"),
    "half of the credentials": ("{url}a.json", {"AWS_SECRET_ACCESS_KEY": ""}, "only a part is set"),
}


@pytest.mark.representatives(
    "forbidden", "no such bucket", "no such object", "nobody at the endpoint", "no such profile"
)
@pytest.mark.parametrize("case", sorted(NOT_READ))
def test_what_cannot_be_read_is_a_whole_sentence(buckets, run, case):
    path, variables, words = NOT_READ[case]
    buckets.put("a.json", conforming(1)[0])
    buckets.put("secret.json", conforming(1)[0])
    buckets.forbidden.add("secret.json")
    path = path.format(url=buckets.url())
    for verb in ("audit", "check"):
        done = run(verb, path, **variables)
        assert (done.returncode, done.stdout) == (2, "")
        error, hint = done.stderr.splitlines()
        assert error.startswith("vpc-backup-events: error: ")
        assert error.endswith(".")
        assert words in error or (verb == "check" and "no object of this name" in error)
        assert hint.startswith("vpc-backup-events: hint: ")
        assert hint.endswith((".", "*", path, f"'{path}'"))
        assert SECRET not in done.stderr
        assert ACCESS_KEY not in done.stderr


def test_parquet_is_read_by_row_groups(buckets, run, tmp_path):
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    lines = mixed(600)
    table = arrow.table(
        {"event": [line.decode("utf-8", "replace") for line in lines], "ballast": [os.urandom(4_000) for _ in lines]},
    )
    parquet.write_table(table, tmp_path / "a.parquet", row_group_size=100)
    size = (tmp_path / "a.parquet").stat().st_size
    buckets.put("a.parquet", (tmp_path / "a.parquet").read_bytes())
    buckets.requests.clear()
    options = ("--format", "json", "--column", "event")
    stored = run("audit", buckets.url("a.parquet"), *options)
    assert stored.stdout.replace(f"s3://{BUCKET}/", "") == run("audit", "a.parquet", *options).stdout
    # the other column is not fetched
    assert sum(request.sent for request in buckets.gets()) < size / 2


def test_small_parquet_of_a_name_that_does_not_say_so(buckets, run):
    pytest.importorskip("pyarrow")
    buckets.put("a", b"PAR1 and no more")
    done = run("audit", buckets.url("a"))
    assert done.returncode == 1
    assert "P11-event-json" in done.stdout


@pytest.mark.parametrize("verb", ["audit", "check"])
def test_what_names_the_endpoint(buckets, run, verb, tmp_path_factory, monkeypatch):
    buckets.put("a.json", conforming(1)[0])
    nobody = "http://127.0.0.1:9"
    home = tmp_path_factory.mktemp("home")
    (home / ".aws").mkdir()
    (home / ".aws" / "credentials").write_text(
        f"[backup]\naws_access_key_id = {ACCESS_KEY}\naws_secret_access_key = {SECRET}\n"
    )
    (home / ".aws" / "config").write_text(f"[profile backup]\nregion = eu-de\nendpoint_url = {buckets.endpoint}\n")
    forget = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_S3")
    for options, variables in (
        (("--endpoint", buckets.endpoint), {"AWS_ENDPOINT_URL_S3": nobody}),
        ((), {"AWS_ENDPOINT_URL_S3": buckets.endpoint, "AWS_ENDPOINT_URL": nobody}),
        ((), {"AWS_ENDPOINT_URL": buckets.endpoint, "AWS_ENDPOINT_URL_S3": ""}),
        ((), {"AWS_PROFILE": "backup"}),
    ):
        with monkeypatch.context() as patch:
            if "AWS_PROFILE" in variables:
                patch.setenv("HOME", str(home))
                for name in forget:
                    patch.delenv(name)
            objects._client.cache_clear()
            done = run(verb, buckets.url("a.json"), *options, **variables)
        assert done.returncode == 0, done.stderr


def test_without_credentials_it_is_asked_for_what_everybody_may_read(buckets, run, monkeypatch):
    """Nor is the machine asked for any, which is another one in each cloud."""
    buckets.put("a.json", conforming(1)[0], "public-read")
    buckets.put("secret.json", conforming(1)[0])
    buckets.forbidden.add("secret.json")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", f"{buckets.endpoint}/metadata/")
    buckets.requests.clear()
    for verb in ("audit", "check"):
        assert run(verb, buckets.url("a.json")).returncode == 0
        done = run(verb, buckets.url("secret.json"))
        assert done.returncode == 2
        assert "No credentials were found" in done.stderr
    assert not any(request.is_signed for request in buckets.requests)
    assert {request.key for request in buckets.requests} <= {"a.json", "secret.json", ""}


@pytest.mark.exhaustive
def test_work_goes_on_where_it_was(buckets, run, tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "FILES", 2)
    for number, line in enumerate(mixed(6)):
        buckets.put(f"in/{number}.json", line)
    options = (buckets.url("in/"), "--work", "state", "--format", "json", "--jobs", 1)
    buckets.forbidden.add("in/5.json")
    buckets.faults[:] = [200] * 4 + [503] * 9
    assert run("audit", *options).returncode == 2
    buckets.faults.clear()
    first = run("audit", *options)
    assert "2 of 3 parts were judged before" in first.stderr
    assert "in/5.json" in first.stderr
    again = run("audit", *options)
    assert "3 of 3 parts were judged before" in again.stderr
    assert (again.returncode, again.stdout) == (2, first.stdout)
    # what the bucket holds has changed since
    buckets.forbidden.clear()
    buckets.put("in/0.json", conforming(1, seed=9)[0])
    assert "before they changed" in run("audit", *options).stderr


def test_other_verbs_read_objects_too(buckets, run):
    buckets.put("a.json", conforming(1)[0])
    assert run("render", buckets.url("a.json"), "--to", "sms").returncode == 0
    done = run("render", buckets.url("none.json"), "--to", "sms")
    assert done.returncode == 2
    assert "no object of this name" in done.stderr


def test_without_the_library_one_line_says_what_to_install(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "botocore", None)
    objects._client.cache_clear()
    for verb in ("audit", "check"):
        done = run(verb, "s3://bucket/a.json")
        assert done.returncode == 2
        error, hint = done.stderr.splitlines()
        assert error.endswith("Objects of buckets (s3://) need botocore.")
        assert "[s3]" in hint


def test_the_library_is_loaded_only_for_buckets(write, event, tmp_path):
    write("event.json", event)
    program = "import sys; from vpc_backup_events.cli import main; main(sys.argv[1:]); print('botocore' in sys.modules)"
    for verb in ("audit", "check"):
        done = subprocess.run(
            [sys.executable, "-c", program, verb, "event.json"], capture_output=True, cwd=tmp_path, timeout=60
        )
        assert done.stdout.endswith(b"False\n")


@pytest.mark.exhaustive
@pytest.mark.skipif(find_spec("pyspark") is None or shutil.which("java") is None, reason="Spark is not installed")
def test_workers_of_spark_read_objects_themselves(buckets, folder, process, environment):
    """The endpoint comes with the question, credentials from where the workers are."""
    buckets.put_folder(folder, "in/")
    buckets.put("in/2026-05/large.ndjson", b"\n".join(conforming(4_500, seed=3)))
    variables = {name: value for name, value in os.environ.items() if name.startswith("AWS_") or name == "NO_PROXY"}
    variables |= {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9", "PYSPARK_PYTHON": sys.executable}
    options = (buckets.url("in/"), "--format", "json", "--endpoint", buckets.endpoint)
    local = process("audit", *options, **variables)
    by_spark = subprocess.run(
        [sys.executable, "-m", "vpc_backup_events", "audit", *options, "--engine", "spark", "--jobs", "2"],
        capture_output=True,
        env={**environment, **variables},
        timeout=300,
    )
    assert (local.returncode, by_spark.returncode) == (1, 1), by_spark.stderr
    assert by_spark.stdout.decode() == local.stdout


def test_what_the_destination_of_event_notifications_keeps_is_read(buckets, run, write, event):
    write("event.json", event)
    rendered = run("render", "event.json", "--to", "cos", "--format", "json", "--destination-name", "mine")
    parts = json.loads(rendered.stdout)["renderings"][0]["parts"]
    buckets.put(parts["key"], parts["object"].encode())
    done = run("audit", buckets.url("mine/"), "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["summary"]["events"]) == (0, 1), done.stderr


@pytest.mark.parametrize("option", ["--keep", "--output", "--work"])
def test_nothing_is_written_to_a_bucket(run, write, event, tmp_path, option):
    write("event.json", event)
    done = run("audit", "event.json", option, "s3://bucket/a.parquet")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["event.json"]


ANSWERS = {
    (301, "PermanentRedirect"): "is at another endpoint than http://127.0.0.1",
    (400, "ExpiredToken"): "the session token has expired",
    (400, "TheMeaningOfThis"): "does not answer as expected (TheMeaningOfThis, status 400)",
    (403, "InvalidAccessKeyId"): "does not know the access key",
    (403, "InvalidObjectState"): "the object is in an archive",
    (403, "SignatureDoesNotMatch"): "says that the secret key is another",
    (418, "secret: x"): "does not answer as expected (status 418)",
}


@pytest.mark.representatives("403-InvalidAccessKeyId", "418-secret: x")
@pytest.mark.parametrize("answer", sorted(ANSWERS), ids=lambda answer: "{}-{}".format(*answer))
def test_what_a_service_answers_is_told_and_its_text_is_not(buckets, run, answer):
    buckets.put("a.json", conforming(1)[0])
    buckets.faults[:] = [answer] * 9
    done = run("check", buckets.url("a.json"))
    assert (done.returncode, done.stdout) == (2, "")
    assert ANSWERS[answer] in done.stderr.splitlines()[0]
    assert SECRET not in done.stderr
