import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog import (
    SEPARATOR,
    artist_key,
    is_shared_title,
    recording_key,
    song_key,
    text_key,
    title_keys,
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Beyoncé", "beyonce"),
        ("AC/DC", "ac dc"),
        ("Don't Stop", "dont stop"),
        ("Simon & Garfunkel", "simon and garfunkel"),
        ("A$AP Rocky", "asap rocky"),
        ("MØ", "mo"),
        ("Straße", "strasse"),
        ("ずっと", "ずっと"),
        ("हिन्दी", "हिन्दी"),
        ("???", "???"),
        ("P!nk", "pink"),
        ("Kr!stina", "kristina"),
        ("Hey!Say!JUMP", "hey say jump"),
        ("Oh! Hello", "oh hello"),
        ("!!!", "!!!"),
        ("Ke$ha", "kesha"),
        ("$100 Bills", "100 bills"),
        ("Florence + The Machine", "florence and the machine"),
        ("Q+ The Band", "q and the band"),
        ("A+", "a"),
        ("+", "+"),
        ("Slowed + Reverb", "slowed and reverb"),
        ("Simon &amp; Garfunkel", "simon and garfunkel"),
        ("Rock &#39;n&#39; Roll", "rock n roll"),
        ("R&amp;amp;B", "r and b"),
        ("R.E.M.", "rem"),
        ("REM", "rem"),
        ("J.J. Cale", "jj cale"),
        ("J. J. Cale", "jj cale"),
        ("J J Cale", "jj cale"),
        ("É o Amor", "e o amor"),
        ("L E O", "l e o"),
        ("\uff21\uff22\uff23\uff11\uff12", "abc12"),
        ("  ", ""),
        ("\x00\u200b", ""),
    ],
)
def test_text_key_folds_what_people_type_differently(text: str, key: str) -> None:
    assert text_key(text) == key


def test_voiced_kana_stay_different_letters() -> None:
    assert text_key("かぎ") != text_key("かき")


