"""The words that the dials are asked for by, as data: a phrase per entry, parted by bars.

Phrases are folded (lower case, no accents, no apostrophes, spaces for hyphens). Of two that begin
at the same word the longer one counts, so "laid back" is not "back".
"""

from collections.abc import Mapping
from typing import Final

from bot.core.ranking import Bound, Mood
from bot.core.taste import BOUNDS


def phrases(text: str) -> tuple[str, ...]:
    """Return the entries of a table."""
    return tuple(" ".join(one.split()) for one in text.split("|"))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MOODS: Final[Mapping[Mood, tuple[str, ...]]] = {
    Mood.SAD: phrases(
        """sad|sadder|saddest|sadness|melancholy|melancholic|melancholia|gloomy|gloom|depressing
        |depressed|depressive|depression|mournful|sorrowful|sorrow|heartbreak|heartbroken
        |heart broken|heartbreaking|heartache|break up|breakup|lonely|loneliness|bittersweet|somber
        |sombre|tragic|grief|grieving|tearful|tears|crying|cry to|to cry|blue mood|moody|brooding
        |bleak|dark|darker|dreary|wistful|downbeat|tear jerker|tearjerker|nostalgic|miserable
        |despair|despairing|unhappy|feeling down|feeling blue|emotional"""
    ),
    Mood.HAPPY: phrases(
        """happy|happier|happiest|happiness|cheerful|cheery|cheerfully|joyful|joyous|joy|upbeat
        |up beat|uplifting|feel good|feelgood|sunny|summery|summer vibes|optimistic|positive|fun
        |playful|merry|jolly|bright|good mood|in a good mood|euphoric|smiling|smile|lighthearted
        |light hearted|gleeful|blissful|cheer me up|cheers me up|good vibes|happy go lucky|hopeful
        |delightful"""
    ),
    Mood.CALM: phrases(
        """calm|calmer|calming|calmest|calmly|chill|chilled|chilling|chilly vibes|chillout music
        |relax|relaxed|relaxing|relaxation|relaxingly|mellow|mellower|peaceful|peace and quiet
        |soothing|soft|softer|gentle|gently|tranquil|serene|serenity|laid back|easy going
        |easygoing|easy listening|restful|sleep|sleeping|sleepy|asleep|fall asleep|falling asleep
        |bedtime|lullaby|lullabies|meditation|meditative|meditating|meditate|unwind|wind down
        |low energy|study|studying|to study to|focus|focusing|concentrate|concentrating
        |concentration|homework|ballad|ballads|tender|delicate|slow paced|subdued|low key|lowkey
        |yoga|spa|bath|soporific|lulling|still|quietly beautiful|cozy|cosy"""
    ),
    Mood.ENERGETIC: phrases(
        """energetic|energetically|energy|more energy|high energy|full of energy|energizing
        |energising|energised|energized|powerful|power|intense|intensity|hype|hyped|hyper
        |pumped|pump me up|pumping|pumped up|aggressive|aggression|angry|anger|rage|furious|fierce
        |hard|harder|hard hitting|heavy|heavier|heaviest|driving beat|workout|work out|working out
        |gym|running|run to|jogging|exercise|exercising|training|banger|bangers|banging|wild|raging
        |rowdy|frantic|frenetic|adrenaline|explosive|brutal|lively|vigorous|wake me up
        |get me going|crazy|pogo|mosh|moshing"""
    ),
    Mood.DANCEABLE: phrases(
        """danceable|dancable|dance to|to dance|dancing|dancy|dancey|dance floor|dancefloor|dance
        |dance music|dance tracks|groovy|groove|grooves|grooving|groovier|party|parties|partying
        |club|clubby|clubbing|funky beats|shake it|boogie|move to|to move|get me moving|booty
        |disco ball|bop|bops|foot tapping|rave|raving|danceability|bouncy"""
    ),
    Mood.ACOUSTIC: phrases(
        """acoustic|acoustics|acoustically|unplugged|acoustic guitar|acoustic guitars|acoustic only
        |only acoustic|campfire|fingerpicked|fingerpicking|finger picking|stripped back
        |stripped down|acousticness|unamplified"""
    ),
    Mood.INSTRUMENTAL: phrases(
        """instrumental|instrumentals|instrumentally|instrumental only|only instrumental
        |instrumentals only|purely instrumental|wordless|vocal free|vocals free|instrumentalness
        |voiceless|instrumental music|karaoke"""
    ),
}
"""What means a mood."""

