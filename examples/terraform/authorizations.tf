# What Backup for VPC needs for its own work, in the form of IBM's page. Without one of them, jobs fail with the reason
# service-to-service-policy-missing.

data "ibm_iam_account_settings" "own" {
}

resource "ibm_iam_authorization_policy" "own" {
  for_each = {
    "volumeId"                   = "Operator"
    "instanceId"                 = "Operator"
    "snapshotId"                 = "Editor"
    "snapshotConsistencyGroupId" = "Editor"
  }
  roles = [each.value]

  subject_attributes {
    name  = "accountId"
    value = data.ibm_iam_account_settings.own.account_id
  }
  subject_attributes {
    name  = "serviceName"
    value = "is"
  }
  subject_attributes {
    name  = "resourceType"
    value = "backup-policy"
  }
  resource_attributes {
    name  = "accountId"
    value = data.ibm_iam_account_settings.own.account_id
  }
  resource_attributes {
    name  = "serviceName"
    value = "is"
  }
  resource_attributes {
    name     = each.key
    operator = "stringExists"
    value    = "true"
  }
}