@pytest.mark.parametrize(
    ("title", "keys"),
    [
        ("Mr. Brightside", ("mr brightside", "")),
        ("Mr. Brightside – Remastered", ("mr brightside", "")),
        ("Heroes - 2017 Remaster", ("heroes", "")),
        ("Heroes (Remastered 2009)", ("heroes", "")),
        ("Happy (feat. Someone) [Explicit]", ("happy", "")),
        ("Happy feat. Someone - Radio Edit", ("happy", "radio edit")),
        ("I Don't Care (with Justin Bieber)", ("i dont care", "")),
        ("Alone (With You)", ("alone with you", "")),
        ("Hurt (Live in Rome)", ("hurt", "live in rome")),
        ("Hurt - Live", ("hurt", "live")),
        ("Hurt - Live / Remastered 2011", ("hurt", "live")),
        ("Tears - Acoustic Version", ("tears", "acoustic")),
        ("All the Time - Don Diablo Remix", ("all the time", "don diablo remix")),
        ("Girl At Home (Taylor's Version)", ("girl at home", "taylors")),
        ("(I Can't Get No) Satisfaction", ("i cant get no satisfaction", "")),
        ("Love - Hate", ("love hate", "")),
        ("(Live)", ("live", "")),
        ("Remastered", ("remastered", "")),
        ("Track (Mono)", ("track", "mono")),
        ("Te Amo - Ao Vivo", ("te amo", "live")),
        ("Te Amo (En Directo)", ("te amo", "live")),
        ("Te Amo [Dal Vivo]", ("te amo", "live")),
        ("Te Amo (En Concierto)", ("te amo", "live")),
        ("夜（ライブ）", ("夜", "live")),
        ("夜（Live）", ("夜", "live")),
        ("夜（feat. 花）", ("夜", "")),
        ("夜 (現場)", ("夜", "live")),
        ("Te Amo - Remasterizado 2007", ("te amo", "")),
        ("La mer - Remasterisé en 2017", ("la mer", "")),
        ("Il Cielo (Rimasterizzato)", ("il cielo", "")),
        ("Woman - 2010 - Remaster", ("woman", "")),
        ("1999 - 1982", ("1999 1982", "")),
        ("Heatseeker - Live - 1991", ("heatseeker", "1991 live")),
        ("Cue - 2018 Bob Ludwig Remastering", ("cue", "")),
        ("Celebrity (10th Anniversary)", ("celebrity", "")),
        ("Denis (Edición Deluxe)", ("denis", "")),
        ("Run - Japanese Ver.", ("run", "japanese")),
        ("Poppy (Korean Version)", ("poppy", "korean")),
        ("WHISTLE - KR Ver.", ("whistle", "korean")),
        ('Try Everything (From "Zootopia")', ("try everything", "")),
        ("Circle - From “Grease” / Soundtrack Version", ("circle", "")),
        ('Hello - From "Frozen" / Instrumental', ("hello", "instrumental")),
        ("I Was Here (From the Vault)", ("i was here from the vault", "")),
        ("Night (slowed + reverb)", ("night", "slowed reverb")),
        ("Night (Slowed & Reverb)", ("night", "slowed reverb")),
        ("Night (Sped-Up Version)", ("night", "sped up")),
        ("Night - Nightcore", ("night", "nightcore")),
        ("Faded - Original Mix", ("faded", "")),
        ("Faded - Club Mix", ("faded", "club mix")),
        ("Ignition Remix", ("ignition", "remix")),
        ("The Remix", ("the remix", "")),
        ("Faded (FTampa Remix)", ("faded", "ftampa remix")),
        ("Show das Poderosas (Part. Projota)", ("show das poderosas", "")),
        ("Mulher (Participação especial de Projota)", ("mulher", "")),
        ("Smile (prod. woogie)", ("smile", "")),
        ("Walkabout (W/ Noah Lennox)", ("walkabout", "")),
        ("Tomorrow (w/o Her)", ("tomorrow w o her", "")),
        ("Body ft.Drake", ("body", "")),
        ("Song (feat. 21 Savage", ("song", "")),
        ("Shape, Part 1", ("shape part 1", "")),
        ("Shape (Pt. 2)", ("shape part 2", "")),
        ("Shape, Pt. II", ("shape part 2", "")),
        ("Country Roads (Take Me Home)", ("country roads take me home", "")),
        ("Drive (How to Live Without You)", ("drive how to live without you", "")),
        ("Drive (Take 3)", ("drive", "take 3")),
        ("Unforgettable (with London Symphony Orchestra)", ("unforgettable", "with orchestra")),
        ("Me &amp; You (Live)", ("me and you", "live")),
        (
            "Another Brick in the Wall - Pt. 1/Remastered 2011",
            ("another brick in the wall part 1", ""),
        ),
        (
            "Another Brick in the Wall (Part 2, 2011 Remaster)",
            ("another brick in the wall part 2", ""),
        ),
        ("White Wedding - Part 1 Remastered", ("white wedding part 1", "")),
        ('Misirlou - Main Title/From "X" Soundtrack', ("misirlou main title", "")),
        ("Chariots of Fire - Part 1 Soundtrack Version", ("chariots of fire part 1", "")),
        ("Rock and Roll (Part 2 Live)", ("rock and roll part 2", "live")),
        ("Rock and Roll (Live, Part 2)", ("rock and roll part 2", "live")),
        ("Symphony No. 9 - 2. Molto vivace Live", ("symphony no 9 2 molto vivace", "live")),
        ("Gymnopédies - No. 3 for piano", ("gymnopedies no 3", "for piano")),
        ("BZRP - Music Sessions Vol. 52", ("bzrp music sessions vol 52", "")),
        ('Better - From "The Spy" Soundtrack/Instrumental', ("better", "instrumental")),
        ("Amarte bien - feat. Juan Magan Remix", ("amarte bien", "remix")),
        ("Stay - Featuring Ann Of Paramore / Zedd & Ben Remix", ("stay", "zedd ben remix")),
        ('Mother - Reprise/From "Tangled"/Soundtrack Version', ("mother", "reprise")),
        ("Shallow (Live - From A Star Is Born Soundtrack)", ("shallow", "live")),
        ("Shallow (OST Piano Ver.)", ("shallow", "piano")),
        ('Shallow (From "MTV Unplugged")', ("shallow", "mtv unplugged")),
        ("Shallow feat. Bradley Acoustic Version", ("shallow", "acoustic version")),
        ("Shallow (feat. Bradley - Live)", ("shallow", "live")),
        ("Shallow (feat. J-Live)", ("shallow", "")),
        ("Shallow (Part. Bradley - Ao Vivo)", ("shallow", "live")),
        ("50 Ft Queenie", ("50 ft queenie", "")),
        ("Meet Me in Ft. Worth", ("meet me in ft worth", "")),
        ("No Small Feat of Strength", ("no small feat of strength", "")),
        ("東京 - ドライブ", ("東京 ドライブ", "")),
        ("서울 (드라이브)", ("서울 드라이브", "")),
        ("Ojos (Te Quiero Ver)", ("ojos te quiero ver", "")),
        ("Route (Vers le Soleil)", ("route vers le soleil", "")),
        ("Love (part. of me)", ("love part of me", "")),
        ("X (Part. Four)", ("x part 4", "")),
        ("Punk Rocker (with Flowers in My Hair)", ("punk rocker with flowers in my hair", "")),
        ("Nancy (With The Laughing Face)", ("nancy with the laughing face", "")),
        ("Woman (in a Movie)", ("woman in a movie", "")),
        ("Duck (and Cover)", ("duck and cover", "")),
        ("Hope (Live On)", ("hope live on", "")),
        ("Lost (In the Mix)", ("lost in the mix", "")),
        ("Butter -Japanese ver.-", ("butter", "japanese")),
        ("夜に駆ける ～ライブ～", ("夜に駆ける", "live")),
        (
            "Angie - Live / Forest National Arena, Brussels / 17/10/73",
            ("angie", "17 10 73 forest national arena brussels live"),
        ),
        ("Holy Water / Vogue - Live", ("holy water vogue", "live")),
        ("Bella (From 'Grease')", ("bella", "")),
        ("Bella - Live at the O2, London 16/12/12", ("bella", "live at o2 london 16 12 12")),
        ("Little Town / Little Drummer Boy Medley", ("little town", "little drummer boy medley")),
    ],
)
def test_a_title_is_taken_apart_into_song_and_version(title: str, keys: tuple[str, str]) -> None:
    assert title_keys(title) == keys


