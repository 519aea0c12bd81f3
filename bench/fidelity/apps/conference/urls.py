"""The addresses: a router for each collection, one below talks for their reviews, and one for tokens."""

from __future__ import annotations

from django.urls import include, path
from rest_framework.authtoken.views import obtain_auth_token
from rest_framework.routers import DefaultRouter

from bench.fidelity.apps.conference import views

router = DefaultRouter()
router.register("users", views.UserViewSet, basename="user")
router.register("tracks", views.TrackViewSet)
router.register("talks", views.TalkViewSet, basename="talk")
router.register("registrations", views.RegistrationViewSet, basename="registration")
router.register(r"talks/(?P<talk_pk>\d+)/reviews", views.ReviewViewSet, basename="review")
urlpatterns = [path("api/token/", obtain_auth_token), path("api/", include(router.urls))]
