"""What a new password must not be: too short, or put together from what is guessed first."""

from __future__ import annotations

import re

from zeroplant.errors import Problem

SHORTEST, LONGEST = 12, 200
"""Characters of a password. NIST SP 800-63B: length counts, rules about characters do not; the
upper bound keeps hashing from being a way to tire the machine."""
LEAST_LEFT = 8
"""Characters that must be left of a password once all that is guessed first is taken out."""
_TELLING = 4
"""Letters of a name from which on it gives a password away."""
_SPELT = str.maketrans("013457@$!", "oieastasi")
"""Digits and signs that stand for letters."""
_GUESSED = (
    "password", "passwort", "passphrase", "admin", "administrator", "operator", "engineer", "root",
    "login", "letmein", "welcome", "hello", "secret", "master", "default", "changeme", "change",
    "user", "test", "temp", "demo", "iloveyou", "sunshine", "princess", "dragon", "monkey",
    "football", "baseball", "superman", "batman", "summer", "winter", "spring", "autumn",
    "january", "february", "march", "april", "june", "july", "august", "september", "october",
    "november", "december", "monday", "friday", "correct", "horse", "battery", "staple",
    "zeroplant", "plant", "power", "energy", "scada", "control", "grid", "station",
    "woaini", "mima", "zhongguo", "beijing", "shanghai", "dianchang", "dianwang", "diaodu",
)  # fmt: skip
"""Words that guessing begins with: English, pinyin, and those of the trade."""
_WALKS = (
    "01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik", "qazwsxedcrfvtgbyhnujmik", "q1w2e3r4t5y6u7i8o9p0",
    "1q2w3e4r5t6y7u8i9o0p", "5201314", "1314520",
)  # fmt: skip
"""Walks over a keyboard; four neighbours in a row, in either direction, count."""
_STRETCH = 4


def unfit(password: str, name: str, old: str = "") -> Problem | None:
    """What is wrong with a new password, if anything is."""
    instead = f"write {SHORTEST} to {LONGEST} characters; several words are easy to remember"
    if not SHORTEST <= len(password) <= LONGEST:
        return Problem(f"the password has {len(password)} characters", "password", instead)
    if len(unguessed(password, name)) < LEAST_LEFT:
        return Problem("the password is easy to guess", "password", instead)
    if len(name) >= _TELLING and name.casefold() in password.casefold():
        return Problem("the password has your name in it", "password", instead)
    if password == old:
        return Problem("the new password is the old one", "password", instead)
    return None


def unguessed(password: str, name: str) -> str:
    """What is left without what is guessed first: words, walks, repeats, the name, years."""
    left = password.casefold()
    for walk in _WALKS:
        left = _without_stretches(_without_stretches(left, walk), walk[::-1])
    left = re.sub(r"(19|20)\d\d", " ", left).translate(_SPELT)
    words = (*_GUESSED, name.casefold()) if len(name) >= _TELLING else _GUESSED
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, " ")
    left = re.sub(r"(.{1,6}?)\1{2,}", r"\1", left)  # the same again and again
    letters = re.sub(r"[\W_]+", "", left)
    return letters if len(set(letters)) >= 5 else ""


def _without_stretches(text: str, walk: str) -> str:
    """The text with every stretch of a walk taken out, the longest first."""
    for length in range(len(walk), _STRETCH - 1, -1):
        for start in range(len(walk) - length + 1):
            text = text.replace(walk[start : start + length], " ")
    return text
