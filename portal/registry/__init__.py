"""The registry (机构与人员): organisations, people, appointments, principals' records, rosters."""
