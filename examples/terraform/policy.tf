# What is backed up, and when. Its jobs need the authorizations in authorizations.tf.

resource "ibm_is_backup_policy" "daily" {
  name                = "daily"
  match_resource_type = "volume"
  match_user_tags     = ["backup:daily"]
}

resource "ibm_is_backup_policy_plan" "at_night" {
  backup_policy_id = ibm_is_backup_policy.daily.id
  cron_spec        = "0 2 * * *"
  name             = "at-night"
}
