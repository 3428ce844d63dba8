"""The addresses of targets; `new` comes before a target's own."""

from brigade.web.targets import forms, targets

urlpatterns = [*forms.urlpatterns, *targets.urlpatterns]