VOCALS: Final = phrases(
    """vocals|vocal|voice|voices|singing|singer|singers|sung|sings|lyrics|lyric|words|vocalist
    |vocalists|vox|human voice|people singing"""
)
"""What is there when a track is not instrumental: "no vocals" means that it is."""

FAST: Final = phrases(
    """fast|faster|fastest|quick|quicker|quickly|rapid|speedy|uptempo|up tempo|high tempo|fast paced
    |high speed|high bpm|fast tempo|hurried|racing"""
)
VERY_FAST: Final = phrases("breakneck|breakneck speed|lightning fast|blistering|blazing fast|speed")
SLOW: Final = phrases(
    """slow|slower|slowest|slowly|low tempo|slow tempo|low bpm|downtempo feel|slow burning|plodding
    |unhurried|slow burner|slow burners|slow motion|dragging"""
)
VERY_SLOW: Final = phrases("glacial|crawling|snail pace|snails pace")
MIDDLING: Final = phrases(
    """mid tempo|midtempo|medium tempo|moderate tempo|mid paced|medium speed|moderate speed
    |moderate pace|medium pace|medium paced|walking pace"""
)

_LOUD: Final = Bound("loudness", BOUNDS["loudness"].high, None)
_QUIET: Final = Bound("loudness", None, BOUNDS["loudness"].low)
_LIVE: Final = Bound("liveness", BOUNDS["liveness"].high, None)
_SPOKEN: Final = Bound("speechiness", BOUNDS["speechiness"].high, None)
SOUNDS: Final[Mapping[Bound, tuple[str, ...]]] = {
    _LOUD: phrases("loud|louder|loudest|noisy|deafening|ear splitting"),
    _QUIET: phrases("quiet|quieter|quietest|hushed|silent|whispered|whispery|quietly"),
    _LIVE: phrases(
        """live|live recording|live recordings|live version|live versions|concert|concerts|live show
        |live album|live albums|concert recording|concert recordings|in concert|live performance
        |live performances|live session|live sessions|recorded live|on stage"""
    ),
    _SPOKEN: phrases(
        """spoken|spoken word|talking|speech|speeches|talk|poetry|poems|narration|spoken parts|wordy
        |talky"""
    ),
}
"""What means that something is there, or low."""
STUDIO: Final = phrases("studio only|studio recordings|studio versions|studio recording")
"""What means that nothing is live."""

FAMOUS: Final = phrases(
    """famous|popular|well known|wellknown|widely known|known|hit|hits|big hits|chart hits|charts
    |top 40|top hits|mainstream|big names|big name|big stars|stars|star|superstars|celebrities
    |celebrity|chart toppers|number ones|smash hits|greatest hits|everyone knows|everybody knows
    |household names|superstar|best known|radio hits|radio|overplayed|viral|blockbusters|commercial
    |popularity doesnt matter|fame doesnt matter|doesnt matter how famous
    |dont care how famous|no matter how famous|mainstream is fine|famous is fine|hits are fine
    |dont care about fame|regardless of fame|big artists|big bands"""
)
LITTLE_KNOWN: Final = phrases(
    """lesser known|less known|little known|underrated|under rated|undervalued|underappreciated
    |under appreciated|overlooked|under the radar|off the radar|underground|hidden gem|hidden gems
    |gems|hidden treasures|hidden treasure|hidden|undiscovered gems|non mainstream|nonmainstream
    |independent|indie artists|independent artists|indie bands|unsung|forgotten|neglected|sleeper
    |off the beaten track|off the beaten path|alternative to the mainstream|not so famous
    |up and coming|emerging|small artists|small bands|smaller artists|smaller bands|cult
    |not well known|lost gems|lesser heard|unpopular|b list|self released|unsigned|niche
    |diamonds in the rough|new artists|less popular|less famous|less mainstream"""
)
UNKNOWN: Final = phrases(
    """obscure|obscurer|obscurity|obscurities|unknown|unknowns|hardly known|barely known
    |scarcely known|nobody knows|no one knows|noone knows|hardly anyone knows
    |hardly anybody knows|barely anyone knows|barely anybody knows|few people know|few know
    |almost nobody knows|almost no one knows|nobody has heard of|nobody has heard
    |no one has heard of|noone has heard of|nobody has ever heard of|nobody ever heard of
    |nobodys heard of|never heard of|ive never heard of|unheard of|unheard|rare|rarities|rarity
    |undiscovered|few listeners|hardly any listeners|almost no listeners|hardly any plays
    |few plays|no listeners|tiny artists|tiny bands|i dont know|very few people know|esoteric
    |deep underground|little heard|nobody listens to|no one listens to|super underground"""
)
MOST_UNKNOWN: Final = phrases(
    """most obscure|most unknown|obscurest|least known|completely unknown|totally unknown
    |utterly unknown|absolutely unknown|as obscure as possible|as unknown as possible
    |totally obscure|completely obscure|the more obscure the better|maximally obscure
    |absolutely nobody knows|literally nobody knows"""
)
DEEP_CUTS: Final = phrases(
    """deep cut|deep cuts|deepcut|deepcuts|b side|b sides|bside|bsides|album track|album tracks
    |deep track|deep tracks|album cuts|little known songs by famous artists
    |little known songs by big stars|obscure songs by famous artists
    |unknown songs by famous artists|lesser known songs by famous artists|non singles|not singles
    |lesser known songs by big artists|rather than singles|rather than hits|not the singles"""
)

