"""Take a title apart into the song and the version of it.

What only says how a recording was sold (remastered, deluxe, feat., explicit) is dropped, what says
that it is another recording (live, remix, acoustic, demo …) becomes the version. What is neither
stays part of the title. Both are understood in the languages that catalogues hold, and named by
one word each: "Ao Vivo" is "live".
"""

import re
from functools import lru_cache
from typing import Final

from bot.core.catalog.folding import plain_text, text_key

# ------------------------------------------------------------------ the same thing, in other words

_WORDS: Final = {
    "live": (
        r"ao vivo|en vivo|en directo|en directe|en direct|dal vivo|in diretta|en concierto"
        r"|en concert|in concert|en public|^vivo$|in concerto|im konzert|na zivo|canli"
        r"|live ver(?:sion)?"
    ),
    "remaster": (
        r"re ?master(?:ed|ing|s)?|remasteriz\w+|remasteris\w+|rimasterizzat\w|remastrd|remasted"
    ),
    "acoustic": r"acustic[oa]s?|acoustique|akustik\w*|acusthico|accoustic",
    "instrumental": r"instrumental[ei]|inst|instr|off vocal",
    "remix": r"rmx|re mix",
    "sped up": r"spe+d(?:ed)? ?up",
    "slowed reverb": r"(?:super |ultra )?slowed(?: down)?(?: and| n| plus)? reverb(?:ed)?",
    "edition": r"edicion|edicao|edizione|ausgabe",
    "special": r"especial|speciale",
    "deluxe": r"de luxe",
    "expanded": r"expandida|ampliada",
    "anniversary": r"aniversario|anniversaire|anniversario|jubilee|jubilaum\w*",
    "bonus": r"faixa bonus|pista adicional|bonus cut",
    "rerecorded": r"re recorded|re recording|rerecording|regrabado|regravado",
    "acapella": r"a ?cap+el+a",
    "japanese": r"japonesa?|japones|jp|jpn|jap",
    "english": r"eng|ingles|inglesa|anglais",
    "korean": r"kor|kr",
    "chinese": r"chn|cn|mandarin",
    "spanish": r"esp|espanol|espanola|castellano",
    "version": r"ver|vers|versao|versione|versiones|versions|verze|verzija|wersja",
}
_OTHER_WORDS: Final = tuple(
    (re.compile(rf"\b(?:{words})\b"), name) for name, words in _WORDS.items()
)
_OTHER_SCRIPTS: Final = {
    "ライブ": "live", "ライヴ": "live", "라이브": "live", "現場": "live", "现场": "live",
    "演唱會": "live", "演唱会": "live", "コンサート": "live", "концерт": "live",
    "リマスター": "remaster", "리마스터": "remaster",
    "アコースティック": "acoustic", "어쿠스틱": "acoustic",
    "インストゥルメンタル": "instrumental", "インスト": "instrumental", "纯音乐": "instrumental",
    "純音樂": "instrumental", "伴奏": "instrumental", "カラオケ": "karaoke",
    "リミックス": "remix", "리믹스": "remix", "混音": "remix",
    "日本語": "japanese", "일본어": "japanese", "英語": "english", "영어": "english",
    "한국어": "korean", "韓国語": "korean", "中文": "chinese", "钢琴": "piano", "鋼琴": "piano",
    "バージョン": "version", "ヴァージョン": "version", "버전": "version", "版": "version",
}  # fmt: skip
_OTHER_SCRIPT: Final = re.compile("|".join(sorted(_OTHER_SCRIPTS, key=len, reverse=True)))

# ------------------------------------------- looked for in the folded words of a bracket or a dash

