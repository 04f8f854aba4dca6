#!/usr/bin/env python3
"""How many relays and databases so many teams need on a Saturday afternoon, how long people wait, and where it breaks first.

    scripts/scale-simulation.py [--teams 1000 100000 1000000] [--seed 1] [--seconds 20]
    scripts/scale-simulation.py --limits             more and more teams on what is enough for 2,000
    scripts/scale-simulation.py --check              the simulator against theory alone
    scripts/scale-simulation.py --connections 40000 --without-notify       with larger relays, and told after the commit

A simulation of events, not a measurement: what one thing costs was measured (`Measured`, each with where), how people behave is assumed
(`Assumed`), and what comes of both is computed. First a sample of teams lives through a Saturday, which gives the worst minute. Then one
database with its relays is played through that minute, event by event; the others are like it, since no request is about two teams. Then a relay
dies, and then the database restarts, with everybody's backoff as the client has it (Sources/SyncCore/Exchange/Backoff.swift).

The same seed gives the same numbers.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import Any


@dataclass(frozen=True)
class Measured:
    """Seconds of processor time unless said otherwise. Debug builds on one core of a shared machine: a release is faster."""

    # scripts/relay-costs.py with PostgreSQL: of a relay, and of all processes of its database.
    push: tuple[float, float] = (1947e-6, 1530e-6)
    look: tuple[float, float] = (807e-6, 80e-6)
    pull: tuple[float, float] = (1373e-6, 420e-6)
    listen: tuple[float, float] = (1350e-6, 100e-6)
    wake: float = 91e-6
    heard: float = 77e-6
    # docs/decisions/0014-postgresql.md: commits a second with NOTIFY in the transaction, and without; the lower ends are 570 and 3,400.
    commits: float = 570
    commits_without_notify: float = 3400
    # docs/performance.md: how long the database was away when it crashed, in seconds.
    outage: float = 6.3
    # docs/scale.md, scripts/relay-live.py: bytes.
    process: float = 55e6
    listener: float = 51e3
    # docs/performance.md: bytes a push of one change.
    segment: float = 279


@dataclass(frozen=True)
class Built:
    """What the program does: its own constants."""

    connections: int = 10_000  # a relay takes at most (serve --connections)
    database_connections: int = 12  # of a relay
    patience: float = 15  # seconds until a client that watches gives up a request
    shortest: float = 1  # seconds: the first wait is half of it to all of it, and doubles
    longest: float = 60
    requests_per_minute: float = 6000  # of a team from one address, with a bucket as large; then 429 with Retry-After


@dataclass(frozen=True)
class Assumed:
    """How people behave, and what the machines are."""

    devices: int = 50
    ordinary_pushes: float = 2  # a device on a day without a rally, between 8 and 22 o'clock
    rally_share: float = 0.4  # of teams, on one Saturday
    rally_devices: int = 30  # of a team are there
    rally_pushes: float = 6  # of each, in its two hours
    offline_share: float = 0.4  # of those have no network there, and push once when they are back
    offline_hours: float = 1.5  # on average, from the rally's beginning
    watching: float = 0.15  # of devices, on an ordinary afternoon
    watching_rally: float = 0.5  # of devices of a team with a rally that have a network
    relay_cores: int = 2
    database_cores: int = 8
    most_used: float = 0.6  # what a part may be used at in the worst minute
    return_seconds: float = 5  # what all who listen may need of the database and of a relay to come back after both were away


# MARK: The engine


class Simulation:
    def __init__(self, seed: int) -> None:
        self.now = 0.0
        self.random = random.Random(seed)
        self.events: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self.count = 0

    def after(self, seconds: float, step: Callable[..., None], *arguments: Any) -> None:
        self.count += 1
        heappush(self.events, (self.now + seconds, self.count, step, arguments))

    def run(self, until: float) -> None:
        while self.events and self.events[0][0] <= until:
            self.now, _, step, arguments = heappop(self.events)
            step(*arguments)
        self.now = until


class Station:
    """So many servers and one queue, first come first served."""

    def __init__(self, simulation: Simulation, servers: int) -> None:
        self.simulation, self.servers, self.free = simulation, servers, servers
        self.queue: deque[tuple[float, float, Callable[..., None], tuple[Any, ...]]] = deque()
        self.busy = 0.0
        self.waited: list[float] = []

    def serve(self, seconds: float, then: Callable[..., None], *arguments: Any) -> None:
        if self.free > 0:
            self.begin(self.simulation.now, seconds, then, arguments)
        else:
            self.queue.append((self.simulation.now, seconds, then, arguments))

    def begin(self, asked: float, seconds: float, then: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        self.free -= 1
        self.busy += seconds
        self.waited.append(self.simulation.now - asked)
        self.simulation.after(seconds, self.end, then, arguments)

    def end(self, then: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        self.release()
        then(*arguments)

    def release(self) -> None:
        self.free += 1
        if self.queue:
            self.begin(*self.queue.popleft())


class Pool:
    """Things that are taken and given back."""

    def __init__(self, count: int) -> None:
        self.free = count
        self.queue: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()

    def take(self, then: Callable[..., None], *arguments: Any) -> None:
        if self.free > 0:
            self.free -= 1
            then(*arguments)
        else:
            self.queue.append((then, arguments))

    def give(self) -> None:
        if self.queue:
            then, arguments = self.queue.popleft()
            then(*arguments)
        else:
            self.free += 1


def part(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else math.nan


# MARK: A Saturday


@dataclass(frozen=True)
class Minute:
    """The worst minute, for one team."""

    pushes: float  # a second, on average over teams
    rally_pushes: float  # the part of them that teams with a rally push
    day: float  # pushes on the whole day
    clock: str


def saturday(assumed: Assumed, seed: int, teams: int = 4000) -> Minute:
    """Lets a sample of teams live through it, all in one time zone, which is the worst case."""
    draw = random.Random(seed)
    all_pushes, of_rallies = Counter[int](), Counter[int]()
    for _ in range(teams):
        has_rally = draw.random() < assumed.rally_share
        start = draw.triangular(12, 17, 14) * 60
        for device in range(assumed.devices):
            moments = []
            if has_rally and device < assumed.rally_devices:
                if draw.random() < assumed.offline_share:
                    moments.append(start + draw.expovariate(1 / (assumed.offline_hours * 60)))
                else:
                    moments += [start + 120 * draw.random() for _ in range(poisson(draw, assumed.rally_pushes))]
            else:
                moments += [draw.triangular(8, 22, 19) * 60 for _ in range(poisson(draw, assumed.ordinary_pushes))]
            for moment in moments:
                all_pushes[int(moment)] += 1
                of_rallies[int(moment)] += has_rally and device < assumed.rally_devices
    worst = max(all_pushes, key=lambda minute: (sum(all_pushes[minute + near] for near in range(-2, 3)), -minute))
    mean = sum(all_pushes[worst + near] for near in range(-2, 3)) / 5
    rally = sum(of_rallies[worst + near] for near in range(-2, 3)) / 5
    return Minute(mean / 60 / teams, rally / 60 / teams, sum(all_pushes.values()) / teams, f"{worst // 60}:{worst % 60:02}")


def poisson(draw: random.Random, mean: float) -> int:
    count, product, limit = 0, draw.random(), math.exp(-mean)
    while product > limit:
        count, product = count + 1, product * draw.random()
    return count


# MARK: One database and its relays


@dataclass(frozen=True)
class Plan:
    """What so many teams need, by arithmetic: every part at most `most_used` in the worst minute, and room for one dead relay."""

    teams: float
    pushes: float
    listeners: float
    databases: int
    relays: int  # of each database

    @property
    def slice(self) -> tuple[float, float, float]:
        """Teams, pushes a second and listeners of each database."""
        return self.teams / self.databases, self.pushes / self.databases, self.listeners / self.databases


def watchers(assumed: Assumed) -> tuple[float, float]:
    """Of a team with a rally, and of another, in the worst minute."""
    there = assumed.devices - assumed.rally_devices * assumed.offline_share
    return there * assumed.watching_rally, assumed.devices * assumed.watching


class Load:
    """What a push costs with all that follows from it, in seconds a push."""

    def __init__(self, minute: Minute, measured: Measured, assumed: Assumed) -> None:
        rally, other = watchers(assumed)
        share = minute.rally_pushes / minute.pushes
        self.woken = share * rally + (1 - share) * other
        self.listeners = assumed.rally_share * rally + (1 - assumed.rally_share) * other
        after = self.woken * (measured.look[0] + measured.pull[0] + measured.wake)
        self.relay = measured.push[0] + after
        self.database = measured.push[1] + self.woken * (measured.look[1] + measured.pull[1])


def plan(teams: int, minute: Minute, measured: Measured, assumed: Assumed, built: Built) -> Plan:
    load = Load(minute, measured, assumed)
    # A few teams bunch more than many do: three deviations of the number that push in one second.
    mean = teams * minute.pushes
    pushes = mean + 3 * math.sqrt(mean)
    by_commits = pushes / (measured.commits * assumed.most_used)
    by_cores = pushes * load.database / (assumed.database_cores * assumed.most_used)
    listeners = teams * load.listeners
    back = [measured.look[place] + measured.listen[place] for place in (0, 1)]
    by_return = listeners * back[1] / (assumed.database_cores * assumed.return_seconds)
    databases = max(1, math.ceil(max(by_commits, by_cores, by_return)))
    # A second connection of each for its requests is open for a moment only: a tenth is left for them.
    most = min(built.connections * 0.9, assumed.relay_cores * assumed.return_seconds / back[0])
    by_connections = listeners / databases / most
    each = pushes / databases
    heard = each * measured.heard / (assumed.relay_cores * assumed.most_used)
    by_relay = each * load.relay / (assumed.relay_cores * assumed.most_used)
    relays = math.ceil(max(by_connections, by_relay / max(0.1, 1 - heard))) + 1
    return Plan(teams, pushes, listeners, databases, relays)


class Slice:
    """One database, its relays, and the devices of its teams in the worst minute."""

    def __init__(self, plan: Plan, minute: Minute, measured: Measured, assumed: Assumed, built: Built, seed: int) -> None:
        self.simulation = Simulation(seed)
        self.measured, self.built = measured, built
        self.draw = self.simulation.random
        self.relays = [Station(self.simulation, assumed.relay_cores) for _ in range(plan.relays)]
        self.pools = [Pool(built.database_connections) for _ in self.relays]
        self.alive = list(range(plan.relays))
        self.commit = Station(self.simulation, 1)
        self.cores = Station(self.simulation, assumed.database_cores)
        self.is_database_there = True
        teams, self.rate, _ = plan.slice
        self.rally_share = minute.rally_pushes / minute.pushes
        self.rallies = range(max(1, round(teams * assumed.rally_share)))
        self.others = range(len(self.rallies), max(len(self.rallies) + 1, round(teams)))
        rally, other = watchers(assumed)
        # Who listens where: of each team, at which relay each of its listeners is; -1 while it is away.
        self.places = [self.spread(rally if team in self.rallies else other) for team in range(self.others.stop)]
        self.listening = Counter(place for team in self.places for place in team)
        self.tokens: dict[int, tuple[float, float]] = {}
        self.pushed: list[tuple[float, float]] = []
        self.woken: list[tuple[float, float]] = []
        self.back: list[float] = []
        self.given_up = self.refused = self.told_to_wait = 0

    def spread(self, mean: float) -> list[int]:
        count = int(mean) + (self.draw.random() < mean % 1)
        return [self.draw.randrange(len(self.relays)) for _ in range(count)]

    def time(self, mean: float) -> float:
        return self.draw.expovariate(1 / mean) if mean > 0 else 0.0

    # What goes through a relay: its processor, one of its connections, the database's, and back.

    def request(self, team: int, cost: tuple[float, float], commits: bool, then: Callable[[int, bool], None], relay: int | None = None) -> None:
        """`then` is told which relay it was, and whether it worked."""
        wait = self.retry_after(team)
        if wait > 0:
            self.told_to_wait += 1
            return self.simulation.after(wait, self.request, team, cost, commits, then, relay)
        place = self.draw.choice(self.alive) if relay is None else relay
        self.relays[place].serve(self.time(cost[0]), self.pools[place].take, self.query, place, cost[1], commits, then)

    def query(self, place: int, seconds: float, commits: bool, then: Callable[[int, bool], None]) -> None:
        if not self.is_database_there or place not in self.alive:
            self.pools[place].give()
            return then(place, False)
        step = self.commits if commits else self.done
        self.cores.serve(self.time(seconds), step, place, then)

    def commits(self, place: int, then: Callable[[int, bool], None]) -> None:
        self.commit.serve(self.time(1 / self.measured.commits), self.done, place, then)

    def done(self, place: int, then: Callable[[int, bool], None]) -> None:
        self.pools[place].give()
        then(place, place in self.alive and self.is_database_there)

    def retry_after(self, team: int) -> float:
        """All devices of a team behind one address, which is the worst case."""
        most = self.built.requests_per_minute
        left, at = self.tokens.get(team, (most, 0.0))
        left = min(most, left + (self.simulation.now - at) * most / 60)
        self.tokens[team] = (left - 1 if left >= 1 else left, self.simulation.now)
        return 0.0 if left >= 1 else math.ceil((1 - left) * 60 / most)

    # Pushes, and who is woken by them

    def begin(self) -> None:
        self.simulation.after(self.draw.expovariate(self.rate), self.arrive)

    def arrive(self) -> None:
        self.begin()
        teams = self.rallies if self.draw.random() < self.rally_share else self.others
        self.push(self.draw.choice(teams), self.simulation.now, 0)

    def push(self, team: int, asked: float, failures: int) -> None:
        def answered(place: int, worked: bool) -> None:
            if not worked:
                return self.simulation.after(self.backoff(failures + 1), self.push, team, asked, failures + 1)
            now = self.simulation.now
            self.pushed.append((asked, now - asked))
            for relay in self.alive:
                self.relays[relay].serve(self.time(self.measured.heard), self.announce, team, relay, now)

        self.request(team, self.measured.push, True, answered)

    def announce(self, team: int, relay: int, acknowledged: float) -> None:
        """One look at the database for all who listen to the team there; then each is told."""
        told = self.places[team].count(relay)
        if told == 0 or relay not in self.alive:
            return

        def seen(place: int, worked: bool) -> None:
            if worked:
                for _ in range(told):
                    self.relays[place].serve(self.time(self.measured.wake), self.hear, team, acknowledged)

        self.pools[relay].take(self.query, relay, self.measured.look[1], False, seen)

    def hear(self, team: int, acknowledged: float) -> None:
        self.woken.append((acknowledged, self.simulation.now - acknowledged))
        self.request(team, self.measured.look, False, lambda place, worked: self.request(team, self.measured.pull, False, lambda *_: None))

    # Accidents

    def backoff(self, failures: int) -> float:
        most = min(self.built.longest, self.built.shortest * 2 ** min(failures - 1, 16))
        return most * (0.5 + 0.5 * self.draw.random())

    def kill_relay(self) -> None:
        self.alive.remove(0)
        self.break_listeners(lambda place: place == 0)

    def crash_database(self) -> None:
        self.is_database_there = False
        self.simulation.after(self.measured.outage, self.restart_database)
        self.break_listeners(lambda place: True)

    def restart_database(self) -> None:
        self.is_database_there = True

    def break_listeners(self, is_broken: Callable[[int], bool]) -> None:
        now = self.simulation.now
        for team, places in enumerate(self.places):
            for number, place in enumerate(places):
                if is_broken(place):
                    self.listening[place] -= 1
                    places[number] = -1
                    self.simulation.after(self.backoff(1), self.come_back, team, number, now, 1)

    def come_back(self, team: int, number: int, broken: float, failures: int) -> None:
        """As `Watch` does: it looks what is new, and listens."""
        def fail() -> None:
            self.simulation.after(self.backoff(failures + 1), self.come_back, team, number, broken, failures + 1)

        def is_answered(asked: float, worked: bool) -> bool:
            # The relay does not know that nobody waits any more: what it did for them is lost.
            is_late = self.simulation.now - asked > self.built.patience
            self.given_up += is_late
            return worked and not is_late

        def listens(place: int, worked: bool, asked: float) -> None:
            if not is_answered(asked, worked):
                return fail()
            if self.listening[place] >= self.built.connections:
                self.refused += 1
                return fail()
            self.listening[place] += 1
            self.places[team][number] = place
            self.back.append(self.simulation.now - broken)

        def looked(place: int, worked: bool, asked: float) -> None:
            if not is_answered(asked, worked):
                return fail()
            now = self.simulation.now
            self.request(team, self.measured.listen, False, lambda place, worked: listens(place, worked, now))

        begun = self.simulation.now
        self.request(team, self.measured.look, False, lambda place, worked: looked(place, worked, begun))

    def used(self, seconds: float) -> dict[str, float]:
        living = [self.relays[place] for place in self.alive]
        return {
            "commits": self.commit.busy / seconds,
            "database": self.cores.busy / seconds / self.cores.servers,
            "relay": sum(each.busy for each in living) / seconds / sum(each.servers for each in living),
        }


# MARK: What is told


def check_theory(seed: int) -> list[str]:
    """The engine against queues whose waits are known: M/M/1, M/D/1 and M/M/3 (Erlang C). What is off by more than four in a hundred."""
    wrong = []
    for name, servers, rate, is_fixed in (("M/M/1", 1, 0.7, False), ("M/D/1", 1, 0.8, True), ("M/M/3", 3, 2.4, False)):
        simulation = Simulation(seed)
        station = Station(simulation, servers)

        def arrive() -> None:
            simulation.after(simulation.random.expovariate(rate), arrive)
            station.serve(1.0 if is_fixed else simulation.random.expovariate(1.0), lambda: None)

        arrive()
        simulation.run(400_000)
        used = rate / servers
        odds = rate**servers / math.factorial(servers) / (1 - used)
        queues = odds / (sum(rate**count / math.factorial(count) for count in range(servers)) + odds)
        expected = queues / (servers - rate) * (0.5 if is_fixed else 1)
        seen = sum(station.waited) / len(station.waited)
        is_right = abs(seen / expected - 1) < 0.04 and abs(station.busy / 400_000 / servers / used - 1) < 0.01
        print(f"{name}, used at {used:.0%}: waits {seen:.3f}, by theory {expected:.3f}{'' if is_right else '  WRONG'}")
        if not is_right:
            wrong.append(name)
    return wrong


def milliseconds(values: list[float]) -> str:
    return f"{part(values, 0.5) * 1000:,.0f} / {part(values, 0.99) * 1000:,.0f}"


def play(plan: Plan, minute: Minute, settings: tuple[Measured, Assumed, Built], seed: int, seconds: float, accident: str = "") -> Slice:
    """Five seconds to warm up, an accident if there is one, and so many seconds."""
    played = Slice(plan, minute, *settings, seed)
    played.begin()
    if accident:
        played.simulation.after(5, getattr(played, accident))
    played.simulation.run(5 + seconds)
    return played


def tell(teams: int, minute: Minute, settings: tuple[Measured, Assumed, Built], seed: int, seconds: float) -> None:
    measured, assumed, _ = settings
    needed = plan(teams, minute, *settings)
    calm = play(needed, minute, settings, seed, seconds)
    used = calm.used(5 + seconds)
    listeners = needed.slice[2] / (needed.relays - 1)
    print(f"\n{teams:,} teams: {needed.pushes:,.0f} pushes a second, {needed.listeners:,.0f} who listen")
    print(f"  {needed.databases} databases, {needed.relays} relays each ({needed.databases * needed.relays:,} in all); a relay holds at most "
          f"{listeners:,.0f} listeners in {(measured.process + listeners * measured.listener) / 1e6:,.0f} MB; "
          f"{teams * minute.day * measured.segment / 1e9:,.1f} GB of segments on such a day")
    print(f"  used: commits {used['commits']:.0%}, database {used['database']:.0%}, relays {used['relay']:.0%}; waits for a commit "
          f"{milliseconds(calm.commit.waited)}, for a relay's processor {milliseconds([wait for each in calm.relays for wait in each.waited])} ms")
    print(f"  push {milliseconds([took for _, took in calm.pushed])} ms, wake-up "
          f"{milliseconds([took for _, took in calm.woken])} ms (median / 99 of 100)")
    for accident, name in (("kill_relay", "a relay dies"), ("crash_database", f"the database is away for {measured.outage:.0f} s")):
        storm = play(needed, minute, settings, seed, max(seconds, 40), accident)
        during = [took for asked, took in storm.pushed if 5 <= asked < 15]
        print(f"  {name}: {tell_return(storm)}; pushes of the next ten seconds {milliseconds(during)} ms; "
              f"{storm.given_up} gave up a request, {storm.refused} found no room, {storm.told_to_wait} told to wait")


def tell_limits(minute: Minute, settings: tuple[Measured, Assumed, Built], seed: int, seconds: float) -> None:
    """More and more teams on what is enough for 2,000: which part is the first that people notice."""
    base = plan(2000, minute, *settings)
    print(f"\nWhat is enough for 2,000 teams ({base.databases} database, {base.relays} relays), with more of them:")
    for times in (1, 1.5, 2, 3):
        load = replace(base, teams=base.teams * times, pushes=base.pushes * times, listeners=base.listeners * times)
        played = play(load, minute, settings, seed, seconds)
        crashed = play(load, minute, settings, seed, 40, "crash_database")
        used = played.used(5 + seconds)
        room = max(played.listening.values()) / settings[2].connections
        print(f"  {load.teams:,.0f} teams: commits {used['commits']:.0%}, database {used['database']:.0%}, relays {used['relay']:.0%}, their "
              f"connections {room:.0%}; push {milliseconds([took for _, took in played.pushed])} ms, "
              f"wake-up {milliseconds([took for _, took in played.woken])} ms; after a crash of the database {tell_return(crashed)}")


def tell_return(storm: Slice) -> str:
    away = sum(place == -1 for team in storm.places for place in team)
    rest = f", {away:,} not yet" if away else ""
    return f"{len(storm.back):,} listen again after {part(storm.back, 0.5):.1f} / {part(storm.back, 0.99):.1f} s{rest}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--teams", type=int, nargs="*", default=[1000, 100_000, 1_000_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--limits", action="store_true", help="more and more teams on what is enough for 2,000")
    parser.add_argument("--check", action="store_true", help="the simulator against theory alone")
    parser.add_argument("--connections", type=int, default=Built.connections, help="of a relay")
    parser.add_argument("--without-notify", action="store_true", help="news are told after the commit, several teams at a time")
    options = parser.parse_args()
    if wrong := check_theory(options.seed):
        sys.exit(f"the simulator does not agree with theory: {', '.join(wrong)}")
    if options.check:
        return
    measured = Measured()
    if options.without_notify:
        measured = replace(measured, commits=measured.commits_without_notify)
    settings = measured, Assumed(), Built(connections=options.connections)
    minute = saturday(settings[1], options.seed)
    print(f"\nThe worst minute is {minute.clock}: {minute.pushes * 1000:.1f} pushes a second of 1,000 teams, "
          f"{minute.rally_pushes / minute.pushes:.0%} of them from rallies; {minute.day:.0f} pushes a team on the whole day")
    if options.limits:
        return tell_limits(minute, settings, options.seed, options.seconds)
    for teams in options.teams:
        tell(teams, minute, settings, options.seed, options.seconds)


if __name__ == "__main__":
    main()
