from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Channel, HowAsked
from accounts.models import ContactPerson
from courses.messaging.enums import CallAnswer, MessagePolicy, MessageState

# What goes when its time is over (messaging.services.retention): an index holds those that still have it.
HAS_TEXT = ~Q(address="", subject="", body="", answer="")


class Message(models.Model):
    """One thing to tell one person on one channel: a row before it is sent, sent once.

    `rule`: the name of its kind (messaging.kinds).
    `dedupe_key` = rule, subject, schedule revision and offset; it holds no address. Text and address are made at the
    hand-over, so that they are today's; `subject` and `body` keep what was handed over. `contact`: the reader is not
    `person` but that contact person of theirs.
    `expires_at`: what would come later than this is not sent. `wire_at`: the last fenced step before the content left;
    a crash after it is ambiguous, and `doubts` counts such ends: after one a copy may go out once more, after two none.
    `lease_until` and `claim_token` belong to the worker that holds the row.
    `last_error` is a MessageTrouble, or what the mail server replied, without the address.
    """

    rule = models.CharField(_("what about"), max_length=20)
    dedupe_key = models.CharField(max_length=120, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages")
    enrollment = models.ForeignKey(
        "courses.Enrollment", on_delete=models.CASCADE, null=True, blank=True, related_name="messages"
    )
    session = models.ForeignKey(
        "courses.Session", on_delete=models.CASCADE, null=True, blank=True, related_name="messages"
    )
    certificate = models.ForeignKey(
        "courses.Certificate", on_delete=models.CASCADE, null=True, blank=True, related_name="messages"
    )
    contact = models.ForeignKey(ContactPerson, on_delete=models.CASCADE, null=True, blank=True, related_name="messages")
    schedule_revision = models.PositiveIntegerField(default=0)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    policy = models.CharField(max_length=6, choices=MessagePolicy, default=MessagePolicy.RESEND)
    due_at = models.DateTimeField(_("due"))
    expires_at = models.DateTimeField(_("too late after"))
    next_attempt_at = models.DateTimeField(_("next attempt"))
    state = models.CharField(_("state"), max_length=10, choices=MessageState, default=MessageState.PENDING)
    held = models.BooleanField(_("held back"), default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    doubts = models.PositiveSmallIntegerField(default=0)
    claim_token = models.CharField(max_length=36, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    wire_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.CharField(_("what went wrong"), max_length=200, blank=True)
    address = models.CharField(_("where it went"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    answer = models.CharField(_("what was answered"), max_length=12, choices=CallAnswer, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["due_at", "id"]
        verbose_name = _("message")
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], name="message_due", condition=Q(state=MessageState.PENDING)),
            models.Index(fields=["due_at"], name="message_held", condition=Q(state=MessageState.PENDING, held=True)),
            models.Index(fields=["lease_until"], name="message_lease", condition=Q(state=MessageState.SENDING)),
            models.Index(fields=["person", "-due_at"], name="message_person"),
            models.Index(fields=["state", "due_at"], name="message_state_due"),
            models.Index(fields=["due_at"], name="message_with_text", condition=HAS_TEXT),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENDING) | (Q(lease_until__isnull=False) & ~Q(claim_token="")),
                name="message_sending_is_leased",
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENT) | Q(sent_at__isnull=False),
                name="message_sent_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.channel} {self.state}"

    @property
    def reader_name(self) -> str:
        return self.contact.name if self.contact else self.person.full_name

    @property
    def reader_email(self) -> str:
        return self.contact.email if self.contact else self.person.email

    @property
    def reader_phone(self) -> str:
        return self.contact.phone if self.contact else self.person.phone


class ReminderStop(models.Model):
    """A person's wish not to get one kind of reminder any more. Withdrawn by an end, never deleted."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_stops")
    rule = models.CharField(_("kind of reminder"), max_length=20)
    stopped_at = models.DateTimeField(default=timezone.now)
    how_asked = models.CharField(max_length=8, choices=HowAsked)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["person_id", "rule"]
        verbose_name = _("stopped reminder")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "rule"], condition=Q(ended_at__isnull=True), name="reminder_stop_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.rule}"
