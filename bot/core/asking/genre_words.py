"""Other names that people have for genres, as data."""

from collections.abc import Mapping
from typing import Final

from bot.core.asking.words import phrases

GENRES: Final[Mapping[str, str]] = {
    "dnb": "drum and bass", "d n b": "drum and bass", "d and b": "drum and bass",
    "drum n bass": "drum and bass", "drum bass": "drum and bass", "drumnbass": "drum and bass",
    "drums and bass": "drum and bass", "liquid": "liquid funk|liquid drum and bass|drum and bass",
    "neurofunk": "neurofunk|drum and bass", "jungle": "jungle|drum and bass",
    "rap": "rap|hip hop", "hip hop": "hip hop|rap", "raps": "rap|hip hop", "rappers": "hip hop|rap",
    "rapper": "hip hop|rap", "boom bap": "boom bap|hip hop", "drill": "drill|uk drill",
    "trap": "trap|trap music", "rnb": "r and b", "r n b": "r and b", "rhythm and blues": "r and b",
    "rhythm n blues": "r and b", "contemporary r and b": "contemporary r and b|r and b",
    "edm": "edm|electronic|dance", "electronica": "electronica|electronic",
    "electronic": "electronic|electronica", "electro": "electro|electronic",
    "eurodance": "eurodance", "idm": "idm|intelligent dance music",
    "intelligent dance music": "intelligent dance music|idm", "techno": "techno",
    "house": "house", "tropical house": "tropical house|house",
    "progressive house": "progressive house|house", "lofi": "lo fi|lofi", "lo fi": "lo fi|lofi",
    "lofi hip hop": "lo fi hip hop|lo fi|chillhop", "lofi beats": "lo fi beats|lo fi|lo fi hip hop",
    "lo fi beats": "lo fi beats|lo fi|lo fi hip hop", "chillhop": "chillhop|lo fi hip hop",
    "indie": "indie|indie rock|indie pop", "indy": "indie|indie rock|indie pop",
    "indy folk": "indie folk", "indy rock": "indie rock", "indy pop": "indie pop",
    "alternative": "alternative|alternative rock", "alt rock": "alternative rock|alternative",
    "alt": "alternative|alternative rock", "alt country": "alt country|americana|country",
    "prog": "progressive rock|prog rock|progressive", "prog rock": "progressive rock|prog rock",
    "prog metal": "progressive metal|metal", "progressive": "progressive rock|progressive",
    "psych": "psychedelic|psychedelic rock", "psych rock": "psychedelic rock|psychedelic",
    "psychedelia": "psychedelic|psychedelic rock", "psychedelic": "psychedelic|psychedelic rock",
    "acid rock": "acid rock|psychedelic rock", "rock n roll": "rock and roll|rock",
    "rock and roll": "rock and roll|rock", "rocknroll": "rock and roll|rock",
    "classic rock": "classic rock|rock", "soft rock": "soft rock|rock", "rocky": "rock",
    "folk rock": "folk rock|folk", "folky": "folk", "folksy": "folk", "folkie": "folk",
    "trad folk": "traditional folk|folk", "folklore": "folklore|folk",
    "jazzy": "jazz", "bluesy": "blues", "punky": "punk", "poppy": "pop", "soulful": "soul",
    "funky": "funk", "country music": "country", "countryish": "country", "metallic": "metal",
    "punk rock": "punk rock|punk", "pop punk": "pop punk|punk", "post punk": "post punk",
    "goth": "gothic rock|goth|gothic", "gothic": "gothic rock|gothic|goth",
    "goth rock": "gothic rock|goth", "darkwave": "darkwave|dark wave|new wave",
    "synth pop": "synth pop|synthpop", "synth": "synth pop|synthwave|synthpop",
    "electropop": "electropop|synthpop|electro pop", "retrowave": "synthwave|retrowave",
    "outrun": "outrun|synthwave", "synthwave": "synthwave|retrowave",
    "trip hop": "trip hop", "triphop": "trip hop", "chillwave": "chillwave|chillout",
    "ambient": "ambient", "dark ambient": "dark ambient|ambient",
    "neo classical": "neoclassical|modern classical|contemporary classical|classical",
    "neoclassical": "neoclassical|modern classical|contemporary classical|classical",
    "contemporary classical": "contemporary classical|modern classical|classical",
    "modern classical": "modern classical|contemporary classical|neoclassical",
    "orchestral": "orchestral|classical|soundtrack", "orchestra": "orchestral|classical",
    "symphony": "symphony|classical", "symphonic": "symphonic|classical",
    "symphonies": "symphony|classical", "chamber music": "chamber music|classical",
    "classical piano": "classical piano|classical", "soundtracks": "soundtrack",
    "film score": "film score|soundtrack|score", "film scores": "film score|soundtrack|score",
    "film music": "film score|soundtrack|score", "movie soundtracks": "soundtrack",
    "movie soundtrack": "soundtrack", "movie music": "soundtrack", "ost": "soundtrack",
    "movie scores": "soundtrack", "cinematic": "cinematic|soundtrack", "scores": "soundtrack",
    "score": "score|soundtrack", "movie score": "soundtrack", "film soundtrack": "soundtrack",
    "game music": "video game music|game|game soundtrack", "gaming": "video game music|game",
    "video game": "video game music|game", "video games": "video game music|game",
    "game soundtrack": "video game music|game|soundtrack", "vgm": "video game music|game",
    "game soundtracks": "video game music|game|soundtrack", "games": "game|video game music",
    "video game music": "video game music|game", "game": "game|video game music",
    "chip tune": "chiptune", "chiptunes": "chiptune", "8 bit": "8 bit|chiptune",
    "8bit": "8 bit|chiptune", "bossa": "bossa nova", "bossanova": "bossa nova",
    "kpop": "k pop", "korean pop": "k pop", "jpop": "j pop", "japanese pop": "j pop",
    "citypop": "city pop", "uk garage": "uk garage|garage", "ukg": "uk garage",
    "2 step": "2 step|uk garage", "two step": "2 step|uk garage", "2step": "2 step|uk garage",
    "garage": "garage|garage rock|uk garage", "maths rock": "math rock", "mathrock": "math rock",
    "surf": "surf|surf rock", "surf music": "surf|surf rock", "surfy": "surf rock|surf",
    "shoegazing": "shoegaze", "shoegazey": "shoegaze", "nu gaze": "shoegaze",
    "dreamy pop": "dream pop", "big band": "big band|swing", "swing": "swing",
    "bebop": "bebop|bop|jazz", "jazz fusion": "jazz fusion|fusion|jazz", "fusion": "fusion|jazz",
    "smooth jazz": "smooth jazz|jazz", "cool jazz":
    "cool jazz|jazz", "latin jazz": "latin jazz|jazz", "nu jazz": "nu jazz|jazz",
    "spiritual jazz": "spiritual jazz|jazz", "motown": "motown|soul", "northern soul":
    "northern soul|soul", "neosoul": "neo soul", "afrobeats": "afrobeats|afrobeat",
    "afropop": "afropop|afrobeats", "reggaeton": "reggaeton|latin", "world music": "world",
    "latin music": "latin", "cumbia": "cumbia|latin", "tango": "tango|latin",
    "dancehall": "dancehall|reggae", "roots reggae": "roots reggae|reggae",
    "singer songwriters": "singer songwriter", "songwriter": "singer songwriter",
    "singer songwriter": "singer songwriter", "thrash": "thrash metal|thrash|metal",
    "thrash metal": "thrash metal|thrash|metal", "doom": "doom metal|doom|metal",
    "death metal": "death metal", "power metal": "power metal|metal",
    "sludge": "sludge metal|sludge|metal", "metalcore": "metalcore|metal", "djent": "djent|metal",
    "nu metal": "nu metal|metal", "stoner": "stoner rock|stoner metal",
    "stoner rock": "stoner rock|rock", "hardcore punk": "hardcore punk|hardcore|punk",
    "post rock": "post rock", "postrock": "post rock", "post metal": "post metal|metal",
    "kraut": "krautrock", "kraut rock": "krautrock", "noise rock": "noise rock|noise",
    "noisy rock": "noise rock|rock", "minimal": "minimal|minimalism",
    "minimalist": "minimalism|minimal", "minimal techno": "minimal techno|techno",
    "deep techno": "techno", "break beat": "breakbeat",
    "breaks": "breakbeat|breaks", "hyper pop": "hyperpop", "vapor wave": "vaporwave",
    "choral": "choral|classical", "choir": "choral|classical", "operatic": "opera",
    "religious": "religious|gospel", "avant garde": "avant garde|experimental",
    "weird": "experimental", "experimental": "experimental", "celtic": "celtic|folk",
    "irish": "irish|celtic|folk", "chanson": "chanson", "schlager": "schlager",
    "goa": "goa|psytrance|trance", "psytrance": "psytrance|trance",
    "psy trance": "psytrance|trance", "grunge": "grunge", "americana": "americana|country",
    "bluegrass": "bluegrass|country", "ska punk": "ska punk|ska",
}  # fmt: skip
"""Other names of genres → what the catalogue may call them, best first."""

