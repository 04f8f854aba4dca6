import unittest

from harness.regression import compared, is_worse


class RegressionTests(unittest.TestCase):
    def test_a_tenth_more_is_borne_and_no_more(self):
        self.assertFalse(is_worse(1000, 1100))
        self.assertTrue(is_worse(1000, 1101))

    def test_less_is_never_worse(self):
        self.assertFalse(is_worse(1000, 1))

    def test_a_new_workload_is_not_worse(self):
        self.assertFalse(is_worse(None, 1000))

    def test_the_table_names_what_is_worse(self):
        rows = compared({"list": 1000, "add": 1000}, {"list": 990, "add": 1200, "pull": 5})
        self.assertEqual(rows[1:], [
            ["list", "1,000", "990", "-1.0 %", ""], ["add", "1,000", "1,200", "+20.0 %", "worse"], ["pull", "–", "5", "new", ""]])
