import unittest

from harness.figures import Figures, Summary, exponent


class FiguresTests(unittest.TestCase):
    def test_a_summary_has_the_median_and_the_ends_of_all_runs(self):
        figures = Figures()
        for value in (3.0, 1.0, 9.0):
            figures.add("sync", "W1", "records_per_s", value)
        self.assertEqual(figures.summary("sync", "W1", "records_per_s"), Summary(3.0, 1.0, 9.0, 3))

    def test_what_was_not_measured_has_no_summary(self):
        figures = Figures()
        figures.add("floor", "W1", "records_per_s", 1)
        self.assertIsNone(figures.summary("sync", "W1", "records_per_s"))

    def test_a_peer_tells_its_figures_as_lines_of_json(self):
        figures = Figures()
        figures.add_lines('{"peer":"floor","w":"W1","m":"a","v":2}\n{"peer":"floor","w":"W1","m":"a","v":4}\n')
        self.assertEqual(figures.summary("floor", "W1", "a"), Summary(3.0, 2.0, 4.0, 2))

    def test_a_broken_line_is_no_figure(self):
        with self.assertRaises(ValueError):
            Figures().add_lines('{"peer":"floor"')

    def test_the_exponent_of_a_power_is_its_exponent(self):
        for power in (0, 0.5, 1, 1.3, 2):
            curve = [(x, 7 * x**power) for x in (1000, 10_000, 100_000)]
            self.assertAlmostEqual(exponent(curve), power)

    def test_the_exponent_of_a_constant_and_a_line_lies_between(self):
        curve = [(x, 5000 + x) for x in (1000, 10_000, 100_000)]
        self.assertTrue(0.2 < exponent(curve) < 0.8)
