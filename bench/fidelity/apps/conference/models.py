"""What the conference keeps: tracks, talks, who comes, and what they say of it."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class Track(models.Model):
    """A theme that talks belong to."""

    name = models.CharField(max_length=40, unique=True)
    room = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Talk(models.Model):
    """A talk, from its draft on; whoever proposed it speaks."""

    class Level(models.TextChoices):
        BEGINNER = "beginner"
        INTERMEDIATE = "intermediate"
        ADVANCED = "advanced"

    class Status(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"
        ACCEPTED = "accepted"
        REJECTED = "rejected"

    title = models.CharField(max_length=80)
    abstract = models.TextField(blank=True)
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="talks")
    level = models.CharField(max_length=20, choices=Level, default=Level.BEGINNER)
    minutes = models.PositiveSmallIntegerField(default=30, validators=[MinValueValidator(10), MaxValueValidator(90)])
    price = models.DecimalField(max_digits=6, decimal_places=2, default="0.00", validators=[MinValueValidator(0)])
    capacity = models.PositiveSmallIntegerField(default=20)
    starts_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    speaker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="talks")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.title


class Registration(models.Model):
    """Seats that somebody took at a talk."""

    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="registrations")
    attendee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="registrations")
    seats = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(5)])
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("talk", "attendee"), name="once"),)

    def __str__(self) -> str:
        return f"{self.attendee} at {self.talk}"


class Review(models.Model):
    """What somebody says of a talk: once each."""

    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="reviews")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reviews")
    stars = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    text = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("talk", "author"), name="one_review"),)

    def __str__(self) -> str:
        return f"{self.author} on {self.talk}"
