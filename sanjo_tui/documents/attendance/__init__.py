"""Papers of 出退勤."""
