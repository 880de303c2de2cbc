"""Switching the language while the program runs: our catalogues, Qt's own texts, its numbers and dates."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator, Signal

from app import i18n

_QT_LOCALES = {"de": "de_DE", "en": "en_GB"}


class Translation(QObject):
    """The one switch of the program's language; `language_changed` carries the new code."""

    language_changed = Signal(str)

    def __init__(self, application: QCoreApplication) -> None:
        """Take the program's language as it stands."""
        super().__init__(application)
        self._application = application
        self._qt_texts = QTranslator(self)

    def switch(self, code: str) -> None:
        """Give all texts in another language of `app.i18n.LANGUAGES` from now on."""
        i18n.set_language(code)
        QLocale.setDefault(QLocale(_QT_LOCALES[code]))
        self._application.removeTranslator(self._qt_texts)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._qt_texts.load(f"qtbase_{code}", folder):
            self._application.installTranslator(self._qt_texts)
        self.language_changed.emit(code)

    def next_language(self) -> str:
        """Give the code of the language after the present one."""
        codes = list(i18n.LANGUAGES)
        return codes[(codes.index(i18n.language()) + 1) % len(codes)]
