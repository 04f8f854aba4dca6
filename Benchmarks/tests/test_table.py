import unittest

from harness.figures import Figures
from harness.table import aligned, everything_table, judged, short, targets_table
from harness.targets import TARGETS, at_least, at_most


def measured(**peers):
    figures = Figures()
    for peer, values in peers.items():
        for value in values:
            figures.add(peer, "W1", "rate", value)
    return figures


class VerdictTests(unittest.TestCase):
    def test_the_ratio_is_that_of_medians(self):
        verdict = judged(at_least("W1", "", "rate", 0.5, "/s", ("floor",)), measured(sync=[10, 40, 50], floor=[100, 80, 1000]))
        self.assertAlmostEqual(verdict.ratio, 0.4)
        self.assertIs(verdict.is_reached, False)

    def test_what_is_just_reached_is_reached(self):
        figures = measured(sync=[45], floor=[100])
        self.assertIs(judged(at_least("W1", "", "rate", 0.45, "/s", ("floor",)), figures).is_reached, True)
        self.assertIs(judged(at_least("W1", "", "rate", 0.46, "/s", ("floor",)), figures).is_reached, False)
        self.assertIs(judged(at_most("W1", "", "rate", 0.45, "s", ("floor",)), figures).is_reached, True)
        self.assertIs(judged(at_most("W1", "", "rate", 0.44, "s", ("floor",)), figures).is_reached, False)

    def test_the_best_of_the_peers_is_the_fastest(self):
        figures = measured(sync=[1], loro=[5], pycrdt=[7], automerge=[6])
        peers = ("pycrdt", "automerge", "loro")
        self.assertEqual(judged(at_least("W1", "", "rate", 3, "/s", peers), figures).best, "pycrdt")
        self.assertEqual(judged(at_most("W1", "", "rate", 3, "s", peers), figures).best, "loro")

    def test_a_peer_that_is_not_installed_is_not_the_best(self):
        verdict = judged(at_most("W1", "", "rate", 3, "s", ("pycrdt", "loro")), measured(sync=[1], loro=[5]))
        self.assertEqual((verdict.best, verdict.is_reached), ("loro", True))

    def test_without_any_peer_nothing_is_said(self):
        verdict = judged(at_most("W1", "", "rate", 3, "s", ("pycrdt",)), measured(sync=[1]))
        self.assertIsNone(verdict.is_reached)
        self.assertEqual(verdict.cells()[-1], "not measured")

    def test_a_number_is_a_bound_by_itself(self):
        figures = measured(sync=[90, 95, 96])
        self.assertIs(judged(at_most("W1", "", "rate", 95, "B"), figures).is_reached, True)
        self.assertIs(judged(at_most("W1", "", "rate", 94, "B"), figures).is_reached, False)
        self.assertIs(judged(at_least("W1", "", "rate", 96, "B"), figures).is_reached, False)

    def test_a_peers_measure_may_have_another_name(self):
        figures = Figures()
        figures.add("sync", "W8", "add_ms", 6)
        figures.add("sqlite3", "W8", "open_and_update_ms", 2)
        target = at_most("W8", "", "add_ms", 3, "ms", ("sqlite3",), "open_and_update_ms")
        self.assertIs(judged(target, figures).is_reached, True)


class TableTests(unittest.TestCase):
    def test_columns_stand_under_one_another(self):
        lines = list(aligned([["a", "long head"], ["longer", "b"]]))
        self.assertEqual(lines, ["| a      | long head |", "|--------|-----------|", "| longer | b         |"])

    def test_a_row_says_all_that_was_seen(self):
        target = at_least("W1", "bulk write", "rate", 0.45, "/s", ("floor",))
        lines = list(targets_table([target], measured(sync=[50_000, 60_000], floor=[100_000]), {"W1"}))
        for cell in ("bulk write", "55,000 (50,000–60,000) /s", "floor 100,000", "0.55 ×", "≥ 0.45 ×", "reached"):
            self.assertIn(f" {cell} ", lines[2])

    def test_only_the_chosen_workloads_are_shown(self):
        self.assertEqual(len(list(targets_table(TARGETS, Figures(), {"W9"}))), 3)

    def test_everything_measured_is_shown(self):
        lines = list(everything_table(measured(sync=[1], floor=[2]), ["W1"]))
        self.assertEqual(len(lines), 4)

    def test_numbers_are_short(self):
        self.assertEqual([short(value) for value in (0.01234, 1.5, 999.4, 1000, 123456.7)], ["0.0123", "1.5", "999", "1,000", "123,457"])
