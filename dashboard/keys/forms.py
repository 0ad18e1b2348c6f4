"""The form for one more access key."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext

from dashboard.wording import later as _
from messaging.kernel.models import AccessKey, Sandbox

# Enough for a class; each key is kept in memory.
KEYS_MAX: Final = 20


class KeyForm(forms.Form):
    """What a key is for, and whose it is."""

    label = forms.CharField(
        label=_("What it is for"),
        max_length=60,
        required=False,
        help_text=_("A name that you will know again, such as the program that uses it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    account = forms.ChoiceField(label=_("Account"))

    def __init__(self, *args: Any, sandbox: Sandbox, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "key-%s")
        super().__init__(*args, **kwargs)
        self.sandbox = sandbox
        numbers = [account.number for account in sandbox.accounts.order_by("id")]
        account = self.fields["account"]
        assert isinstance(account, forms.ChoiceField)
        account.choices = [(number, number) for number in numbers]
        account.initial = numbers[0]
        if len(numbers) == 1:
            account.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Refuse a key too many."""
        issued = AccessKey.objects.filter(account__sandbox=self.sandbox, withdrawn_at=None)
        if issued.count() >= KEYS_MAX:
            said = gettext("A sandbox has %(most)s keys at most. Withdraw one that nobody uses.")
            raise forms.ValidationError(said % {"most": KEYS_MAX})
        return dict(self.cleaned_data)
