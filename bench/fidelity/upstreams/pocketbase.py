"""PocketBase: an application's accounts, projects and tasks as records with rules, filters, relations and batches.

PocketBase 0.34.0 (2025-11, MIT), built from its Go module, on SQLite.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.fidelity.packages import go_command
from bench.fidelity.upstream import Start
from bench.peer import fetch

MODULE: Final = "github.com/pocketbase/pocketbase/examples/base@v0.34.0"
ADMINISTRATOR: Final = ("root@studio.example", "Harbor-lantern-17")
MIGRATION: Final = """
migrate((app) => {
  const stamps = [
    { type: "autodate", name: "created", onCreate: true },
    { type: "autodate", name: "updated", onCreate: true, onUpdate: true },
  ];
  const users = app.findCollectionByNameOrId("users");
  const mine = "owner = @request.auth.id";
  const shared = "@request.auth.id != '' && (owner = @request.auth.id || members.id ?= @request.auth.id)";
  const projects = new Collection({
    type: "base", name: "projects",
    listRule: shared, viewRule: shared, updateRule: mine, deleteRule: mine,
    createRule: "@request.auth.id != '' && @request.body.owner = @request.auth.id",
    fields: [
      { type: "text", name: "name", required: true, min: 3, max: 60 },
      { type: "text", name: "code", required: true, pattern: "^[a-z0-9-]+$" },
      { type: "select", name: "stage", maxSelect: 1, values: ["draft", "active", "paused", "closed"] },
      { type: "number", name: "budget", min: 0 },
      { type: "relation", name: "owner", required: true, maxSelect: 1, collectionId: users.id, cascadeDelete: true },
      { type: "relation", name: "members", maxSelect: 9, collectionId: users.id },
      ...stamps,
    ],
    indexes: ["CREATE UNIQUE INDEX idx_projects_code ON projects (code)"],
  });
  app.save(projects);
  const there = "@request.auth.id != '' && (project.owner = @request.auth.id"
    + " || project.members.id ?= @request.auth.id)";
  app.save(new Collection({
    type: "base", name: "tasks",
    listRule: there, viewRule: there, createRule: there, updateRule: there,
    deleteRule: "project.owner = @request.auth.id",
    fields: [
      { type: "text", name: "title", required: true, max: 80 },
      { type: "relation", name: "project", required: true, maxSelect: 1, collectionId: projects.id,
        cascadeDelete: true },
      { type: "number", name: "hours", min: 0, max: 400 },
      { type: "select", name: "labels", maxSelect: 3, values: ["bug", "design", "writing", "research"] },
      { type: "bool", name: "done" },
      { type: "date", name: "due" },
      { type: "json", name: "extra" },
      ...stamps,
    ],
  }));
  const settings = app.settings();
  settings.batch.enabled = true;
  app.save(settings);
}, (app) => {});
"""


class Pocketbase:
    """PocketBase 0.34 from its Go module, with the collections of a studio and nothing in them."""

    name = "pocketbase"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        self._command = go_command(self.name, MODULE)

    def prepare(self, folder: Path, port: int) -> Start:
        (folder / "migrations").mkdir()
        (folder / "migrations" / "1750000000_studio.js").write_text(MIGRATION, encoding="utf-8")
        base = [
            str(self._command),
            "--dev=false",
            "--dir",
            "data",
            "--migrationsDir",
            "migrations",
            "--hooksDir",
            "none",
        ]
        fetch([*base, "superuser", "upsert", *ADMINISTRATOR], folder)
        # It applies the migrations that it finds when it starts.
        return Start([*base, "serve", "--http", f"127.0.0.1:{port}", "--automigrate=false"], ready_path="/api/health")
