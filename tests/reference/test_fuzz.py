"""Schemathesis against the reference services: a short run over each operation, which has to succeed at least once."""

from functools import partial

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis.strategies import one_of
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from vpc_backup_events.reference import serve
from vpc_backup_events.spec.openapi import BACKUP_JOBS, EVENT_NOTIFICATIONS, description

CONTRACTS = (EVENT_NOTIFICATIONS, BACKUP_JOBS)
OPERATIONS = sorted((name, id) for name in (EVENT_NOTIFICATIONS, BACKUP_JOBS) for id in description(name).operations)
# what a schema can't say: ids that exist, filters that are understood, names that are free
NOT_SAID_BY_SCHEMAS = ("positive_data_acceptance", "ensure_resource_availability", "use_after_free")
SETTINGS = settings(
    max_examples=15,
    database=None,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Token:
    """The bearer token of every call."""

    def get(self, case, context):
        return "t0ken-of-the-tests"

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


@pytest.fixture(scope="module")
def schemas():
    """Each description for schemathesis."""
    load_all_checks()
    made = {name: schemathesis.openapi.from_dict(description(name).self_contained()) for name in CONTRACTS}
    for schema in made.values():
        # not as a header of each call: that would give a case back what was taken from it on purpose
        schema.auth()(Token)
    return made


@pytest.mark.representatives(
    "event-notifications-create_sources", "event-notifications-update_source", "vpc-backup-jobs-list_backup_policy_jobs"
)
@pytest.mark.parametrize(("name", "id"), OPERATIONS)
def test_an_operation_holds_what_its_description_says(name, id, schemas, before, example):
    operation = description(name).operations[id]
    described = schemas[name].find_operation_by_id(id)
    client = before(id)
    path, query, media, body = example(operation)
    known = client.api.match(operation.method, path).values
    options = {
        "excluded_checks": [CHECKS.get_one(each) for each in NOT_SAID_BY_SCHEMAS],
    }
    with serve(client.app) as server:
        options["base_url"] = server.url + operation.base
        case = described.Case(path_parameters=dict(known), query=query, media_type=media)
        if media:
            case.body = body
        case.call_and_validate(headers={"Authorization": "Bearer t0ken-of-the-tests"}, **options)
        assert 200 <= client.app.state.record[0].status < 300

        cases = partial(described.as_strategy, auth_storage=schemas[name].auth)

        @given(case=one_of(cases(path_parameters=dict(known)), cases()))
        @SETTINGS
        def allowed(case):
            case.call_and_validate(**options)

        @given(case=cases(GenerationMode.NEGATIVE))
        @SETTINGS
        def forbidden(case):
            # a parameter that nobody knows is ignored
            assume(set(case.query or ()) <= {each.name for each in operation.parameters})
            case.call_and_validate(**options)

        allowed()
        asked = len(client.app.state.record)
        forbidden()
        assert min(asked, len(client.app.state.record) - asked) > 5
