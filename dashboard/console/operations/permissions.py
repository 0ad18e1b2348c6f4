"""AddPermission, RemovePermission, and the policy that both of them edit."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext

from dashboard.console.operations.base import OperationForm
from dashboard.console.operations.fields import JsonField, ListField, TicksField, WordField, choice
from dashboard.console.policy_lines import problem_of
from dashboard.wording import later as _
from messaging.kernel.policies import parse_policy
from messaging.kernel.policy_documents import PolicyError, as_list

GRANTABLE: Final = (
    "*",
    "ChangeMessageVisibility",
    "DeleteMessage",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "PurgeQueue",
    "ReceiveMessage",
    "SendMessage",
)


class AddPermission(OperationForm):
    """AddPermission."""

    operation = "AddPermission"
    button = _("Add permission")
    hint = _("Adds one Allow statement to the queue's policy, named by its label.")
    named: ClassVar = {"ActionName": "Actions", "PrincipalId": "AWSAccountIds"}

    Label = WordField(label=_("Label"), initial="partner")
    AWSAccountIds = ListField(label=_("Accounts"), help_text=_("Numbers of 12 digits."))
    Actions = TicksField(
        label=_("Actions"),
        choices=[(name, name) for name in GRANTABLE],
        initial=["SendMessage"],
        help_text=_("1 to 7."),
    )

    def told(self, result: Mapping[str, Any]) -> str:
        """Say where it stands."""
        return gettext("Statement %(label)s is in the policy.") % {
            "label": self.cleaned_data["Label"]
        }


class RemovePermission(OperationForm):
    """RemovePermission."""

    operation = "RemovePermission"
    button = _("Remove permission")
    default: ClassVar = "Label"

    Label = choice(_("Label"), ())

    def prepare(self) -> None:
        """Offer the statements that have a label."""
        policy = json.loads(self.desk.attributes.get("Policy") or "{}")
        named = [each["Sid"] for each in as_list(policy.get("Statement", [])) if each.get("Sid")]
        field = self.fields["Label"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, name) for name in named]
        if not named:
            field.help_text = gettext("The queue's policy has no statement with a label.")

    def told(self, result: Mapping[str, Any]) -> str:
        """Say what is gone."""
        return gettext("Statement %(label)s is out of the policy.") % {
            "label": self.cleaned_data["Label"]
        }


class PolicyEditor(OperationForm):
    """SetQueueAttributes, with the policy alone."""

    operation = "SetQueueAttributes"
    button = _("Save policy")
    hint = _("Who may do what with this queue. Nothing in it removes the policy.")
    default: ClassVar = "Policy"

    Policy = JsonField(label=_("Policy"), rows=16)

    def prepare(self) -> None:
        """Show the policy as it is, a statement a few lines."""
        text = self.desk.attributes.get("Policy")
        self.fields["Policy"].initial = json.dumps(json.loads(text), indent=2) if text else ""

    def clean_Policy(self) -> Any:
        """Say what IAM would refuse, with its line: SQS says only that it is wrong."""
        policy = self.cleaned_data["Policy"]
        if policy is None:
            return None
        try:
            return parse_policy(json.dumps(policy))
        except PolicyError as error:
            text = self.data.get("Policy", "")
            raise forms.ValidationError(problem_of(text, error)) from None

    def given(self) -> dict[str, Any]:
        """Return the policy in AWS's form, a text; "" removes it."""
        if "Policy" not in self.cleaned_data:
            return {}
        policy = self.cleaned_data["Policy"]
        return {"Attributes": {"Policy": json.dumps(policy) if policy else ""}}

    def told(self, result: Mapping[str, Any]) -> str:
        """Say what holds now."""
        return (
            gettext("Policy saved.")
            if self.cleaned_data["Policy"]
            else gettext("The queue has no policy now.")
        )
