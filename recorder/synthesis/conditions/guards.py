"""Guards: conditions on a request and on what is held, and the ordered list of them that tells outcomes apart."""

from __future__ import annotations

import operator
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, reduce
from itertools import combinations
from typing import Any, Final

from recorder.synthesis.conditions.atoms import SENT, Atom, conditions, distinct
from recorder.synthesis.conditions.conjunction import conjunction
from recorder.synthesis.conditions.cross_validation import is_foretold, is_shorter
from recorder.synthesis.conditions.moving import moving
from recorder.synthesis.conditions.reasons import Reason
from recorder.synthesis.conditions.rule import Rule
from recorder.synthesis.terms.differences import LEFT
from recorder.synthesis.terms.few import are_few
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.spread import spread
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

_MOST_RULES: Final = 14
_MOST_SCENES: Final = 300
"""How many scenes of an endpoint are looked at: what is so in these is so in more."""
_MOST_PROMISING: Final = 70
_PLAIN: Final = 0.6
_PLAINEST: Final = 0.7
_NARROW_TENTHS: Final = 7
_FEW: Final = 3
_OF_HELD: Final = ("held.", "pair.", "exists.")
_MOST_BESIDE: Final = 2
_ABSENT: Final = " is none"
_MOVING: Final = 0.6
_STRAY: Final = 1.5
_UNLIKELY: Final = 0.35
_SIGNS: Final = re.compile(r"[^a-z0-9]")
_SUM: Final = "total(resource."
"""What the items of a kind come to only rises: in one session that tells what was early from what was late."""
_WHOLE_BODY: Final = "held.(request.raw_body"
"""How large all that was sent is: a reason only for refusals that are of that."""
_MANY: Final = 30
_UNREASONABLE: Final = 5.0
"""What a rule loses that is not about what its refusal says."""
_LEAST: Final = -0.5
"""The score below which a rule is none."""
_GOOD_ENOUGH: Final = 0.4
"""The score from which on no two conditions are tried together."""


