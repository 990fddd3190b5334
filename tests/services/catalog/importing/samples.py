"""Small tables as they are in circulation, each with the traps of its kind."""

import gzip
import zipfile
from pathlib import Path

FEATURES = (
    "danceability,energy,key,loudness,mode,speechiness,acousticness,instrumentalness,liveness,"
    "valence,tempo"
)
VALUES = "0.5,0.6,7,-6.1,1,0.05,0.2,0.0,0.1,0.7,120.5"
ID_A, ID_B, ID_C = "A" * 22, "B" * 22, "C" * 22

TIDY = (
    "track_id,track_name,track_artist,track_popularity,track_album_id,track_album_name,"
    "track_album_release_date,playlist_name,playlist_id,playlist_genre,playlist_subgenre,"
    f"{FEATURES},duration_ms\n"
    f"{ID_A},Song A,Ann,66.0,x,Album,2019-06-14,P,p1,pop,dance pop,{VALUES},194754.0\n"
    f"{ID_A},Song A,Ann,67.0,x,Album,2019-06-14,Q,p2,rock,album rock,{VALUES},194754.0\n"
    f"{ID_B},NA,NA,0,x,NA,2019,Q,p2,rock,album rock,{VALUES},194754.0\n"
)
KAGGLE_114K = (
    ",track_id,artists,album_name,track_name,popularity,duration_ms,explicit,"
    f"{FEATURES},time_signature,track_genre\n"
    f'0,{ID_A},Ann;Ben,"Album, One",Song A,73,230666,False,{VALUES},4,acoustic\n'
    f'1,{ID_A},Ann;Ben,"Album, One",Song A,73,230666,False,{VALUES},4,folk\n'
    f"2,{ID_B},,,,0,0,False,{VALUES},4,k-pop\n"
)
KAGGLE_1921 = (
    "valence,year,acousticness,artists,danceability,duration_ms,energy,explicit,id,"
    "instrumentalness,key,liveness,loudness,mode,name,popularity,release_date,speechiness,tempo\n"
    '0.5,1928,0.9,"[\'Ann\', ""Ben O\'Hara""]",0,1000,0.1,0,'
    f"{ID_A},0.5,-1,0.2,-60,1,Talk,4,1928,0.9,0\n"
    f"0.5,1928,0.9,['Cid'],0.4,2000,0.1,1,{ID_B},0.5,3,0.2,-9,1,Song B,4,1928-09-25,1.9,100\n"
)
KAGGLE_12M = (
    "id,name,album,album_id,artists,artist_ids,track_number,disc_number,explicit,danceability,"
    "energy,key,loudness,mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo,"
    "duration_ms,time_signature,year,release_date\n"
    f"{ID_A},Song A,Album,al,['Ann'],['x'],1,1,False,{VALUES},210133,4.0,0,1999-11-02\n"
)
MUSIC_INFO = (
    "track_id,name,artist,spotify_preview_url,spotify_id,tags,genre,year,duration_ms,"
    "danceability,energy,key,loudness,mode,speechiness,acousticness,instrumentalness,liveness,"
    "valence,tempo,time_signature\n"
    f'TRIOREW128F424EAF0,Song A,Ann,http://p,{ID_A},"rock, 80s, female_vocalists",,2004,222200,'
    f"{VALUES},4\n"
)
EXPORTIFY = (
    '"Track URI","Track Name","Artist URI(s)","Artist Name(s)","Album Name","Album Release Date",'
    '"Track Duration (ms)","Explicit","Popularity","ISRC"\n'
    f'"spotify:track:{ID_A}","Song A","spotify:artist:1","Tyler, The Creator","Album","2017-07-21",'
    '"200000","true","80","usrc11700001"\n'
    f'"spotify:track:{ID_B}","Song B","spotify:artist:1, spotify:artist:2","Ann, Ben","Album",'
    '"2017","200000","false","0","NA"\n'
)
CANONICAL = (
    f"track_id,song,artist,title,{FEATURES},time_signature,duration_ms,popularity\n"
    f"{ID_A},0,The Killers,Mr. Brightside,{VALUES},4,222973,80\n"
    f"{ID_B},0,The Killers,Mr. Brightside – Remastered,{VALUES},4,223500,60\n"
    f"{ID_C},1,The Killers,Mr. Brightside - Live,{VALUES},4,223500,\n"
    f",2,\"['Frédéric Chopin', 'Martha Argerich']\",Prelude,,,,,,,,,,,,,,\n"
)
FMA_TRACKS = (
    ",album,album,artist,track,track,track,track,track\n"
    ",date_released,title,name,duration,genre_top,license,listens,title\n"
    "track_id,,,,,,,,\n"
    "2,2009-01-05 00:00:00,AWOL,AWOL,168,Hip-Hop,CC BY-NC-SA,1293,Food\n"
    "3,,AWOL,AWOL,237,,CC BY-NC-SA,0,Electric Ave\n"
)
FMA_ECHONEST = (
    ",echonest,echonest,echonest,echonest\n"
    ",audio_features,audio_features,metadata,metadata\n"
    ",energy,tempo,artist_name,release\n"
    "track_id,,,,\n"
    "2,0.63,165.9,AWOL,AWOL\n"
    "99,0.5,100.0,Nobody,Nothing\n"
)
ALL = {
    "tidy.csv": TIDY,
    "dataset.csv": KAGGLE_114K,
    "data.csv": KAGGLE_1921,
    "tracks_features.csv": KAGGLE_12M,
    "Music Info.csv": MUSIC_INFO,
    "exportify.csv": EXPORTIFY,
    "catalog.csv": CANONICAL,
    "tracks.csv": FMA_TRACKS,
}


def write(folder: Path, name: str, text: str | bytes) -> Path:
    """Write a file, packed when its name says so."""
    content = text.encode() if isinstance(text, str) else text
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def write_zip(folder: Path, name: str, members: dict[str, str]) -> Path:
    """Write a zip file of text files."""
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, text in members.items():
            archive.writestr(member, text)
    return path
