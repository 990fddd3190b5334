"""Tells what the words in brackets, or after a dash, say of a recording: read in many languages.

What only says how a recording was sold (remastered, deluxe, feat., explicit) is dropped, what says
that it is another recording (live, remix, acoustic, demo …) is its version, by one word in all
languages: "Ao Vivo" is "live". What is neither belongs to the title, and so does the number of a
part, a movement or a volume, whatever stands beside it.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

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
    "version": r"versao|versione|versiones|versions|verze|verzija|wersja",
}
_OTHER_WORDS: Final = tuple(
    (re.compile(rf"\b(?:{words})\b"), name) for name, words in _WORDS.items()
)
_ANY_OTHER: Final = re.compile(rf"\b(?:{'|'.join(_WORDS.values())})\b")
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
_EDGES: Final = (("ァ-ヿ", ""), ("가-힣", ""), ("一-龥", "(?!版)"))
_OTHER_SCRIPT: Final = re.compile(
    "|".join(
        rf"(?<![{letters}])(?:{'|'.join(found)})(?!{but}[{letters}])"
        for letters, but in _EDGES
        if (found := [one for one in _OTHER_SCRIPTS if re.match(f"(?!版)[{letters}]", one)])
    )
    + r"|концерт|版(?=\s|$)"
)
"""Whole words only: ドライブ is a drive, and no concert."""
_VER: Final = re.compile(
    r"\b(japanese|english|korean|chinese|spanish|german|french|short|full|long|movie|tv|live"
    r"|acoustic|piano|band|album|original|digital|single|remix|instrumental|anime|special|new|en"
    r"|studio|film|solo|drama|game|radio|extended|clean|explicit|\d{4}) ver\b"
)
"""In Spanish, "ver" alone is to see."""

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
NO_GUESTS: Final = r"(?! *(?:of|in|to|worth|lauderdale|wayne|myers|knox|collins|smith|bragg)\b)"
"""Behind "feat" and "ft": a feat of strength, Ft. Lauderdale."""
_GUESTS: Final = re.compile(
    rf"(?:(?:feat|ft)\b{NO_GUESTS}"
    r"|(?:featuring|prod(?:uced)?(?: by)?|duet with|a duet with|dueto con|cover of"
    r"|participacao(?: especial)?(?: de| da| do)?|part esp(?:ecial)?)\b).*"
)
_SHORT_GUESTS: Final = re.compile(
    r"\s*(?:part\.|w/(?!o\b)|c/|f/)\s*(?!\d|[ivx]+\b|one\b|two\b|three\b|four\b|five\b|six\b"
    r"|seven\b|eight\b|nine\b|ten\b|of\b)\w.+",
    re.I,
)
_LATE: Final = re.compile(r" (remix|edit|acoustic|instrumental|unplugged|demo|(?:\w+ )?version)$")
"""After guests: of "feat. Ann Live" nobody can say whether Ann Live is a name."""
_COMMON: Final = frozenset(
    {
        "in", "my", "your", "me", "you", "his", "her", "their", "our", "tears", "flowers", "love",
        "eyes", "heart", "hearts", "world", "war", "some", "no", "all", "a", "an", "this", "that",
        "it", "us", "them", "face", "or", "out", "u", "him", "wolves", "stars", "wind", "knife",
    }
)  # fmt: skip
_ORCHESTRA: Final = re.compile(
    r"with (?!.*\b(?:his|her|their) ).*\b(?:orchestra|philharmonic|symphony|choir|strings)\b.*"
)
_SOUNDTRACK: Final = re.compile(
    r"^(?:(?:music|love theme|song|inspired|featured|as heard)? ?from .*"
    r"\b(?:soundtrack|motion picture|score|cast recording|film|movie|series|television|netflix"
    r"|anime|album)\b.*"
    r"|(?:love )?theme from .+"
    r"|(?:.* )?(?:original (?:motion picture |television |webtoon |game )?)?soundtrack\b.*"
    r"|(?:official |original |the |motion picture |television |tv |series |movie |film |game "
    r"|broadway )*(?:score|cast recording|motion picture|ost)\b)"
)
_FROM_QUOTED: Final = re.compile(
    r"\b(?:theme |music |song |inspired )*(?:from|de|du film|aus|da)\s*"
    r"(?:the |movie |film |musical |netflix |series )*"
    r"(?:[\"“”„«‟]+([^\"“”„«»‟]*)(?:[\"“”„»‟]+|$)|[‘'’]([^‘'’]{2,60})[’'](?!\w))",
    re.I,
)
_RECORDED: Final = re.compile(r"\b(?:unplugged|mtv|sessions?)\b|\blive (?:at|in|from|on)\b")
"""A film may be called "You Only Live Twice"."""
_PIECES: Final = re.compile(r"(?<!\d)\s*/\s*|\s*/\s*(?!\d)|\s+[-–—]\s+|;\s*")
_LONGEST: Final = 200
YEAR: Final = re.compile(r"(?:19|20)\d\d")
_PART: Final = re.compile(
    r"\b(?:pts?|parts?|nos?|vols?|volume|acts?|book|scene|side|chapter|movement|mvt|episode) "
    r"(?:\d+|[ivxl]+|[a-c]|one|two|three|four|five|six|seven|eight|nine|ten)\b"
)
_LEADING: Final = re.compile(r"\s*(?:\d{1,2}|[IVX]{1,5})\.\s")
_TAIL: Final = re.compile(
    r"\b(?:live|(?:\d{4} )?(?:digital(?:ly)? )?remaster|edit|demo|mono|stereo|acoustic|instrumental"
    r"|soundtrack|version|mix|remix|arr|transcr|for (?:\w+ ){0,2}(?:piano|guitar|cello|violin|harp"
    r"|orchestra|strings)|bonus|explicit|radio edit|single|album version|from)\b.*$"
)
_REMASTERED: Final = re.compile(
    r"\b(?:digital(?:ly)? )?(?:\d{4} )?(?:digital(?:ly)? )?remaster"
    r"(?: (?:version|in|en|em|\d{4}|\d{2}))*\b"
)
_REMASTERING: Final = frozenset(
    {
        "bit", "mastering", "tema", "collection", "original", "recording", "digital", "master",
        "by", "the", "at", "edition", "lp", "anniversary", "hit", "studios", "abbey", "road", "bob",
        "ludwig", "rudy", "van", "gelder", "sonic", "boom", "yoshinori", "sunahara", "cadence",
    }
)  # fmt: skip
"""What stands beside the word: who did it, where and how; all else is of the song ("Gigue")."""
CLASSICAL: Final = re.compile(
    r"\b(?:op \d+|bwv|sonata|concerto|symphony|quartet|quintet|nocturne|etude|prelude|allegro\w*"
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
    r"|without|let|and let|through|on$|alone|wire|up|is|u|you|me|while|die|every|or|that|laugh"
    r"|before|long)\b"
)
_VERSION: Final = re.compile(
    r"\b(?:live|remix(?:ed|es)?|(?<!in the )mix(?:ed|es)?|mixcut|acoustic|demos?|instrumental"
    r"|unplugged|edit(?:ed)?|acapella|karaoke|sessions?|rehearsal|outtake|reworks?|reworked|remake|bootleg"
    r"|extended|stripped"
    r"|sped up|slowed|reverb|nightcore|vip|rerecorded|commentary|reprise|edition"
    r"|mashup|medley|bbc|peel|lo ?fi|chiptune|8d|tv size|colors show|tiny desk|chopped"
    r"|spotify singles?"
    r"|reimagined|re imagined|revisited|excerpts?)\b"
    r"|\bversion\b(?! of (?:me|you|us|myself|yourself|the truth)\b)"
    r"|\btakes? (?:\d|one|two|three)|\b(?:1|one|out|unreleased) take\b"
    r"|\b(?:alt|early|master|original|rehearsal|short|first|second|final) take"
    r"|^alternat(?:e|ive)\b|\balternat(?:e|ive) (?:take|version|vocal)"
    r"|\b(?:new|live) recording\b|^recorded (?:at|in|live|on|\d)"
    r"|^single$|\bperformance$|^backing track"
    r"|\bradio (?:edit|mix|version|cut|single|session|show|rework)|(?<!the )(?<!my )\bradio$"
    r"|^(?:solo )?piano (?:solo|version|arrangement|ballad|duet|vocal)"
    r"|\bfor (?:solo |two )?pianos?\b|(?<!a )\bpiano$"
    r"|\bdub$|^dub (?:mix|version)|(?<!under )(?<!take )(?<!and )(?<!for )(?<!to )(?<!my )\bcover$"
    r"|^(?:\d{4} )?(?:new |true |in )?(?:stereo|mono)\b|\b(?:stereo|mono)$"
    r"|^(?:orchestral|symphonic)\b"
)
_UNSAID: Final = frozenset({"version", "the", "and", "a"})


class Said(NamedTuple):
    """What a part of a title says."""

    kept: str
    """What belongs to the song."""
    version: str
    """"": the plain recording."""


@lru_cache(maxsize=65_536)
def read_part(part: str) -> Said:
    """Return what the words in brackets or after a dash say."""
    part = plain_text(part)
    if len(part) > _LONGEST:
        return Said(part, "")
    if _SHORT_GUESTS.fullmatch(part):
        pieces = _PIECES.split(part, maxsplit=1)[1:] if "/" not in part[:3] else []
    else:
        quoted = [one for match in _FROM_QUOTED.finditer(part) for one in match.groups() if one]
        recorded = [one for one in quoted if _RECORDED.search(text_key(one))]
        bare = _FROM_QUOTED.sub(" ", part)
        pieces = [*_PIECES.split(bare), *recorded]
    said = [_read_piece(piece) for piece in pieces]
    unread = [one == Said(piece, "") for one, piece in zip(said, pieces, strict=True)]
    if said and all(unread):
        return Said(part, "")
    is_other = any(one.version for one in said)
    kept, versions = [], []
    for piece, one, is_unread in zip(pieces, said, unread, strict=True):
        if is_unread and is_other:  # "Live/1972", "First Show/Live": when and where
            words = (word for word in text_key(piece).split() if word not in _UNSAID)
            versions.append(" ".join(words))
        elif not (is_unread and YEAR.fullmatch(piece.strip())):  # not that of "1999 - Remaster"
            kept.append(one.kept)
            versions.append(one.version)
    return Said(" ".join(filter(None, kept)), " ".join(dict.fromkeys(filter(None, versions))))


def _read_piece(piece: str) -> Said:
    words = _in_one_language(piece)
    numbered = _numbered(piece, words)
    if numbered is not None:
        return numbered
    if _GUESTS.fullmatch(words) or _is_with(piece, words):
        late = _LATE.search(words)
        return Said("", late[1] if late else "with orchestra" if _ORCHESTRA.match(words) else "")
    rest = " ".join(_SOUNDTRACK.sub(" ", _REMASTERED.sub(" ", words)).split())
    if _names_version(rest) and not _SOLD_AS.fullmatch(words):
        return Said("", " ".join(word for word in rest.split() if word not in _UNSAID))
    is_sold = not rest or _SOLD_AS.fullmatch(words) is not None
    is_sold |= "remaster" in words and all(
        word in _REMASTERING or word.isdecimal() for word in rest.split()
    )
    return Said("" if is_sold else piece, "")


def _numbered(piece: str, words: str) -> Said | None:
    """Read a piece that has the number of a part; None: it has none.

    "Part 1 Live", "2. Molto vivace (Live)", "No. 1 arr. for Piano", "Vol. 52": the number stays.
    """
    arranged = _ARRANGED.search(words)
    found = _PART.search(words)
    leading = _LEADING.match(piece)
    if arranged and ":" in piece:
        return Said(piece, "")  # "Arr. Segovia: 2. Allemande": which movement it is comes after it
    if arranged and arranged.start():
        return Said(words[: arranged.start()].strip(), words[arranged.start() :])
    if found is None and leading is None:
        return None
    behind = found.end() if found else len(text_key(leading[0])) if leading else 0
    tail = _TAIL.search(words, behind)
    kept = words if tail is None else words[: tail.start()]
    version = "" if tail is None else _read_piece(tail[0]).version
    before = None if found is None else _TAIL.match(words)
    if before is not None and found is not None:  # "Live, Part 2"
        kept = found[0]
        version = _read_piece(words[: found.start()]).version or version
    return Said(kept.strip(), version)


def _is_with(piece: str, words: str) -> bool:
    """Tell whether somebody is named: no common words follow, and two where "With" is large."""
    names = words.split()[1:]
    small = piece.lstrip().startswith("with ")
    is_one = small or (len(names) > 1 and "the" not in names)
    named = words.startswith("with ") and bool(names) and is_one and not _COMMON & set(names)
    return named or _ORCHESTRA.match(words) is not None


def _in_one_language(piece: str) -> str:
    words = text_key(piece)
    if not words.isascii():
        words = _OTHER_SCRIPT.sub(lambda match: f" {_OTHER_SCRIPTS[match[0]]} ", words)
    for pattern, name in _OTHER_WORDS if _ANY_OTHER.search(words) else ():
        words = pattern.sub(name, words)
    words = re.sub(r"\bver\b", "version", words) if "ver." in piece.lower() else words
    return " ".join(_VER.sub(r"\1 version", " ".join(words.split())).split())


def _names_version(words: str) -> bool:
    if _ARRANGED.search(words):
        return True
    if CLASSICAL.search(words) and not _MIXED.search(words):
        return "live" in words.split()
    if "live" in words and _NO_LIVE.search(words):
        return False
    return _VERSION.search(words) is not None