class Judge:
    """Knows all conditions over the scenes of one endpoint, and finds those that tell labels apart.

    `may_tell` leaves out conditions that are not to be used; at `most` so many scenes are looked at.
    """

    def __init__(
        self,
        scenes: Sequence[Scene],
        vocabulary: Vocabulary,
        may_tell: Callable[[Term], bool] = lambda _term: True,
        most: int = _MOST_SCENES,
    ) -> None:
        self._scenes = spread(scenes, most)
        self.said: dict[Hashable, str] = {}
        """What the answers of a label say, letters and digits only."""
        self.reasons: dict[Hashable, Reason] = {}
        """What the refusals are about, where so little was recorded that nearly anything tells them apart."""
        self._place = {id(scene): place for place, scene in enumerate(self._scenes)}
        self._left_out = {id(scene) for scene in scenes} - self._place.keys()
        self._vocabulary, self._may_tell, self._most = vocabulary, may_tell, most
        self._others: list[Judge] = []
        self._known: dict[Hashable, tuple[list[Rule], dict[Hashable, int], bool]] = {}

    @cached_property
    def _atoms(self) -> list[Atom]:
        """Work out the conditions where they are asked for first: most endpoints have one way of answering."""
        known = conditions(self._scenes, self._vocabulary)
        is_few = are_few(self._scenes)
        told = (one for one in known if self._may_tell(one.term) and not (is_few and one.term.text.startswith(_SUM)))
        return distinct(self._scenes, told)

    @property
    def absences(self) -> list[int]:
        """The scenes (bits) in which something that is looked up is not there, for each such thing."""
        return [
            atom.mask
            for atom in self._atoms
            if atom.about.startswith("exists.") and atom.term.text.endswith(" is none")
        ]

    def decide(
        self, scenes: Sequence[Scene], labels: Sequence[Any], *, by_chance: bool = False
    ) -> list[tuple[Term | None, Any]] | None:
        """Give conditions in order with their labels, the last without one; None where they cannot be told apart.

        Scenes that were left out are judged beside those that are asked for with them. What may be no more than chance
        is given only where `by_chance` is set.
        """
        if not self._left_out.isdisjoint(map(id, scenes)) and len(scenes) <= self._most:
            return self._beside(scenes).decide(scenes, labels, by_chance=by_chance)
        groups: dict[Hashable, int] = defaultdict(int)
        named = {}
        for scene, label in zip(scenes, labels, strict=True):
            if id(scene) in self._left_out:
                continue
            place = self._place.get(id(scene))
            if place is None:
                return None
            key = label if isinstance(label, Hashable) else repr(label)
            groups[key] |= 1 << place
            named[key] = label
        rules, rest, is_meant = self._learnt(groups)
        if len(rest) != 1 or len(rules) > len(groups) + 2 or not (by_chance or is_meant):
            return None
        made: list[tuple[Term | None, Any]] = [(conjunction(rule.terms), named[rule.label]) for rule in rules]
        return [*made, (None, named[next(iter(rest))])]

    def _learnt(self, groups: Mapping[Hashable, int]) -> tuple[list[Rule], dict[Hashable, int], bool]:
        """Give the rules of these labels with what they leave over, and whether they are more than chance."""
        key = tuple(groups.items())
        known = self._known.get(key)
        if known is None:
            rules, rest = self.rules(groups)
            costs = [atom.term.cost for atom in self._atoms]
            is_meant = is_shorter(rules, groups, costs) or is_foretold(self.rules, groups, self._by_session)
            known = self._known[key] = (rules, rest, is_meant)
        return known

    def knows(self, scenes: Sequence[Scene]) -> bool:
        """Tell whether all of these scenes are looked at."""
        return all(id(scene) in self._place for scene in scenes)

    def _beside(self, scenes: Sequence[Scene]) -> Judge:
        """Give one that knows these scenes: which are explained of very many is not which are looked at here."""
        known = next((one for one in self._others if one.knows(scenes)), None)
        if known is None:
            known = Judge(scenes, self._vocabulary, self._may_tell, self._most)
            self._others.append(known)
        return known

    def narrowest(self, scenes: Sequence[Scene], wanted: Sequence[bool]) -> Term | None:
        """Give the plain condition that holds in all wanted scenes and in fewest others; None where it leaves out few.

        For what is seen only at times: that the others do not have it is not known.
        """
        inside = self.mask([scene for scene, is_one in zip(scenes, wanted, strict=True) if is_one])
        others = self.mask(scenes) & ~inside
        fits = [atom for atom in self._atoms if not inside & ~atom.mask and atom.term.cost <= _PLAINEST]
        best = min(fits, key=lambda atom: ((atom.mask & others).bit_count(), atom.term.cost), default=None)
        if (
            best is None
            or others.bit_count() < _FEW
            or (best.mask & others).bit_count() * 10 > others.bit_count() * _NARROW_TENTHS
        ):
            return None
        return best.term

    def mask(self, scenes: Sequence[Scene]) -> int:
        """Give the bits of these scenes; one that was left out for there being too many has none."""
        found = 0
        for scene in scenes:
            place = self._place.get(id(scene))
            if place is not None:
                found |= 1 << place
        return found

    def rules(
        self,
        groups: Mapping[Hashable, int],
        bias: Mapping[Hashable, Sequence[str]] | None = None,
        last: Hashable | None = None,
        beyond: int = 0,
    ) -> tuple[list[Rule], dict[Hashable, int]]:
        """Find pure rules one by one, each over what the ones before it left; give them and what is left, by label.

        `bias` names the subjects that are likely to explain a label, `last` the label that should be left over.
        `beyond` are scenes of no label here that no rule may take.
        """
        left = {label: mask for label, mask in groups.items() if mask}
        if len(left) < 2:
            return [], left
        awaited = {label for label, mask in left.items() if self._is_told_to_be_left(mask)}
        rules: list[Rule] = []
        while len(left) > 1 and len(rules) < _MOST_RULES:
            found = self._best(left, bias or {}, last, beyond)
            if found is None or (bias and found.rule.weight < _LEAST):
                break
            if found.rule.label in awaited and found.rule.terms[0].name != LEFT:
                rest = {label: mask for label, mask in left.items() if label not in awaited}
                spared = reduce(operator.or_, (left[label] for label in awaited if label in left), beyond)
                other = self._best(rest, bias or {}, last, spared) if len(rest) > 1 else None
                found = other if other is not None and other.rule.weight >= _LEAST else found
            label = found.rule.label
            rules.append(self._cautious(found, groups))
            left[label] &= ~found.held
            if not left[label]:
                del left[label]
        return rules, left

    def _cautious(self, found: _Found, groups: Mapping[Hashable, int]) -> Rule:
        """Have a refusal seen once or twice, for what is held, hold only where all is so that may be why.

        That is what held in these calls and in none that was accepted: one of it is the reason, and none may be chance.
        """
        rule, reason = found.rule, self.reasons.get(found.rule.label)
        (first, *more), about = rule.terms, self._about(rule.terms[0])
        if (
            reason is None
            or more
            or rule.support >= _FEW
            or first.text.endswith(_ABSENT)
            or not about.startswith(_OF_HELD)
        ):
            return rule
        accepted = reduce(operator.or_, (mask for label, mask in groups.items() if label not in self.reasons), 0)
        others: dict[str, Term] = {}
        for atom in self._atoms:
            is_so = not found.held & ~atom.mask and not atom.mask & accepted
            if not is_so or atom.about == about or atom.term.cost > _PLAIN:
                continue
            if reason.fits(atom.term, atom.about, rule.support) and not reason.is_chance(
                atom.term, atom.about, rule.support
            ):
                others.setdefault(atom.about, atom.term)
        return replace(rule, terms=(first, *list(others.values())[:_MOST_BESIDE]))

    def _about(self, term: Term) -> str:
        return next((atom.about for atom in self._atoms if atom.term is term), "")

    def _is_told_to_be_left(self, mask: int) -> bool:
        """Tell whether in all of these scenes more was asked for than was left, which the answers tell."""
        return any(atom.term.name == LEFT and not mask & ~atom.mask for atom in self._atoms)

    def _best(
        self, left: Mapping[Hashable, int], bias: Mapping[Hashable, Sequence[str]], last: Hashable | None, beyond: int
    ) -> _Found | None:
        """Find the best rule of one condition, or of two where that is not good enough."""
        everything = beyond
        for mask in left.values():
            everything |= mask
        useful = [(atom, atom.mask & everything) for atom in self._atoms]
        useful = [(atom, held) for atom, held in useful if held not in (0, everything)]
        told = {label: mask for label, mask in left.items() if label != last}
        best: _Found | None = None
        for atom, held in useful:
            for label, mask in told.items():
                if not held & ~mask:
                    best = _better(best, self._scored((atom,), held, label, mask, bias))
        if best is not None and best.rule.weight >= _GOOD_ENOUGH:
            return best
        for (one, held_one), (two, held_two) in combinations(_promising(useful, told), 2):
            held = held_one & held_two
            if not held or one.about == two.about:
                continue
            for label, mask in told.items():
                if not held & ~mask and (held.bit_count() > 2 or held == mask):
                    best = _better(best, self._scored((one, two), held, label, mask, bias))
        return best

    def _scored(
        self, atoms: tuple[Atom, ...], held: int, label: Hashable, mask: int, bias: Mapping[Hashable, Sequence[str]]
    ) -> _Found:
        count = held.bit_count()
        share = count / mask.bit_count()
        likely = tuple(bias.get(label, ()))
        said = self.said.get(label, "")
        cost = sum(
            atom.term.cost
            + (_UNLIKELY if bias and SENT.match(atom.term.text) else 0.0)
            - (0.6 if atom.about.startswith(likely) else 0.0)
            - (0.6 if _is_named(atom.about, said) else 0.0)
            - (_MOVING if not bias and self._moves(atom.about) else 0.0)
            for atom in atoms
        )
        score = share + min(count, 10) * 0.05 - cost * 0.25
        if bias:  # of refusals: what is far-fetched needs more than a scene or two that speak for it
            is_near = all(atom.about.startswith(likely) or _is_named(atom.about, said) for atom in atoms)
            score -= 0.0 if is_near and len(atoms) == 1 else max(0.0, cost - _PLAIN) / count
            is_rare = count < _FEW and len(self._scenes) >= _MANY
            score -= _STRAY / count if is_rare and not is_near else 0.0
            is_measured = any(
                atom.about.startswith(_WHOLE_BODY) and not atom.about.startswith(likely) for atom in atoms
            )
            score -= _UNREASONABLE if is_measured else 0.0
            reason = self.reasons.get(label)
            is_reason = reason is None or (len(atoms) == 1 and reason.fits(atoms[0].term, atoms[0].about, count))
            is_chance = reason is not None and any(reason.is_chance(atom.term, atom.about, count) for atom in atoms)
            is_again = len(atoms) == 1 and self._is_seen_again(held)
            is_again = is_again and (reason is None or reason.may_be(atoms[0].term))
            is_likely = is_reason or is_again or (count >= _FEW and is_near)
            score -= 0.0 if is_likely and not is_chance else _UNREASONABLE
        whole = reduce(operator.and_, (atom.mask for atom in atoms))
        return _Found(Rule(tuple(atom.term for atom in atoms), label, count, score, whole), held)

    @cached_property
    def _moving(self) -> set[str]:
        return moving(self._scenes) if are_few(self._scenes) else set()

    def _moves(self, about: str) -> bool:
        return about[max(0, about.find("vars.")) :] in self._moving

    @cached_property
    def _by_session(self) -> list[int]:
        """The scenes (bits) of each session."""
        found: dict[int, int] = defaultdict(int)
        for place, scene in enumerate(self._scenes):
            found[scene.sample.session] |= 1 << place
        return list(found.values())

    def _is_seen_again(self, held: int) -> bool:
        """Tell whether scenes are of several sessions: what holds in these is hardly chance."""
        return sum(bool(held & inside) for inside in self._by_session) > 1