def test_a_remaster_is_the_same_recording_and_a_live_version_is_only_the_same_song() -> None:
    plain = recording_key("Mr. Brightside", "The Killers")
    remaster = recording_key("Mr. Brightside - Remastered", "the killers")
    live = recording_key("Mr. Brightside - Live", "The Killers")

    assert remaster == plain
    assert live != plain
    assert song_key(live) == song_key(plain) == f"mr brightside{SEPARATOR}the killers"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sonata, K.304: 2. Tempo di minuetto", "Sonata, K. 304: II. Tempo di minuetto"),
        ("Sonata K545: I. Allegro", "Sonata KV 545: 1. Allegro"),
        ("Symphony No.5 in C minor, Op.67", "Symphony Nr. 5 in C Minor, op. 67"),
        ("Suite No. 3, BWV 1068: Air", "Suite № 3, BWV1068: Air"),
        ("Symphony No. 1 in C: I. Adagio", "Symphony No. 1 in C: 1. Adagio"),
        ("The Planets, Op. 32: I. Mars", "The Planets, Op.32: 1. Mars"),
        ("Serenade in G, K. 525: I. Allegro", "Serenade in G, KV 525: 1. Allegro"),
        ("Prelude n° 4", "Prélude nº 4"),
    ],
)
def test_numbers_of_works_are_the_same_however_they_are_written(one: str, other: str) -> None:
    assert title_keys(one) == title_keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Symphony No. 5", "Symphony No. 6"),
        ("Symphony No. 5, Op. 67: I. Allegro", "Symphony No. 5, Op. 67: IV. Allegro"),
        ("Suite, BWV 996 - Arr. Segovia: 2. Allemande", "Suite, BWV 996 - Arr. Segovia: 5. Bourée"),
        ("Shape (Part 1)", "Shape (Part 2)"),
        ("Shape, Pt. 1", "Shape"),
        ("Candle in the Wind", "Candle in the Wind 1997"),
        ("Cello Suite No. 1 - Gigue Remastered", "Cello Suite No. 1 - Courante Remastered"),
        ("Carnival - The Swan arr. for Cello", "Carnival - Aquarium arr. for Piano"),
        ("TVC 15", "TVC"),
    ],
)
def test_two_songs_stay_two(one: str, other: str) -> None:
    assert title_keys(one)[0] != title_keys(other)[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Beatles, The", "The Beatles"),
        ("Simón y Garfunkel", "Simon & Garfunkel"),
        ("Amadou et Mariam", "Amadou and Mariam"),
        ("Mozart und Salieri", "mozart & salieri"),
        ("M.C. Hammer", "MC Hammer"),
        ("A$AP Rocky", "ASAP Rocky"),
        ("Florence &amp; the Machine", "Florence + The Machine"),
    ],
)
def test_one_artist_is_one_however_the_name_is_written(one: str, other: str) -> None:
    assert artist_key(one) == artist_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Leo", "L E O"),
        ("Ben E. King", "Ben and King"),
        ("Ben E King", "Ben & King"),
        ("Tyler, The Creator", "The Creator Tyler"),
        ("A y B", "A and B"),
    ],
)
def test_other_artists_stay_others(one: str, other: str) -> None:
    assert artist_key(one) != artist_key(other)