_SOLD_AS: Final = re.compile(
    r"(?:(?:the|new|original|digital(?:ly)?|full|special|limited|super|hidden|japanese|non|us|uk"
    r"|\d{4}|\d{1,3}(?:th|st|nd|rd)?(?= anniversary)) )*"
    r"(?:remaster|explicit|clean|dirty|(?:full )?album|lp|bonus|deluxe|expanded|anniversary"
    r"|reissue|studio|full length|(?:special|deluxe|collectors|limited) edition"
    r"|edition (?:special|deluxe|limited|expanded)"
    r"|previously unreleased|hidden track|original(?: mix| version)?|originals)"
    r"(?: (?:version|edition|album|remaster|track|content|lyrics|in|for|digital(?:ly)?|reissue"
    r"|deluxe|bonus|\d{4}))*"
)
_GUESTS: Final = re.compile(
    r"(?:feat|ft|featuring|prod(?:uced)?(?: by)?|duet with|a duet with|dueto con|cover of"
    r"|participacao(?: especial)?(?: de| da| do)?|part esp(?:ecial)?)\b.*"
    r"|with (?!you|me|my|a|an|the|your|u|him|her|us|them|this|that|it|or|no|all|love|out)\b.+"
    r"|with the \w+(?: \w+)?"
)
_SHORT_GUESTS: Final = re.compile(
    r"\s*(?:part\.|w/(?!o\b)|c/|f/)\s*(?!\d|[ivx]+\b|one\b|two\b|three\b)\w.+", re.I
)
_ORCHESTRA: Final = re.compile(
    r"with (?!.*\b(?:his|her|their) ).*\b(?:orchestra|philharmonic|symphony|choir|strings)\b.*"
)
_SOUNDTRACK: Final = re.compile(
    r"(?:(?:music|theme|love theme|song|inspired|featured|as heard)? ?(?:from|in) .*"
    r"(?:soundtrack|motion picture|score|cast recording|film|movie|series|television|netflix|anime"
    r"|album)"
    r"|(?:love )?theme from .|.* soundtrack"
    r"|(?:official |original |the |motion picture |television |tv |series |movie |film |webtoon "
    r"|game |broadway )*(?:soundtrack|score|cast recording|motion picture|ost)\b).*"
)
_FROM_QUOTED: Final = re.compile(
    r"\b(?:theme |music |song |inspired )*(?:from|de|du film|aus|da)\s*"
    r"(?:the |movie |film |musical |netflix |series )*"
    r"[\"“”„«‟]+[^\"“”„«»‟]*(?:[\"“”„»‟]+|$)",
    re.I,
)
_REMASTERED: Final = re.compile(
    r"\b(?:digital(?:ly)? )?(?:\d{4} )?(?:digital(?:ly)? )?remaster"
    r"(?: (?:version|in|en|em|\d{4}|\d{2}))*\b"
)
_CLASSICAL: Final = re.compile(
    r"\b(?:op \d|bwv|sonata|concerto|symphony|quartet|quintet|nocturne|etude|prelude|allegro\w*"
    r"|andant\w+|adagio|presto|menuetto?|scherzo|cantata|aria|suite)\b"
)
_MIXED: Final = re.compile(r"\b(?:mix|remix|version|edit)$")
_ARRANGED: Final = re.compile(r"\b(?:arr|arranged|transcr|transcribed|orch)\b")