COUNTS: Final = {
    "a": 1, "an": 1, "one": 1, "single": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20,
    "a couple of": 2, "a couple": 2, "couple of": 2, "a few": 3, "few": 3, "some": 0, "a dozen": 12,
    "a pair of": 2, "a handful of": 5,
}  # fmt: skip
"""How many a word means; "some" is any number."""
NOUNS: Final = _words(
    """song songs track tracks tune tunes pick picks piece pieces number numbers record records
    artist artists band bands banger bangers cut cuts title titles single singles recommendation
    recommendations suggestion suggestions result results jam jams gem gems anthem anthems hit hits
    ballad ballads beats things ones musicians"""
)
"""What is counted."""

DECADES: Final = {
    "twenties": 2020, "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960,
    "seventies": 1970, "eighties": 1980, "nineties": 1990, "noughties": 2000, "aughts": 2000,
    "two thousands": 2000, "naughties": 2000, "tens": 2010, "twenty tens": 2010,
}  # fmt: skip
RECENT: Final = phrases(
    """new music|new songs|new tracks|new releases|recent|recently|latest|newest|brand new
    |recent releases|new release|newly released|just released|nowadays|current|fresh releases
    |recently released|recent years|in recent years|new stuff|these days|up to date|newer
    |new tunes|recent stuff"""
)
RECENT_YEARS: Final = 2
"""So many years before this one are recent, too."""
OLDIES: Final = phrases(
    "oldies|golden oldies|older|vintage|old songs|old music|old school songs|old records"
)
OLDIES_UNTIL: Final = 1979

NEGATORS: Final = phrases(
    """not|no|non|without|w o|wo|never|isnt|is not|arent|are not|aint|wasnt|werent|doesnt|dont want
    |do not want|dont like|do not like|dont|except|except for|excluding|exclude|other than
    |anything but|everything but|all but|but not|but no|nothing|none|minus|avoid|hate|i hate
    |can not stand|cant stand|sick of|tired of|skip|leave out|leaving out|rather than|instead of
    |less|fewer|free of|no more|nor|neither|lacking|lacks|zero|anything except|everything except
    |not any|aside from|apart from|besides|cut the|drop the|bored of|nothing with|nothing by
    |nothing from|that isnt|that is not|thats not|that arent|no kind of|doesnt have|dont have
    |the opposite of|opposite of|void of|devoid of|unlike|hardly any|barely any|scarcely any
    |stop giving me|dont give me|enough of|ohne|sans|sin"""
)
"""What turns the next meaning into its opposite."""
NOT_NEGATED: Final = phrases(
    """not only|not just|not necessarily|nothing but|no problem|no preference|dont care|dont mind
    |doesnt matter|do not care|do not mind|nothing special|nothing else|no idea|not sure|why not
    |no matter|more or less|never mind|no offense|nothing less than|no less|good morning
    |good evening|good afternoon|good night|good day"""
)
"""What looks like one, and is none."""
DEGREES: Final = phrases(
    """too|very|so|really|super|extremely|quite|pretty|rather|a bit|a little|bit|slightly|somewhat
    |kind of|kinda|sort of|fairly|especially|particularly|overly|all that|that|at all|any|more|much
    |way|totally|completely|absolutely|incredibly|ultra|mega|hella|terribly|awfully|as|anything
    |any kind of|mostly|mainly|purely|predominantly|the|of|a|an|be|is|exactly|necessarily|super
    |insanely|crazy|hardly any|almost|nearly|deeply|truly|extra|in the|with|any more|those|these
    |your|usual|typical|from|by|me|only"""
)
"""What stands between a negation and what it is about."""
VERY: Final = phrases(
    """very|super|extremely|really|insanely|ultra|mega|incredibly|hella|crazy|totally|completely
    |absolutely|utterly|extra|so|truly|terribly|awfully|most|the most|deeply|as|damn"""
)

