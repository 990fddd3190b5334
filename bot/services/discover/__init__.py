"""Picks for a listener, and new releases."""

from bot.services.discover.asking import MAX_ASKED, Asking
from bot.services.discover.blends import Blended, Blends
from bot.services.discover.calibration import Calibrator
from bot.services.discover.cards import cards_of
from bot.services.discover.exposure import ExposureReport, ExposureWatch
from bot.services.discover.invitations import LAPSE, OPEN_FOR, OVER, Invitation, Invitations
from bot.services.discover.line import Place, Tell
from bot.services.discover.maps import Preview, TasteMaps
from bot.services.discover.menus import PickMenus
from bot.services.discover.recommender import Recommender
from bot.services.discover.releases import ReleaseList, Releases
from bot.services.discover.titles import Titles
