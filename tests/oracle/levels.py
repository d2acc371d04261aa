"""The levels of the requirements: in documented and in strict, None where the profile says nothing."""

LEVELS = {}


def both(documented, strict, ids):
    LEVELS.update({one: (documented, strict) for one in ids.split()})


both(
    "error",
    "error",
    """
    P11-event-json P11-event-object P11-event-duplicate-member P01-specversion P01-id P01-source P01-type
    P01-ibmensourceid P01-ibmendefaultshort P01-ibmendefaultlong P02-time-format P03-attribute-name P03-attribute-value
    P03-control-character P03-surrogate P03-subject P04-datacontenttype P04-data-object P04-dataschema P04-data-once
    P05-type-prefix P05-type-documented
    P06-source-uri P08-severity-text P09-size P10-id-unique P20-no-secret P11-details-json P11-details-object
    P11-details-duplicate-member P12-status P12-backup-policy P12-backup-policy-plan P12-status-reason
    P12-match-resource-type P12-job-type P12-more-info P13-id-form P14-resource-type-known P15-job-type-known
    P15-agrees-with-type P16-code-known P16-code-group P17-more-info-url P18-resource-crn
    P23-backup-policy P23-backup-policy-job P23-backup-policy-plan P23-match-resource-type P23-job-type P23-resource
    P23-reasons P23-reason-status P23-reason-more-info P25-media-type
    """,
)
both(
    "warning",
    "error",
    """
    P11-raw-line-break P02-time-present P02-severity-present P03-attribute-name-underscore P05-type-retention
    P06-source-known P07-source-id-form P08-severity-medium P11-line-break P11-unquoted-id P11-prose
    P12-reasons-instead P13-id-prefix P14-resource-type-share P14-agrees-with-type P15-job-type-retention
    P05-type P08-severity-known P17-more-info-host P18-resource-agrees
    P16-code-spelling P16-code-without-token P16-code-share P16-reason-text P25-header-encoding
    """,
)
both("warning", "warning", "P03-attribute-name-length P09-short-length P09-long-length")
both(None, "warning", "P02-time-utc P17-more-info-topic P19-short-text")
both(None, "warning", "P07-source-id-lower-case P13-id-lower-case P10-id-lower-case")
both("note", "warning", "P03-null P12-status-failure")
both("note", "note", "P03-received-name")
both("note", "note", "P10-id-uuid P10-id-example P12-unknown-member")
