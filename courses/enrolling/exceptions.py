from accounts.exceptions import RuleError


class CohortFull(RuleError):
    """No seat is free."""