@pytest.mark.parametrize(
    ("title", "shared"),
    [
        ("Intro", True),
        ("Interlude II", True),
        ("Opening Theme", True),
        ("Untitled 3", True),
        ("Part One", True),
        ("Intro to You", False),
        ("Theme from Shaft", False),
        ("Love", False),
        ("The End", False),
    ],
)
def test_titles_that_one_artist_gives_to_many_pieces(title: str, shared: bool) -> None:
    assert is_shared_title(title_keys(title)[0]) is shared


@given(st.text(max_size=60))
def test_folding_a_key_again_changes_nothing(text: str) -> None:
    assert text_key(text_key(text)) == text_key(text)


@given(st.text(max_size=60))
def test_case_does_not_matter(text: str) -> None:
    assert text_key(text.casefold()) == text_key(text)


@given(st.text(max_size=60), st.text(max_size=30))
def test_a_recording_key_always_has_three_fields_and_its_song_two(title: str, artist: str) -> None:
    key = recording_key(title, artist)

    song, named, version = key.split(SEPARATOR)
    assert song_key(key) == f"{song}{SEPARATOR}{named}"
    assert named == artist_key(artist)
    assert (song, version) == title_keys(title)
    assert bool(song) == bool(text_key(title))


@given(st.text(alphabet="abc (-)[]feat.liv", max_size=40))
def test_every_word_of_a_title_is_in_its_song_or_version_unless_it_says_nothing(title: str) -> None:
    song, version = title_keys(title)

    letters = text_key(title).replace(" ", "")
    assert all(word in letters for word in (*song.split(), *version.split()))


@given(st.text(alphabet="BenyEKing dutSimó.", max_size=30))
def test_the_key_of_the_key_of_an_artist_is_the_same(name: str) -> None:
    assert artist_key(artist_key(name)) == artist_key(name)


@pytest.mark.parametrize(
    "title",
    [
        "x (" + " " * 496 + "x", "(" * 500, "(" + "&" * 499, " - " * 166, "a (b" * 125,
        "a b " * 125, "a." * 250, "-~" * 250, "live " * 100 + "(" + "live " * 30,
    ],
)  # fmt: skip
def test_no_title_takes_long_to_read(title: str) -> None:
    song, version = title_keys(title)

    assert len(song) + len(version) <= 4 * len(title)
