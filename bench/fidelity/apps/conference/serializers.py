"""How the conference is told in JSON: nested where it is read, ids where it is written, with what is counted."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.db.models import Avg, Sum
from rest_framework import serializers

from bench.fidelity.apps.conference.models import Registration, Review, Talk, Track

User = get_user_model()


class UserSerializer(serializers.ModelSerializer):
    """An account, with a password that is never told."""

    password = serializers.CharField(write_only=True, validators=[validate_password])

    class Meta:
        model = User
        fields = ("id", "username", "email", "first_name", "last_name", "password")

    def create(self, validated_data):
        return User.objects.create_user(**validated_data)

    def update(self, instance, validated_data):
        if secret := validated_data.pop("password", None):
            instance.set_password(secret)
        return super().update(instance, validated_data)


class PersonSerializer(serializers.ModelSerializer):
    """Somebody as others see them."""

    class Meta:
        model = User
        fields = ("id", "username")


class TrackSerializer(serializers.ModelSerializer):
    """A track with how many of its talks are accepted."""

    talk_count = serializers.SerializerMethodField()

    class Meta:
        model = Track
        fields = ("id", "name", "room", "talk_count")

    def get_talk_count(self, track) -> int:
        return track.talks.filter(status=Talk.Status.ACCEPTED).count()


class BriefTrackSerializer(serializers.ModelSerializer):
    """A track as it is nested in a talk."""

    class Meta:
        model = Track
        fields = ("id", "name")


class TalkSerializer(serializers.ModelSerializer):
    """A talk in full."""

    track = BriefTrackSerializer(read_only=True)
    track_id = serializers.PrimaryKeyRelatedField(queryset=Track.objects.all(), source="track", write_only=True)
    speaker = PersonSerializer(read_only=True)
    seats_left = serializers.SerializerMethodField()
    review_count = serializers.IntegerField(source="reviews.count", read_only=True)
    average_stars = serializers.SerializerMethodField()
    is_registered = serializers.SerializerMethodField()

    class Meta:
        model = Talk
        fields = (
            "id",
            "title",
            "abstract",
            "track",
            "track_id",
            "level",
            "minutes",
            "price",
            "capacity",
            "starts_at",
            "status",
            "speaker",
            "seats_left",
            "review_count",
            "average_stars",
            "is_registered",
            "created_at",
            "updated_at",
        )

    def get_seats_left(self, talk) -> int:
        return talk.capacity - (talk.registrations.aggregate(all=Sum("seats"))["all"] or 0)

    def get_average_stars(self, talk) -> float | None:
        average = talk.reviews.aggregate(all=Avg("stars"))["all"]
        return None if average is None else round(average, 2)

    def get_is_registered(self, talk) -> bool:
        user = self.context["request"].user
        return user.is_authenticated and talk.registrations.filter(attendee=user).exists()

    def validate_title(self, value: str) -> str:
        if len(value) < 4:
            raise serializers.ValidationError("A title has at least four characters.")
        return value

    def validate(self, attrs):
        minutes = attrs.get("minutes", getattr(self.instance, "minutes", 30))
        level = attrs.get("level", getattr(self.instance, "level", Talk.Level.BEGINNER))
        if level == Talk.Level.BEGINNER and minutes > 60:
            raise serializers.ValidationError("Talks for beginners last at most an hour.")
        return attrs


class BriefTalkSerializer(serializers.ModelSerializer):
    """A talk as it is nested in a registration."""

    class Meta:
        model = Talk
        fields = ("id", "title", "price", "starts_at")


class RegistrationSerializer(serializers.ModelSerializer):
    """Somebody's seats and what they cost."""

    talk = BriefTalkSerializer(read_only=True)
    attendee = serializers.ReadOnlyField(source="attendee.username")
    total = serializers.SerializerMethodField()

    class Meta:
        model = Registration
        fields = ("id", "talk", "attendee", "seats", "total", "created_at")

    def get_total(self, registration) -> str:
        return f"{registration.talk.price * registration.seats:.2f}"

    def validate_seats(self, value: int) -> int:
        talk = self.context.get("talk") or self.instance.talk
        mine = self.instance.seats if self.instance else 0
        taken = (talk.registrations.aggregate(all=Sum("seats"))["all"] or 0) - mine
        if value > talk.capacity - taken:
            raise serializers.ValidationError(f"Only {talk.capacity - taken} seats are left.")
        return value


class ReviewSerializer(serializers.ModelSerializer):
    """A review by its author's name."""

    author = serializers.ReadOnlyField(source="author.username")
    talk = serializers.PrimaryKeyRelatedField(read_only=True)

    class Meta:
        model = Review
        fields = ("id", "talk", "author", "stars", "text", "created_at")

    def validate(self, attrs):
        talk, user = self.context["talk"], self.context["request"].user
        if self.instance is None and talk.reviews.filter(author=user).exists():
            raise serializers.ValidationError("You have reviewed this talk already.")
        return attrs