@dataclass(frozen=True, slots=True)
class _Found:
    """A rule with the scenes in which it holds."""

    rule: Rule
    held: int


def _better(best: _Found | None, other: _Found) -> _Found:
    return other if best is None or other.rule.weight > best.rule.weight else best


def _promising(useful: Sequence[tuple[Atom, int]], told: Mapping[Hashable, int]) -> list[tuple[Atom, int]]:
    """Give the conditions that come nearest to telling a label by themselves."""
    ranked = []
    for atom, held in useful:
        gain = max((_gain(held, mask) for mask in told.values()), default=0.0)
        ranked.append((gain - atom.term.cost * 0.05, atom, held))
    ranked.sort(key=lambda one: -one[0])
    return [(atom, held) for _, atom, held in ranked[:_MOST_PROMISING]]


def _gain(held: int, mask: int) -> float:
    """Give which share of a label's scenes a condition takes, less the share of others in what it takes."""
    return (held & mask).bit_count() / mask.bit_count() - (held & ~mask).bit_count() / max(1, held.bit_count())


def _is_named(about: str, said: str) -> bool:
    """Tell whether an answer names what a condition is about."""
    word = _word(about)
    return len(word) > 2 and word in said


@lru_cache(maxsize=1 << 14)
def _word(about: str) -> str:
    """Give the last name of what a condition is about, as answers are searched for it."""
    return _SIGNS.sub("", about.rpartition(".")[2].removeprefix("same_").lower())
