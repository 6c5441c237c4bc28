"""allauth's sign-in pages, with the same answer in the same time for addresses we know and addresses we do not."""

import time

from allauth.account.adapter import get_adapter
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.exceptions import MailUnavailable, RuleError
from accounts.forms.sign_in import SignInForm
from accounts.kept_forms import drop_kept_form, kept_form
from accounts.services.sign_in import person_of_token, use_sign_in_token

# No field of a form bears this name.
THROW_AWAY = "throw-away-kept-form"


class RequestCodeView(RequestLoginCodeView):
    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        started = time.monotonic()
        try:
            response = super().post(request, *args, **kwargs)
        except MailUnavailable:
            typed = request.POST.get("email", "")
            response = render(request, "account/mail_unavailable.html", {"typed": typed}, status=503)
        left = settings.SIGN_IN_ANSWER_TIME.total_seconds() - (time.monotonic() - started)
        time.sleep(max(0.0, left))
        return response

    def form_valid(self, form: SignInForm) -> HttpResponse:
        # allauth hands the adapter an address only, and people may share one.
        self.request.asking_person = form._user
        if form._user is None:
            get_adapter().answer_nobody(self.request, form.cleaned_data["email"])
        return super().form_valid(form)

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: object) -> None:
        """Whoever mistyped the address can come back and write it anew."""
        return


class ConfirmCodeView(ConfirmLoginCodeView):
    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if getattr(self, "_process", self) is None:
            messages.warning(request, _("The code is older than ten minutes and no longer works. Ask for a new one."))
        return response


request_code = RequestCodeView.as_view()
confirm_code = ConfirmCodeView.as_view()


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_once(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button, so that a program that merely looks at the link does not use it up."""
    if request.method != "POST":
        return render(request, "account/sign_in_once.html", {"person": person_of_token(token)})
    try:
        person = use_sign_in_token(token=token)
    except RuleError:
        return render(request, "account/sign_in_once.html", {"person": None}, status=410)
    get_adapter().login(request, person)
    return redirect(get_adapter().get_login_redirect_url(request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kept_form_send(request: HttpRequest) -> HttpResponse:
    """What was sent while the session ran out: it goes on its way with one press, or is thrown away with another."""
    kept = kept_form(request)
    if kept is None:
        return redirect(get_adapter().get_login_redirect_url(request))
    if request.method != "POST":
        return render(request, "account/kept_form.html", {"kept": kept, "throw_away": THROW_AWAY})
    drop_kept_form(request)
    if THROW_AWAY in request.POST:
        messages.info(request, _("What you had written was thrown away."))
        return redirect(get_adapter().get_login_redirect_url(request))
    # The browser sends the same fields there: the form of this page holds them all.
    return redirect(kept.path, preserve_request=True)


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Whoever reads for long says that they are still there. The middleware notes the press, as it does each."""
    return HttpResponse(status=204)
