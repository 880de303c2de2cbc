"""What an exchange with a folder did, as sentences."""

from __future__ import annotations

from app.i18n import _, ngettext
from app.services.folder import FolderReport, FolderStatus
from ui.display import moment_text


def folder_status_text(status: FolderStatus) -> str:
    """Tell which folder was used last, and what waits in folders to be read."""
    if status.at_ms is None:
        return _("Without network, a stick or a shared folder carries the same sealed parcels.")
    used = _("Last exchange: {time}, {folder}.").format(time=moment_text(status.at_ms), folder=status.path)
    if not status.placed:
        return used
    waits = ngettext(
        "{count} parcel of yours lies in a folder and was not read by everybody yet.",
        "{count} parcels of yours lie in a folder and were not read by everybody yet.",
        status.placed,
    )
    return f"{used} {waits.format(count=status.placed)}"


def folder_report_text(report: FolderReport) -> str:
    """Tell what was taken, put and found."""
    return " ".join(_sentences(report))


def _sentences(report: FolderReport) -> list[str]:
    put = ngettext("{count} file put into the folder", "{count} files put into the folder", report.written)
    took = ngettext("{count} taken from it.", "{count} taken from it.", report.read)
    found = [f"{put.format(count=report.written)}, {took.format(count=report.read)}"]
    if not report.lists:
        found.append(_("No other computer of your district has been here yet."))
    for count, text in _counted(report):
        if count:
            found.append(text.format(count=count))
    return found


def _counted(report: FolderReport) -> tuple[tuple[int, str], ...]:
    return (
        (
            report.missing,
            ngettext(
                "{count} parcel is missing: it comes when its sender uses this folder again.",
                "{count} parcels are missing: they come when their senders use this folder again.",
                report.missing,
            ),
        ),
        (
            report.broken,
            ngettext(
                "{count} file is damaged or half copied and was left there.",
                "{count} files are damaged or half copied and were left there.",
                report.broken,
            ),
        ),
        (
            report.older,
            ngettext(
                "{count} computer's list here is older than one seen before: this may be an old copy.",
                "{count} computers' lists here are older than ones seen before: this may be an old copy.",
                report.older,
            ),
        ),
        (
            report.foreign,
            ngettext(
                "{count} other file was left alone.", "{count} other files were left alone.", report.foreign
            ),
        ),
    )