COMMON: Final = phrases(
    """acid house|acid jazz|acoustic blues|afro house|afrobeat|afrobeats|alternative country
    |alternative hip hop|alternative metal|alternative r and b|ambient techno|anti folk|art pop
    |art rock|atmospheric black metal|baroque|baroque pop|bass house|bass music|bebop|big beat
    |black metal|blackgaze|blues rock|bossa nova|brass band|breakbeat|breakcore|britpop|bro country
    |cantopop|celtic|chamber pop|chicago house|chillout|chillstep|christian rock|city pop
    |classic metal|cloud rap|coldwave|conscious hip hop|country rock|crossover|crust punk|dance
    |dance pop|dance punk|death metal|deathcore|deep house|desert blues|detroit techno|disco
    |dixieland|doo wop|downtempo|dream pop|drone|drone metal|drumstep|dub|dubstep|ebm|electro house
    |electro swing|electroclash|electropunk|emo|emo rap|ethereal wave|fado|flamenco|folk metal
    |folk punk|folktronica|free jazz|freak folk|french house|funk|funk metal|funk rock|future bass
    |future funk|future garage|gabber|gangsta rap|garage punk|glam metal|glam rock|glitch|glitch hop
    |gospel|grime|grindcore|gypsy jazz|hard bop|hard house|hard rock|hard techno|hardcore
    |hardstyle|heavy metal|hi nrg|highlife|house|hyperpop|illbient|indie electronic|indie folk
    |indie pop|indie rock|industrial|industrial metal|instrumental hip hop|italo disco|jangle pop
    |jazz|jazz rap|jazz rock|klezmer|krautrock|kuduro|latin pop|latin rock|lounge|math rock
    |mathcore|medieval|melodic death metal|melodic techno|merengue|metal|microhouse|minimal house
    |minimal wave|modal jazz|musique concrete|mpb|neo psychedelia|neofolk|new age|new jack swing
    |new romantic|new wave|no wave|noise|noise pop|opera|outlaw country|pop|pop rap|post bop
    |post hardcore|post metal|post punk|post rock|power electronics|power pop|progressive folk
    |progressive metal|progressive trance|protopunk|psychobilly|psychedelic folk|psychedelic pop
    |psychedelic soul|punk|punk blues|raga|ragtime|reggae|riot grrrl|rockabilly|roots rock|rumba
    |sad core|sadcore|salsa|samba|screamo|shoegaze|ska|skate punk|slowcore|sludge metal
    |smooth soul|soca|soul|soul jazz|southern hip hop|southern rock|space rock|speed metal
    |stoner metal|surf rock|swamp rock|symphonic metal|synthpunk|tech house|technical death metal
    |techno|teen pop|tropicalia|trance|tribal house|twee pop|uk drill|vocal trance|west coast rap
    |witch house|yacht rock|zouk|zydeco"""
)
"""Names of genres that people use, whether a catalogue has them or not."""
