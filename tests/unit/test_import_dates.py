"""Days as people write them; what could be two is refused."""

from __future__ import annotations

import datetime
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.desk.importing.dates import DateError, Order, day

DAY = datetime.date(2019, 6, 18)
DAYS = st.dates(datetime.date(1955, 1, 1), datetime.date(2110, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        *("2019-06-18", "2019/06/18", "2019.6.18", "2019-06-18T23:59:59Z", "2019-06-18 09:30:00"),
        *(
            "18/06/2019",
            "18.06.2019",
            "18.6.2019",
            "18-06-2019",
            "18. 6. 2019",
            "06/18/2019",
            "18/06/2019 09:30",
        ),
        *(
            "43634",
            "43634.75",
            "18 June 2019",
            "18th June 2019",
            "June 18, 2019",
            "Jun 18 2019",
            "18 JUN 2019",
        ),
        *(
            "18 juin 2019",
            "18 Juin, 2019",
            "18 يونيو 2019",
            "18 حزيران 2019",
            "٢٠١٩-٠٦-١٨",
            "١٨/٦/٢٠١٩",
            " 18  juin 2019 ",
        ),
    ],
)
def test_one_day_in_many_ways(text: str) -> None:
    assert day(text) == DAY


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1er mars 2020", datetime.date(2020, 3, 1)),
        ("1 août 2020", datetime.date(2020, 8, 1)),
        ("18 كانون الثاني 2019", datetime.date(2019, 1, 18)),
        ("18 déc. 2019", datetime.date(2019, 12, 18)),
        ("05/05/2019", datetime.date(2019, 5, 5)),
        ("03.04.2019", datetime.date(2019, 4, 3)),
        ("29.02.2020", datetime.date(2020, 2, 29)),
    ],
)
def test_other_days(text: str, wanted: datetime.date) -> None:
    assert day(text) == wanted


@pytest.mark.parametrize(
    ("text", "order", "wanted"),
    [
        ("03/04/2019", "dmy", datetime.date(2019, 4, 3)),
        ("03/04/2019", "mdy", datetime.date(2019, 3, 4)),
        ("03.04.2019", "mdy", datetime.date(2019, 3, 4)),
        ("03/04/19", "dmy", datetime.date(2019, 4, 3)),
        ("19-04-03", "ymd", datetime.date(2019, 4, 3)),
    ],
)
def test_the_order_can_be_told(text: str, order: Order, wanted: datetime.date) -> None:
    assert day(text, order) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2019",
        "3-4-2019",
        "03/04/19",
        "2019",
        "201906",
        "31/02/2019",
        "2019-02-29",
        "13/13/2019",
        "",
        "soon",
        "18 brumaire 2019",
        "2019-06/18",
        "99999",
        "9" * 60,
        "18/06/2019; drop",
        "²2/06/2019",
        "1/1/0000",
    ],
)
def test_what_could_be_two_days_or_none_is_refused(text: str) -> None:
    with pytest.raises(DateError) as found:
        day(text)
    assert len(str(found.value)) < 120


@given(DAYS)
def test_every_day_is_read_as_it_was_written(when: datetime.date) -> None:
    assert day(when.isoformat()) == when
    assert day(f"{when:%d.%m.%Y}") == when
    assert day(str((when - datetime.date(1899, 12, 30)).days)) == when
    assert day(f"{when:%d/%m/%Y}", "dmy") == day(f"{when:%m/%d/%Y}", "mdy") == when


@given(DAYS)
def test_without_the_order_a_day_is_right_or_refused(when: datetime.date) -> None:
    for text in (f"{when:%d/%m/%Y}", f"{when:%m/%d/%Y}"):
        try:
            assert day(text) == when
        except DateError:
            assert when.day <= 12 and when.day != when.month


@given(st.text(max_size=30))
def test_no_text_is_a_fault_of_ours(text: str) -> None:
    for order in (None, "dmy", "mdy", "ymd"):
        with suppress(DateError):
            assert isinstance(day(text, order), datetime.date)  # type: ignore[arg-type]
