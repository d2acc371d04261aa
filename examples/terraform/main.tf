# What lets Backup for VPC send events, and where they go. The source itself is connected in the console or with the API:
# the provider can't (examples/registration-script).

resource "ibm_resource_instance" "en" {
  name     = "backup-alerts"
  service  = "event-notifications"
  plan     = "standard"
  location = "us-south"
}

resource "ibm_iam_authorization_policy" "backup" {
  source_service_name         = "is"
  source_resource_type        = "backup-policy"
  target_service_name         = "event-notifications"
  target_resource_instance_id = ibm_resource_instance.en.guid
  roles                       = ["Event Source Manager"]
}

variable "source_id" {
  description = "The id of the source, once it is connected"
  type        = string
}

resource "ibm_en_topic" "failures" {
  instance_guid = ibm_resource_instance.en.guid
  name          = "failed backup jobs"
  sources {
    id = var.source_id
    rules {
      enabled           = true
      event_type_filter = "$.*"
    }
  }
}
