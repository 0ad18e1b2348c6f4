"""Addresses of the pages."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from dashboard import documents, endpoint, home, sandboxes, wording
from dashboard.actors import chaos
from dashboard.actors import views as actors
from dashboard.bench import page as performance
from dashboard.charts import views as charts
from dashboard.console import actions, bench, moves, nodes, policy_trial, polling, tagging
from dashboard.help import views as glossary
from dashboard.history import clock as world
from dashboard.history import forks
from dashboard.history import views as history
from dashboard.inspector import acting
from dashboard.inspector import views as inspector
from dashboard.keys import views as keys
from dashboard.matcher import views as matcher
from dashboard.palette import views as palette
from dashboard.requests import views as requests
from dashboard.resources import making, samples
from dashboard.resources import views as resources
from dashboard.scenarios import views as scenarios
from dashboard.scenarios.embedding import embeddable
from dashboard.topology import commands, views
from dashboard.whynot import views as whynot

urlpatterns = [
    path("", home.home, name="home"),
    path("<slug:name>.pem", documents.certificate, name="certificate"),
    path("s/", home.create, name="create-sandbox"),
    path("bench/", performance.page, name="performance"),
    path("help/", glossary.page, name="help"),
    path("help/terms/<slug:slug>/", glossary.card, name="term"),
    path("new/", scenarios.new, name="new-sandbox"),
    path("new/import/", scenarios.import_document, name="import-scenario"),
    path("switcher/", scenarios.switcher, name="switcher"),
    path("words/<str:language>.<str:digest>.js", wording.catalogue, name="words"),
    path("login/", LoginView.as_view(template_name="login.html"), name="login"),
    path("logout/", LogoutView.as_view(next_page="login"), name="logout"),
    path("s/<slug:slug>/", embeddable(views.page), name="sandbox"),
    path("s/<slug:slug>/about/", sandboxes.about, name="about"),
    path("s/<slug:slug>/actor/", actors.switch, name="actor"),
    path("s/<slug:slug>/actor/duplicate/", actors.duplicate, name="actor-duplicate"),
    path("s/<slug:slug>/actor/edit/", actors.edit, name="actor-edit"),
    path("s/<slug:slug>/actor/new/", actors.create, name="actor-new"),
    path("s/<slug:slug>/actor/remove/", actors.remove, name="actor-remove"),
    path("s/<slug:slug>/at/", history.at, name="at"),
    path("s/<slug:slug>/aws/events/samples/", samples.sample, name="event-sample"),
    path("s/<slug:slug>/aws/events/samples/check/", samples.check, name="event-sample-check"),
    path("s/<slug:slug>/aws/<slug:service>/new/<str:key>/", making.new, name="aws-new"),
    path("s/<slug:slug>/aws/<slug:service>/operations/", resources.index, name="aws-operations"),
    path(
        "s/<slug:slug>/aws/<slug:service>/op/<str:key>/", resources.operation, name="aws-operation"
    ),
    path("s/<slug:slug>/aws/<slug:service>/op/<str:key>/check/", resources.check, name="aws-check"),
    path("s/<slug:slug>/chaos/", chaos.tray, name="chaos"),
    path("s/<slug:slug>/chaos/stop/", chaos.stop, name="chaos-stop"),
    path("s/<slug:slug>/charts/", charts.page, name="charts"),
    path("s/<slug:slug>/charts/data/", charts.data, name="charts-data"),
    path("s/<slug:slug>/clock/", world.clock, name="clock"),
    path("s/<slug:slug>/delete/", sandboxes.delete, name="delete-sandbox"),
    path("s/<slug:slug>/do/", commands.do, name="do"),
    path("s/<slug:slug>/duplicate/", sandboxes.duplicate, name="duplicate-sandbox"),
    path("s/<slug:slug>/fork/", forks.fork, name="fork-sandbox"),
    path("s/<slug:slug>/fork/prospect/", forks.prospect, name="fork-prospect"),
    path("s/<slug:slug>/lifetimes/", inspector.lifetimes, name="lifetimes"),
    path("s/<slug:slug>/keys/", keys.keys, name="keys"),
    path("s/<slug:slug>/keys/issue/", keys.issue, name="key-issue"),
    path("s/<slug:slug>/keys/<slug:key_id>/withdraw/", keys.withdraw, name="key-withdraw"),
    path("s/<slug:slug>/keys/<slug:key_id>/secret/", keys.key_secret, name="key-secret"),
    path("s/<slug:slug>/markers/", history.markers, name="markers"),
    path("s/<slug:slug>/matcher/", matcher.page, name="matcher"),
    path("s/<slug:slug>/matcher/check/", matcher.check, name="matcher-check"),
    path("s/<slug:slug>/matcher/save/", matcher.save, name="matcher-save"),
    path("s/<slug:slug>/message/<int:number>/", inspector.message, name="message"),
    path("s/<slug:slug>/message/<int:number>/body/", inspector.body, name="message-body"),
    path("s/<slug:slug>/message/<int:number>/delete/", acting.delete, name="message-delete"),
    path("s/<slug:slug>/message/<int:number>/receive/", acting.receive, name="message-receive"),
    path(
        "s/<slug:slug>/message/<int:number>/visibility/",
        acting.visibility,
        name="message-visibility",
    ),
    path("s/<slug:slug>/node/", nodes.node, name="node"),
    path("s/<slug:slug>/palette/", palette.run, name="palette"),
    path("s/<slug:slug>/palette/model/", palette.model, name="palette-model"),
    path("s/<slug:slug>/rename/", sandboxes.rename, name="rename-sandbox"),
    path("s/<slug:slug>/requests/", requests.page, name="requests"),
    path("s/<slug:slug>/requests/<int:seq>/", requests.call, name="request"),
    path("s/<slug:slug>/requests/<int:seq>/replay/", requests.replay, name="replay"),
    path("s/<slug:slug>/reset/", sandboxes.reset, name="reset-sandbox"),
    path("s/<slug:slug>/scenario.json", scenarios.export, name="scenario"),
    path("s/<slug:slug>/share/", scenarios.share, name="share"),
    path("s/<slug:slug>/secret/", endpoint.secret, name="secret"),
    path("s/<slug:slug>/sqs/attributes/", actions.attributes, name="sqs-attributes"),
    path("s/<slug:slug>/sqs/create/", actions.create, name="sqs-create"),
    path("s/<slug:slug>/sqs/operations/", bench.index, name="sqs-operations"),
    path("s/<slug:slug>/sqs/op/ReceiveMessage/", polling.receive, name="sqs-receive-form"),
    path("s/<slug:slug>/sqs/op/<str:key>/", bench.operation, name="sqs-operation"),
    path("s/<slug:slug>/sqs/op/<str:key>/check/", bench.check, name="sqs-check"),
    path("s/<slug:slug>/sqs/moves/", moves.progress, name="sqs-moves"),
    path("s/<slug:slug>/sqs/policy/", policy_trial.evaluation, name="sqs-policy"),
    path("s/<slug:slug>/sqs/delete/", actions.delete, name="sqs-delete"),
    path("s/<slug:slug>/sqs/purge/", actions.purge, name="sqs-purge"),
    path("s/<slug:slug>/sqs/queue-delete/", actions.queue_delete, name="sqs-queue-delete"),
    path("s/<slug:slug>/sqs/receive/", actions.receive, name="sqs-receive"),
    path("s/<slug:slug>/sqs/send/", actions.send, name="sqs-send"),
    path("s/<slug:slug>/sqs/tags/", tagging.change, name="sqs-tags"),
    path("s/<slug:slug>/whynot/", whynot.page, name="whynot"),
]
