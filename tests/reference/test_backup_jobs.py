"""The reference service of the backup jobs."""

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.making.choices import Plain
from vpc_backup_events.making.draft import scenario_of
from vpc_backup_events.reference.backup_jobs import example, job_of
from vpc_backup_events.spec.openapi import BACKUP_JOBS, description

POLICY = "r006-6da51cfe-6f7b-4638-a6ba-00e9c327b178"
PATH = f"/v1/backup_policies/{POLICY}/jobs"
ASKED = {"version": "2026-10-06", "generation": "2"}


def add(jobs, number, **members):
    root = example()["href"].rpartition("/")[0]
    id = f"r006-00000000-0000-4000-8000-{number:012}"
    jobs.app.state.service.add({**example(), "id": id, "href": f"{root}/{id}", **members})
    return id


@pytest.mark.parametrize("query", [{}, {"version": "2026-10-06"}, {"generation": "2"}, {**ASKED, "generation": "1"}])
def test_version_and_generation_are_needed(query, jobs):
    assert jobs.get(PATH, params=query).status_code == 400


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("status", "running", 1),
        ("status", "succeeded", 0),
        ("backup_policy_plan.id", "r006-076191ba-49c2-4763-94fd-c70de73ee2e6", 2),
        ("backup_policy_plan.id", "another", 0),
        ("source.id", "r006-f6583aac-8ba9-4d04-ab7a-acfe7b420016", 2),
        ("source.id", "another", 0),
        ("target_snapshots[].id", "r006-snapshot", 1),
        ("target_snapshots[].crn", "crn:v1:snapshot", 1),
        ("target_snapshots[].crn", "crn:v1:another", 0),
    ],
)
def test_a_list_is_filtered(name, value, found, jobs):
    snapshot = {"href": "https://example.com/snapshots/1", "name": "snapshot", "resource_type": "snapshot"}
    add(jobs, 1, status="running", target_snapshots=[{"id": "r006-snapshot", "crn": "crn:v1:snapshot", **snapshot}])
    assert jobs.get(PATH, params={**ASKED, name: value}).json()["total_count"] == found


def test_a_list_is_the_newest_first_and_sorted_when_asked(jobs):
    older, newer = (add(jobs, n, created_at=f"20{n}-01-01T00:00:00Z") for n in (10, 30))
    first = example()["id"]

    def listed(**query):
        return [each["id"] for each in jobs.get(PATH, params={**ASKED, **query}).json()["jobs"]]

    assert listed() == [newer, first, older]
    assert listed(sort="created_at") == [older, first, newer]


def test_pages_lead_to_each_other(jobs):
    ids = {add(jobs, number) for number in range(11)} | {example()["id"]}
    page = jobs.get(PATH, params={**ASKED, "limit": 5}).json()
    assert page["total_count"] == 12
    found = [each["id"] for each in page["jobs"]]
    while "next" in page:
        page = jobs.get(page["next"]["href"]).json()
        found += [each["id"] for each in page["jobs"]]
    assert set(found) == ids
    assert len(found) == 12
    assert len(jobs.get(page["first"]["href"]).json()["jobs"]) == 5
    assert jobs.get(PATH, params={**ASKED, "start": "nothing"}).status_code == 400


def test_an_error_names_the_parameter(jobs):
    errors = jobs.get(PATH, params={"generation": "2"}).json()["errors"]
    assert [each["target"] for each in errors] == [{"name": "version", "type": "parameter"}]


@pytest.mark.parametrize(
    "pair", [pair for reason in catalog.reasons.values() for pair in reason.pairs], ids=lambda p: p.id
)
def test_the_job_of_a_scenario_is_what_the_contract_says(pair):
    scenario = scenario_of(pair, Plain())
    contracted = description(BACKUP_JOBS)
    uri = contracted.operations["get_backup_policy_job"].answers[200]
    job = job_of(scenario)
    assert contracted.problems(uri, job, "answer", ()) == []
    assert (job["status"], job["job_type"], job["source"]["crn"]) == ("failed", scenario.job_type, scenario.resource)
