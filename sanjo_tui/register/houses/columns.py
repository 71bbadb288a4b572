"""The columns of houses.csv and surveys.csv by their identifiers (docs/disaster-certificates.md §2)."""

from __future__ import annotations

HOUSES = ("house_id", "town", "lot", "parcel_no", "use", "unit", "owner_addressee_no", "owner_name", "map_sheet",
          "lat", "lon", "active_from", "active_to")
REQUIRED = ("house_id", "town", "lot", "parcel_no", "use")

SURVEYS = ("disaster", "survey_no", "house_id", "unit", "stage", "date", "method", "ratio", "grade", "decided_on")
REQUIRED_OF_SURVEYS = ("disaster", "survey_no", "house_id", "stage", "date", "grade")

GRADES = ("全壊", "大規模半壊", "中規模半壊", "半壊", "準半壊", "準半壊に至らない")
"""The six grades as surveys.csv writes them, the worst first."""

GRADE_ALSO = {"一部損壊": "準半壊に至らない", "準半壊に至らない(一部損壊)": "準半壊に至らない",
              "準半壊に至らない（一部損壊）": "準半壊に至らない"}
STAGES = {"1": "1次", "2": "2次", "3": "再調査"}
