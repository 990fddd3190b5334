"""The genres and artists of the catalogue that the wishes of these tests are made to."""

GENRES = tuple(
    """
    acid jazz, afrobeat, afrobeats, alternative rock, ambient, americana, baroque, bebop,
    bedroom pop, black metal, bluegrass, blues, bossa nova, breakbeat, celtic, chillout, chiptune,
    city pop, classical, country, dance, death metal, deep house, disco, doom metal, downtempo,
    dream pop, drone, drum and bass, dub, dubstep, electronic, emo, experimental, flamenco, folk,
    free jazz, funk, garage rock, gospel, gothic rock, grime, grunge, hard rock, hardcore,
    heavy metal, hip hop, house, hyperpop, idm, indie folk, indie pop, indie rock, industrial,
    j-pop, jazz, jungle, k-pop, krautrock, latin, lo-fi, lo-fi hip hop, math rock, metal,
    minimalism, modern classical, neo soul, new wave, noise, opera, pop, post-punk, post-rock,
    progressive rock, psychedelic rock, punk, r&b, reggae, rock, salsa, samba, shoegaze,
    singer-songwriter, ska, slowcore, soul, soundtrack, surf rock, swing, synthpop, synthwave,
    techno, trance, trap, trip hop, uk garage, vaporwave, video game music, world
    """.replace("\n", " ").split(",")
)
GENRES = tuple(" ".join(one.split()) for one in GENRES)

ARTISTS = frozenset(
    """
    aphex twin|arctic monkeys|autechre|bee gees|björk|boards of canada|burial|coldplay|daft punk
    drake|ed sheeran|fela kuti|joy division|kanye west|khruangbin|massive attack|miles davis
    my bloody valentine|nick cave|nick drake|portishead|radiohead|robyn|sigur rós|slowdive
    sufjan stevens|taylor swift|the beatles|the smiths|tycho
    """.replace("\n", "|")
    .replace("    ", "")
    .split("|")
)
