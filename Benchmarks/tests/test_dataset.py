import hashlib
import tempfile
import unittest
from pathlib import Path

from harness.dataset import made

DIGEST = "70b42171a59dc12966b0f9b6da666a826d044a9d3fc7bebc491eaea05f45570e"


class DataSetTests(unittest.TestCase):
    def test_the_same_records_are_made_each_time(self):
        """What was measured before stays comparable only as long as this holds."""
        with tempfile.TemporaryDirectory() as folder:
            data = made(Path(folder), 200)
            digest = hashlib.sha256()
            for name in ("records", "singles", "edits1", *(f"w4_{number}" for number in range(10))):
                digest.update((data / f"{name}.tsv").read_bytes())
        self.assertEqual(digest.hexdigest(), DIGEST)
