"""The log of changes is sealed in the database too: it refuses to change or delete an entry, whoever asks."""

from django.db import migrations

SEALED = "the log of changes is written once"
SQLITE = tuple(
    f"CREATE TRIGGER audit_no_{what} BEFORE {what} ON audit_entry BEGIN SELECT RAISE(ABORT, '{SEALED}'); END"
    for what in ("update", "delete")
)
POSTGRESQL = (
    f"CREATE FUNCTION audit_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{SEALED}'; END $$",
    "CREATE TRIGGER audit_sealed BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_sealed()",
)
OPEN = {
    "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"),
    "postgresql": ("DROP TRIGGER audit_sealed ON audit_entry", "DROP FUNCTION audit_sealed()"),
}


def seal(apps, editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[editor.connection.vendor]:
        editor.execute(statement)


def unseal(apps, editor):
    for statement in OPEN[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(seal, unseal)]