_PARTS_OF_SPEECH: Final = (
    r"i|we|you|u|to|they|lets|can|cant|could|how|let|who|whom|dont|will|wont|only|would|must|just"
    r"|where|when|gonna|wanna|ill|id|that|not|never"
)
_NO_LIVE: Final = re.compile(
    rf"\b(?:{_PARTS_OF_SPEECH}) (?:\w+ )?live\b"
    r"|\blive (?:your|my|our|his|her|their|it|like|for|to|forever|free|young|fast|life|lives"
    r"|without|let|and let|alone|wire|up|is|u|you|me|while|die|every|or|that|laugh|before|long)\b"
)
_AT_THE_END: Final = r"(?:radio|piano|dub|cover|mono|stereo)"
_VERSION: Final = re.compile(
    r"\b(?:live|(?:re)?mix(?:ed|es)?|mixcut|acoustic|demos?|instrumental|unplugged|edit(?:ed)?"
    r"|acapella|karaoke|sessions?|rehearsal|outtake|reworks?|reworked|remake|bootleg|extended|stripped"
    r"|sped up|slowed|reverb|nightcore|vip|rerecorded|commentary|reprise|edition"
    r"|mashup|medley|bbc|peel|lo ?fi|chiptune|8d|tv size|colors show|spotify singles?"
    r"|reimagined|re imagined|revisited|excerpts?)\b"
    r"|\bversion\b(?! of (?:me|you|us|myself|yourself|the truth)\b)"
    r"|\btakes? (?:\d|one|two|three)|\b(?:1|one|out|unreleased) take\b"
    r"|\b(?:alt|early|master|original|rehearsal|short|second|final) take"
    r"|^alternat(?:e|ive)\b|\balternat(?:e|ive) (?:take|version|vocal)"
    r"|\b(?:new|live) recording\b|^recorded (?:at|in|live|on|\d)"
    r"|^single$|\bperformance$|^backing track"
    r"|\bradio (?:edit|mix|version|cut|single|session|show|rework)|(?<!the )(?<!my )\bradio$"
    r"|^(?:solo )?piano (?:solo|version|arrangement|ballad|duet|vocal)"
    r"|\bfor (?:solo |two )?pianos?\b|(?<!a )\bpiano$"
    r"|\bdub$|^dub (?:mix|version)|(?<!under )(?<!take )\bcover$"
    r"|^(?:\d{4} )?(?:new |true |in )?(?:stereo|mono)\b|\b(?:stereo|mono)$"
    r"|^(?:orchestral|symphonic)\b"
)
_UNSAID: Final = frozenset({"version", "the", "and", "a"})

_INSIDE: Final = r"(?:[^()\[\]{}【】〔〕]|[(\[{][^()\[\]{}]*[)\]}])*"
_BRACKETS: Final = re.compile(rf"[(\[{{【〔]({_INSIDE})(?:[)\]}}】〕]|$)")
_DASH: Final = re.compile(r"\s+[-–—~/]+\s+|\s+[–—]|[–—]\s+")
_OPEN_GUESTS: Final = re.compile(
    r"\s(?:feat\.|ft\.|(?:feat|ft|featuring)\s)\s*.*?(?=\s[-–—]\s|$)", re.I
)
_OPEN_REMIX: Final = re.compile(r"(?<=\S)(?<!\bthe)(?<!\ba)\s+remix\s*$", re.I)
MARKED_TITLE: Final = (
    r"(?i)[(\[{（［｛【〔]|\s[-–—~/～－／]+\s|\s[–—]|[–—]\s|\s(?:feat|ft|remix)|&#?\w+;"
)
"""A title that names a version or guests contains one of these; else it is just the song."""
_MARKED: Final = re.compile(MARKED_TITLE)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


@lru_cache(maxsize=65_536)
def read_part(part: str) -> str | None:
    """Return the version that the words in brackets or after a dash name.

    "" if they say nothing that makes it another recording; None if they are part of the title.
    """
    bare = _FROM_QUOTED.sub(" ", part)
    words = _in_one_language(text_key(bare))
    if not words or _SHORT_GUESTS.fullmatch(bare):
        return ""
    if _ORCHESTRA.match(words):
        return "with orchestra"
    if _SOLD_AS.fullmatch(words) or _GUESTS.fullmatch(words) or _SOUNDTRACK.fullmatch(words):
        return ""
    if ":" in bare and _ARRANGED.search(words):
        return None  # "Arr. Segovia: 2. Allemande": which movement it is comes after it
    rest = " ".join(_REMASTERED.sub(" ", words).split())
    if not _names_version(rest):
        return "" if rest != words and not _CLASSICAL.search(rest) else None
    return " ".join(word for word in rest.split() if word not in _UNSAID)


def _in_one_language(words: str) -> str:
    if not words.isascii():
        words = _OTHER_SCRIPT.sub(lambda match: f" {_OTHER_SCRIPTS[match[0]]} ", words)
    for pattern, name in _OTHER_WORDS:
        words = pattern.sub(name, words)
    return " ".join(words.split())


