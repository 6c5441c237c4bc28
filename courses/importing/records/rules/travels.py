"""Which tables travel in a records package, and which stay behind: every table stands here, a test compares."""

# By which file.
CARRIED = {
    "accounts.District": "venues people",
    "accounts.Person": "people",
    "courses.AssessmentResult": "assessments",
    "courses.Attendance": "attendance",
    "courses.Certificate": "certificates",
    "courses.Cohort": "cohorts",
    "courses.Completion": "enrollments",
    "courses.Course": "courses",
    "courses.Enrollment": "enrollments",
    "courses.Mentor": "mentors",
    "courses.Module": "modules",
    "courses.ModuleResult": "completions",
    "courses.Session": "sessions",
    "courses.SignedDeclaration": "declarations",
    "courses.Venue": "venues",
    "courses.Visit": "visits",
}

# Why stands in the wording.
LEFT_BEHIND = (
    "courses.Centre",
    "accounts.RoleGrant",
    "accounts.Consent",
    "accounts.ContactPerson",
    "courses.SupportNeeds",
    "courses.ReminderStop",
    "courses.Message",
    "courses.Party",
    "courses.Transition",
    "courses.Note",
    "courses.Roster",
    "courses.CertificateSeries",
    "accounts.PersonMerge",
    "accounts.ToldApart",
    "accounts.SearchWord",
    "accounts.SuspectedPair",
    "accounts.UncomparedPerson",
    "accounts.AuditEntry",
)

# Nobody misses these: the other site makes them anew by itself.
MADE_ANEW = frozenset(
    {"courses.CertificateSeries", "accounts.SearchWord", "accounts.SuspectedPair", "accounts.UncomparedPerson"}
)
