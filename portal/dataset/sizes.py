"""How large the data sets are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """How many there are of each in all bureaus together; everything else follows from these."""

    bureaus: int
    counties: int
    schools: int
    studios: int
    applications: int

    def of_bureau(self, number: int) -> Size:
        """The share of one bureau, counted from 0; the first ones take what can't be divided."""

        def share(whole: int) -> int:
            return whole // self.bureaus + (number < whole % self.bureaus)

        return Size(
            1, share(self.counties), share(self.schools), share(self.studios), share(self.applications)
        )

    def scaled(self, factor: float) -> Size:
        """So many times as large. Bureaus become fewer as well: each stays about as large as it was."""

        def times(whole: int) -> int:
            return max(1, round(whole * factor))

        return Size(
            times(self.bureaus),
            times(self.counties),
            times(self.schools),
            times(self.studios),
            times(self.applications),
        )


SIZES = {
    "city": Size(bureaus=1, counties=12, schools=1_000, studios=60, applications=300),
    "nation": Size(bureaus=330, counties=2_850, schools=100_000, studios=30_000, applications=100_000),
}
