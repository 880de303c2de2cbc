"""What can go wrong on the way to a paper. No parameter ever holds a client's data."""

from app.domain.errors import KimError


class MissingGlyphError(KimError):
    """No typeface of the program draws a character (`character`, `code_point`, `form`, `language`)."""

    error_id = "missing_glyph"


class UnknownFormError(KimError):
    """There is no paper of this name (`form`, `known`)."""

    error_id = "unknown_form"


class UnknownLanguageError(KimError):
    """The program knows no papers in this language (`language`, `known`)."""

    error_id = "unknown_language"


class FormLanguageMissingError(KimError):
    """The language is known, but this paper has no text in it yet (`form`, `language`, `available`)."""

    error_id = "form_language_missing"


class FormTextDamagedError(KimError):
    """A text file cannot be read or lacks what its head must say (`form`, `language`, `detail`)."""

    error_id = "form_text_damaged"


class FormKeysError(KimError):
    """A text has other paragraphs than its form (`form`, `language`, `missing`, `unknown`)."""

    error_id = "form_keys"


class FormPlaceholderError(KimError):
    """A paragraph has other placeholders than the German one (`form`, `language`, `key`)."""

    error_id = "form_placeholders"


class PersonLabelError(KimError):
    """A paper was asked for with something other than "Person 1" as the label; it may be a name."""

    error_id = "person_label"
