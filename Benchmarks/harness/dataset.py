"""The records and edits that everybody is measured on: the same bytes from one seed, as tab-separated lines.

    records.tsv       id title city country starts_at attendance_low attendance_high organiser notes status; ids are 32 hexadecimal digits
    singles.tsv       2,000 further records
    edits1.tsv        one field of every hundredth record: id field value
    w4_0.tsv …9       ten devices' edits of a tenth each, of the first quarter of the records: they meet often
    edits2.tsv        as edits1.tsv, others
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable
from pathlib import Path

SINGLES = 2000
DEVICES = 10
COLUMNS = "title city country starts_at attendance_low attendance_high organiser notes status".split()
INTEGERS = {"starts_at", "attendance_low", "attendance_high"}

SYLLABLES = (
    "ba be bi bo bu ca ce ci co cu da de di do du fa fe fi fo ga ge gi go la le li lo lu ma me mi mo mu na ne ni no pa pe pi po ra re ri ro "
    "ru sa se si so su ta te ti to tu va ve vi vo za ze zi zo").split()
COUNTRIES = (
    "Norge Sverige Suomi Deutschland France España Portugal Italia Polska Česko Magyarország Ελλάδα Türkiye Україна Kenya Ghana Nigeria "
    "Brasil Argentina Chile México Canada USA 日本 한국 India Nepal Australia Aotearoa Ireland").split()
STATUSES = "planned confirmed cancelled done reported".split()


class Generator:
    """The order in which it draws is part of the data set: what is added must draw after everything else."""

    def __init__(self) -> None:
        self.random = random.Random(20240229)
        self.words = list(dict.fromkeys(self.word() for _ in range(4000)))[:2500]
        self.weights = list(itertools.accumulate(1.0 / (rank + 3) for rank in range(len(self.words))))
        choice = self.random.choice
        self.cities = [self.word().capitalize() + choice(["", "", "ville", "burg", " City", "stad"]) for _ in range(800)]
        self.organisers = [
            (self.word() + " " + self.word()).title() + choice([" Network", " Union", " Alliance", "", " Collective"]) for _ in range(3000)]

    def word(self) -> str:
        return "".join(self.random.choice(SYLLABLES) for _ in range(self.random.choice((1, 2, 2, 3, 3, 4))))

    def text(self, length: int) -> str:
        words, written = [], 0
        while written < length:
            word = self.random.choices(self.words, cum_weights=self.weights)[0]
            words.append(word)
            written += len(word) + 1
        return " ".join(words)[:length].strip()

    def record(self) -> list[str]:
        draw = self.random
        low = int(draw.paretovariate(1.1) * 20)
        high = low + int(low * draw.random() * 1.5) + 1
        return [
            "%032x" % draw.getrandbits(128), self.text(draw.randint(22, 38)).capitalize(), draw.choice(self.cities), draw.choice(COUNTRIES),
            str(1546300800 + draw.randrange(0, 200_000_000, 900)), str(min(low, 2_000_000)), str(min(high, 5_000_000)),
            draw.choice(self.organisers), self.text(draw.randint(80, 160)), draw.choice(STATUSES)]

    def edits(self, ids: list[str], count: int) -> Iterable[list[str]]:
        draw = self.random
        values: dict[str, Callable[[], str]] = {
            "status": lambda: draw.choice(STATUSES) + "*", "attendance_high": lambda: str(draw.randrange(5_000_000)),
            "notes": lambda: self.text(draw.randint(80, 160)), "title": lambda: self.text(30)}
        for number, record in enumerate(draw.sample(ids, count)):
            field = ("status", "attendance_high", "notes", "title")[number % 4]
            yield [record, field, values[field]()]

    def overlapping_edits(self, device: int, ids: list[str], count: int) -> Iterable[list[str]]:
        draw = self.random
        for record in draw.sample(ids, count):
            field = draw.choice(("attendance_low", "status"))
            yield [record, field, str(draw.randrange(1_000_000)) if field == "attendance_low" else draw.choice(STATUSES) + str(device)]


def write(path: Path, rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines("\t".join(row) + "\n" for row in rows)


def made(folder: Path, count: int) -> Path:
    """A folder with the data set of so many records, which is made once."""
    data = folder / f"data-{count}"
    if (data / "edits2.tsv").exists():
        return data
    data.mkdir(parents=True, exist_ok=True)
    generator = Generator()
    records = [generator.record() for _ in range(count)]
    ids = [record[0] for record in records]
    write(data / "records.tsv", records)
    write(data / "singles.tsv", (generator.record() for _ in range(SINGLES)))
    write(data / "edits1.tsv", generator.edits(ids, max(1, count // 100)))
    for device in range(DEVICES):
        write(data / f"w4_{device}.tsv", generator.overlapping_edits(device, ids[:count // 4], count // 10))
    write(data / "edits2.tsv", generator.edits(ids, max(1, count // 100)))
    return data