LIKES: Final = phrases(
    """like|similar to|similar as|similar artists to|similar bands to|similar music to|sounds like
    |sound like|sounding like|that sounds like|that sound like|in the style of|in style of
    |in the vein of|in the spirit of|in the manner of|reminds me of|remind me of|reminiscent of
    |reminding of|resembling|resembles|a la|think|inspired by|influenced by|fans of|fan of
    |for fans of|if you like|if i like|i like|i love|i really love|would love|id love
    |because i love|because i like|same vibe as
    |same vibes as|vibe of|vibes of|same style as|same mood as|along the lines of|akin to
    |comparable to|close to|related to|more like|stuff like|type beat|bands like|artists like
    |music like|songs like|something like|anything like|much like|just like|kind of like|similar
    |ffo|imitating|in a similar vein to|that remind me of|which reminds me of|sounds similar to
    |sound similar to|im into|i am into|been listening to|been loving"""
)
"""What stands before somebody whose music is to be resembled."""
BY: Final = phrases("by|from|songs by|music by|anything by|tracks by")
"""What may stand before an artist."""
STOPS: Final = _words(
    """but and from with without in no not only that which please for except or plus just who where
    when because maybe though although however if on at to minus also as before after since until
    between around about thats isnt using featuring feat vs than then yet only"""
)
"""What ends the name of somebody whom nobody here knows."""

UNHEARD: Final = phrases(
    """female vocals|female vocal|female vocalist|female vocalists|female singer|female singers
    |female voice|female voices|female fronted|female artist|female artists|women singing|woman
    singing|male vocals|male vocal|male vocalist|male singer|male singers|male voice|male voices
    |girl singer|woman singer|women|men|girls|boys|sung by a woman|sung by women|sung by a man
    |female lead|male lead|child choir|childrens choir"""
)
"""What nobody here can hear: it is said so."""
EXPLICIT: Final = phrases(
    """explicit|not explicit|clean|clean lyrics|clean version|clean versions|family friendly
    |no swearing|no profanity|swearing|cursing|no explicit|no explicit lyrics|explicit lyrics
    |safe for work|sfw|nsfw"""
)
"""What is no part of a wish, but may be said for all of them."""
INDEPENDENT: Final = phrases(
    """independent|independent artist|independent artists|independent music|independent musicians
    |independent bands|independent songs|independent only|self released|self published|unsigned
    |unsigned artist|unsigned artists|unsigned bands|independently released|without a label
    |without label|no label|no labels|not on a label|no record label|by independent artists
    |from independent artists|released by themselves|self released music"""
)
"""Who releases their own music. "Indie" is a genre, and none of these."""
LABELS: Final = phrases(
    """independent label|independent labels|independent record label|independent record labels
    |indie label|indie labels|major label|major labels|on a label|record label|record labels"""
)
"""Which label something is on, nobody can ask for."""
LENGTHS: Final = phrases("minute|minutes|min|mins|hour|hours|second|seconds|hrs|long|short")
CROWDS: Final = phrases(
    """listeners|listener|monthly listeners|plays|streams|followers|fans|views|scrobbles|listens
    |people|subscribers|monthly plays"""
)

FILLERS: Final = _words(
    """a an the some any all of and or but for to in on at by with from please pls plz give gimme me
    find show play get bring recommend suggest suggestions recommendations i im id ive you your we
    us our my it its is are be was were want wanna wants would could can may might should like need
    looking look searching search something sth smth anything everything thing things stuff music
    song songs track tracks tune tunes record records piece pieces artist artists band bands genre
    vibe vibes feel feeling feels sound sounds sounding kind sort type style mood maybe perhaps
    really very so too quite pretty just only also as well if possible preferably ideally around
    about that this those these which who there here good great nice cool best better awesome
    amazing beautiful interesting favorite favourite new now today tonight hey hi hello bot
    lets let go do does did have has had will shall up out more
    most less much many lot lots few one ones other others another someone somebody some listen
    listening listened hear heard know known into over then than when while during time right bit
    little way not no etc lol haha hmm ok okay thanks thank surprise us what how why where
    chance any kinda gonna got mostly mainly version versions release releases album albums list
    pick picks discover discovery tempo bpm beats per year years decade era old fits fit
    somewhat rather such same similar because since until before after them they their him her his
    she he me mine theirs full lots based please! kindly dear cheers per via w o within whatever
    whichever above below under between near through against along among across
    behind beyond mix mixed blend mixture combination percent opposite else sumthing
    somethin smthn n u r ur plus minus"""
)
"""What carries nothing by itself; it is neither looked for nor said to be ignored."""
