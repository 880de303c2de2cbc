"""Reading in one thread while another writes: each thread has a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.services import cases
from tests.support.stores import make_session, make_store


def test_threads_read_while_another_writes(tmp_path: Path) -> None:
    store = make_store(tmp_path / "a.db")
    session = make_session(store)

    def write() -> int:
        for number in range(60):
            form = cases.new_case_file(session).edited(municipality=f"Lindau {number}")
            cases.open_case_file(session, form)
        return store.queries.case_count()

    def read() -> list[int]:
        counts = []
        for _ in range(120):
            counts.append(len(store.queries.search_cases("lin", 100)))
            store.queries.case_page(None, 50)
        return counts

    with ThreadPoolExecutor(3) as pool:
        writing = pool.submit(write)
        readings = [pool.submit(read) for _ in range(2)]
        assert writing.result() == 60
        for reading in readings:
            assert reading.result() == sorted(reading.result())
    store.close()
