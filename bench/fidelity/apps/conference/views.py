"""The views: accounts, tracks, talks with their actions, registrations, and the reviews of a talk."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth import get_user_model
from django.db.models import Avg, ProtectedError, Q, Sum
from django.shortcuts import get_object_or_404
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.permissions import AllowAny, IsAdminUser, IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.response import Response

from bench.fidelity.apps.conference.filters import RegistrationFilter, TalkFilter
from bench.fidelity.apps.conference.models import Registration, Talk, Track
from bench.fidelity.apps.conference.permissions import OwnerOrReadOnly, StaffOrReadOnly
from bench.fidelity.apps.conference.serializers import (
    RegistrationSerializer,
    ReviewSerializer,
    TalkSerializer,
    TrackSerializer,
    UserSerializer,
)


class ConflictError(APIException):
    """What is asked does not fit the state that something is in."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "This is not possible now."
    default_code = "conflict"


class UserViewSet(mixins.CreateModelMixin, viewsets.GenericViewSet):
    """Anybody may sign up; everybody sees and changes only themselves."""

    queryset = get_user_model().objects.all()
    serializer_class = UserSerializer

    def get_permissions(self):
        return [AllowAny()] if self.action == "create" else [IsAuthenticated()]

    @action(detail=False, methods=["get", "patch"])
    def me(self, request):
        if request.method == "GET":
            return Response(self.get_serializer(request.user).data)
        serializer = self.get_serializer(request.user, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)


class TrackViewSet(viewsets.ModelViewSet):
    """Tracks, which staff keep; one that has talks stays."""

    queryset = Track.objects.all()
    serializer_class = TrackSerializer
    permission_classes = (StaffOrReadOnly,)
    search_fields = ("name", "room")
    ordering_fields = ("name", "id")

    def perform_destroy(self, instance) -> None:
        try:
            instance.delete()
        except ProtectedError:
            raise ConflictError("There are talks on this track.") from None


class TalkViewSet(viewsets.ModelViewSet):
    """Talks: drafts are seen by who proposed them, what was not accepted by nobody else but staff."""

    serializer_class = TalkSerializer
    permission_classes = (IsAuthenticatedOrReadOnly, OwnerOrReadOnly)
    filterset_class = TalkFilter
    search_fields = ("title", "abstract")
    ordering_fields = ("title", "price", "minutes", "starts_at", "created_at")
    owner = "speaker"

    def get_queryset(self):
        user, talks = self.request.user, Talk.objects.select_related("track", "speaker")
        if user.is_staff:
            return talks
        seen = Q(status=Talk.Status.ACCEPTED)
        return talks.filter(seen | Q(speaker=user) if user.is_authenticated else seen)

    def perform_create(self, serializer) -> None:
        serializer.save(speaker=self.request.user)

    def perform_destroy(self, instance) -> None:
        if instance.registrations.exists():
            raise ConflictError("Somebody has registered for this talk.")
        instance.delete()

    @action(detail=False, permission_classes=[IsAuthenticated])
    def mine(self, request):
        talks = self.filter_queryset(self.get_queryset().filter(speaker=request.user))
        page = self.paginate_queryset(talks)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @action(detail=True, methods=["post"])
    def submit(self, request, pk=None):  # noqa: ARG002
        return self._moved(Talk.Status.SUBMITTED, Talk.Status.DRAFT, Talk.Status.REJECTED)

    @action(detail=True, methods=["post"], permission_classes=[IsAdminUser])
    def accept(self, request, pk=None):  # noqa: ARG002
        return self._moved(Talk.Status.ACCEPTED, Talk.Status.SUBMITTED)

    @action(detail=True, methods=["post"], permission_classes=[IsAdminUser])
    def reject(self, request, pk=None):  # noqa: ARG002
        return self._moved(Talk.Status.REJECTED, Talk.Status.SUBMITTED)

    def _moved(self, to: str, *before: str) -> Response:
        talk = self.get_object()
        if talk.status not in before:
            raise ConflictError(f"A talk that is {talk.status} cannot be {to}.")
        talk.status = to
        talk.save()
        return Response(self.get_serializer(talk).data)

    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def register(self, request, pk=None):  # noqa: ARG002
        talk = self.get_object()
        if talk.status != Talk.Status.ACCEPTED:
            raise ConflictError("This talk is not open for registration.")
        if talk.registrations.filter(attendee=request.user).exists():
            raise ValidationError({"non_field_errors": ["You are registered already."]})
        context = self.get_serializer_context() | {"talk": talk}
        serializer = RegistrationSerializer(data=request.data, context=context)
        serializer.is_valid(raise_exception=True)
        seats = serializer.validated_data.get("seats", 1)
        serializer.save(talk=talk, attendee=request.user, seats=seats)
        return Response(serializer.data, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def unregister(self, request, pk=None):  # noqa: ARG002
        gone, _ = self.get_object().registrations.filter(attendee=request.user).delete()
        if not gone:
            raise ValidationError({"detail": "You are not registered."})
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=True)
    def stats(self, request, pk=None):  # noqa: ARG002
        talk = self.get_object()
        seats = talk.registrations.aggregate(all=Sum("seats"))["all"] or 0
        stars = talk.reviews.aggregate(all=Avg("stars"))["all"]
        return Response(
            {
                "talk": talk.pk,
                "registrations": talk.registrations.count(),
                "seats_taken": seats,
                "seats_left": talk.capacity - seats,
                "revenue": str(talk.price * Decimal(seats)),
                "average_stars": stars if stars is None else round(stars, 2),
            }
        )


class RegistrationViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet,
):
    """Everybody's own registrations, which are made at a talk."""

    serializer_class = RegistrationSerializer
    permission_classes = (IsAuthenticated,)
    filterset_class = RegistrationFilter
    ordering_fields = ("created_at", "seats")

    def get_queryset(self):
        return Registration.objects.filter(attendee=self.request.user).select_related("talk", "attendee")


class ReviewViewSet(viewsets.ModelViewSet):
    """The reviews of a talk that was accepted."""

    serializer_class = ReviewSerializer
    permission_classes = (IsAuthenticatedOrReadOnly, OwnerOrReadOnly)
    filter_backends = ()
    owner = "author"

    def get_queryset(self):
        return self._talk().reviews.select_related("author")

    def get_serializer_context(self):
        return super().get_serializer_context() | {"talk": self._talk()}

    def perform_create(self, serializer) -> None:
        if self._talk().speaker == self.request.user:
            raise ConflictError("Nobody reviews their own talk.")
        serializer.save(talk=self._talk(), author=self.request.user)

    def _talk(self) -> Talk:
        return get_object_or_404(Talk, pk=self.kwargs["talk_pk"], status=Talk.Status.ACCEPTED)
