"""Scrapy's settings, every component in the order of the flow; own settings are NEWSCRAWL_*."""

from __future__ import annotations

from newscrawl import __version__

BOT_NAME = "newscrawl"
SPIDER_MODULES = ["newscrawl.spiders"]
NEWSPIDER_MODULE = "newscrawl.spiders"
COMMANDS_MODULE = "newscrawl.commands"

# What a site sees of us
USER_AGENT = f"newscrawl/{__version__} (Scrapy; a news archive crawler; obeys robots.txt)"
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0  # a promised gap is kept
CONCURRENT_REQUESTS_PER_DOMAIN = 2
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
COOKIES_ENABLED = False
REFERER_ENABLED = False

# What we accept of a site
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # it has an outcome
REDIRECT_MAX_TIMES = 5
# With -a browser=auto: path or name of the browser; empty looks for Chromium or Chrome on PATH
NEWSCRAWL_CHROMIUM = ""

DOWNLOAD_HANDLERS = {
    "http": "newscrawl.middlewares.http.HttpDownloadHandler",
    "https": "newscrawl.middlewares.http.HttpDownloadHandler",
}

# The frontier
SCHEDULER = "newscrawl.scheduler.LedgerScheduler"
# The database, as an SQLAlchemy URL; a missing folder is made, the schema brought up to date
NEWSCRAWL_DATABASE_URL = "sqlite:///data/newscrawl.db"
# Path of the log of each site; empty writes none. {day} begins a part each day (UTC), {part} or
# {part:04} numbers the parts; a part that has ended is never written again
NEWSCRAWL_JSONL = "data/{site}.jsonl"
# Size at which a log begins its next part, 0 for no limit; needs {part} in NEWSCRAWL_JSONL
NEWSCRAWL_JSONL_MAX_BYTES = 0
# SQLite's setting of that name. After a power loss NORMAL may have lost the last commits, FULL
# none; neither breaks the file
NEWSCRAWL_SYNCHRONOUS = "NORMAL"
# Seconds after which a group of changes is committed
NEWSCRAWL_COMMIT_INTERVAL = 0.25
# Changes after which it is committed at the latest
NEWSCRAWL_COMMIT_EVENTS = 200
# Most rows claimed from the database at a time
NEWSCRAWL_WINDOW = 64
# Most tag and author pages a run visits; they wait until all else is done
NEWSCRAWL_MAX_TAG_PAGES = 50
# Shortest time between two visits to an article, in seconds
NEWSCRAWL_REVISIT_MIN = 6 * 3600.0
# Longest time between two visits to an article, in seconds
NEWSCRAWL_REVISIT_MAX = 90 * 86400.0
# Most pages that are due which a run queues again, longest overdue first
NEWSCRAWL_MAX_REVISITS = 5000

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "newscrawl.middlewares.robots.RobotsMiddleware": 100,
    "newscrawl.middlewares.revalidation.RevalidationMiddleware": 150,
    "scrapy_poet.InjectionMiddleware": 543,
    "newscrawl.middlewares.guard.GuardMiddleware": 560,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "newscrawl.middlewares.redirect.LedgerRedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
}
SPIDER_MIDDLEWARES = {
    "newscrawl.middlewares.ledger.LedgerMiddleware": 10,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
SCRAPY_POET_DISCOVER = ["newscrawl.pages"]

# The way of an item
ITEM_PIPELINES = {
    "newscrawl.pipelines.clean.CleanPipeline": 100,
    "newscrawl.pipelines.validate.ValidatePipeline": 200,
    "newscrawl.pipelines.dedupe.DedupePipeline": 300,
    "newscrawl.pipelines.limit.LimitPipeline": 400,
    "newscrawl.pipelines.images.ArticleImagesPipeline": 450,
    "newscrawl.pipelines.store.StorePipeline": 500,
}
# A folder where the pictures of articles are kept (extra images); empty fetches none
NEWSCRAWL_IMAGES_STORE = ""
# Articles with fewer words of text are rejected as TooShort
NEWSCRAWL_MIN_WORDS = 50
# Among which articles a story is told once: those of its site, or all in the database. After a
# change run scrapy dedupe
NEWSCRAWL_DEDUPE_SCOPE = "site"
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"  # every drop has an outcome
FEED_EXPORT_ENCODING = "utf-8"

EXTENSIONS = {
    "newscrawl.extensions.garbage.GarbageExtension": 0,
    "scrapy.extensions.logstats.LogStats": None,
    "newscrawl.extensions.progress.ProgressExtension": 100,
    "newscrawl.extensions.gaps.GapsExtension": 200,
    "newscrawl.extensions.monitors.MonitorsExtension": 500,
}

# Each run against the site's own earlier runs
SPIDERMON_ENABLED = True
SPIDERMON_SPIDER_CLOSE_MONITORS = ["newscrawl.extensions.monitors.OwnHistorySuite"]

# The engine
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
CONCURRENT_ITEMS = 16
LOG_LEVEL = "INFO"
