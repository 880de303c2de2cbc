"""Words that differ are marked, the rest is left as it is, and nothing typed becomes markup."""

from ui.pages.desk_parts.word_marks import marked


def test_words_that_the_other_lacks_are_marked() -> None:
    one, two = "Die Miete zahlt das Amt.", "Die Miete zahlt sie selbst."
    assert marked(one, two) == "Die Miete zahlt <b><u>das Amt.</u></b>"
    assert marked(two, one) == "Die Miete zahlt <b><u>sie selbst.</u></b>"


def test_equal_texts_have_no_mark() -> None:
    assert marked("gleich\nund gleich", "gleich\nund gleich") == "gleich<br>und gleich"


def test_what_was_typed_is_never_markup() -> None:
    assert marked("<img src=x> & so", "und so") == "<b><u>&lt;img src=x&gt; &amp;</u></b> so"
