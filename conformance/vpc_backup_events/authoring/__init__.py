"""What people write for Event Notifications: registrations, topic filters, templates."""
