"""What talks and registrations can be filtered by."""

from __future__ import annotations

from django_filters import rest_framework as filters

from bench.fidelity.apps.conference.models import Registration, Talk


class TalkFilter(filters.FilterSet):
    """`?track=3&level=advanced&min_price=5&max_price=20`."""

    min_price = filters.NumberFilter(field_name="price", lookup_expr="gte")
    max_price = filters.NumberFilter(field_name="price", lookup_expr="lte")
    speaker = filters.CharFilter(field_name="speaker__username")

    class Meta:
        model = Talk
        fields = ("track", "level", "status", "speaker")


class RegistrationFilter(filters.FilterSet):
    """`?talk=3`."""

    class Meta:
        model = Registration
        fields = ("talk",)