def _names_version(words: str) -> bool:
    if _ARRANGED.search(words):
        return True
    if _CLASSICAL.search(words) and not _MIXED.search(words):
        return "live" in words.split()
    if "live" in words and _NO_LIVE.search(words):
        return False
    return _VERSION.search(words) is not None


def title_keys(title: str) -> tuple[str, str]:
    """Take a title apart into the keys of its song and its version ("" for the plain recording).

    "Mr. Brightside – Remastered" → ("mr brightside", ""), "Hurt (Live in Rome)" →
    ("hurt", "live in rome"). A title that is nothing but version words is the song itself.
    """
    whole = song_words(text_key(title))
    if not _MARKED.search(title):
        return whole, ""
    title = plain_text(title)
    versions: list[str] = []

    def bracket(match: re.Match[str]) -> str:
        version = read_part(match[1])
        if version is None:
            return match[0]
        versions.append(version)
        return " "

    open_title = _BRACKETS.sub(bracket, title)
    open_title = _OPEN_GUESTS.sub(" ", open_title)
    if _OPEN_REMIX.search(open_title) and not _DASH.search(open_title):
        versions.append("remix")
        open_title = _OPEN_REMIX.sub("", open_title)
    first, *parts = _DASH.split(open_title.strip())
    if not parts and open_title == title:
        return whole, ""
    said = [read_part(part) for part in parts]
    kept = [first]
    for place, (part, version) in enumerate(zip(parts, said, strict=True)):
        if version is not None:
            versions.append(version)
        elif _YEAR.fullmatch(part.strip()) and "" in said[place + 1 : place + 2]:
            continue  # "– 2010 – Remaster"
        elif _YEAR.fullmatch(part.strip()) and place and said[place - 1]:
            versions.append(part.strip())  # "– Live – 1991"
        else:
            kept.append(part)
    song = song_words(text_key(" ".join(kept)))
    if not any(character.isalnum() for character in song):
        return whole, ""
    return song, " ".join(sorted(set(filter(None, versions))))


# ------------------------------------------------------------------------ numbers within a title

_NUMBERS: Final = (
    (re.compile(r"\bpts? (?=\d|[ivx]+\b|[abc]\b|one\b|two\b|three\b)"), "part "),
    (re.compile(r"\b(?:nr|num|numero|number|no) ?(?=\d)"), "no "),
    (re.compile(r"\b(?:opus|op) ?(?=\d)"), "op "),
    (re.compile(r"\b(bwv|hwv|kv|rv|woo|twv) ?(?=\d)"), r"\1 "),
)
_OF_A_WORK: Final = (
    (re.compile(r"\bkv? ?(?=\d)"), "k "),
    (re.compile(r"\bn (?=\d)"), "no "),
)
_ROMAN: Final = re.compile(r"\b(i{1,3}|i?v|vi{1,3}|i?x|xi{1,2})\b")
_ARABIC: Final = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8",
    "ix": "9", "x": "10", "xi": "11", "xii": "12",
}  # fmt: skip
_NUMBERED: Final = re.compile(r"\b(?:op|no|bwv|kv?) ?\d|\bn \d")
LOOKS_NUMBERED: Final = (
    r"(?i)(?:^|[^a-z0-9])(?:pts?|nr|num|numero|number|no?|opus|op|bwv|hwv|kv?|rv|woo|twv)"
    r"(?:[^a-z]|$)"
)
"""A title of ASCII characters without this names no part and no number of a work."""


def song_words(key: str) -> str:
    """Write the numbers in a folded title in one way: "pt 2" and "part 2", "nr 3" and "no 3"."""
    if key.isascii() and key.isalpha():
        return key
    for pattern, name in _NUMBERS:
        key = pattern.sub(name, key)
    if _CLASSICAL.search(key) and _NUMBERED.search(key):
        for pattern, name in _OF_A_WORK:
            key = pattern.sub(name, key)
        key = _ROMAN.sub(lambda match: _ARABIC[match[0]], key)
    return key
