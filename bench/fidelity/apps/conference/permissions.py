"""Who may change what: staff the tracks, everybody their own."""

from __future__ import annotations

from rest_framework.permissions import SAFE_METHODS, BasePermission


class StaffOrReadOnly(BasePermission):
    """Everybody may read, staff may write."""

    def has_permission(self, request, view) -> bool:  # noqa: ARG002
        return request.method in SAFE_METHODS or request.user.is_staff


class OwnerOrReadOnly(BasePermission):
    """Everybody may read; whoever a view names as the owner may write."""

    message = "Only its owner may change this."

    def has_object_permission(self, request, view, one) -> bool:
        return request.method in SAFE_METHODS or getattr(one, view.owner) == request.user
