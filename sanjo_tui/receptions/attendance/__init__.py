"""出退勤: what is recorded at a staff entrance, and what follows from it by the minute."""
